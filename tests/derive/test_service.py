"""Deriving whole services: files written, compared, and the commands that do it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from contract_kit.cli.main import main
from contract_kit.contract.catalog import schema_root
from contract_kit.derive.operation import derive_operation
from contract_kit.derive.service import differences, documents, read_pages, render
from contract_kit.errors import SourceError, UnknownOperation, UsageError

PAGES = Path(__file__).parents[2] / "fixtures" / "pages"
EXPORT = "mailmanager:StartArchiveExport"


def run(*args):
    """Exit code of `contract-kit` with these arguments."""
    with pytest.raises(SystemExit) as caught:
        main([str(arg) for arg in args])
    return caught.value.code


@pytest.fixture
def committed(tmp_path):
    """A copy of the committed schemas that a test may change."""
    shutil.copytree(schema_root() / "mailmanager", tmp_path / "mailmanager")
    return tmp_path


def test_the_committed_schemas_are_what_the_sources_say_now(capsys):
    """All 60 operations, StartArchiveExport with its pages; run the command to mend it."""
    code = run("derive", "mailmanager", "--page", PAGES, "--out", schema_root(), "--check")
    told = capsys.readouterr().out
    again = "contract-kit derive mailmanager --page fixtures/pages"
    assert code == 0, f"{told}run `{again}`"
    assert told == ""


def test_a_document_that_was_altered_turns_the_check_red(committed, capsys):
    """As do one that is missing and one that is left over, each with its path."""
    folder = committed / "mailmanager"
    altered = folder / "GetArchive.request.json"
    altered.write_text(altered.read_text(encoding="utf-8").replace('"minLength"', '"maxLength"'))
    (folder / "GetRelay.response.json").unlink()
    (folder / "GetNothing.request.json").write_text("{}")
    code = run("derive", "mailmanager", "--page", PAGES, "--out", committed, "--check")
    assert code == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{altered}: differs from the current sources",
        f"{folder / 'GetRelay.response.json'}: missing",
        f"{folder / 'GetNothing.request.json'}: no such operation",
    ]


def test_a_page_left_out_turns_the_check_red(committed, capsys):
    """The committed StartArchiveExport holds what its pages say."""
    assert run("derive", EXPORT, "--out", committed, "--check") == 1
    lines = capsys.readouterr().out.splitlines()
    assert [Path(line.partition(": ")[0]).name for line in lines] == [
        "StartArchiveExport.request.json",
        "StartArchiveExport.response.json",
    ]


def test_checking_one_operation_does_not_mind_the_others(committed):
    """What else lies in the folder belongs to other operations."""
    (committed / "mailmanager" / "GetNothing.request.json").write_text("{}")
    assert run("derive", EXPORT, "--page", PAGES, "--out", committed, "--check") == 0


def test_derive_writes_both_documents_of_each_operation(tmp_path, capsys):
    """Into a folder per service; the same bytes as the committed ones."""
    assert run("derive", EXPORT, "--page", PAGES, "--out", tmp_path) == 0
    assert capsys.readouterr().out == f"2 documents written to {tmp_path}\n"
    written = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.json"))
    assert [path.name for path in written] == [
        "StartArchiveExport.request.json",
        "StartArchiveExport.response.json",
    ]
    for path in written:
        assert (tmp_path / path).read_bytes() == (schema_root() / path).read_bytes()


def test_derive_writes_to_schemas_where_no_folder_is_given(tmp_path, monkeypatch):
    """Below the working directory, as in the checkout."""
    monkeypatch.chdir(tmp_path)
    assert run("derive", "sts:GetCallerIdentity") == 0
    path = tmp_path / "schemas" / "sts" / "GetCallerIdentity.request.json"
    assert json.loads(path.read_text())["x-contract"]["operation"] == "sts:GetCallerIdentity"


def test_a_whole_service_has_two_documents_for_each_operation():
    """Names say which is which."""
    names = [name for name, _ in documents("sts", ())]
    assert len(names) == len(set(names)) == 2 * len({name.partition(".")[0] for name in names})
    assert "sts/AssumeRole.request.json" in names


@pytest.mark.parametrize("id", ["sts", "mailmanager:GetArchive"])
def test_a_page_of_another_operation_is_refused(id):
    """Its facts would be lost without a word."""
    with pytest.raises(UsageError, match=r"page StartArchiveExport describes no operation of"):
        list(documents(id, read_pages([PAGES / "StartArchiveExport.txt"])))


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["derive", "nosuchservice"], "no service 'nosuchservice'"),
        (["derive", "mailmanager:Nope"], "no operation 'Nope'"),
        (["derive", "mailmanager:Nope", "--check"], "no operation 'Nope'"),
        (["derive", EXPORT, "--page", "nowhere.txt"], r"nowhere\.txt"),
        (["derive"], "SERVICE"),
        (["drift", "mailmanager:Nope"], "no operation 'Nope'"),
    ],
)
def test_what_cannot_be_derived_is_one_line_and_exit_code_2(args, words, capsys):
    """Never a traceback."""
    assert run(*args) == 2
    message = capsys.readouterr().err
    assert message.startswith("contract-kit: ")
    assert message.count("\n") == 1
    assert __import__("re").search(words, message)


def test_pages_are_read_from_files_and_folders():
    """A folder gives its text files in order of name."""
    pages = read_pages([PAGES])
    assert len(pages) == 9
    assert [page.name for page in pages] == sorted(page.name for page in pages)
    assert read_pages([PAGES / "ArchiveFilters.txt"]) == tuple(
        page for page in pages if page.name == "ArchiveFilters"
    )
    assert read_pages([]) == ()


def test_a_folder_without_pages_is_a_source_error(tmp_path):
    """A wrong folder must not look like a service without pages."""
    (tmp_path / "page.html").write_text("no page")
    with pytest.raises(
        SourceError, match=r"contains no pages; give a folder of pages named \*\.txt"
    ):
        read_pages([tmp_path])


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_page_that_cannot_be_read_is_a_source_error(tmp_path, content):
    """Missing, or not UTF-8."""
    path = tmp_path / "page.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError, match=r"page\.txt.*give a page saved as UTF-8 text"):
        read_pages([path])


def test_a_page_with_a_byte_order_mark_is_read(tmp_path):
    """Some editors write one."""
    text = (PAGES / "ArchiveFilters.txt").read_text(encoding="utf-8")
    (tmp_path / "page.txt").write_text(text, encoding="utf-8-sig")
    assert read_pages([tmp_path / "page.txt"])[0].name == "ArchiveFilters"


def test_drift_shows_a_line_for_each_disagreement(capsys):
    """The same from the pages as from the committed schema; exit code 1 says there are some."""
    assert run("drift", EXPORT, "--page", PAGES) == 1
    from_pages = capsys.readouterr().out.splitlines()
    assert run("drift", EXPORT) == 1
    assert capsys.readouterr().out.splitlines() == from_pages
    assert len(from_pages) == 7
    assert from_pages[1] == (
        "IncludeMetadata.member: model says present; page:StartArchiveExport says absent"
    )


def test_drift_of_sources_that_agree_is_silent(capsys):
    """Exit code 0."""
    assert run("drift", "mailmanager:GetArchive") == 0
    assert capsys.readouterr().out == ""


def test_an_operation_is_derived_once():
    """Deriving costs a model load."""
    assert derive_operation("sts:GetCallerIdentity") is derive_operation("sts:GetCallerIdentity")
    with pytest.raises(UnknownOperation):
        derive_operation("sts:Nope")


def test_another_version_of_botocore_with_the_same_model_is_no_difference(tmp_path):
    """The hash says which model it is; an upgrade must not turn a check red."""
    id = "mailmanager:StopArchiveExport"
    for name, document in documents(id, ()):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(render(document).replace('"botocore 1.', '"botocore 9.'), encoding="utf-8")
    assert differences(id, (), tmp_path) == ()
    path.write_text(path.read_text().replace("sha256:", "sha256:0"))
    assert len(differences(id, (), tmp_path)) == 1
