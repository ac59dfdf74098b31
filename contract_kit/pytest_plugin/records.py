"""Collects the findings of a session's items, from workers too, and reports them at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from contract_kit.pytest_plugin.summary import SessionSummary

RECORD = "contract_record"
"""The attribute of a test report that holds a record: JSON text, since workers send reports."""


class Records:
    """The records of one session. In a worker it stays empty: reports end where pytest prints."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._records: list[tuple[str, str]] = []
        self._summary: SessionSummary | None = None
        idle = config.option.collectonly or config.getoption("setuponly", False)
        silent = hasattr(config, "workerinput") or idle
        self._asked = self._is_asked() and not silent
        if self._asked:
            from contract_kit.pytest_plugin.summary import check_options

            check_options(config.option, config.rootpath)

    def _is_asked(self) -> bool:
        option = self._config.option
        wanted = (option.contract_report, option.contract_write_gaps, option.contract_fail_under)
        return any(value not in (None, []) for value in wanted)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keeps the record of a report that has one."""
        record = getattr(report, RECORD, None)
        if record is not None:
            outcome = "xfailed" if hasattr(report, "wasxfail") else report.outcome
            self._records.append((record, outcome))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Adds up, writes reports, and fails a session that its items alone would let pass."""
        if hasattr(self._config, "workerinput") or not (self._records or self._asked):
            return
        from contract_kit.pytest_plugin.summary import SessionSummary

        self._summary = SessionSummary(self._config, self._records)
        passed = session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
        if passed and self._summary.failures:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The table of verdicts."""
        if self._summary is not None:
            self._summary.show(terminalreporter)
