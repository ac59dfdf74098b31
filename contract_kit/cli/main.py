"""The `contract-kit` command. Each subcommand is imported only when it runs."""

from __future__ import annotations

import contextlib
import gc
import sys
from typing import Any

from contract_kit.cli.output import close_output, open_output
from contract_kit.cli.validate_without_click import validate_options
from contract_kit.errors import ContractKitError
from contract_kit.text.toml_file import read_toml

COMMANDS = {
    "cases": "Print or export the boundary cases of an operation.",
    "derive": "Write JSON Schemas from botocore's model and documentation pages.",
    "drift": "Show where the sources of an operation disagree.",
    "fuzz": "Report for each documented constraint whether an implementation enforces it.",
    "help": "Show the manual, one topic at a time.",
    "openapi": "Print an OpenAPI document of operations, for tools that read OpenAPI.",
    "schema": "Print the JSON Schema of a request, for an editor.",
    "serve": "Serve the embedded implementation, correct or with seeded faults.",
    "validate": "Check request files before you send them; each finding has line and column.",
}

PROJECT = "pyproject.toml"

UNABLE = 2
"""Exit code of a command that could not do its work."""


def main(args: list[str] | None = None) -> None:
    """Runs the command line and exits. Anything that goes wrong is one line and exit code 2."""
    # Loading modules makes little garbage, and much to look through for it: a tenth of a short run.
    gc.set_threshold(100_000)
    if args is None:
        open_output()
    try:
        code = _run(args)
        sys.stdout.flush()
    except ContractKitError as error:
        code = _fail(str(error))
    except KeyboardInterrupt:
        code = _fail("interrupted")
    except SystemExit as exit_:
        # click and rich leave with 1 when whoever read our output has gone, as `head` does.
        code = UNABLE if exit_.code else 0
    except BrokenPipeError:
        code = UNABLE
    except MemoryError:
        code = _fail("out of memory; give smaller files")
    except BaseException:
        # A mistake of ours: Python's own exit code for it, 1, would say "does not conform".
        import traceback

        traceback.print_exc()
        code = UNABLE
    close_output()
    if args is None:
        # The process ends: looking through all modules for garbage would take a tenth of it.
        gc.freeze()
    sys.exit(code)


def _run(args: list[str] | None) -> int:
    defaults = _configured()
    words = sys.argv[1:] if args is None else args
    if "validate" not in defaults and (plain := validate_options(words)) is not None:
        from contract_kit.cli.validate_files import check_files

        return check_files(**plain)
    # Loading click takes as long as checking a small file.
    from contract_kit.cli.group import run_command

    return run_command(args, defaults)


def _fail(message: str) -> int:
    # The message may quote a target: escape what a terminal obeys.
    from contract_kit.validate.violation import printable

    line = printable(" ".join(message.split()))
    # The reader may have gone; the exit code says the same.
    with contextlib.suppress(OSError):
        sys.stderr.write(f"contract-kit: {line}\n")
    return UNABLE


def _configured() -> dict[str, Any]:
    """Defaults from `[tool.contract-kit]` of the pyproject.toml in the working directory.

    Raises ContractKitError where the file cannot be read.
    """
    table: Any = read_toml(PROJECT, holding="contract-kit") or {}
    for name in ("tool", "contract-kit"):
        table = _table(table.get(name, {}), name)
    if not table:
        return {}
    from contract_kit.settings.table import KEYS

    for name in table.keys() - COMMANDS.keys() - set(KEYS):
        from contract_kit.text.near import did_you_mean

        near = did_you_mean(name, (*KEYS, *COMMANDS))
        raise ContractKitError(
            f"{PROJECT}: [tool.contract-kit] has no {name!r}; write one of {', '.join(KEYS)}, "
            f"or options below [tool.contract-kit.COMMAND]{near and f'; {near}'}"
        )
    return {command: _table(table[command], command) for command in table.keys() - set(KEYS)}


def _table(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ContractKitError(
            f"{PROJECT}: {name} is not a table; write options below [tool.contract-kit.COMMAND]"
        )
    return value
