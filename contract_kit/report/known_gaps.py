"""Files of known gaps: TOML, a table per operation, constraint id → why the deviation is accepted.

["service:Operation"]
"Member.maxLength" = "too lax: the mock takes any length"
"Tags[].*" = ["wrong error: all are called invalid", "crash: issue 12"]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import get_args

from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Json
from contract_kit.errors import ContractKitError, SourceError, UsageError
from contract_kit.files import read_text
from contract_kit.settings.contracts import KNOWN, Contracts
from contract_kit.text.near import did_you_mean
from contract_kit.text.toml import parse_toml
from contract_kit.verdict.judge import FINDINGS
from contract_kit.verdict.outcome import Gap
from contract_kit.verdict.summary import Verdict

Gaps = Mapping[str, tuple[Gap, ...]]
"""Operation id → its known gaps."""

_KNOWN: tuple[Verdict, ...] = get_args(Verdict)


def read_gaps(path: Path, contracts: Contracts = KNOWN) -> Gaps:
    """The known gaps in a file; raises SourceError for one that cannot be read or understood.

    contracts: where its operations come from.

    It may hold those of any operations; raises UsageError for an operation that nobody describes.
    """
    return parse_gaps(path, text_of(path), contracts)


def text_of(path: Path) -> str:
    """The text of a file, its line ends as they are; raises SourceError."""
    return read_text(path, "give a file of known gaps")


def parse_gaps(path: Path, text: str, contracts: Contracts = KNOWN) -> Gaps:
    """The known gaps in the text of a file; raises as `read_gaps` does."""
    try:
        document = parse_toml(text)
    except ValueError as error:
        raise SourceError(
            f"{path}: {error}; write TOML as `contract-kit help gaps` shows it"
        ) from None
    found = {id: tuple(_table(path, id, table)) for id, table in document.items()}
    for id in found:
        try:
            contracts.operation(id)
        except ContractKitError as error:
            # Nothing would ever look at it.
            raise UsageError(f"{path}: {error}") from None
    return found


def _table(path: Path, operation: str, table: Json) -> Iterable[Gap]:
    if not isinstance(table, dict):
        raise SourceError(
            f'{path}: {operation!r} is not a table; write ["service:Operation"] and below it '
            '"constraint id" = "verdict: reason"'
        )
    for id, value in table.items():
        texts = value if isinstance(value, list) else [value]
        if not texts or not all(isinstance(text, str) and text.strip() for text in texts):
            raise SourceError(
                f'{path}: {operation}: {id} has no reason; write "{id}" = "too lax: why it is '
                'accepted", or a list of such texts'
            )
        for text in texts:
            yield _gap(f"{path}: {operation}: {id}", id, text)


def _gap(where: str, id: str, text: str) -> Gap:
    """`too lax, crash: reason` as a gap; without verdicts it excuses all."""
    before, colon, reason = text.partition(":")
    names = [name.strip().lower() for name in before.split(",")] if colon else []
    for name in names:
        if name in FINDINGS:
            continue
        if name in _KNOWN:
            raise SourceError(
                f"{where}: {name!r} is not a deviation; write one of {', '.join(FINDINGS)}"
            )
        hint = did_you_mean(name, FINDINGS)
        if hint:
            raise SourceError(f"{where}: {name!r} is not a verdict; {hint}")
        if len(names) == 1 or not any(other in FINDINGS for other in names):
            # A reason of words, with a colon in it.
            return Gap(constraint=id, reason=text)
        raise SourceError(f"{where}: {name!r} is not one of {', '.join(FINDINGS)}")
    if not names:
        return Gap(constraint=id, reason=text)
    if not reason.strip():
        raise SourceError(f'{where} has no reason; write "{before}: why it is accepted"')
    verdicts = tuple(verdict for verdict in FINDINGS if verdict in names)
    return Gap(constraint=id, reason=reason.strip(), verdicts=verdicts)


def gaps_that_exist(
    gaps: tuple[Gap, ...], operation: Operation, constraints: Iterable[Constraint]
) -> tuple[Gap, ...]:
    """The gaps as given; raises UsageError for one that names no constraint."""
    known = [constraint.id for constraint in constraints]
    for gap in gaps:
        if not any(gap.is_of(id) for id in known):
            hint = did_you_mean(gap.constraint, known, otherwise="remove it")
            raise UsageError(
                f"known gap {gap.constraint!r}: {operation.id} has no such constraint; {hint}"
            )
    return gaps
