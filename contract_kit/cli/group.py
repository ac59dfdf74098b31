"""The commands as click knows them; its errors leave here as those of the kit."""

from __future__ import annotations

import importlib
from typing import Any

import click

from contract_kit.cli.environment import warn_of_unknown
from contract_kit.cli.main import COMMANDS, PROJECT, UNABLE
from contract_kit.cli.usage_errors import usage_error_line
from contract_kit.errors import UsageError
from contract_kit.text.near import one_of


class _Lazy(click.Group):
    """Knows the names and one-line helps of its commands, and loads one when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"contract_kit.cli.{cmd_name}")
        command: click.Command = module.command
        options = [param.name for param in command.params if isinstance(param, click.Option)]
        warn_of_unknown(cmd_name, filter(None, options), COMMANDS)
        if cmd_name != "help":
            command.epilog = f"Manual: contract-kit help {cmd_name}"
        if ctx.default_map is not None and cmd_name in ctx.default_map:
            settings = _settings(command, ctx.default_map[cmd_name])
            ctx.default_map = {**ctx.default_map, cmd_name: settings}
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            there_are = one_of(args[0], sorted(COMMANDS))
            raise click.UsageError(f"no command {args[0]!r}; there are {there_are}")
        return super().resolve_command(ctx, args)


def _settings(command: click.Command, given: dict[str, Any]) -> dict[str, Any]:
    """The settings of a command by the names of its options and arguments in Python.

    Raises UsageError for one that it does not have, or that is given twice.
    """
    params = {param.name: param for param in command.params if param.name}
    known = sorted(params)
    where = f"{PROJECT}: [tool.contract-kit.{command.name}]"
    settings: dict[str, Any] = {}
    for written, value in given.items():
        name = written.replace("-", "_")
        if name not in known:
            there_are = one_of(written, known)
            raise click.UsageError(f"{where} has no {written!r}; there are {there_are}")
        if name in settings:
            raise click.UsageError(f"{where} has {name!r} twice; keep one, with - or with _")
        if any(isinstance(text, str) and "\0" in text for text in _each(value)):
            raise click.UsageError(f"{where}: {name} contains a NUL character; remove it")
        alone = getattr(params[name], "multiple", False) and isinstance(value, str)
        settings[name] = [value] if alone else value
    return settings


def _each(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


@click.group(
    cls=_Lazy,
    epilog="Manual: contract-kit help",
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "CONTRACT_KIT"},
)
@click.version_option(package_name="contract-kit")
def group() -> None:
    """Reports whether an implementation of an AWS-style API enforces its documented constraints.

    Exit codes: 0 conforms, 1 does not, 2 the command could not do its work.
    """


def run_command(args: list[str] | None, defaults: dict[str, Any]) -> int:
    """Runs a command line; its exit code. args: None for those of the process.

    defaults: of options, by command. Raises UsageError, KeyboardInterrupt, SystemExit where the
    reader of the output has gone, and whatever the command raises.
    """
    try:
        code = group.main(
            args, prog_name="contract-kit", standalone_mode=False, default_map=defaults
        )
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return UNABLE
    except click.ClickException as error:
        raise UsageError(usage_error_line(error)) from None
    except click.exceptions.Abort:
        raise KeyboardInterrupt from None
    return code if isinstance(code, int) else 0
