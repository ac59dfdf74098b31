"""Bad input: one clear line each; no traceback, no hang, no more memory than 512 MB."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from contract_kit.requestfile import files
from contract_kit.requestfile.files import UnreadableFile, open_file, read_bytes, request_files
from contract_kit.requestfile.run import Run
from contract_kit.requestfile.settings import Settings

EXPORT = ("--operation", "mailmanager:StartArchiveExport")
MEMORY = 512 * 1024 * 1024
GOOD = {
    "ArchiveId": "a-abc123",
    "FromTimestamp": 1700000000,
    "ToTimestamp": 1700086400,
    "ExportDestinationConfiguration": {"S3": {"S3Location": "s3://bucket/path"}},
}


def limited():
    """In the new process: no more data than MEMORY."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


@pytest.fixture
def told(command):
    """`told(*paths)`: exit code and lines of the command, in a process with little memory."""

    def run(*paths, cwd, stdin=subprocess.DEVNULL):
        done = subprocess.run(
            [*command, "validate", *paths, *EXPORT],
            cwd=cwd,
            stdin=stdin,
            capture_output=True,
            check=False,
            timeout=300,
            preexec_fn=limited,
        )
        assert b"Traceback" not in done.stderr + done.stdout
        assert done.stderr == b""
        return done.returncode, done.stdout.decode().splitlines()

    return run


@pytest.fixture
def run_on(tmp_path, kept):
    """`run_on(path)`: what a run in this process tells."""

    def run(*paths):
        made = Run(kept, Settings(base=tmp_path), operation=EXPORT[1])
        made.check_all(request_files([str(path) for path in paths], Settings(base=tmp_path)))
        return kept

    return run


def a_loop(path):
    """Two links that lead to each other."""
    os.symlink(path / "b.json", path / "a.json")
    os.symlink(path / "a.json", path / "b.json")


def a_socket(path):
    """A socket in the file system."""
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path / "a.json"))


PLACES = [
    (lambda path: os.mkfifo(path / "a.json"), "is a pipe; give a file, or - for standard input"),
    (a_loop, "is a link to itself; give the file itself"),
    (
        lambda path: os.symlink("/dev/null", path / "a.json"),
        "is a device; give a file, or - for standard input",
    ),
    (
        lambda path: os.symlink(path / "gone", path / "a.json"),
        "no such file; give a path that exists",
    ),
    (lambda path: None, "no such file; give a path that exists"),
    (a_socket, "is a socket; give a file, or - for standard input"),
]


@pytest.mark.parametrize(("make", "said"), PLACES, ids=[said for _, said in PLACES])
def test_what_is_no_file_is_one_line(tmp_path, monkeypatch, run_on, make, said):
    """Without waiting for anybody who might write to it."""
    monkeypatch.chdir(tmp_path)
    make(tmp_path)
    kept = run_on("a.json")
    assert kept.errors == [("a.json", said)]
    assert kept.findings == []


def test_a_name_that_is_no_path_is_one_line(run_on):
    """It has a NUL byte, or is too long."""
    kept = run_on("a\0b.json", "x" * 5000)
    assert len(kept.errors) == 2
    assert all("\n" not in message for _, message in kept.errors)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission_is_one_line(tmp_path, run_on):
    """And the next one is checked."""
    (tmp_path / "a.json").write_text("{}")
    (tmp_path / "a.json").chmod(0)
    assert "make it readable" in run_on(tmp_path / "a.json").errors[0][1]


