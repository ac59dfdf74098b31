"""Where contracts come from, at every door: own folders, committed schemas, botocore."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from contract_kit.contract.catalog import committed_operation, split_id
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
    that are switched off. source: the file that says so. rules: operation id, and the rules that it
    keeps beside those of its contract, as JSON text.
    """

    folders: tuple[Path, ...] = ()
    off: tuple[SwitchedOff, ...] = ()
    source: str = ""
    rules: tuple[tuple[str, str], ...] = ()

    def operation(self, id: str) -> Operation:
        """The operation `SERVICE:OPERATION`, without what is switched off.

        Raises UnknownOperation, SourceError, and UsageError where what is switched off does not
        exist.
        """
        return self._relaxed(self._described(id))

    def operation_to_test(self, id: str) -> Operation:
        """The same for those who send requests: as if its sources disagreed about what is off.

        An implementation may keep such a constraint, so that good requests have to.
        """
        return self._relaxed(self._described(id), disputed=True)

    def _described(self, id: str) -> Operation:
        """The operation as the first source that knows its service describes it."""
        if self.folders:
            from contract_kit.contract.folders import own_operation

            own = own_operation(id, self.folders)
            if own is not None:
                return own
        committed = committed_operation(id)
        if committed is not None:
            return committed
        # It needs botocore, which costs half a second: only services not committed pay for it.
        from contract_kit.derive.operation import derive_operation

        return derive_operation(id)

    def _relaxed(self, found: Operation, *, disputed: bool = False) -> Operation:
        """The operation without what is switched off, and with the rules of the settings."""
        reasons = {row.constraint: row.reason for row in self.off if row.operation == found.id}
        if reasons:
            from contract_kit.derive.switched_off import relaxed

            try:
                found = relaxed(found, reasons, disputed=disputed)
            except ContractKitError as error:
                raise UsageError(f"{self.source}: off: {error}") from None
            found = replace(found, switched_off=tuple(reasons.items()))
        stated = dict(self.rules).get(found.id)
        if stated is None:
            return found
        # Few repositories have rules, and loading them takes a fiftieth of checking a small file.
        from contract_kit.contract.rules import parse_rules, with_rules

        return with_rules(found, parse_rules(found, json.loads(stated)))


KNOWN = Contracts()
"""The contracts that the kit knows by itself."""


def contracts_in(start: str | Path) -> Contracts:
    """The contracts that the settings of a folder, or of one above it, name. Raises UsageError."""
    try:
        folder = os.path.abspath(start)
    except OSError:
        return KNOWN  # the working directory is gone
    return contracts_of(find_table(folder))


def contracts_of(table: SettingsTable) -> Contracts:
    """The contracts that a table of settings names. Raises UsageError."""
    found = Contracts(_folders(table), tuple(_rows(table)), table.source, _rules(table))
    if found.off or found.rules:
        from contract_kit.settings.named_operations import check_operations

        check_operations(f"{table.where}off", (row.operation for row in found.off), found.folders)
        check_operations(f"{table.where}rules", (id for id, _ in found.rules), found.folders)
    return found


def _folders(table: SettingsTable) -> tuple[Path, ...]:
    names = table.texts("contracts")
    if not names:
        return ()
    from pathlib import Path

    from contract_kit.contract.folders import check_folders

    folders = tuple(Path(table.folder, name) for name in names)
    check_folders(folders)
    return folders


def _rules(table: SettingsTable) -> tuple[tuple[str, str], ...]:
    rules = table.entries.get("rules", {})
    if not isinstance(rules, dict) or not all(":" in id for id in rules):
        raise UsageError(
            f"{table.where}rules: write a table for each, [[rules.'SERVICE:OPERATION']]"
        )
    return tuple((id, json.dumps(stated, default=str)) for id, stated in rules.items())


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


def operation_names(service: str) -> tuple[str, ...]:
    """Every operation that botocore describes of a service, sorted; raises UnknownOperation.

    >>> operation_names("mailmanager")[:2]
    ('CreateAddonInstance', 'CreateAddonSubscription')
    """
    from contract_kit.derive.service_model import load_model

    return load_model(service).operation_names
