"""Which operation a file is for: option, map, path, `$schema`; and what a repository settles."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from contract_kit import operation
from contract_kit.contract.catalog import schema_root
from contract_kit.errors import UsageError
from contract_kit.requestfile.editor import editor_schema
from contract_kit.requestfile.globs import ignored, matches
from contract_kit.requestfile.operations import Operations
from contract_kit.requestfile.settings import read_settings

GOOD = {
    "ArchiveId": "a-abc123",
    "FromTimestamp": 1700000000,
    "ToTimestamp": 1700086400,
    "ExportDestinationConfiguration": {"S3": {"S3Location": "s3://bucket/path"}},
}
BAD = {**GOOD, "ArchiveId": "x y"}


@pytest.fixture
def settled(tmp_path, check):
    """`settled(toml, {name: content})`: what a run in a repository with these settings tells."""

    def run(toml, files, *, name=".contract-kit.toml", operation=None, dialect=None):
        (tmp_path / name).write_text(toml)
        kept = None
        for path, content in files.items():
            text = content if isinstance(content, str) else json.dumps(content)
            kept = check(
                text,
                name=path,
                settings=read_settings(tmp_path),
                operation=operation,
                dialect=dialect,
            )
        return kept

    return run


GLOBS = [
    ("*.json", "a.json", True),
    ("*.json", "deep/er/a.json", True),
    ("a/*.json", "a/b.json", True),
    ("a/*.json", "a/b/c.json", False),
    ("a/**/*.json", "a/b.json", True),
    ("a/**/*.json", "a/b/c/d.json", True),
    ("a/**", "a/b/c", True),
    ("**/x/*.json", "x/a.json", True),
    ("**/x/*.json", "y/x/a.json", True),
    ("a/", "a/b/c.json", True),
    ("./a/b.json", "a/b.json", True),
    ("/a/b.json", "a/b.json", True),
    ("a?.json", "ab.json", True),
    ("a?.json", "a/.json", False),
    ("[ab].json", "a.json", True),
    ("[!ab].json", "a.json", False),
    ("[!ab].json", "c.json", True),
    ("a.json", "aXjson", False),
    ("[a.json", "[a.json", True),
    ("é*.json", "éx.json", True),
    ("a+(b).json", "a+(b).json", True),
    ("snapshots", "a/snapshots/b/c.json", True),
    ("a/b", "a/b/c.json", True),
    ("a/b", "x/a/b/c.json", False),
    ("b/", "a/b", False),
    ("b/", "a/b/", True),
    ("b/", "a/b/c", True),
    ("**/b", "b", True),
    ("**/b", "a/c/b", True),
    ("a/**", "a", False),
    ("a/**/b", "a/b", True),
    ("a/**/b", "a/x/y/b", True),
    ("a/**/b/**/c", "a/b/x/b/y/c", True),
    ("a**b", "axxb", True),
    ("a/x**b", "a/xx/b", False),
    ("***", "a/b", True),
    ("\\*.json", "*.json", True),
    ("\\*.json", "a.json", False),
    ("[^ab].json", "c.json", True),
    ("a[!b]c", "a/c", False),
    ("[a-c]x", "bx", True),
    ("[]a]x", "]x", True),
    ("[[:digit:]]x", "5x", True),
    ("[[:digit:]]x", "ax", False),
    ("*a*b*c", "xaxbxc", True),
    ("*a*b*c", "xaxcxb", False),
    ("*ab", "aab", True),
    ("a*", "a", True),
    ("A", "a", False),
]


@pytest.mark.parametrize(("glob", "path", "wanted"), GLOBS)
def test_globs_are_those_of_git(glob, path, wanted):
    """As in `.gitignore`."""
    assert matches(glob, path) is wanted


@pytest.mark.skipif(shutil.which("git") is None, reason="asks git")
def test_git_agrees_on_the_globs(tmp_path):
    """But for what it has no meaning for: `./`, and a bracket that is never closed."""
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    for pattern, path, wanted in GLOBS:
        if pattern.startswith(("./", "[a.")):
            continue
        (tmp_path / ".gitignore").write_text(f"{pattern}\n")
        command = ["git", "check-ignore", "-q", "--no-index", path]
        assert (subprocess.run(command, cwd=tmp_path).returncode == 0) is wanted, (pattern, path)


PIECES = ("a", "b", "*", "**", "?", "[ab]", "[!a]", "[^a]", "[a-c]", "[]a]", "[[:alpha:]]", "/")
PIECES += ("*.json", ".json", "foo", ".", "\\*", "]", "{a,b}", " ")
NAMES = ("a", "b", "foo", "a.json", "b.json", "x y.json", "]", ".hid.json", "A.json", "a ", "{a,b}")
FOLDERS = ("", "a/", "b/", "foo/", ".hid/", "a/b/", "foo/a/", "foo/foo/")


@pytest.mark.skipif(shutil.which("git") is None, reason="asks git")
@pytest.mark.parametrize("seed", range(4))
def test_git_agrees_on_what_is_ignored(tmp_path, seed):
    """By lists of globs drawn at random, of which some take back what others say."""
    rng = random.Random(seed)
    paths = [folder + name for folder in FOLDERS for name in NAMES]
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    for _ in range(60):
        globs = []
        while len(globs) < rng.choice((1, 1, 2, 3)):
            text = "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 5)))
            # Without what git has a meaning for that we have not, or the other way round.
            if "//" not in text and "***" not in text and text.strip(" /"):
                globs.append(rng.choice(("", "", "!")) + text.removeprefix("./"))
        (tmp_path / ".gitignore").write_text("\n".join(globs) + "\n")
        done = subprocess.run(
            ["git", "check-ignore", "--no-index", "-z", "--stdin"],
            cwd=tmp_path,
            input="\0".join(paths).encode(),
            stdout=subprocess.PIPE,
        )
        wanted = {path for path in done.stdout.decode().split("\0") if path}
        assert {path for path in paths if ignored(globs, path)} == wanted, globs


def test_the_last_glob_that_matches_decides():
    """One with an exclamation mark takes back what stands before it."""
    patterns = ["*.json", "!keep.json", "old/"]
    found = {path: ignored(patterns, path) for path in ("a.json", "keep.json", "old/keep.json")}
    assert found == {"a.json": True, "keep.json": False, "old/keep.json": True}


@pytest.mark.parametrize(
    ("glob", "part"),
    [
        ("**/" * 12 + "x", "a/"),
        ("*a" * 30 + "b", "a"),
        ("**/*a*/" * 9 + "b", "xa/"),
        ("*" * 40, "a"),
    ],
)
def test_no_glob_runs_long(glob, part):
    """Each star of them would try everything again after what the next one finds."""
    start = time.process_time()
    for path in (part * 60, part * 60 + "!"):
        matches(glob, path)
    assert time.process_time() - start < 10


MAP = """
[files]
"exports/*.json" = "mailmanager:StartArchiveExport"
"cli/*.json" = { operation = "mailmanager:StartArchiveExport", dialect = "cli" }
"""


def test_the_map_says_what_a_file_is_for(settled):
    """With its dialect; what it does not cover is left alone, whatever it is."""
    assert settled(MAP, {"exports/a.json": BAD}).only.constraint == "ArchiveId.pattern"
    text = {**GOOD, "FromTimestamp": "2023-11-14"}
    assert settled(MAP, {"cli/a.json": text}).findings == []
    assert len(settled(MAP, {"exports/b.json": text}).findings) == 1
    for name, content in (("other.json", "{"), ("mailmanager/StartArchiveExport.json", BAD)):
        kept = settled(MAP, {name: content})
        assert (kept.findings, kept.errors, kept.summary.left_alone) == ([], [], 1)


def test_what_stands_on_the_command_line_is_not_missing(settled):
    """Neither to a map nor to the option that names the same operation; the rest still is."""
    text = {name: value for name, value in GOOD.items() if name != "ArchiveId"}
    line = '"a.json" = { operation = "mailmanager:StartArchiveExport", given = ["ArchiveId"] }'
    toml = f"[files]\n{line}\n"
    assert settled(toml, {"a.json": text}).findings == []
    assert (
        settled(toml, {"a.json": text}, operation="mailmanager:StartArchiveExport").findings == []
    )
    assert settled(toml, {"a.json": BAD}).only.constraint == "ArchiveId.pattern"
    del text["ToTimestamp"]
    assert settled(toml, {"a.json": text}).only.constraint == "ToTimestamp.required"
    ((_, message),) = settled(toml.replace("ArchiveId", "archiveId"), {"a.json": text}).errors
    assert "has no member 'archiveId'; did you mean ArchiveId?" in message


OFF = """
[off."mailmanager:StartArchiveExport"]
"ArchiveId.pattern" = "any text names an archive here"
"""


def test_a_constraint_can_be_switched_off_with_a_reason(settled):
    """Nothing is said of it; everything else is."""
    kept = settled(MAP + OFF, {"exports/a.json": BAD})
    assert (kept.findings, kept.errors) == ([], [])
    text = {**BAD, "MaxResults": "x"}
    assert settled(MAP + OFF, {"exports/a.json": text}).only.constraint == "MaxResults.type"
    ((_, message),) = settled(
        MAP + OFF.replace("pattern", "patern"), {"exports/a.json": BAD}
    ).errors
    assert "did you mean ArchiveId.pattern" in message


def test_the_map_may_stand_in_pyproject(settled):
    """Below [tool.contract-kit]."""
    toml = MAP.replace("[files]", "[tool.contract-kit.files]")
    kept = settled(toml, {"exports/a.json": BAD}, name="pyproject.toml")
    assert kept.only.constraint == "ArchiveId.pattern"


def test_the_option_wins_over_the_map(settled):
    """The operation of all files, and their dialect."""
    kept = settled(MAP, {"exports/a.json": {}}, operation="mailmanager:StopArchiveExport")
    assert [one.constraint for one in kept.findings] == ["ExportId.required"]
    text = {**GOOD, "FromTimestamp": "2023-11-14"}
    assert settled(MAP, {"exports/a.json": text}, dialect="cli").findings == []
    assert settled(MAP, {"other.json": BAD}, operation="mailmanager:StartArchiveExport").findings


PATHS = [
    ("mailmanager/StartArchiveExport.json", "mailmanager:StartArchiveExport", None),
    ("x/mailmanager/StartArchiveExport/valid/a.json", "mailmanager:StartArchiveExport", None),
    ("mailmanager/StartArchiveExport.small.json", "mailmanager:StartArchiveExport", None),
    ("mailmanager/start-archive-export.yaml", "mailmanager:StartArchiveExport", "cli"),
    ("mailmanager/start-archive-export/a.json", "mailmanager:StartArchiveExport", "cli"),
    ("dynamodb/create-table.json", "dynamodb:CreateTable", "cli"),
    ("s3api/put-object.json", "s3:PutObject", "cli"),
    ("mailmanager/Nope.json", None, None),
    ("nope/StartArchiveExport.json", None, None),
    ("StartArchiveExport.json", None, None),
    ("mailmanager/startarchiveexport.json", None, None),
    ("../mailmanager/../x.json", None, None),
]


@pytest.mark.parametrize(("path", "operation", "dialect"), PATHS)
def test_a_path_may_name_the_operation(path, operation, dialect):
    """As service/Operation, or as the CLI writes it, which means that the file is meant for it."""
    assert Operations().of_path(path) == ((operation, dialect) if operation else None)


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("sfn/start-execution.json", "stepfunctions:StartExecution"),
        ("cloudwatch-logs/CreateLogGroup.yaml", "logs:CreateLogGroup"),
        ("sfn/nope.json", None),
        ("nope/start-execution.json", None),
    ],
)
def test_a_path_with_another_name_of_a_service_gets_a_hint(check, path, meant):
    """The operation that is meant, and the line that says so."""
    (said,) = [message for _, message in check("{}", name=path, operation=None).errors]
    if meant is None:
        assert "did you mean" not in said
    else:
        assert f'did you mean {meant}? add "{path}" = "{meant}" below ' in said


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (
            '[files]\n"a.json" = "mailmanager:GetArchiv"',
            "files: service mailmanager has no operation 'GetArchiv'; "
            "did you mean mailmanager:GetArchive?",
        ),
        (
            '[files]\n"a.json" = { operation = "ec2:RunInstance" }',
            "files: service ec2 has no operation 'RunInstance'; did you mean ec2:RunInstances?",
        ),
        ('[files]\n"a.json" = "sfn:StartExecution"', "did you mean stepfunctions?"),
        (
            '[off."mailmanager:GetArchiv"]\n"ArchiveId.pattern" = "why"',
            "off: service mailmanager has no operation 'GetArchiv'",
        ),
    ],
)
def test_an_operation_that_does_not_exist_is_one_line(tmp_path, settings, says):
    """Whether a file needs it or not: nobody would notice that the line has no effect."""
    (tmp_path / ".contract-kit.toml").write_text(settings)
    with pytest.raises(UsageError) as caught:
        read_settings(tmp_path)
    assert says in str(caught.value)
    right = settings.replace('GetArchiv"', 'GetArchive"').replace('RunInstance"', 'RunInstances"')
    (tmp_path / ".contract-kit.toml").write_text(right.replace("sfn:", "stepfunctions:"))
    assert read_settings(tmp_path) is not None


def test_a_schema_may_name_the_operation(check):
    """By the id of the kit's documents, or by the path of one; the path of the file wins."""
    for reference in (
        "urn:contract-kit:mailmanager:2023-10-17:StartArchiveExport:request",
        "https://example.com/schemas/mailmanager/StartArchiveExport.request.json",
        "./mailmanager/StartArchiveExport.request.wire.json",
    ):
        kept = check(json.dumps({"$schema": reference, **BAD}), operation=None)
        assert kept.only.constraint == "ArchiveId.pattern"
    reference = "urn:contract-kit:mailmanager:2023-10-17:StartArchiveExport:request:cli"
    text = {"$schema": reference, **GOOD, "FromTimestamp": "2023-11-14"}
    kept = check(json.dumps(text), operation=None)
    assert kept.only.constraint == "file.schemaKey", "which the clients refuse"
    name = "mailmanager/StopArchiveExport.json"
    assert "ExportId.required" in [
        one.constraint for one in check(json.dumps(text), name=name, operation=None).findings
    ]