def test_folders_that_lead_back_to_themselves_end(tmp_path, run_on):
    """Links to folders are not followed."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_text("{")
    os.symlink(tmp_path, tmp_path / "in" / "loop")
    kept = run_on(tmp_path)
    assert [one.constraint for one in kept.findings] == ["file.syntax"]


def test_a_folder_named_like_a_file_is_a_folder(tmp_path, run_on):
    """It is walked through."""
    (tmp_path / "x.json").mkdir()
    (tmp_path / "x.json" / "a.json").write_text("{")
    assert len(run_on(tmp_path).findings) == 1


def test_a_file_that_vanishes_is_one_line(tmp_path, kept):
    """Between the listing and the reading."""
    for name in "ab":
        (tmp_path / f"{name}.json").write_text("{")
    listed = request_files([str(tmp_path)], Settings(base=tmp_path))
    run = Run(kept, Settings(base=tmp_path), operation=EXPORT[1])
    run.check(next(listed))
    (tmp_path / "b.json").unlink()
    run.check_all(listed)
    assert [message for _, message in kept.errors] == ["no such file; give a path that exists"]
    assert len(kept.findings) == 1


def test_a_file_that_changes_while_it_is_read_is_one_line(tmp_path):
    """Half of the old and half of the new is neither."""
    path = tmp_path / "a.json"
    path.write_text("{}")
    with open_file(str(path)) as file:
        read = file.raw.readinto

        class Racing(type(file)):
            """Somebody writes while it is read."""

            def read(self, size=-1):
                """Reads, and the file has grown meanwhile."""
                data = super().read(size)
                path.write_text('{"a": 1}')
                return data

        assert read is not None
        with (
            Racing(file.raw) as racing,
            pytest.raises(UnreadableFile, match="changed while it was read"),
        ):
            read_bytes(racing)


def test_a_document_that_is_too_large_is_one_line(tmp_path, run_on, monkeypatch):
    """Whether packed or not; what it unpacks to is what counts."""
    monkeypatch.setattr(files, "MOST", 1000)
    monkeypatch.setattr(read_bytes, "__defaults__", (1000,))
    (tmp_path / "a.json").write_text(json.dumps({"a": "x" * 2000}))
    import gzip

    (tmp_path / "b.json.gz").write_bytes(gzip.compress(b"[" + b"0," * 100_000 + b"0]"))
    kept = run_on(tmp_path)
    assert len(kept.errors) == 2
    assert all("split it, or write NDJSON" in message for _, message in kept.errors)


BIG = """
import sys
size = {size}
sys.stdout.write({head!r})
for _ in range(size // 1048576):
    sys.stdout.write({part!r} * (1048576 // len({part!r})))
sys.stdout.write({tail!r})
"""
STREAMS = [
    ("a long line", 640, '{}\n{"a": "', "x", '"}\n{"ArchiveId": 5}\n', "line 2 has"),
    ("a long document", 640, '{"a": "', "x", '"}', "is larger than 16 MiB"),
    ("many lists", 8, '{"a": [', "[],", "[]]}", "holds too many values"),
    ("many numbers", 12, '{"a": [', "1.5,", "1]}", "holds too many values"),
]


@pytest.mark.parametrize(
    ("size", "head", "part", "tail", "said"),
    [row[1:] for row in STREAMS],
    ids=[row[0] for row in STREAMS],
)
def test_more_than_memory_holds_is_one_line(tmp_path, told, size, head, part, tail, said):
    """What comes after a long line is checked."""
    script = BIG.format(size=size * 1024 * 1024, head=head, part=part, tail=tail)
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as source:
        code, lines = told("-", cwd=tmp_path, stdin=source.stdout)
        source.stdout.close()
    assert code == 2
    (line,) = [line for line in lines if "not checked:" in line]
    assert said in line
    assert any("[ArchiveId.type]" in line for line in lines) is ("\n" in head)


LARGEST = [
    ("strings", lambda: '"ab",' * 1_900_000, "Filters.Include.maxItems"),
    ("objects", lambda: '{"a":1},' * 490_000, "Filters.Include.maxItems"),
    ("one string", lambda: '"' + "😀" * 3_500_000 + '",', "Filters.Include[].type"),
]


@pytest.mark.parametrize(("name", "values", "constraint"), LARGEST, ids=[row[0] for row in LARGEST])
def test_the_largest_documents_fit_the_memory(tmp_path, told, name, values, constraint):
    """With as many findings as there may be."""
    text = f'{{"Filters": {{"Include": [{values()[:-1]}]}}}}'
    (tmp_path / "a.json").write_text(text)
    code, lines = told("a.json", cwd=tmp_path)
    assert code == 1
    assert any(f"[{constraint}]" in line for line in lines)


def state_of(process):
    """S for a process that waits, after a moment."""
    time.sleep(0.05)
    facts = Path(f"/proc/{process.pid}/stat").read_text()
    return facts.rpartition(")")[2].split()[0]


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_an_interrupted_run_ends_cleanly(tmp_path, command, untraced):
    """What was found so far is told, with its sum, and exit code 2."""
    import signal

    arguments = [*command, "validate", "-", *EXPORT]
    with subprocess.Popen(
        arguments,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=untraced,
    ) as process:
        process.stdin.write((json.dumps({**GOOD, "ArchiveId": "x y"}) + "\n").encode() * 3)
        process.stdin.flush()
        # The findings are told when the line has come, then the run waits for more.
        told = b""
        while told.count(b"[ArchiveId.pattern]") < 3:
            told += process.stdout.readline()
        while any(state_of(process) != "S" for _ in range(3)):
            continue
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=300)
    assert process.returncode == 2
    assert output.decode().splitlines()[-1] == (
        "3 errors in 1 file; 1 file checked; 3 requests; 1 not checked"
    )
    assert errors.decode() == "contract-kit: interrupted; what was found so far is reported\n"


def test_a_reader_that_goes_away_is_no_traceback(tmp_path, command):
    """As `head` does."""
    (tmp_path / "x.ndjson").write_text("{}\n" * 20_000)
    arguments = [*command, "validate", "x.ndjson", *EXPORT]
    with subprocess.Popen(
        arguments, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read().decode()
        code = process.wait(timeout=300)
    assert code == 2
    assert "Traceback" not in errors
    assert "BrokenPipe" not in errors


WORDS = [
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b":",
    b",",
    b"\\",
    b"\n",
    b"\r",
    b"\t",
    b" ",
    b"0",
    b"-",
    b"1e9",
    b"NaN",
    b"null",
    b"\xff",
    b"\0",
    b"a",
    "é😀".encode(),
    b"\xed\xa0\x80",
    b"&a ",
    b"*a",
    b"- ",
    b"? ",
    b": ",
    b"#",
    b"!!int ",
    b"|",
    b">",
    b"'",
    b"<<: ",
    b"%YAML 1.1\n",
    b"---\n",
    b"\xef\xbb\xbf",
    b'"ArchiveId"',
    b"ArchiveId: ",
]


def test_no_bytes_at_all_make_it_fall_over(check):
    """Any of the words of JSON and YAML in any order; each file is told in clear lines."""
    from random import Random

    random = Random(5)
    for _ in range(250):
        data = b"".join(random.choices(WORDS, k=random.randrange(1, 15)))
        for name in ("x.json", "x.yaml", "x.ndjson"):
            kept = check(data, name=name)
            assert kept.findings or kept.errors or not data.strip() or name == "x.ndjson", data
            for finding in kept.findings:
                assert "\n" not in finding.message
                finding.message.encode()
                assert finding.span.line >= 1
                assert finding.span.column >= 1


@pytest.mark.parametrize("dialect", ["wire", "cli", "boto3"])
@pytest.mark.parametrize("name", ["x.json", "x.ndjson"])
def test_a_recursive_request_may_nest_as_deep_as_it_likes(check, name, dialect):
    """As deep as servers read it conforms; deeper it is told, with what follows."""
    bad = '{"TableName": 5, "Item": {}}'
    for levels in (40, 95, 150, 300, 330, 400, 480, 700, 10_000):
        inner = '{"L": [' * levels + '{"B": "YQ=="}' + "]}" * levels
        text = f'{{"TableName": "abc", "Item": {{"k": {inner}}}}}'
        kept = check(
            f"{text}\n{bad}" if "nd" in name else text,
            name=name,
            dialect=dialect,
            operation="dynamodb:PutItem",
        )
        assert kept.errors == []
        deep = [one for one in kept.findings if one.constraint != "TableName.type"]
        assert bool(deep) is (levels > 97), levels
        assert all("nested deeper than 200 levels" in one.message for one in deep[:1]), levels
        assert len(kept.findings) - len(deep) == ("nd" in name)
