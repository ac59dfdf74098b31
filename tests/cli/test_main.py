"""The command itself: help, exit codes, configuration files, and readers that go away."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys

import click
import pytest

from contract_kit.cli import main as main_module
from contract_kit.cli.main import COMMANDS

HEAVY = ("hypothesis", "botocore", "pytest", "httpx2", "httpcore2", "h11", "rich", "jsonschema")


def loaded_by(code):
    """The heavy modules that are in memory after some code has run, in a new process."""
    script = f"import sys\ntry:\n    {code}\nexcept SystemExit: pass\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    return set(HEAVY) & set(done.stdout.decode().splitlines()[-1].split())


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_names_every_command(cli, option):
    """With a line for each."""
    done = cli(option)
    assert done.code == 0
    assert "Exit codes: 0 conforms, 1 does not, 2 the command could not do its work." in done.out
    words = " ".join(done.out.split())
    for name, line in COMMANDS.items():
        assert f"{name} {line}" in words


def test_help_loads_nothing_heavy():
    """Neither Hypothesis nor botocore nor pytest nor an HTTP client: it starts at once."""
    assert loaded_by("from contract_kit.cli.main import main; main(['--help'])") == set()


def test_importing_the_package_loads_nothing_heavy():
    """Only deriving an operation, or sending something, needs more."""
    assert loaded_by("import contract_kit") == set()
    assert loaded_by("import contract_kit.cases.boundary") == set()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_each_command_has_help_of_its_own(cli, name):
    """With its usage and its options."""
    done = cli(name, "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Usage: contract-kit {name} ")
    assert "--help" in done.out


def test_the_version_is_told(cli):
    """That of the installed package."""
    done = cli("--version")
    assert (done.code, done.out) == (0, "contract-kit, version 0.1.0\n")


def test_without_a_command_help_is_shown(cli):
    """On several lines; and nothing was done."""
    done = cli()
    assert (done.code, done.out) == (2, "")
    assert "\nCommands:\n" in done.err


@pytest.mark.parametrize("name", ["nope", "fuz", "FUZZ"])
def test_an_unknown_command_is_told_with_those_there_are(cli, name):
    """Commands are found by their whole name."""
    done = cli(name)
    assert done.code == 2
    known = f"no command {name!r}; there are {', '.join(sorted(COMMANDS))}"
    near = "" if name == "nope" else "; did you mean fuzz?"
    assert done.message == known + near


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--nope",), "no option '--nope'; `contract-kit --help` shows what to write"),
        (("fuzz", "--nope"), "no option '--nope'; `contract-kit fuzz --help` shows what to write"),
        (("fuzz", "--max-example", "1"), "no option '--max-example'; did you mean --max-examples?"),
        (("fuzz", "--url"), "--url needs a value; write --url VALUE"),
        (("fuzz", "--insecure=1"), "--insecure takes no value; write it alone"),
        (
            ("fuzz", "--profile", "stict"),
            "--profile: 'stict' is not one of strict, lenient; did you mean strict?",
        ),
        (("fuzz", "--fail-under", "101"), "--fail-under: 101.0 is not a number from 0 to 100"),
        (("fuzz", "--timeout", "x"), "--timeout: 'x' is not a number"),
        (
            ("fuzz", "a", "b"),
            "unexpected argument 'b'; `contract-kit fuzz --help` shows what to write",
        ),
        (
            ("cases",),
            "SERVICE:OPERATION is missing; `contract-kit cases --help` shows what to write",
        ),
        (("fuzz", "--seed", "x"), "--seed: 'x' is not a whole number from 0"),
    ],
)
def test_bad_usage_is_one_line(cli, args, message):
    """And exit code 2."""
    done = cli(*args)
    assert (done.code, done.message) == (2, message)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.contract-kit", "pyproject.toml: "),
        ("\udcff", "pyproject.toml: byte 0xff is not UTF-8; save it as UTF-8"),
        ("tool = 1 # contract-kit", "pyproject.toml: tool is not a table"),
        ("[tool]\ncontract-kit = 1", "pyproject.toml: contract-kit is not a table"),
        ("[tool.contract-kit]\nfuzz = 3", "pyproject.toml: fuzz is not a table"),
        (
            '[tool.contract-kit]\nurl = "x"',
            "pyproject.toml: [tool.contract-kit] has no 'url'; write ",
        ),
        ("[tool.contract-kit.fuz]", "pyproject.toml: [tool.contract-kit] has no 'fuz'; write "),
        (
            "[tool.contract-kit.fuzz]\nmax-exmples = 5",
            "pyproject.toml: [tool.contract-kit.fuzz] has no 'max-exmples'; there are ",
        ),
        (
            "[tool.contract-kit.fuzz]\nmax-examples = 5\nmax_examples = 5",
            "pyproject.toml: [tool.contract-kit.fuzz] has 'max_examples' twice; keep one",
        ),
        (
            '[tool.contract-kit.fuzz]\nseed = "x"',
            "pyproject.toml: [tool.contract-kit.fuzz] seed: 'x' is not a whole number from 0",
        ),
        (
            "[tool.contract-kit.fuzz]\nbind = 3",
            "pyproject.toml: [tool.contract-kit.fuzz] bind: write a text, or a list",
        ),
        # One value of a repeatable option need not be a list.
        ('[tool.contract-kit.fuzz]\nbind = "A=1"', "mailmanager:StartArchiveExport has no 'A': "),
    ],
)
def test_a_broken_configuration_is_one_line(cli, folder, text, said):
    """It names the file, or the option that it sets."""
    (folder / "pyproject.toml").write_bytes(text.encode(errors="surrogateescape"))
    done = cli("fuzz")
    assert done.code == 2
    assert done.message.startswith(said)


@pytest.mark.parametrize("written", ["list-faults", "list_faults"])
def test_a_setting_is_written_as_the_option_or_as_python_would(cli, folder, written):
    """With hyphens or underscores."""
    (folder / "pyproject.toml").write_text(f"[tool.contract-kit.serve]\n{written} = true\n")
    done = cli("serve")
    assert (done.code, done.err) == (0, "")
    assert "ArchiveId.pattern/newline-at-end" in done.out.splitlines()


def test_a_configuration_that_cannot_be_read_is_one_line(cli, folder):
    """A folder in its place, for one."""
    (folder / "pyproject.toml").mkdir()
    done = cli("fuzz")
    assert done.code == 2
    assert "pyproject.toml: " in done.message


def test_a_configuration_of_other_tools_is_none_of_ours(cli, folder):
    """Most files have no table for us."""
    (folder / "pyproject.toml").write_text("[tool.ruff]\nline-length = 100\n")
    assert cli("--version").code == 0


def test_a_mistake_of_ours_is_no_verdict(cli, monkeypatch):
    """Python leaves with 1, which would say "does not conform"."""

    def broken():
        raise RuntimeError("a mistake")

    monkeypatch.setattr(main_module, "_configured", broken)
    done = cli("--version")
    assert done.code == 2
    assert done.err.splitlines()[-1] == "RuntimeError: a mistake"


def test_an_interruption_is_one_line(cli, monkeypatch):
    """No traceback for Ctrl-C."""

    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(main_module, "_configured", interrupted)
    done = cli("--version")
    assert (done.code, done.message) == (2, "interrupted")


@pytest.mark.parametrize(
    "args",
    [
        ("cases", "mailmanager:StartArchiveExport", "--format", "ndjson"),
        ("fuzz", "--case", "StartArchiveExport/ArchiveId.pattern/trailing-newline"),
        ("validate", "nope.json"),
        ("validate", "nope.json", "--format=sarif"),
    ],
)
def test_a_reader_that_goes_away_is_no_verdict(command, args):
    """`head -1` has what it wants: no traceback, and not the exit code of a finding."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(
        [*command, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        process.stdout.close()
        err = process.stderr.read().decode()
        code = process.wait(timeout=300)
    assert code == 2
    assert "Traceback" not in err
    assert "BrokenPipe" not in err


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a disk that is full")
@pytest.mark.parametrize(
    "args",
    [
        ("fuzz", "--case", "StartArchiveExport/ArchiveId.pattern/trailing-newline"),
        ("fuzz", "--help"),
        ("validate", "nope.json"),
        ("validate", "nope.json", "--format=json"),
        ("schema", "mailmanager:GetArchive"),
        ("cases", "mailmanager:GetArchive"),
        ("openapi", "mailmanager:GetArchive"),
        ("serve", "--list-faults"),
    ],
)
def test_output_that_cannot_be_written_is_one_line(command, args):
    """A full disk is no mistake of ours, and no verdict."""
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*command, *args], stdout=full, stderr=subprocess.PIPE, check=False, timeout=300
        )
    assert done.returncode == 2
    lines = [line for line in done.stderr.decode().splitlines() if " of 1 cases " not in line]
    assert lines == [
        "contract-kit: standard output cannot be written: No space left on device; "
        "redirect it elsewhere"
    ]


