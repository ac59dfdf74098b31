"""`Recipe`: how a target is opened, as data that travels to other processes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from contract_kit.contract.operation import Operation
from contract_kit.target.child import ChildTarget
from contract_kit.target.interface import Target
from contract_kit.target.kinds import Kind
from contract_kit.target.load import load
from contract_kit.target.make import target_of
from contract_kit.target.tls import Tls
from contract_kit.wire.message import Headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a target is opened. Pickles, if what was given does: a URL, the name of an application.

    given: what `target_of` takes. app: `module:attribute` in its place, which runs in a process of
    its own unless `in_process`. The others are as for `target_of`.

    >>> from contract_kit import operation
    >>> Recipe(given="http://127.0.0.1:8000").open(operation("mailmanager:GetArchive")).url
    'http://127.0.0.1:8000'
    """

    given: object = None
    app: str = ""
    in_process: bool = False
    kind: Kind | None = None
    timeout: float = 5.0
    headers: Headers = ()
    allowed_host: str | None = None
    tls: Tls | None = None

    def open(self, operation: Operation) -> Target:
        """The target for an operation; the caller closes it, unless it is what was given.

        Raises UsageError for anything else, TargetError for an application that does not start.
        """
        if self.app and not self.in_process:
            return ChildTarget(
                self.app, operation, kind=self.kind, timeout=self.timeout, headers=self.headers
            )
        return target_of(
            load(self.app) if self.app else self.given,
            operation,
            timeout=self.timeout,
            headers=self.headers,
            allowed_host=self.allowed_host,
            kind=self.kind,
            tls=self.tls,
        )

    @contextmanager
    def opened(self, operation: Operation) -> Iterator[Target]:
        """The target, closed at the end unless it is what was given; raises as `open` does."""
        target = self.open(operation)
        try:
            yield target
        finally:
            if target is not self.given:
                target.close()
