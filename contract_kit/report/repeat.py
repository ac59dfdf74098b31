"""Commands that show a finding again, pasted as they are."""

from __future__ import annotations

import shlex

from contract_kit.cases.select import EXPLORED
from contract_kit.contract.operation import Operation
from contract_kit.report.curl import Signing, curl_line, header_word
from contract_kit.report.run import TIMEOUT, ReportRun
from contract_kit.verdict.summary import Finding

FIRST = "base"
"""The slug of the request that is sent before all cases, and is on no list."""

VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
"""Environment variables that credentials in a command come from, since they are secrets."""

CREDENTIALS = ("--access-key", "--secret-key", "--session-token")

FRESH_SEED = '"$(( $(date +%s) % 1000000 ))"'
"""A seed whose numbers for `{seq}` no earlier run had."""


def reproduce(finding: Finding, operation: Operation, run: ReportRun) -> str:
    """The command that repeats a finding: curl, or where it has no one to ask, this kit.

    Empty where there is none, since only this process reaches the target.
    """
    return curl_command(finding, operation, run) or kit_command(finding, operation, run)


def commands(finding: Finding, operation: Operation, run: ReportRun) -> tuple[str, ...]:
    """All commands that repeat a finding: this kit, which judges it again, and curl."""
    kit, curl = kit_command(finding, operation, run), curl_command(finding, operation, run)
    return tuple(command for command in (kit, curl) if command)


def kit_command(finding: Finding, operation: Operation, run: ReportRun) -> str:
    """`contract-kit fuzz` with all that matters to a finding; empty where it was not run.

    What was drawn at random is on no list: the same seed draws it again, in an application that
    starts anew.
    """
    slug = finding.case.rpartition("/")[2]
    drawn = slug.startswith(EXPLORED)
    if not run.app and (drawn or not run.reached):
        return ""
    pairs = (
        ("--profile", run.profile, "strict"),
        ("--region", run.region, "us-east-1"),
        ("--timeout", f"{run.timeout:g}", f"{TIMEOUT:g}"),
    )
    settings = [word for name, value, usual in pairs if value != usual for word in (name, value)]
    words = ["fuzz", operation.id, *run.app, *run.reached, *run.arguments, *settings]
    line = shlex.join([*run.program, *words, *run.tls, *run.options])
    names = zip(CREDENTIALS, VARIABLES[: run.credentials], strict=False)
    line += "".join(f' {option} "${variable}"' for option, variable in names)
    line += "".join(f" --header {header_word(name)}" for name in run.headers)
    return line + _chosen(finding, slug, run)


def _chosen(finding: Finding, slug: str, run: ReportRun) -> str:
    """The options that choose what is sent, as the end of a command."""
    drawn = slug.startswith(EXPLORED)
    numbered = run.numbered or bool(finding.message.template)
    seed = FRESH_SEED if numbered and not drawn else str(run.seed) if run.seed else ""
    line = f" --seed {seed}" if seed else ""
    if drawn:
        return line + "".join(f" {shlex.quote(word)}" for word in run.exploring)
    if slug == FIRST:
        return f"{line} --max-examples 0"
    return f"{line} --case {shlex.quote(finding.case)}"


def curl_command(finding: Finding, operation: Operation, run: ReportRun) -> str:
    """The curl command that sends the message of a finding; empty where it has no one to ask."""
    if run.app or not run.by_url:
        return ""
    slug = finding.case.rpartition("/")[2]
    listed = not slug.startswith(EXPLORED) and slug != FIRST
    words = ("cases", operation.id, *run.arguments, "--case", finding.case, "--format", "body")
    late = finding.reply.failure == "timeout"
    return curl_line(
        finding.message,
        run.url,
        signing=Signing(
            region=run.region,
            service=operation.signing_name,
            variables=VARIABLES[: run.credentials],
        ),
        cases=shlex.join((*run.program, *words)) if listed else None,
        own=run.headers,
        options=(*run.tls, *(("--max-time", f"{run.timeout:g}") if late else ())),
    )