def test_a_schema_beside_the_file_may_name_the_operation(check, tmp_path):
    """The one that was printed for an editor knows its operation and dialect."""
    schema = editor_schema(operation("mailmanager:StartArchiveExport"), "cli")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "export.schema.json").write_text(json.dumps(schema))
    for place, name in (("./in/export.schema.json", "x.json"), ("export.schema.json", "in/x.json")):
        text = {"$schema": place, **GOOD, "FromTimestamp": "2023-11-14", "ArchiveId": "x y"}
        kept = check(json.dumps(text), name=name, operation=None)
        assert {one.constraint for one in kept.findings} == {"ArchiveId.pattern", "file.schemaKey"}
    for content in ("{", "[]", '{"$id": 5}', '{"$id": "urn:other"}'):
        (tmp_path / "in" / "export.schema.json").write_text(content)
        for place in ("in/export.schema.json", "in", "none.json", "/dev/zero", "https://x/y.json"):
            kept = check(json.dumps({"$schema": place}), name="x.json", operation=None)
            assert "nothing says which operation it is for" in kept.errors[0][1]


def test_what_nothing_decides_is_an_error_with_the_line_to_add(check, tmp_path):
    """Never a silent pass."""
    kept = check(json.dumps(GOOD), name="some/where.json", operation=None)
    ((file, message),) = kept.errors
    assert file.endswith("where.json")
    assert (
        '"some/where.json" = "SERVICE:OPERATION" below [tool.contract-kit.files] of pyproject.toml'
        in message
    )
    assert kept.summary.exit_code == 2


