"""Requests at the same time: what else is in flight must not change an answer."""

from __future__ import annotations

import threading
import time

import pytest

from contract_kit import operation
from contract_kit.reference.server import Reference
from contract_kit.wire.message import Message

EXAMPLES = 320
A_MOMENT = 0.002
"""Seconds in which other requests of a round arrive."""


def explored(kit, url, *, seed=0, examples=EXAMPLES, **options):
    """The outcome of a campaign that explores a server at a URL."""
    return kit.fuzzed_at(url, examples=examples, seed=seed, **options)


@pytest.mark.parametrize("seed", range(3))
def test_requests_that_meet_in_a_shared_variable_are_found(kit, at_url, seed):
    """One after the other each is answered rightly, so that no case can show it."""
    shared = {}

    def mixing(asked):
        shared["asked"] = asked
        time.sleep(A_MOMENT)
        return kit.correct(shared["asked"])

    outcome = explored(kit, at_url(mixing), seed=seed)
    (finding,) = outcome.findings
    assert finding.constraint == "wire.connection"
    assert "beside 3 other requests than alone" in finding.reason
    assert outcome.examples == EXAMPLES


def test_a_server_that_fails_when_requests_meet_is_found(kit, at_url):
    """As one does whose database is locked, or whose list changes while it is walked."""
    busy = threading.Lock()

    def failing(asked):
        if not busy.acquire(blocking=False):
            return kit.error("InternalFailure", status=500)
        try:
            time.sleep(A_MOMENT)
            return kit.correct(asked)
        finally:
            busy.release()

    (finding,) = explored(kit, at_url(failing)).findings
    assert (finding.constraint, finding.verdict) == ("wire.connection", "crash")


def test_an_identifier_given_twice_to_requests_that_meet_is_found(kit, at_url):
    """A counter that is read and written without a lock."""
    start = operation("mailmanager:StartArchiveExport")
    reference = Reference()
    count = {"next": 1}

    def counting(asked):
        headers = tuple(asked.headers.items())
        message = Message(method=asked.method, path="/", headers=headers, body=asked.body)
        answer = reference.answer(message)
        if answer.status != 200:
            return kit.Said(answer.status, answer.body)
        number = count["next"]
        time.sleep(A_MOMENT)
        count["next"] = number + 1
        return kit.result({"ExportId": f"export-{number}"})

    found = {finding.constraint for finding in explored(kit, at_url(counting), op=start).findings}
    assert found == {"response.ExportId.unique"}


def test_several_requests_are_in_flight_and_a_correct_server_conforms(kit, at_url):
    """They are examples as others are: all together are as many as were asked for."""
    lock, flying, most = threading.Lock(), [0], [0]

    def counted(asked):
        with lock:
            flying[0] += 1
            most[0] = max(most[0], flying[0])
        time.sleep(A_MOMENT)
        with lock:
            flying[0] -= 1
        return kit.correct(asked)

    outcome = explored(kit, at_url(counted))
    assert outcome.conforms
    assert outcome.examples == EXAMPLES
    assert 2 <= most[0] <= 4


BUSY = {
    "throttling": (429, "ThrottlingException"),
    "time-out": (408, "RequestTimeoutException"),
    "another-at-work": (400, "ConcurrentModificationException"),
    "aborted": (400, "RequestAbortedException"),
    "unavailable": (503, ""),
    "bad-gateway": (502, ""),
    "gateway-time-out": (504, ""),
}
"""What is said while another request is in flight; a page of HTML where it has no name."""


@pytest.mark.parametrize("said", BUSY.values(), ids=BUSY)
def test_who_has_too_much_to_do_is_blamed_for_nothing(kit, at_url, said):
    """Nor for what else is done with the same things, however it is said."""
    busy = threading.Lock()
    status, name = said
    page = kit.Said(status, b"<html>busy</html>", (("Content-Type", "text/html"),))

    def crowded(asked):
        if not busy.acquire(blocking=False):
            return kit.error(name, status=status) if name else page
        try:
            time.sleep(A_MOMENT)
            return kit.correct(asked)
        finally:
            busy.release()

    outcome = explored(kit, at_url(crowded), examples=160)
    assert outcome.conforms
    assert not [note for note in outcome.notes if "flaky" in note]


def test_a_server_that_drops_what_it_cannot_serve_is_not_asked_again(kit, at_url):
    """A time-out under load is a matter of the machine, and shows nothing."""
    busy, late = threading.Lock(), []

    def slow(asked):
        if not busy.acquire(blocking=False):
            late.append(asked)
            time.sleep(6)
            return kit.correct(asked)
        try:
            time.sleep(A_MOMENT)
            return kit.correct(asked)
        finally:
            busy.release()

    assert explored(kit, at_url(slow), timeout=4.0, examples=160).conforms
    assert 1 <= len(late) <= 3


@pytest.mark.parametrize("version", ["HTTP/1.0", "HTTP/1.1"])
def test_a_server_of_one_connection_at_a_time_conforms(kit, at_url, version):
    """It serves the others when the first is closed."""
    outcome = explored(kit, at_url(kit.correct, version=version, threads=False))
    assert outcome.conforms
    assert outcome.examples == EXAMPLES


def test_an_application_in_this_process_is_sent_one_request_at_a_time(kit):
    """It was not made for threads that it did not start."""
    alone = threading.get_ident()

    def server(asked):
        assert threading.get_ident() == alone
        return kit.correct(asked)

    outcome = kit.fuzzed(server, examples=EXAMPLES)
    assert outcome.conforms
    assert outcome.examples == EXAMPLES
