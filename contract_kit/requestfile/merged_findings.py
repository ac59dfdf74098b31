"""Findings of one cause as one: what a copy of a service's answer holds beyond a request.

Such a copy has nulls where nothing was set, and members that only answers have. Each of both is one
thing to do, whatever the number of members.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Path
from contract_kit.requestfile.finding import FileFinding
from contract_kit.requestfile.values import shape_at
from contract_kit.validate.violation import Violation, printable

MOST_NAMES = 12
"""Members that are named with a cause; further ones are only counted."""

Found = tuple[Violation, FileFinding]


def by_cause(operation: Operation, found: Sequence[Found]) -> list[FileFinding]:
    """The findings, those of a common cause as one, in the place of the first of them."""
    merged: dict[int, FileFinding] = {}
    gone: set[int] = set()
    for test, least, say in _CAUSES:
        group = [at for at, one in enumerate(found) if test(operation, *one)]
        # A possible slip has the same cause if another finding has it without a slip.
        if sum(found[at][1].fix is None for at in group) >= least:
            merged[group[0]] = _merged([found[at][1] for at in group], say)
            gone |= set(group[1:])
    return [merged.get(at, one) for at, (_, one) in enumerate(found) if at not in gone]


def _merged(findings: list[FileFinding], say: str) -> FileFinding:
    first, *rest = sorted(findings, key=lambda one: one.span.start)
    findings = [first, *rest]
    names = list(dict.fromkeys(_dotted(one.path) for one in findings))
    more = f" and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
    related = tuple((one.span, _dotted(one.path)) for one in rest[:MOST_NAMES])
    said = say.format(count=len(findings))
    message = f"{said}: {', '.join(names[:MOST_NAMES])}{more}"
    return first._replace(message=message, value="", related=related, fix=None)


def _dotted(path: Path) -> str:
    """A path as people write it, the same for all items of a list."""
    words = ["[]" if isinstance(part, int) else str(part) for part in path]
    return printable(".".join(words).replace(".[]", "[]"))


def _is_null(operation: Operation, violation: Violation, finding: FileFinding) -> bool:
    """A member that is null, where leaving it out is right."""
    is_member = bool(violation.path) and isinstance(violation.path[-1], str)
    return (
        is_member
        and violation.value is None
        and not violation.of_key
        and violation.constraint.endswith(".type")
    )


def _is_unknown(operation: Operation, violation: Violation, finding: FileFinding) -> bool:
    """A key that is not a member, even in other case."""
    if not violation.of_key or (finding.fix is not None and finding.fix.safe):
        return False
    around = shape_at(operation, violation.path[:-1])
    return around is not None and around.is_structure


_CAUSES: tuple[tuple[Callable[[Operation, Violation, FileFinding], bool], int, str], ...] = (
    (_is_null, 2, "{count:,} members are null, which requests never contain; leave them out"),
    (_is_unknown, 3, "{count:,} keys are not documented members of the request; leave them out"),
)
"""Which findings have a cause in common, from how many on one stands for all, and what it says."""
