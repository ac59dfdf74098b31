"""`spying()`: watches the calls of the code under test, for as long as it lasts."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contract_kit.contract.id_globs import glob_of, is_glob
from contract_kit.errors import UnknownConstraint
from contract_kit.settings.contracts import Contracts, contracts_in
from contract_kit.spy import hook
from contract_kit.spy.call import Broken, Call
from contract_kit.spy.judge import contract_of, judge
from contract_kit.spy.seen import Seen
from contract_kit.text.near import did_you_mean


class Spy:
    """The calls seen so far, in the order in which they began.

    contracts: those that calls are checked against; by default those of the settings that hold in
    the working directory. Raises UsageError for settings that cannot be used.

    >>> spy = Spy()
    >>> spy.allow("ssm:PutParameter", "Description.maxLength")
    >>> spy.calls, spy.failures()
    ((), ())
    """

    def __init__(self, contracts: Contracts | None = None) -> None:
        self._contracts = contracts if contracts is not None else contracts_in(Path.cwd())
        self._seen: list[Seen | Call] = []
        self._allowed: list[tuple[re.Pattern[str], re.Pattern[str]]] = []

    def __repr__(self) -> str:
        return f"<Spy of {len(self._seen)} calls>"

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every call that has ended, with what it broke."""
        for index, each in enumerate(self._seen):
            if isinstance(each, Seen) and each.done:
                # The snapshots go with what is replaced here.
                self._seen[index] = judge(self._contracts, each)
        return tuple(each for each in self._seen if isinstance(each, Call))

    def allow(self, operation: str, constraint: str) -> None:
        """Removes a constraint that is broken on purpose from the failures; calls still show it.

        `*` in either matches anything: `allow("*", "response.*")` judges no reply. Raises
        UnknownOperation for an operation without `*` that does not exist, and UnknownConstraint if
        it has no constraint that matches.
        """
        wanted = glob_of(constraint)
        known = None if is_glob(operation) else contract_of(self._contracts, operation).constraints
        if known is not None and not any(wanted.fullmatch(id) for id in known):
            near = did_you_mean(constraint, known)
            raise UnknownConstraint(
                f"{operation} has no constraint {constraint!r}; write it as a failure names it, "
                f"for example Name.maxLength{near and f'; {near}'}"
            )
        self._allowed.append((glob_of(operation), wanted))

    def _is_allowed(self, operation: str, constraint: str) -> bool:
        return any(
            operations.fullmatch(operation) and constraints.fullmatch(constraint)
            for operations, constraints in self._allowed
        )

    def failures(self) -> tuple[str, ...]:
        """A text per constraint, operation and call site that broke it."""
        grouped: dict[tuple[str, str, str], list[str]] = {}
        for call in self.calls:
            for what, found in (("", call.request), ("the reply to ", call.reply)):
                for broken in found:
                    if not self._is_allowed(call.operation, broken.constraint):
                        key = (_shown(call.site), f"{what}{call.operation}", broken.constraint)
                        grouped.setdefault(key, []).append(_detail(broken))
        return tuple(_failure(*key, details) for key, details in grouped.items())


def _shown(site: str) -> str:
    """A call site below the working directory without that directory."""
    return site.removeprefix(os.getcwd() + os.sep)


def _detail(broken: Broken) -> str:
    return f"  {broken.message}\n  documented: {broken.documented}"


def _failure(site: str, what: str, constraint: str, details: list[str]) -> str:
    times = "" if len(details) == 1 else f" ({len(details)} times; the first:)"
    return f"{site}: {what} breaks {constraint}{times}\n{details[0]}"


@contextmanager
def spying(spy: Spy | None = None) -> Iterator[Spy]:
    """Sees each call that is made through botocore or boto3, in any thread, by any client.

    Calls are checked when the context ends, or when somebody asks for them, so that they are
    delayed as little as possible. May be nested: each spy sees the calls made while it lasts.
    spy: an instance of a class of your own.

    >>> import boto3
    >>> from botocore.stub import Stubber
    >>> ssm = boto3.client(
    ...     "ssm", "us-east-1", aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="secret"
    ... )
    >>> with Stubber(ssm) as stub, spying() as spy:
    ...     stub.add_response("get_parameter", {})
    ...     _ = ssm.get_parameter(Name="/app/key")
    >>> [call.operation for call in spy.calls]
    ['ssm:GetParameter']
    """
    spy = spy or Spy()
    watcher = spy._seen.append
    hook.watch(watcher)
    try:
        yield spy
    finally:
        hook.unwatch(watcher)
        # Parameters are forgotten here, whether anyone asks for the calls or not.
        _ = spy.calls