def test_completion_of_shells_works(command):
    """Which click answers by leaving with 0."""
    environment = {**os.environ, "_CONTRACT_KIT_COMPLETE": "bash_source"}
    done = subprocess.run(command, capture_output=True, check=False, env=environment, timeout=300)
    assert done.returncode == 0
    assert b"complete" in done.stdout


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - {"help"}))
def test_an_option_is_called_the_same_in_settings(name):
    """As the manual says: an option, its environment variable and its entry in pyproject.toml."""
    command = importlib.import_module(f"contract_kit.cli.{name}").command
    options = [param for param in command.params if isinstance(param, click.Option)]
    assert options
    for option in options:
        assert f"--{option.name.replace('_', '-')}" in option.opts, option.opts


def test_settings_know_the_commands():
    """Whose tables of options may stand beside them."""
    from contract_kit.cli.main import COMMANDS
    from contract_kit.requestfile import settings

    assert set(COMMANDS) == settings.COMMANDS


def test_a_value_that_does_not_fit_is_told_by_where_it_stands(cli, folder, monkeypatch):
    """An option that nobody wrote would be looked for in vain."""
    monkeypatch.setenv("CONTRACT_KIT_FUZZ_TIMEOUT", "x")
    assert cli("fuzz").message == "CONTRACT_KIT_FUZZ_TIMEOUT: 'x' is not a number"
    (folder / "pyproject.toml").write_text('[tool.contract-kit.fuzz]\ntimeout = "y"')
    assert cli("fuzz", "--timeout", "z").message == "--timeout: 'z' is not a number"
    monkeypatch.delenv("CONTRACT_KIT_FUZZ_TIMEOUT")
    said = "pyproject.toml: [tool.contract-kit.fuzz] timeout: 'y' is not a number"
    assert cli("fuzz").message == said