def test_an_envelope_names_its_own_operation(check, cut):
    """And its dialect; its other keys are nobody's concern; places are those in the file."""
    text = json.dumps(
        {"operation": "mailmanager:StartArchiveExport", "seen": 5, "request": BAD}, indent=2
    )
    kept = check(text, operation="mailmanager:StopArchiveExport")
    assert cut(text, kept.only.span) == '"x y"'
    assert kept.only.path == ("ArchiveId",)
    text = json.dumps(
        {
            "operation": "mailmanager:StartArchiveExport",
            "dialect": "boto3",
            "request": {**GOOD, "FromTimestamp": "2023-11-14"},
        }
    )
    assert check(text, operation=None).findings == []
    ((_, message),) = check('{"operation": "a:B", "request": {}}', operation=None).errors
    assert "a" in message


def test_an_envelope_wins_over_map_and_path(settled):
    """As it does over the option; but a file that the map does not cover is not opened for it."""
    path = "mailmanager/StopArchiveExport/a.json"
    envelope = {"operation": "mailmanager:StartArchiveExport", "request": BAD}
    line = '"*.json" = "mailmanager:GetArchive"'
    for toml in ("", f"[files]\n{line}\n"):
        kept = settled(toml, {path: envelope})
        assert [each.constraint for each in kept.findings] == ["ArchiveId.pattern"]
    kept = settled(f"[files]\n{line.replace('*', 'other/*')}\n", {path: envelope})
    assert (kept.findings, kept.errors) == ([], [])


