"""The end of a session: verdicts of all workers added up, reported and written."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contract_kit.contract.shape import Json
from contract_kit.errors import ContractKitError, UsageError
from contract_kit.files import check_writable, write_file
from contract_kit.fuzz.partial_outcome import outcome_of, part_of
from contract_kit.pytest_plugin.campaigns import campaigns_of
from contract_kit.report.document import report_document
from contract_kit.report.formats import ReportFile, report_files
from contract_kit.report.known_gaps import parse_gaps, text_of
from contract_kit.report.known_gaps_file import gaps_text
from contract_kit.report.run import ReportRun
from contract_kit.report.summary import summary_text
from contract_kit.settings.contracts import contracts_in
from contract_kit.validate.violation import printable
from contract_kit.verdict.outcome import Outcome, proven_percent

OPTION = "--contract-report"

IN_FILES = 160
"""Columns of a table that no terminal shows, as the command line has them."""


def check_options(option: Any, root: Path) -> None:
    """Raises UsageError for a report or file of gaps that cannot be written.

    root: the folder whose settings hold.
    """
    try:
        files = [file.path for file in report_files(option.contract_report, option=OPTION)]
        if option.contract_write_gaps is not None:
            gaps = Path(option.contract_write_gaps)
            if any(path.resolve() == gaps.resolve() for path in files):
                raise UsageError(
                    f"{gaps}: --contract-write-gaps and a report name the same file; "
                    "choose different files"
                )
            files.append(gaps)
            if gaps.is_file():
                parse_gaps(gaps, text_of(gaps), contracts_in(root))
        for path in files:
            if path.is_dir():
                raise UsageError(f"{path} is a folder; name a file")
            check_writable(path)
    except ContractKitError as error:
        raise pytest.UsageError(str(error)) from None
    percent = option.contract_fail_under
    if percent is not None and not 0 <= percent <= 100:
        raise pytest.UsageError(f"--contract-fail-under {percent:g}: give a number from 0 to 100")


class SessionSummary:
    """The findings of a session. failures: lines that say why it failed though no item did."""

    def __init__(self, config: pytest.Config, records: Iterable[tuple[str, str]]) -> None:
        self._config = config
        self._campaigns = campaigns_of(config)
        self._records = [(json.loads(text), outcome) for text, outcome in records]
        self._told = _by_operation(self._records)
        self.outcomes = [self._outcome(id, entries) for id, entries in self._told.items()]
        self.failures = [*self._unable(), *self._passed_elsewhere(), *self._fail_under()]
        self.failures += self._write()

    def _outcome(self, id: str, entries: list[Json]) -> Outcome:
        wire = self._campaigns.wire(id)
        parts = [part_of(part) for entry in entries for part in entry["parts"]]
        outcome = outcome_of(wire, parts, gaps=self._campaigns.gaps(id))
        unable = min((entry["unable"] for entry in entries if entry.get("unable")), default="")
        # A report of what could not be tested must not look like one of what conforms.
        return replace(outcome, ended=outcome.ended or unable)

    def _unable(self) -> list[str]:
        """Operations that some worker could not test, though no item failed for it."""
        failed = {record["operation"] for record, outcome in self._records if outcome == "failed"}
        reasons = {
            record["operation"]: record["unable"]
            for record, _ in self._records
            if "unable" in record
        }
        return [text for id, text in reasons.items() if id not in failed]

    def _passed_elsewhere(self) -> list[str]:
        """Constraints that held for an item in its worker, but were broken in another."""
        told: dict[tuple[str, str, str], set[str]] = {}
        for record, outcome in self._records:
            key = (record["operation"], record.get("constraint", ""), record.get("side", ""))
            told.setdefault(key, set()).add(outcome)
        return [
            f"{outcome.operation.id}: {finding.verdict}  {finding.constraint}  ({finding.case}): "
            f"{finding.reason}"
            for outcome in self.outcomes
            for finding in outcome.new_findings
            if told.get((outcome.operation.id, finding.constraint, finding.side)) == {"passed"}
        ]

    def _fail_under(self) -> list[str]:
        wanted = self._config.option.contract_fail_under
        if wanted is None:
            return []
        percent = proven_percent(self._selected())
        if percent is None:
            return [f"nothing was tested, --contract-fail-under asks for {wanted:g}%"]
        if percent >= wanted:
            return []
        return [f"{percent:.1f}% hold, --contract-fail-under asks for {wanted:g}%"]

    def _selected(self) -> list[Outcome]:
        """The outcomes without the constraints that no selected item tests."""
        chosen = {
            id: {entry.get("constraint") for entry in entries} for id, entries in self._told.items()
        }
        return [
            replace(
                outcome,
                verdicts=tuple(
                    entry
                    for entry in outcome.verdicts
                    if entry.constraint.id in chosen[outcome.operation.id]
                ),
            )
            for outcome in self.outcomes
        ]

    def _write(self) -> list[str]:
        """Writes the files that options name; a line for each that cannot be."""
        option = self._config.option
        documents = [
            report_document(outcome, ReportRun(**_run(self._told[outcome.operation.id])))
            for outcome in self.outcomes
        ]
        failures = []
        for file in report_files(option.contract_report, option=OPTION):
            failures += _attempt(file, documents)
        if option.contract_write_gaps is not None:
            path = Path(option.contract_write_gaps)
            try:
                before = text_of(path) if path.is_file() else ""
                kept = parse_gaps(path, before, self._campaigns.contracts)
                write_file(path, gaps_text(self.outcomes, kept, before=before))
            except ContractKitError as error:
                failures.append(str(error))
        return failures

    def show(self, terminal: pytest.TerminalReporter) -> None:
        """Prints one table of verdicts, the worst first, and the lines below it."""
        terminal.section("contract")
        verbose = self._config.option.verbose > 0
        if self.outcomes:
            text = summary_text(
                self._selected(),
                everything=verbose,
                width=max(terminal._tw.fullwidth, 0 if terminal.isatty else IN_FILES),
                colours=terminal.hasmarkup,
            )
            terminal.write(text)
        for line in self.failures:
            terminal.write_line(printable(f"contract: {line}"), red=True)


def _by_operation(records: Iterable[tuple[Json, str]]) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = {}
    for record, _ in records:
        found.setdefault(record["operation"], []).append(record)
    return dict(sorted(found.items()))


def _run(entries: list[Json]) -> Json:
    run = entries[-1]["run"]
    return {**run, "arguments": tuple(run["arguments"])}


def _attempt(file: ReportFile, documents: list[Json]) -> list[str]:
    try:
        file.write(documents)
    except ContractKitError as error:
        return [str(error)]
    return []
