"""The `contract-kit` command. Each subcommand is imported only when it runs."""

from __future__ import annotations

import gc
import importlib
import sys
from pathlib import Path
from typing import Any

import click

from contract_kit.errors import ContractKitError

COMMANDS = {
    "cases": "Print or export the boundary cases of an operation.",
    "derive": "Write JSON Schemas from botocore's model and documentation pages.",
    "drift": "Show where the sources of an operation disagree.",
    "fuzz": "Tell for each documented constraint whether an implementation enforces it.",
    "openapi": "Print an OpenAPI document of some operations, for tools that read those.",
    "schema": "Print the JSON Schema of a request, for an editor.",
    "serve": "Serve the embedded implementation, correct or with seeded faults.",
    "validate": "Check request files before they are sent, with line and column.",
}

SHARED = ("contracts", "files", "ignore", "placeholders")
"""Settings of request files in `[tool.contract-kit]` itself; see `requestfile.settings`."""

UNABLE = 2
"""Exit code of a command that could not do its work."""


class _Lazy(click.Group):
    """Knows the names and one-line helps of its commands, and loads one when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"contract_kit.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            known = ", ".join(sorted(COMMANDS))
            raise click.UsageError(f"no command {args[0]!r}; there are {known}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Lazy,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "CONTRACT_KIT"},
)
@click.version_option(package_name="contract-kit")
def group() -> None:
    """Tells, per documented constraint, whether an implementation of an API keeps its contract.

    Exit codes: 0 conforms, 1 does not, 2 the command could not do its work.
    """


def main(args: list[str] | None = None) -> None:
    """Runs the command line and exits. Anything that goes wrong is one line and exit code 2."""
    # Loading modules makes little garbage, and much to look through for it: a tenth of a short run.
    gc.set_threshold(100_000)
    try:
        code = group.main(
            args, prog_name="contract-kit", standalone_mode=False, default_map=_configured()
        )
    except click.exceptions.Exit as exit_:
        code = exit_.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        code = UNABLE
    except click.ClickException as error:
        code = _fail(error.format_message())
    except ContractKitError as error:
        code = _fail(str(error))
    except (click.exceptions.Abort, KeyboardInterrupt):
        code = _fail("interrupted")
    except SystemExit as exit_:
        # click and rich leave with 1 when whoever read our output has gone, as `head` does.
        code = UNABLE if exit_.code else 0
    except Exception:
        # A mistake of ours: Python's own exit code for it, 1, would say "does not conform".
        import traceback

        traceback.print_exc()
        code = UNABLE
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str) -> int:
    # What a target said may stand in it: nothing that a terminal obeys.
    from contract_kit.validate.violation import printable

    line = printable(" ".join(message.split()))
    click.echo(f"contract-kit: {line}", err=True)
    return UNABLE


def _configured() -> dict[str, Any]:
    """Defaults from `[tool.contract-kit]` of the pyproject.toml in the working directory.

    Raises ContractKitError where the file cannot be read.
    """
    path = Path("pyproject.toml")
    try:
        text = path.read_text(encoding="utf-8")
        # A folder without the file does not pay for the parser.
        import tomllib

        table = tomllib.loads(text)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ContractKitError(f"pyproject.toml: {error}; mend it") from None
    for name in ("tool", "contract-kit"):
        table = _table(table.get(name, {}), name)
    return {
        command: _table(value, command) for command, value in table.items() if command not in SHARED
    }


def _table(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ContractKitError(
            f"pyproject.toml: {name} is no table; write options below [tool.contract-kit.COMMAND]"
        )
    return value
