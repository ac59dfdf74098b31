"""Which target the options of `contract-kit fuzz` name."""

from __future__ import annotations

from pathlib import Path

import click
from click.core import ParameterSource

from contract_kit.contract.operation import Operation
from contract_kit.errors import AwsHost, UsageError
from contract_kit.reference.wsgi import DEMO_OPERATION
from contract_kit.reference.wsgi import app as demo_app
from contract_kit.settings.contracts import contracts_in
from contract_kit.target.child import ChildTarget
from contract_kit.target.interface import Target
from contract_kit.target.kinds import Kind
from contract_kit.target.make import target_of
from contract_kit.target.tls import Tls
from contract_kit.wire.message import Headers


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
) -> tuple[Operation, Target]:
    """The operation and its target, the embedded implementation where nothing is named.

    Raises UsageError or TargetError.
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
    if operation is not None and named is None:
        raise click.UsageError(f"give the implementation of {operation} with --url or --app")
    if app is not None:
        try:
            return op, ChildTarget(app, op, kind=kind, timeout=timeout, headers=headers)
        except UsageError as error:
            raise UsageError(f"--app {error}") from None
    given = demo_app() if url is None else url
    try:
        made = target_of(
            given, op, timeout=timeout, headers=headers, allowed_host=allowed_host, tls=tls
        )
    except AwsHost as error:
        raise AwsHost(error.host, f"repeat with --allow-host {error.host}") from None
    return op, made


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
