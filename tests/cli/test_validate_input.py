"""What people get wrong in settings, options and paths: one clear line each, and exit code 2."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

GOOD = {
    "ArchiveId": "a-abc123",
    "FromTimestamp": 1700000000,
    "ToTimestamp": 1700086400,
    "ExportDestinationConfiguration": {"S3": {"S3Location": "s3://bucket/path"}},
}
EXPORT = ("--operation", "mailmanager:StartArchiveExport")
OWN, SHARED = ".contract-kit.toml", "pyproject.toml"
MAP = '"*.json" = "mailmanager:StartArchiveExport"\n'

SETTINGS = [
    (OWN, "ignroe = []", ".contract-kit.toml: 'ignroe' is not one of contracts, files, ignore,"),
    (
        OWN,
        f"[tool.contract-kit.files]\n{MAP}",
        "belong at the top level here; write [files], without",
    ),
    (OWN, "[files", "Expected ']' at the end of a table declaration"),
    (OWN, "ignore = 'x'", 'ignore is not a list of strings; write ignore = ["…"]'),
    (OWN, "ignore = ['[z-a].json']", "ignore: '[z-a].json' is not a glob: bad character range z-a"),
    (OWN, "[files]\n'[z-a]' = 'a:B'", "files: '[z-a]' is not a glob: bad character range z-a"),
    (OWN, "placeholders = ['']", "placeholders: '' matches every string; write one that"),
    (OWN, "placeholders = ['(']", "placeholders: '(' is not a pattern: missing )"),
    (OWN, "contracts = ['nope']", "nope is not a folder; fix the setting"),
    (OWN, b"\xff\xfe", ".contract-kit.toml: byte 0xff is not UTF-8; save it as UTF-8"),
    (SHARED, b"[tool.contract-kit]\n#\xff", "pyproject.toml: byte 0xff is not UTF-8; save it as"),
    (SHARED, "[tool.contract-kit]\nignroe = ['x']", "[tool.contract-kit] has no 'ignroe'; write"),
    (SHARED, f"[tool.contract-kit.file]\n{MAP}", "[tool.contract-kit] has no 'file'; write one of"),
    (
        SHARED,
        "[tool.contract-kit.validate]\nfromat = 'json'",
        "has no 'fromat'; there are dialect,",
    ),
    (
        SHARED,
        "[tool.contract-kit.validate]\nformat = 3",
        "[tool.contract-kit.validate] format: 3 is not one of text, ",
    ),
    (
        SHARED,
        "[tool.contract-kit.validate]\nfix = 'maybe'",
        "[tool.contract-kit.validate] fix: 'maybe' is neither true nor false",
    ),
]


@pytest.mark.parametrize(("name", "text", "said"), SETTINGS, ids=[said for *_, said in SETTINGS])
def test_settings_that_cannot_be_used_are_one_line(cli, folder, name, text, said):
    """It names the file and the setting."""
    (folder / "good.json").write_text(json.dumps(GOOD))
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    done = cli("validate", "good.json")
    assert (done.code, done.out) == (2, "")
    assert said in done.message


def test_settings_in_two_files_are_told(cli, folder):
    """Else one of them would be without effect, and nobody would know which."""
    (folder / "good.json").write_text(json.dumps(GOOD))
    (folder / OWN).write_text("ignore = []")
    (folder / SHARED).write_text(f"[tool.contract-kit.files]\n{MAP}")
    done = cli("validate", "good.json")
    assert done.code == 2
    assert ".contract-kit.toml and pyproject.toml both have settings; keep one" in done.message
    (folder / SHARED).write_text("[tool.contract-kit.validate]\nformat = 'json'")
    assert json.loads(cli("validate", "good.json", *EXPORT).out)["conforms"]


SPECIAL = [
    (os.mkdir, "is not a file; put the settings in one, or remove it"),
    (os.mkfifo, "is not a file; put the settings in one, or remove it"),
    (lambda path: os.symlink("nowhere", path), "is a broken link; fix or remove it"),
]


@pytest.mark.parametrize(("make", "said"), SPECIAL, ids=["folder", "pipe", "link"])
@pytest.mark.parametrize("name", [OWN, SHARED])
def test_settings_that_are_no_file_are_one_line(cli, folder, make, said, name):
    """Nobody waits for who might write to a pipe."""
    make(folder / name)
    assert said in cli("validate", "-", *EXPORT).message


def test_settings_may_begin_with_a_byte_order_mark(cli, folder):
    """Editors on Windows write one."""
    (folder / "good.json").write_text(json.dumps(GOOD))
    (folder / OWN).write_text(f"\ufeff[files]\n{MAP}", encoding="utf-8")
    assert cli("validate").out.startswith("nothing found; 1 file checked")


WORDS = [
    (("--operation", ""), "'' names no operation; write SERVICE:OPERATION, for example"),
    (("--operation", "x"), "'x' names no operation; write SERVICE:OPERATION, for example"),
    (("--operation", "../x:y/z"), "has no service '../x'"),
    (("--operation", "mailmanager:start-archive-export"), "did you mean mailmanager:StartArchive"),
    (("--operation", "mailmanger:StartArchiveExport"), "did you mean mailmanager"),
    (("--operation",), "--operation needs a value; write --operation VALUE"),
    (("--dialect", "CLI"), "--dialect: 'CLI' is not one of wire, cli, boto3; did you mean cli?"),
    (("--format", "html"), "--format: 'html' is not one of text, json, github, sarif, junit"),
    (
        ("--recursive",),
        "no option '--recursive'; `contract-kit validate --help` shows what to write",
    ),
    (("-", "-"), "- is given twice, but standard input can be read only once; give it once"),
]


@pytest.mark.parametrize(("words", "said"), WORDS, ids=[" ".join(words) for words, _ in WORDS])
def test_options_that_cannot_be_used_are_one_line(cli, folder, words, said):
    """With what there is instead."""
    (folder / "good.json").write_text(json.dumps(GOOD))
    done = cli("validate", "good.json", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.message


@pytest.mark.parametrize("name", ["x" * 5000, "é" * 150], ids=["long", "long in bytes"])
def test_an_operation_of_a_long_name_hides_no_other_file(cli, folder, name):
    """It becomes the name of a file, which no system takes at that length."""
    (folder / "a.json").write_text(json.dumps({"operation": f"{name}:{name}", "request": {}}))
    (folder / "b.json").write_text(
        json.dumps({"operation": "mailmanager:GetArchive", "request": 5})
    )
    done = cli("validate")
    assert (done.code, done.err) == (2, "")
    first, second, *_, ending = done.out.splitlines()
    assert ending == "1 error in 1 file; 1 file checked; 1 not checked"
    assert first.startswith(
        "a.json: not checked: 'x" if name[0] == "x" else "a.json: not checked: "
    )
    assert "names no operation; write SERVICE:OPERATION" in first
    assert len(first) < 500
    assert second.startswith("b.json:1:")


CONTRACTS = [
    ("{}", "has no object x-contract; generate it again with `contract-kit derive`"),
    ("[]", "is not an object; write a schema as `contract-kit derive` does"),
    (
        '{"x-contract": {}, "$ref": "#/$defs/A", "$defs": {}}',
        "operation is not SERVICE:OPERATION; write it as `contract-kit derive` does",
    ),
    ('{"x-contract": 5}', "; generate it again with `contract-kit derive`"),
    ("{", "is not JSON at 1:2; fix it there"),
]


@pytest.mark.parametrize(("text", "said"), CONTRACTS, ids=[text for text, _ in CONTRACTS])
def test_a_pinned_contract_that_is_none_is_one_line(cli, folder, text, said):
    """It names the file, and what is missing in it."""
    path = folder / "own" / "mailmanager" / "StartArchiveExport.request.json"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    (folder / OWN).write_text('contracts = ["own"]')
    (folder / "good.json").write_text(json.dumps(GOOD))
    message = cli("validate", "good.json", *EXPORT).message
    assert message.startswith(f"{path}: ")
    assert said in message
    assert "Error" not in message


def test_a_folder_without_request_files_is_no_silent_pass(cli, folder):
    """Not even where there is a map; one in which all is ignored, or left alone, is as meant."""
    (folder / "in" / "deep").mkdir(parents=True)
    (folder / "in" / "deep" / "x.txt").write_text("")
    for settings in ("", f"[files]\n{MAP}"):
        (folder / OWN).write_text(settings)
        done = cli("validate", "in")
        assert done.code == 2
        assert done.out.startswith("in: not checked: is a folder without any .json, .yaml, .yml, ")
        assert cli("validate").out.startswith(".: not checked: ")
    (folder / "in" / "deep" / "x.json").write_text("{")
    for ignored in ("deep/", "x.json"):
        (folder / OWN).write_text(f'ignore = ["**/{ignored}"]')
        assert cli("validate", "in").code == 0
    (folder / OWN).write_text('[files]\n"other/" = "mailmanager:StartArchiveExport"')
    done = cli("validate", "in")
    assert (done.code, done.out) == (
        0,
        "0 files checked; 1, not covered by the map, left alone\n",
    )


def test_names_may_be_anything(command, folder):
    """Blanks, line ends, bytes that are no UTF-8; in each format, a line is a line."""
    names = [b"a b.json", b"c\nd.json", b"x\xff.json", "é☃.json".encode()]
    for name in names:
        with open(os.fsencode(folder) + b"/" + name, "w") as file:
            file.write("[]")
    for format in ("text", "json", "github", "sarif", "junit"):
        done = subprocess.run(
            [*command, "validate", *names, *EXPORT, "--format", format],
            capture_output=True,
            check=False,
            env={**os.environ, "PYTHONIOENCODING": "utf-8:strict"},
        )
        assert (done.returncode, done.stderr) == (1, b""), format
        if format in ("text", "github"):
            lines = done.stdout.decode().splitlines()
            assert sum("request.type" in line for line in lines) == len(names)


@pytest.mark.parametrize("format", ["text", "json", "github", "sarif", "junit"])
def test_output_in_another_encoding_is_escaped(command, folder, format):
    """No character is too much for it."""
    (folder / "x.json").write_text(json.dumps({**GOOD, "ArchiveId": "é😀"}, ensure_ascii=False))
    done = subprocess.run(
        [*command, "validate", "x.json", *EXPORT, "--format", format],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.isascii()


@pytest.mark.parametrize(
    ("closed", "code"), [(0, 2), (1, 1), (2, 1)], ids=["input", "output", "errors"]
)
def test_a_stream_that_is_closed_is_no_traceback(command, folder, closed, code):
    """The exit code says the same; standard input cannot be checked then."""
    (folder / "x.json").write_text("[]")
    done = subprocess.run(
        [*command, "validate", "x.json" if closed else "-", *EXPORT],
        stdout=None if closed == 1 else subprocess.PIPE,
        stderr=None if closed == 2 else subprocess.PIPE,
        check=False,
        preexec_fn=lambda: os.close(closed),
    )
    assert done.returncode == code
    assert not done.stderr
    if not closed:
        assert b"-: not checked: standard input is closed; give the path of a file" in done.stdout


def test_standard_input_of_which_nothing_says_what_it_is_for(command):
    """There is no line of a map that could."""
    done = subprocess.run(
        [*command, "validate", "-"], input=b"{}", capture_output=True, check=False
    )
    assert done.returncode == 2
    assert b"nothing says which operation it is for; give --operation\n" in done.stdout


def reads(process: subprocess.Popen[bytes], name: str) -> bool:
    """Whether a process has a file open. What it closes meanwhile is not there to be looked at."""
    for link in Path(f"/proc/{process.pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            if link.readlink().name == name:
                return True
    return False


def computed(process: subprocess.Popen[bytes]) -> float:
    """Seconds that a process has computed."""
    facts = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return int(facts[11]) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("format", ["text", "json", "github", "sarif", "junit"])
def test_an_interrupted_file_does_not_pass(command, folder, untraced, format):
    """Whatever was found until then is told, and that it is not all."""
    (folder / "x.ndjson").write_text("{}\n" * 600_000)
    words = [*command, "validate", "x.ndjson", *EXPORT, "--format", format]
    # A pipe that nobody reads would stop it.
    with (
        (folder / "out").open("wb") as stdout,
        (folder / "err").open("wb") as stderr,
        subprocess.Popen(words, stdout=stdout, stderr=stderr, env=untraced) as process,
    ):
        while not reads(process, "x.ndjson"):
            time.sleep(0.02)
        # It has begun to read, and is far from the end: the whole takes half a minute.
        enough = computed(process) + 1
        while computed(process) < enough:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=300)
        finally:
            process.kill()
    out, err = (folder / "out").read_bytes(), (folder / "err").read_bytes()
    assert process.returncode == 2
    assert err == b"contract-kit: interrupted; what was found so far is reported\n"
    assert b"interrupted before its end; run the check again" in out
    assert b"ArchiveId.required" in out
    assert b'"conforms": true' not in out


@pytest.mark.parametrize("words", [["nosuch"], ["fuzz", "--nosuch"]], ids=["path", "option"])
def test_an_error_that_nobody_reads_has_its_exit_code(command, folder, words):
    """2, as when somebody does: 1 would say that something does not conform."""
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run([*command, *words], stderr=write, env=buffered, check=False)
    finally:
        os.close(write)
    assert done.returncode == 2


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('[tool.contract-kit]\nignroe = ["x"]\n[tool.contract-kit.files]\n"*" = "a:B"', "ignroe"),
        ('[tool.contract-kit]\nignroe = ["x"]', "ignroe"),
        ('[tool.contract-kit.filse]\n"*" = "a:B"', "filse"),
        ("[tool.contract-kit.validat]\nfix = true", "validat"),
    ],
)
def test_a_name_that_is_none_is_told_from_a_folder_below(command, folder, text, wrong):
    """As it is in the folder of the settings itself."""
    (folder / "pyproject.toml").write_text(text)
    below = folder / "below"
    below.mkdir()
    done = subprocess.run(
        [*command, "validate", "."], cwd=below, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert (
        f"{wrong!r} is not one of contracts, files, ignore, off, placeholders, rules" in done.stderr
    )


def test_settings_that_nest_too_deep_are_one_line(command, folder):
    """The parser of TOML has a limit of its own."""
    (folder / "pyproject.toml").write_text("contract-kit = " + "[" * 20_000)
    done = subprocess.run([*command, "validate", "."], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.endswith("nests too deeply; fix it\n")
    assert done.stderr.count("\n") == 1


def test_a_placeholder_may_be_the_empty_string(command, folder):
    """Or a word, and nothing else."""
    (folder / ".contract-kit.toml").write_text('placeholders = ["^TODO$|^$"]\n')
    (folder / "x.json").write_text('{"ArchiveId": "TODO", "NextToken": ""}')
    words = ["x.json", "--operation", "mailmanager:ListArchiveExports"]
    done = subprocess.run([*command, "validate", *words], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout


def test_where_no_file_was_checked_nothing_is_called_found(cli):
    """It would read as if all were well."""
    *_, ending = cli("validate", "nosuch.json").out.splitlines()
    assert ending == "0 files checked; 1 not checked"
