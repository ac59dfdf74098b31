"""Where contracts come from, at every door: own folders, committed schemas, botocore."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import contract_kit
from contract_kit import operation
from contract_kit.contract.catalog import split_id
from contract_kit.contract.operation import Operation
from contract_kit.errors import ContractKitError, UnknownOperation, UsageError
from contract_kit.settings.table import SettingsTable, find_table

if TYPE_CHECKING:
    from pathlib import Path


class SwitchedOff(NamedTuple):
    """A constraint that nobody is held to: of which operation, its id or a glob, and why."""

    operation: str
    constraint: str
    reason: str


class Contracts(NamedTuple):
    """The contracts that hold in a repository.

    folders: those with contracts of its own, which win over what the kit knows. off: constraints
    that are switched off. source: the file that says so.
    """

    folders: tuple[Path, ...] = ()
    off: tuple[SwitchedOff, ...] = ()
    source: str = ""

    def operation(self, id: str) -> Operation:
        """The operation `SERVICE:OPERATION`, without what is switched off.

        Raises UnknownOperation, SourceError, and UsageError where what is switched off does not
        exist.
        """
        return self._relaxed(operation(id, contracts=self.folders))

    def operation_to_test(self, id: str) -> Operation:
        """The same for those who send requests: as if its sources disagreed about what is off.

        An implementation may keep such a constraint, so that good requests have to.
        """
        return self._relaxed(operation(id, contracts=self.folders), disputed=True)

    def _relaxed(self, found: Operation, *, disputed: bool = False) -> Operation:
        rows = {row.constraint: row.reason for row in self.off if row.operation == found.id}
        if not rows:
            return found
        from contract_kit.contract.settings import declared
        from contract_kit.derive.switched_off import relaxed

        try:
            left = relaxed(found, rows, disputed=disputed)
        except ContractKitError as error:
            raise UsageError(f"{self.source}: off: {error}") from None
        # Rules of the user's own stand in no document.
        left = declared(left, contract_kit.settings_folder)
        return replace(left, switched_off=tuple(rows.items()))


KNOWN = Contracts()
"""What the kit knows by itself."""


def contracts_in(start: str | Path) -> Contracts:
    """The contracts that the settings of a folder, or of one above it, name. Raises UsageError."""
    return contracts_of(find_table(start))


def contracts_of(table: SettingsTable) -> Contracts:
    """The contracts that a table of settings names. Raises UsageError."""
    return Contracts(_folders(table), tuple(_rows(table)), table.source)


def _folders(table: SettingsTable) -> tuple[Path, ...]:
    names = table.texts("contracts")
    if not names:
        return ()
    from pathlib import Path

    from contract_kit.contract.folders import check_folders

    folders = tuple(Path(table.folder, name) for name in names)
    check_folders(folders)
    return folders


def _rows(table: SettingsTable) -> list[SwitchedOff]:
    off = table.entries.get("off", {})
    if not isinstance(off, dict) or not all(isinstance(each, dict) for each in off.values()):
        raise UsageError(
            f'{table.where}off is not a table of tables; write [off."SERVICE:OPERATION"], '
            'and below it "CONSTRAINT" = "why"'
        )
    rows = []
    for id, reasons in off.items():
        try:
            split_id(id)
        except UnknownOperation as error:
            raise UsageError(f"{table.where}off: {error}") from None
        for constraint, reason in reasons.items():
            if not isinstance(reason, str) or not reason.strip():
                raise UsageError(f"{table.where}off: {id}: {constraint!r} has no reason; write why")
            rows.append(SwitchedOff(id, constraint, reason))
    return rows
