"""Which target the options of `contract-kit fuzz` name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click
from click.core import ParameterSource

from contract_kit.contract.operation import Operation
from contract_kit.errors import AwsHost, UsageError
from contract_kit.reference.wsgi import DEMO_OPERATION
from contract_kit.settings.contracts import contracts_in
from contract_kit.target.interface import Target
from contract_kit.target.kinds import Kind
from contract_kit.target.recipe import Recipe
from contract_kit.target.tls import Tls
from contract_kit.wire.message import Headers

EMBEDDED = "contract_kit.reference.wsgi:app()"


def choose(
    operation: str | None,
    *,
    url: str | None,
    app: str | None,
    kind: Kind | None,
    timeout: float,
    headers: Headers,
    allowed_host: str | None,
    tls: Tls,
) -> tuple[Operation, Recipe]:
    """The operation and how its target is opened: the embedded one where nothing is named.

    Raises UsageError.
    """
    if url is not None and app is not None:
        raise click.UsageError("--url and --app name two targets; give one of them")
    if kind is not None and app is None:
        raise click.UsageError("--app-kind describes --app; give --app as well")
    if url is None:
        _refuse_tls()
    named = url if app is None else app
    if operation is None and named is not None:
        raise click.UsageError("name the operation, for example mailmanager:StartArchiveExport")
    # A mistyped name is reported before anything that is missing.
    op = contracts_in(Path.cwd()).operation_to_test(operation or DEMO_OPERATION)
    # The embedded implementation has other protocols to show than its usual one.
    shown = click.get_current_context().params.get("protocol") is not None
    if operation is not None and named is None and not (shown and op.id == DEMO_OPERATION):
        raise click.UsageError(f"give the implementation of {operation} with --url or --app")
    recipe = Recipe(
        given=url,
        app=app or ("" if url else EMBEDDED),
        in_process=app is None,
        kind=kind,
        timeout=timeout,
        headers=headers,
        allowed_host=allowed_host,
        tls=tls,
    )
    return op, recipe


@contextmanager
def opened(recipe: Recipe, operation: Operation) -> Iterator[Target]:
    """The target of a recipe, closed at the end; what keeps it from opening in words of options.

    Raises UsageError or TargetError.
    """
    try:
        target = recipe.open(operation)
    except AwsHost as error:
        raise AwsHost(error.host, f"repeat with --allow-host {error.host}") from None
    except UsageError as error:
        raise UsageError(f"--app {error}" if recipe.app else str(error)) from None
    with closing(target):
        yield target


def _refuse_tls() -> None:
    """Raises UsageError for an option of the command line that only a URL has a use for."""
    context = click.get_current_context()
    for name in ("cacert", "insecure", "cert", "key", "allow_host"):
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            option = f"--{name.replace('_', '-')}"
            raise click.UsageError(f"{option} has no effect without --url; give --url as well")


def app_words(app: str | None, kind: str | None) -> tuple[str, ...]:
    """The options that name a target to run; empty where there is none."""
    words = ("--app", app) if app else ()
    return (*words, "--app-kind", kind) if kind else words


def url_words(url: str | None, allowed_host: str | None) -> tuple[str, ...]:
    """The options that name a target at a URL; empty where there is none."""
    if not url:
        return ()
    return ("--url", url, *(("--allow-host", allowed_host) if allowed_host else ()))


def exploring_words(examples: int, seconds: float | None, *, usual: int) -> tuple[str, ...]:
    """The options that say how much is drawn at random."""
    words = ("--max-examples", str(examples)) if examples != usual else ()
    return (*words, *(("--time-limit", f"{seconds:g}") if seconds is not None else ()))
