"""Inputs that run long where no time-out interrupts: stopped at the first sign of growth."""

from __future__ import annotations

import json
import re
import time
from contextlib import closing

import pytest

from contract_kit import operation
from contract_kit.cases.export import all_cases
from contract_kit.fuzz import Setup, fuzz, run
from contract_kit.fuzz.numbers import numbers_of
from contract_kit.fuzz.partial_outcome import outcome_of
from contract_kit.fuzz.sending.exponential_time import rate_of
from contract_kit.fuzz.setup import Exploration
from contract_kit.target import Recipe
from contract_kit.target.http import wsgi_target
from contract_kit.target.make import target_of
from contract_kit.wire.table import wire_of

EXPORT = operation("mailmanager:StartArchiveExport")
SLOW = tuple(case.id for case in all_cases(EXPORT, wire_of(EXPORT)) if "runs-long" in case.slug)
LOCATION = re.compile(r"s3://[a-zA-Z0-9.-]{3,63}(/[a-zA-Z0-9!_.*'()/-]*)*")


@pytest.fixture
def answering(kit):
    """`answering(look)`: a server that looks at each S3Location, and then answers correctly."""
    count = iter(range(10**6))

    def make(look):
        def server(asked):
            location = asked.value["ExportDestinationConfiguration"]["S3"]["S3Location"]
            look(location)
            fine = location.isprintable() and not {"#", "!"} & {
                location[-1],
                asked.value["ArchiveId"][-1],
            }
            return (
                kit.result({"ExportId": f"e-{next(count)}"})
                if fine
                else kit.error("ValidationException")
            )

        return server

    return make


def test_a_pattern_that_backtracks_is_a_crash_with_its_growth(kit, answering):
    """In seconds, where the whole input would take days."""
    started = time.monotonic()
    outcome = kit.fuzzed(answering(LOCATION.fullmatch), EXPORT, cases=SLOW)
    assert time.monotonic() - started < 120
    (finding,) = outcome.findings
    assert finding.constraint == "ExportDestinationConfiguration.S3.S3Location.pattern"
    assert finding.verdict == "crash"
    rate = re.fullmatch(r"time grows (\d\.\d)-fold per character", finding.reason)
    assert 1.5 <= float(rate[1]) <= 3.0
    assert finding.message.body in {
        kit.body(case.request) for case in all_cases(EXPORT, wire_of(EXPORT))
    }
    assert (finding.reply.failure, finding.reply.detail) == ("timeout", finding.reason)
    assert not outcome.ended


def function(request):
    """A function that backtracks."""
    location = request["ExportDestinationConfiguration"]["S3"]["S3Location"]
    if LOCATION.fullmatch(location) is None or request["ArchiveId"][-1] == "!":
        error = Exception("no")
        error.code = "ValidationException"
        raise error
    return {"ExportId": location}


async def asgi(scope, receive, send):
    """The same as an application."""
    assert scope["type"] == "http"
    status, body = 200, b'{"ExportId": "e"}'
    try:
        function(json.loads((await receive())["body"]))
    except Exception:
        status, body = 400, b'{"__type": "ValidationException"}'
    headers = [(b"content-type", b"application/x-amz-json-1.0")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest.mark.parametrize("given", [function, asgi])
def test_it_is_so_for_whatever_runs_in_this_process(given):
    """No time-out interrupts any of them."""
    with closing(target_of(given, EXPORT)) as target:
        outcome = fuzz(EXPORT, target, cases=SLOW, examples=0)
    found = {entry.constraint: entry.reason for entry in outcome.findings}
    assert "-fold per character" in found["ExportDestinationConfiguration.S3.S3Location.pattern"]


def test_nothing_is_explored_that_may_never_end(kit, answering):
    """No bodies changed at random, in which a string may be left that nearly matches."""
    bodies = []

    def server(asked):
        bodies.append(asked.body)
        try:
            return answering(LOCATION.fullmatch)(asked)
        except (KeyError, TypeError, IndexError, AttributeError):
            return kit.error("ValidationException")

    with closing(wsgi_target(kit.wsgi(server))) as target:
        setup = Setup(
            wire=wire_of(EXPORT),
            target=Recipe(given=target),
            cases=SLOW,
            exploration=Exploration(examples=250, seed=0),
            numbers=numbers_of(0),
        )
        outcome = outcome_of(setup.wire, [run(setup)])
    assert outcome.examples > 100
    requests = [json.loads(body) for body in bodies]
    assert len(requests) > 100
    slow = "ExportDestinationConfiguration.S3.S3Location.pattern"
    assert kit.verdicts(outcome)[slow] == "crash"


@pytest.mark.parametrize(
    "work",
    [
        lambda size: None,
        lambda size: sum(range(size * 1000)),
        lambda size: sum(range(size**3 * 5)),
        lambda size: time.sleep(0.01),
    ],
    ids=["none", "linear", "cubic", "slow"],
)
def test_time_that_grows_otherwise_is_no_finding(kit, answering, work):
    """Slow servers are slow at every size; polynomials flatten out."""
    outcome = kit.fuzzed(answering(lambda text: work(len(text))), EXPORT, cases=SLOW)
    assert outcome.findings == ()


def test_where_a_time_out_interrupts_there_are_no_steps(kit, answering, at_url):
    """Over HTTP the case itself is sent, once."""
    asked = []

    def server(request):
        asked.append(request.body)
        return correct(request)

    correct = answering(lambda text: None)
    kit.fuzzed_at(at_url(server), EXPORT, cases=SLOW)
    for case in all_cases(EXPORT, wire_of(EXPORT)):
        if case.id in SLOW:
            assert asked.count(kit.body(case.request)) == 1
            assert not {kit.body(step.request) for step in case.steps} & set(asked)


def doubling(sizes, first=0.0005):
    """Times of an engine that backtracks."""
    return [(size, first * 2.0 ** (size - sizes[0])) for size in sizes]


@pytest.mark.parametrize(
    ("times", "rate"),
    [
        (doubling(range(10, 18)), 2.0),
        (doubling(range(10, 12)), 0.0),
        (doubling(range(10, 30, 4)), 2.0),
        ([(10, 0.001), (11, 0.3)], 300.0),
        ([(10, 0.3)], 0.0),
        ([(size, 0.3) for size in range(10, 20)], 0.0),
        ([(size, 1e-6 * size**4) for size in range(2, 30)], 0.0),
        ([(9 + count, 1e-5 * count**4) for count in range(1, 30)], 0.0),
        ([(10, 0.001), (11, 0.02), (12, 0.02), (13, 0.02), (14, 0.02)], 0.0),
    ],
    ids=[
        "doubling",
        "too-early",
        "long-turns",
        "a-leap",
        "one",
        "constant",
        "quartic",
        "repeats-to-the-fourth",
        "a-jump",
    ],
)
def test_growth_is_told_from_what_looks_like_it(times, rate):
    """Three steps in a row, each slower by a factor that no polynomial has."""
    found = next((found for end in range(1, len(times) + 1) if (found := rate_of(times[:end]))), 0)
    assert found == rate
