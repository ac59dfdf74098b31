"""Calls of boto3 that a spy watches and judges, against the same calls without one."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import boto3
from fuzzing import SERVE
from validation import GOOD

from contract_kit.spy import spying

Comparison = tuple[str, Callable[[], float], Callable[[], float], dict[str, float]]

TURNS, CALLS = 30, 20
"""How often the two sides take turns in one measurement, and calls in each turn."""


def comparisons() -> Iterator[Comparison]:
    """The row of this subject; the server runs in a process of its own."""
    with subprocess.Popen([sys.executable, "-c", SERVE], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        client = boto3.client(
            "mailmanager",
            endpoint_url=f"http://127.0.0.1:{int(server.stdout.readline())}",
            region_name="us-east-1",
            aws_access_key_id="AKIDEXAMPLE",
            aws_secret_access_key="contract-kit",
        )

        def calls() -> None:
            for _ in range(CALLS):
                client.start_archive_export(**GOOD)

        def spied() -> None:
            with spying() as spy:
                calls()
            assert spy.failures() == ()

        def seconds(one: Callable[[], None]) -> float:
            started = time.perf_counter()
            one()
            return time.perf_counter() - started

        plain = 0.0

        def measured() -> float:
            nonlocal plain
            # The fastest turns: a call is short, and whatever else runs here disturbs many.
            pairs = [(seconds(spied), seconds(calls)) for _ in range(TURNS)]
            plain = min(pair[1] for pair in pairs)
            return min(pair[0] for pair in pairs)

        try:
            spied()
            name = "a call through boto3, watched and judged / not watched"
            yield name, measured, lambda: plain, {"at_most": 1.05}
        finally:
            client.close()
            server.kill()
