"""Every file that the kit writes: complete or not at all, and nothing else is destroyed."""

from __future__ import annotations

import ast
import errno
import json
import os
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import contract_kit
from contract_kit.cli.main import main
from contract_kit.errors import SourceError
from contract_kit.files import Changed, check_writable, is_stream, read_text, write_file

ROOT = Path(contract_kit.__file__).parent

pytestmark = pytest.mark.skipif(os.name == "nt", reason="devices and pipes of POSIX")


def run(*words: str) -> int:
    """The exit code of a command line."""
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    return int(str(ended.value.code or 0))


@pytest.fixture
def pipe(tmp_path):
    """A named pipe, and a function that gives what was written into it."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(path.read_bytes()), daemon=True)
    reader.start()

    def content() -> bytes:
        reader.join(20)
        return read[0]

    return path, content


def test_a_file_is_replaced_only_by_a_complete_one(tmp_path, monkeypatch):
    """When the disk fails in between, the old content stays and nothing is left over."""
    path = tmp_path / "a" / "b.json"
    write_file(path, "old\n")
    assert path.read_bytes() == b"old\n"

    def fail(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(SourceError, match=r"b\.json: cannot be written: No space left"):
        write_file(path, "new\n")
    assert path.read_bytes() == b"old\n"
    assert list(path.parent.iterdir()) == [path]


def test_a_new_file_has_the_permissions_that_the_user_has_chosen(tmp_path):
    """Those of the umask, as any other file."""
    before = os.umask(0o027)
    try:
        write_file(tmp_path / "new", "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


def test_permissions_and_links_stay(tmp_path):
    """The file that a link leads to is the one that changes, also one that is not there yet."""
    real = tmp_path / "real"
    real.write_text("old")
    real.chmod(0o600)
    link, ahead = tmp_path / "link", tmp_path / "ahead"
    link.symlink_to("real")
    ahead.symlink_to("folder/to/come")
    write_file(link, "new")
    write_file(ahead, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    assert ahead.is_symlink()
    assert (tmp_path / "folder" / "to" / "come").read_text() == "new"


def test_other_names_of_a_file_stay_its_names(tmp_path):
    """Hard links: whoever reads the file by another name reads what was written."""
    (tmp_path / "a").write_text("older and longer")
    os.link(tmp_path / "a", tmp_path / "b")
    write_file(tmp_path / "a", "new")
    assert (tmp_path / "b").read_text() == "new"
    write_file(tmp_path / "b", b"newer", before=b"new")
    assert (tmp_path / "a").read_text() == "newer"
    assert (tmp_path / "a").samefile(tmp_path / "b")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_a_pipe_is_written_into(pipe):
    """It stays one."""
    path, content = pipe
    assert is_stream(path)
    check_writable(path)
    write_file(path, "é" * 100_000)
    assert content() == "é".encode() * 100_000
    assert stat.S_ISFIFO(path.stat().st_mode)


def test_a_pipe_that_nobody_reads_is_an_error(tmp_path, monkeypatch):
    """Nobody waits for ever."""
    monkeypatch.setattr("contract_kit.files.PATIENCE", 0.0)
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(SourceError, match="pipe: cannot be written: no process reads this pipe"):
        write_file(path, "x")


def test_a_device_is_written_into(tmp_path):
    """Also through a link, and one that is full says so."""
    link = tmp_path / "link"
    link.symlink_to("/dev/null")
    write_file(link, "x")
    write_file(Path("/dev/null"), "x")
    assert link.is_symlink()
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    with pytest.raises(SourceError, match="/dev/full: cannot be written: No space left"):
        write_file(Path("/dev/full"), "x")


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "link"])
@pytest.mark.parametrize("kind", ["file", "pipe", "socket"])
def test_an_open_file_is_written_where_it_stands(tmp_path, name, kind):
    """Whatever standard output is, what was printed before is still in it."""
    if kind == "socket" and not hasattr(os, "fork"):
        pytest.skip("no sockets to hand on")
    (tmp_path / "link").symlink_to("/dev/stdout")
    script = (
        "from pathlib import Path; from contract_kit.files import write_file; "
        f"print('before'); write_file(Path({name!r}), 'report\\n'); print('after')"
    )
    command = [sys.executable, "-c", script]
    if kind == "file":
        with open(tmp_path / "out", "wb") as out:
            subprocess.run(command, stdout=out, cwd=tmp_path, check=True)
        found = (tmp_path / "out").read_bytes()
    elif kind == "pipe":
        found = subprocess.run(command, stdout=subprocess.PIPE, cwd=tmp_path, check=True).stdout
    else:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            subprocess.run(command, stdout=theirs.fileno(), cwd=tmp_path, check=True)
            theirs.close()
            found = b"".join(iter(lambda: ours.recv(1000), b""))
    assert found == b"before\nreport\nafter\n"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.mkdir(), "is a folder; name a file"),
        (lambda path: path.symlink_to(path.name), "symbolic links|symbolic link loop"),
        (lambda path: path.symlink_to("."), "is a folder"),
    ],
)
def test_what_takes_no_bytes_is_an_error(tmp_path, make, said):
    """Known beforehand, and left as it is."""
    path = tmp_path / "x"
    make(path)
    before = path.lstat()
    for attempt in (check_writable, lambda path: write_file(path, "x")):
        with pytest.raises(SourceError, match=said):
            attempt(path)
    assert path.lstat().st_mode == before.st_mode


@pytest.mark.parametrize("name", ["x\0y", "x" * 300, "file/b.json"])
def test_a_name_that_cannot_be_is_an_error(tmp_path, name):
    """NUL, too long, a file in the place of a folder."""
    (tmp_path / "file").write_text("")
    with pytest.raises(SourceError, match="cannot be written"):
        write_file(tmp_path / name, "x")


def test_a_file_that_is_write_protected_stays(tmp_path, monkeypatch):
    """Its folder could be changed, but that is not what its owner meant."""
    path = tmp_path / "x"
    path.write_text("old")
    path.chmod(0o444)
    monkeypatch.setattr(os, "access", lambda where, mode: False)  # root may write anything
    for attempt in (check_writable, lambda path: write_file(path, "new")):
        with pytest.raises(SourceError, match="cannot be written"):
            attempt(path)
    assert path.read_text() == "old"


@pytest.mark.parametrize("call", ["open", "replace"])
def test_a_file_that_is_mounted_is_written_all_the_same(tmp_path, monkeypatch, call):
    """A container has reports mounted one by one: they cannot be replaced, but can be written."""
    path = tmp_path / "x"
    path.write_text("much longer than what comes")

    def busy(*args):
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(os, call, busy)
    write_file(path, "new")
    monkeypatch.undo()
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_what_somebody_else_has_written_meanwhile_stays(tmp_path):
    """The caller has read something else."""
    path = tmp_path / "x"
    path.write_text("theirs")
    with pytest.raises(Changed):
        write_file(path, "ours", before=b"what was read")
    assert path.read_text() == "theirs"
    write_file(path, "ours", before=b"theirs")
    assert path.read_text() == "ours"
    assert list(tmp_path.iterdir()) == [path]


def test_no_other_module_writes_files():
    """One place knows what may be replaced."""
    ways = {"replace", "rename", "write_text", "write_bytes", "mkstemp", "NamedTemporaryFile"}
    found = set()
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                attr, value = node.func.attr, node.func.value
                name = value.id if isinstance(value, ast.Name) else ""
                if name == "formatter":
                    continue  # click's, of help
                if attr in ways and (name == "os" or attr not in ("replace", "rename")):
                    found.add(str(path.relative_to(ROOT)))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                modes = [arg.value for arg in node.args[1:2] if isinstance(arg, ast.Constant)]
                if node.func.id == "open" and any(set("wax+") & set(str(m)) for m in modes):
                    found.add(str(path.relative_to(ROOT)))
    # Standard streams that the caller has closed are opened anew, to nowhere.
    assert found - {"cli/output.py"} == {"files.py"}


def test_every_door_writes_through_links(tmp_path, monkeypatch, capsys):
    """Reports, OpenAPI documents, schemas, cases and fixed files."""
    monkeypatch.chdir(tmp_path)
    operation = "mailmanager:GetArchive"
    for name in ("json", "junit", "openapi", "fixed"):
        (tmp_path / f"{name}.real").touch()
        (tmp_path / f"{name}.json").symlink_to(f"{name}.real")
    (tmp_path / "fixed.real").write_text('{"archiveId": "a-abc"}')
    for folder in ("schemas", "cases"):
        (tmp_path / f"{folder}.real").mkdir()
        (tmp_path / folder).symlink_to(f"{folder}.real")
    reports = ["--report", "json:json.json", "--report", "junit:junit.json"]
    assert run("fuzz", "--max-examples", "0", "--case", CASE, *reports) == 0
    assert run("openapi", operation, "--out", "openapi.json") == 0
    assert run("derive", operation, "--out", "schemas") == 0
    assert run("cases", operation, "--out", "cases") == 0
    assert run("validate", "--operation", operation, "--fix", "fixed.json") == 0
    links = sorted(path.name for path in tmp_path.iterdir() if path.is_symlink())
    assert links == ["cases", "fixed.json", "json.json", "junit.json", "openapi.json", "schemas"]
    assert all((tmp_path / f"{name}.real").stat().st_size for name in ("json", "junit", "openapi"))
    assert '"ArchiveId"' in (tmp_path / "fixed.real").read_text()
    assert list((tmp_path / "schemas.real").rglob("*.request.json"))
    assert list((tmp_path / "cases.real").rglob("*.json"))


CASE = "StartArchiveExport/ArchiveId.maxLength/one-too-long"


def test_a_report_goes_into_a_pipe_once(pipe, capsys):
    """What is written on the way cannot be taken back there."""
    path, content = pipe
    assert run("fuzz", "--max-examples", "0", "--case", CASE, "--report", f"json:{path}") == 0
    assert json.loads(content())["operation"] == "mailmanager:StartArchiveExport"


def test_cases_take_the_place_of_cases_alone(tmp_path, capsys):
    """A folder with anything else is left as it is, before anything is removed."""
    operation = "mailmanager:GetArchive"
    assert run("cases", operation, "--out", str(tmp_path)) == 0
    old = next((tmp_path / "invalid").rglob("*.json"))
    left_over = tmp_path / "invalid" / "Gone.pattern" / "old.json"
    left_over.parent.mkdir()
    left_over.write_bytes(old.read_bytes())
    assert run("cases", operation, "--out", str(tmp_path)) == 0
    assert not left_over.parent.exists()
    theirs = tmp_path / "valid" / "mine.json"
    theirs.write_text('{"my": "request"}')
    old.unlink()
    assert run("cases", operation, "--out", str(tmp_path)) == 2
    assert "mine.json is not an exported case; choose an empty folder" in capsys.readouterr().err
    assert theirs.read_text() == '{"my": "request"}'
    assert not old.exists()


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (["fuzz", "--request"], "give a request as a JSON object"),
        (["cases", "mailmanager:GetArchive", "--request"], "give a request as a JSON object"),
        (["fuzz", "--known-gaps"], "give a file of known gaps"),
        (["drift", "mailmanager:GetArchive", "--page"], "give a page saved as UTF-8 text"),
    ],
)
def test_every_file_that_is_given_is_read_to_a_bound(tmp_path, capsys, monkeypatch, words, remedy):
    """A device without end, a folder, what is not there, what is no text: one line, at once."""
    monkeypatch.setattr(read_text, "__kwdefaults__", {"most": 1 << 20})
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    (tmp_path / "deep").write_text("[" * 100_000)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "x").touch()
    for path, said in (
        ("/dev/zero", f"/dev/zero: is larger than 1 MiB; {remedy}"),
        (str(tmp_path / "none"), f"none: No such file or directory; {remedy}"),
        (str(tmp_path / "binary"), f"binary: byte 0xff is not UTF-8; {remedy}"),
        (str(tmp_path / "folder"), "folder: "),
        (str(tmp_path / "deep"), "deep"),
    ):
        assert run(*words, path) == 2, path
        done = capsys.readouterr()
        line, *others = done.err.splitlines()
        assert others == []
        assert said in line


def test_a_pipe_that_nobody_writes_is_read_as_empty(tmp_path):
    """Nobody waits for ever; what somebody writes is read to its end."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    assert read_text(path, "give a file") == ""
    read, write = os.pipe()
    os.write(write, b"\xef\xbb\xbfx\r\n")
    os.close(write)
    assert read_text(Path(f"/dev/fd/{read}"), "give a file") == "x\r\n"
    os.close(read)


def test_a_path_with_nul_in_the_settings_is_one_line(tmp_path, capsys, monkeypatch):
    """No command line can hold one, but a file of settings can."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(
        '[tool.contract-kit.fuzz]\nreport = ["json:a\\u0000b"]\n'
    )
    assert run("fuzz") == 2
    assert "report contains a NUL character; remove it" in capsys.readouterr().err
