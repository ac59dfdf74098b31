"""Validates requests of one operation that are made of one another."""

from __future__ import annotations

from contract_kit.cases.open_questions import open_places, raises_more
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json, Path
from contract_kit.contract.values import unsequenced
from contract_kit.validate.broken_rules import broken_rules
from contract_kit.validate.location_tree import LocationNode
from contract_kit.validate.request_walk import RequestWalk

MOST = 100_000
"""Values that are remembered at once."""


class KnownValues:
    """Objects and lists of which something holds, each as a value of a shape.

    Identity distinguishes them: requests that are made of one another share all that does not
    differ, and none of it may be changed afterwards.
    """

    def __init__(self) -> None:
        self._held: dict[tuple[str, int], Json] = {}

    def has(self, shape: str, value: Json) -> bool:
        """Whether it is known of this very value."""
        return (shape, id(value)) in self._held

    def add(self, shape: str, value: Json) -> None:
        """Remembers a value, which lives as long as it is remembered."""
        if len(self._held) >= MOST:
            self._held.clear()
        self._held[(shape, id(value))] = value


class SharedValidation:
    """Reads requests as a server does. Parts that a request shares with its twin are read once.

    Large operations have thousands of cases of thousands of values each, of which few differ.
    """

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        self._shapes = operation.shapes
        self._root = LocationNode(operation.shapes, operation.input, (), None, {})
        self._conforming = KnownValues()
        self._learnt: Json = None
        self._settled: tuple[Json, set[Path]] = (None, set())
        """The last twin that was asked about, and its open places."""

    def broken(self, request: Json, twin: Json) -> tuple[str, ...]:
        """Ids of the constraints that a request breaks, in document order."""
        self._learn(twin)
        return self._walked(request, learns=False)

    def raises_question(self, request: Json, twin: Json) -> bool:
        """As the function of that name, in `open_questions`."""
        root = self._root.shape
        found = set(open_places(self._shapes, root, request, beside=twin))
        if found and twin is not self._settled[0]:
            self._settled = (twin, set(open_places(self._shapes, root, twin)))
        return bool(found) and raises_more(found, self._settled[1])

    def _learn(self, twin: Json) -> None:
        if twin is not None and twin is not self._learnt:
            self._walked(twin, learns=True)
            self._learnt = twin

    def _walked(self, request: Json, *, learns: bool) -> tuple[str, ...]:
        walk = _KnowingWalk(self._conforming, learns=learns)
        walk.check(self._root, request, ())
        found = tuple(walk.found)
        if self._operation.rules:
            found = (*found, *broken_rules(self._operation, unsequenced(request), found))
        return tuple(dict.fromkeys(violation.constraint for violation in found))


class _KnowingWalk(RequestWalk):
    """A walk that passes over what is known to conform, and may learn what does."""

    __slots__ = ("_known", "_learns")

    def __init__(self, known: KnownValues, *, learns: bool) -> None:
        super().__init__(wire=True)
        self._known = known
        self._learns = learns

    def check(self, node: LocationNode, value: Json, path: Path) -> None:
        """Adds what `value`, its `{seq}` replaced, breaks at `node` and below."""
        if isinstance(value, str):
            super().check(node, unsequenced(value), path)
        elif not isinstance(value, (dict, list)):
            super().check(node, value, path)
        elif not self._known.has(node.shape.name, value):
            before = len(self.found)
            super().check(node, value, path)
            if self._learns and len(self.found) == before:
                self._known.add(node.shape.name, value)
