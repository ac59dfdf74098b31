"""Preflight over real connections: nobody there, somebody who dies, somebody who hangs."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import closing

import pytest

from contract_kit import operation
from contract_kit.contract.document import read_operation
from contract_kit.errors import TargetError
from contract_kit.fuzz import fuzz
from contract_kit.target.make import target_of


@pytest.fixture
def dying():
    """The URL of a server that reads one request and is gone."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(10)

    def die():
        connection, _ = listener.accept()
        connection.recv(65536)
        listener.close()
        connection.close()

    thread = threading.Thread(target=die)
    with listener:
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


def test_nobody_there_is_no_finding(kit, closed_port):
    """There is nothing to test."""
    with pytest.raises(
        TargetError, match=r"nothing answers at http://127.*: cannot connect: .*; is the server"
    ):
        kit.fuzzed_at(f"http://127.0.0.1:{closed_port}")


def test_who_dies_of_the_first_good_request_is_blamed(kit, dying):
    """It was there, and a conforming request ended it."""
    outcome = kit.fuzzed_at(dying)
    (finding,) = outcome.findings
    assert (finding.verdict, finding.reply.failure) == ("crash", "dropped")
    assert outcome.ended == "no conforming request was answered"


def test_a_server_that_answers_nothing_is_broken_and_not_unimplemented(kit, at_url):
    """Silence for every operation says nothing of this one."""

    def silent(asked):
        time.sleep(0.5)
        return kit.correct(asked)

    outcome = kit.fuzzed_at(at_url(silent), timeout=0.05)
    (finding,) = outcome.findings
    assert (finding.verdict, finding.reply.failure) == ("crash", "timeout")
    assert outcome.ended == "no conforming request was answered"


def test_an_operation_that_is_unknown_by_name_is_not_implemented(kit):
    """Even if other operations get another answer."""

    def server(asked):
        if asked.headers["x-amz-target"].endswith(".ListArchiveExports"):
            return kit.error("UnknownOperationException")
        return kit.error("AccessDeniedException", status=403)

    with pytest.raises(TargetError, match=r"not implemented: .*\(UnknownOperationException\)"):
        kit.fuzzed(server)


def test_each_conforming_request_is_tried_once(kit):
    """The usual, the smallest, the fullest and another one, where they differ."""
    bodies = []

    def server(asked):
        bodies.append(asked.body)
        return kit.error("ConflictException", status=409)

    with pytest.raises(TargetError, match="ConflictException"):
        kit.fuzzed(server)
    control = bodies.pop()
    assert len(bodies) == len(set(bodies)) > 1
    assert control == bodies[0]


def test_no_request_is_called_conforming_where_none_is_known_to_be(toy):
    """The pattern is named, and what to give."""
    op = read_operation(*toy({"A": {"type": "string", "pattern": "x^y"}}, required=["A"]))
    with closing(target_of(lambda request: {}, op)) as target:
        with pytest.raises(TargetError, match=r"no A is known that satisfies x\^y; .*A="):
            fuzz(op, target, examples=0)
        outcome = fuzz(op, target, request={"A": "known"}, examples=0)
    assert outcome.requests


def test_names_that_an_earlier_run_took_are_told_as_such():
    """The same seed begins at the same number."""
    taken = set()

    class ConflictException(Exception):
        """Its name is the error's."""

    def create(request):
        if request["ArchiveName"] in taken:
            raise ConflictException("it exists")
        taken.add(request["ArchiveName"])
        return {"ArchiveId": "a-1"}

    op = operation("mailmanager:CreateArchive")
    with closing(target_of(create, op)) as target:
        bound = {"ArchiveName": "archive-{seq}"}
        fuzz(op, target, bindings=bound, cases=("CreateArchive/request.type/base",), examples=0)
        with pytest.raises(TargetError, match="another --seed"):
            fuzz(op, target, bindings=bound, examples=0)
