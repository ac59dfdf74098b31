"""`Setup`: all that a campaign is given, as frozen data that travels to other processes."""

from __future__ import annotations

from dataclasses import dataclass, field

from contract_kit.cases.good_request import Bindings, GoodRequest
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.fuzz.defaults import REGION, STARTUP
from contract_kit.fuzz.numbers import Numbers
from contract_kit.fuzz.sending.exchange import Exchange
from contract_kit.target.interface import Target
from contract_kit.target.recipe import Recipe
from contract_kit.verdict.judge import Profile
from contract_kit.wire.wire import Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploration:
    """The exploration after the cases: at most so many examples, for so many seconds if given."""

    examples: int
    seed: int = 0
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """All that a campaign is given. Pickles, if the recipe of its target does.

    wire: the operation, over one protocol. bindings: location id → value. requests: known-good
    ones, of which the first is where cases start from; () for usual ones.
    profile: how strictly answers are judged. region, credentials: as for `Signer`.
    rate: messages a second, at most; None for any number. startup_timeout: seconds in which the
    target may give its first answer. numbers: those that stand in for `{seq}`.
    cases: ids of those to send; () for all. exploration: None for none.

    >>> from contract_kit import operation
    >>> from contract_kit.wire.table import wire_of
    >>> wire = wire_of(operation("mailmanager:ListArchives"))
    >>> setup = Setup(wire=wire, target=Recipe(given="http://127.0.0.1:8000"))
    >>> setup.operation.name, setup.profile
    ('ListArchives', 'strict')
    """

    wire: Wire
    target: Recipe
    bindings: Bindings = field(hash=False, default_factory=dict)
    requests: tuple[Json, ...] = field(hash=False, default=())
    profile: Profile = "strict"
    region: str = REGION
    credentials: tuple[str, ...] = ()
    rate: float | None = None
    startup_timeout: float = STARTUP
    numbers: Numbers = field(default_factory=Numbers)
    cases: tuple[str, ...] = ()
    exploration: Exploration | None = None

    @property
    def operation(self) -> Operation:
        """The operation under test."""
        return self.wire.operation

    def base(self) -> GoodRequest:
        """Makes requests of those that the user gave; raises UsageError."""
        return GoodRequest(self.operation, self.bindings, list(self.requests) or None)

    def exchange(self, target: Target) -> Exchange:
        """Sends messages to the target."""
        return Exchange(
            self.wire,
            target,
            region=self.region,
            credentials=self.credentials,
            numbers=iter(self.numbers),
            rate=self.rate,
        )