def test_ignored_files_are_not_read(tmp_path, settled):
    """Not even to say that they are broken."""
    kept = settled('ignore = ["bad/", "*.draft.json"]', {"bad/a.json": "{", "x.draft.json": "{"})
    from contract_kit.requestfile.files import request_files

    settings = read_settings(tmp_path)
    assert list(request_files([str(tmp_path)], settings)) == []
    assert list(request_files([str(tmp_path / "bad" / "a.json")], settings)) == []
    assert kept is not None


PLACEHOLDERS = "placeholders = ['\\$\\{\\w+\\}', '<[A-Z]+>']\n"


def test_a_placeholder_is_judged_by_its_place(settled):
    """Whatever type it stands for; a member that does not exist is still one too many."""
    request = {
        **GOOD,
        "ArchiveId": "${ID}",
        "FromTimestamp": "${FROM}",
        "MaxResults": "<MAX>",
        "Filters": "${FILTERS}",
        "Nope": "${X}",
        "IncludeMetadata": "$X",
    }
    kept = settled(PLACEHOLDERS, {"a.json": request}, operation="mailmanager:StartArchiveExport")
    assert [one.path for one in kept.findings] == [("Nope",), ("IncludeMetadata",)]


def test_a_repository_may_pin_its_contracts(tmp_path, settled):
    """Its own copy wins; operations that its copy of a service lacks are unknown."""
    folder = tmp_path / "contracts" / "mailmanager"
    folder.mkdir(parents=True)
    document = json.loads(
        (schema_root() / "mailmanager" / "StartArchiveExport.request.json").read_text()
    )
    document["$defs"]["ArchiveId"]["x-contract"]["bounds"]["maxLength"] = 5
    document["$defs"]["ArchiveId"]["maxLength"] = 5
    (folder / "StartArchiveExport.request.json").write_text(json.dumps(document))
    toml = 'contracts = ["contracts"]'
    for name in ("mailmanager/StartArchiveExport.json", "mailmanager/start-archive-export.json"):
        kept = settled(toml, {name: GOOD})
        assert kept.only.constraint == "ArchiveId.maxLength"
    kept = settled(toml, {"x.json": {"operation": "mailmanager:StopArchiveExport", "request": {}}})
    ((_, message),) = kept.errors
    assert "no operation 'StopArchiveExport'" in message
    (folder / "StartArchiveExport.request.json").write_text("{")
    ((_, message),) = settled(toml, {"mailmanager/StartArchiveExport.json": GOOD}).errors
    assert "\n" not in message
    shutil.rmtree(tmp_path / "contracts")
    with pytest.raises(UsageError, match=r"contracts: .* is not a folder"):
        settled(toml, {"a.json": GOOD})


