"""Differences between the wires of one operation, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from contract_kit.report.table import COLOURS
from contract_kit.validate.violation import printable
from contract_kit.verdict.outcome import Outcome
from contract_kit.verdict.wires_compared import differences


def print_differences(console: Console, outcomes: Sequence[Outcome]) -> None:
    """A line for each constraint that is kept on one wire and not on another, its verdict on each.

    ```
    MaxResults.type                     awsJson1.0 enforced  rpc-v2-cbor too lax
    ```
    """
    found = differences(outcomes)
    labels = ", ".join(outcome.wire.label for outcome in outcomes)
    if not found:
        console.print(Text(f"no constraint differs between {labels}"), soft_wrap=True)
        return
    count = "1 constraint differs" if len(found) == 1 else f"{len(found)} constraints differ"
    console.print(Text(f"{count} between {labels}:", style="bold"), soft_wrap=True)
    room = max(len(each.constraint) for each in found)
    for each in found:
        line = Text(f"  {printable(each.constraint):<{room}}")
        for label, verdict in each.verdicts:
            line.append(f"  {label} ")
            line.append(verdict, style=COLOURS.get(verdict, ""))
        console.print(line, soft_wrap=True)