def test_settings_hold_below_the_folder_that_has_them(tmp_path):
    """Up to the root of the repository."""
    (tmp_path / ".contract-kit.toml").write_text(MAP)
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert Path(read_settings(inner).base) == tmp_path
    assert read_settings(inner).relative(str(inner / "x.json")) == "a/b/x.json"
    (tmp_path / "a" / ".git").mkdir()
    assert read_settings(inner).files is None


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[files", "fix it"),
        ("files = 1", "files is not a table"),
        ('[files]\n"a" = 1', "'a' has no operation"),
        ('[files]\n"a" = {dialect = "cli"}', "'a' has no operation"),
        ('[files]\n"a" = {operation = "a:B", dialect = "x"}', "no dialect 'x'"),
        ('[files]\n"a" = {operation = "a:B", dialet = "cli"}', "no setting 'dialet'"),
        ('[files]\n"a" = {operation = "a:B", given = "C"}', "given is not a list of strings"),
        ("off = 1", "off is not a table of tables"),
        ('[off]\n"a:B" = "x"', "off is not a table of tables"),
        ('[off."a:B"]\n"C.pattern" = ""', "has no reason"),
        (
            '[off."GetArchive"]\n"C.pattern" = "why"',
            "off: 'GetArchive' names no operation; write SERVICE:",
        ),
        ("ignore = 1", "ignore is not a list of strings"),
        ('placeholders = ["("]', "is not a pattern"),
        ("contracts = [1]", "contracts is not a list of strings"),
    ],
)
def test_broken_settings_are_one_line(tmp_path, toml, said):
    """Which names the setting."""
    (tmp_path / ".contract-kit.toml").write_text(toml)
    with pytest.raises(UsageError, match=re.escape(said)) as caught:
        read_settings(tmp_path)
    assert "\n" not in str(caught.value)


def test_shared_settings_are_no_table_of_a_command(tmp_path, monkeypatch, capsys):
    """The command reads the same file for the defaults of its options."""
    from contract_kit.cli.main import main

    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(
        '[tool.contract-kit]\nignore = ["x.json"]\n[tool.contract-kit.validate]\nformat = "json"\n'
    )
    os.mkdir("mailmanager")
    (tmp_path / "mailmanager" / "StartArchiveExport.json").write_text(json.dumps(GOOD))
    with pytest.raises(SystemExit) as ended:
        main(["validate"])
    assert ended.value.code == 0
    assert json.loads(capsys.readouterr().out)["files"] == 1
