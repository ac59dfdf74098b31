"""Python functions as targets: dicts in, dicts or exceptions out."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from contract_kit import operation
from contract_kit.target.function import FunctionTarget
from contract_kit.wire.aws_json import AwsJson
from contract_kit.wire.sigv4 import Signer

LIST = operation("mailmanager:ListArchiveExports")
PROTOCOL = AwsJson()
GOOD = PROTOCOL.encode(LIST, {"ArchiveId": "a-é\ud800"})


@pytest.fixture
def ask():
    """`ask(function, message)`: the reply of a function, and what the protocol reads in it."""
    targets = []

    def call(function, message=GOOD, op=LIST, **options):
        targets.append(FunctionTarget(function, op, **options))
        reply = targets[-1].send(message)
        return reply, PROTOCOL.decode(op, reply)

    yield call
    for target in targets:
        target.close()


def test_a_request_goes_in_and_a_result_comes_out(ask):
    """Signed or not; the reply says that no HTTP carried it."""
    seen = []

    def function(request):
        seen.append(request)
        return {"Exports": []}

    reply, answer = ask(function, Signer(LIST, "http://x", "r").sign(GOOD))
    assert seen == [{"ArchiveId": "a-é\ud800"}]
    assert (answer.kind, answer.result, answer.faults) == ("result", {"Exports": []}, ())
    assert reply.over_http is False


def test_each_call_has_a_request_of_its_own(ask):
    """A function may change what it is given."""
    seen = []

    def function(request):
        seen.append(dict(request))
        request.clear()
        return {"Exports": []}

    target = FunctionTarget(function, LIST)
    for _ in range(2):
        target.send(GOOD)
    assert seen[0] == seen[1] != {}


@pytest.mark.parametrize(
    "message",
    [
        replace(GOOD, body=b" " + GOOD.body),
        replace(GOOD, body=b'{"ArchiveId":"a-1","ArchiveId":"a-1"}'),
        replace(GOOD, body=b'{"PageSize":1e1}'),
        replace(GOOD, body=b"[]"),
        replace(GOOD, body=b""),
        replace(GOOD, body=b"[" * 100_000),
        replace(GOOD, body=b'{"PageSize":' + b"9" * 5000 + b"}"),
        replace(GOOD, method="GET"),
        GOOD.with_header("X-Amz-Target", "A.B"),
        GOOD.with_header("Content-Type", None),
    ],
    ids=range(10),
)
def test_what_no_dict_can_say_is_not_expressible(ask, message):
    """The function is not called: whatever it did would prove nothing."""
    reply, answer = ask(lambda request: pytest.fail("called"), message)
    assert (reply.failure, answer.name) == ("not-expressible", "not-expressible")
    assert reply.detail.startswith("a function takes requests, not messages: ")


class ValidationException(Exception):
    """An error that is documented."""


class ParamError(ValueError):
    """An error that nobody documents."""


class Coded(KeyError):
    """An error named by its code, as web frameworks and emulators have it."""

    code = "ResourceNotFoundException"


class Client(Exception):
    """An error as botocore's ClientError."""

    response = {"Error": {"Code": "ThrottlingException", "Message": "slow down"}}  # noqa: RUF012


class Numbered(Exception):
    """Its code is a status, not a name."""

    code = 404


@pytest.mark.parametrize(
    ("error", "name", "status", "text"),
    [
        (ValidationException("no"), "ValidationException", 400, "no"),
        (ParamError("no"), "ParamError", 400, "no"),
        (Coded("a"), "ResourceNotFoundException", 404, "'a'"),
        (Client("x"), "ThrottlingException", 429, "slow down"),
        (Numbered("x"), "Numbered", 400, "x"),
    ],
)
def test_an_exception_names_an_error(ask, error, name, status, text):
    """By its code, by botocore's, or by its class."""

    def function(request):
        raise error

    reply, answer = ask(function)
    assert (answer.kind, answer.name, answer.text) == ("error", name, text)
    assert (reply.status, answer.faults) == (status, ())


class Silent(ValueError):
    """An exception whose text is a mistake as well."""

    def __str__(self):
        raise RuntimeError


Silent.__module__ = "builtins"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KeyError("ArchiveId"), "KeyError: 'ArchiveId'"),
        (json.JSONDecodeError("bad", "x", 0), "JSONDecodeError: bad: line 1 column 1 (char 0)"),
        (RecursionError("deep"), "RecursionError: deep"),
        (SystemExit(3), "SystemExit: 3"),
        (SystemExit("bye"), "SystemExit: bye"),
        (Silent(), "Silent: its text raises RuntimeError"),
    ],
)
def test_an_exception_of_python_itself_is_an_accident(ask, error, said):
    """No author means it as an answer."""

    def function(request):
        raise error

    reply, _ = ask(function)
    assert (reply.failure, reply.detail) == ("raised", f"the function raised {said}")


def test_an_interrupt_is_the_users(ask):
    """Ctrl-C ends the run, not the case."""

    def function(request):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(function)


def test_values_of_python_are_written_as_the_protocol_writes_them(ask):
    """What a function that stands in for boto3 returns."""
    given = {
        "a": datetime(1970, 1, 1, 0, 1, tzinfo=UTC),
        "b": datetime(1970, 1, 1, 0, 2),
        "c": b"\xff",
        "d": [Decimal("1.5"), Decimal("2.0")],
        "e": frozenset({1}),
    }
    reply, _ = ask(lambda request: given)
    assert json.loads(reply.body) == {"a": 60.0, "b": 120.0, "c": "/w==", "d": [1.5, 2], "e": [1]}


@pytest.mark.parametrize("result", [object(), {"a": object()}, {"a": Decimal("inf")}])
def test_what_no_reply_can_hold_is_a_crash(ask, result):
    """The function answered nothing that anyone could read."""
    reply, _ = ask(lambda request: result)
    assert reply.failure == "raised"
    assert reply.detail.startswith("the function returned what no reply can hold: ")


def test_a_result_that_holds_itself_is_a_crash(ask):
    """As data, not as an endless loop."""
    result = {}
    result["self"] = result
    assert ask(lambda request: result)[0].failure == "raised"


def test_nothing_is_an_empty_result(ask):
    """A function that returns nothing has nothing to say."""
    _, answer = ask(lambda request: None)
    assert (answer.kind, answer.result) == ("result", {})


def test_an_async_function_may_end_the_process(ask):
    """Which is no more than an accident of this case."""

    async def function(request):
        raise SystemExit(3)

    for _ in range(2):
        assert ask(function)[0].detail == "the function raised SystemExit: 3"


def test_an_async_function_is_awaited_and_can_be_late(ask):
    """While it waits it can be interrupted."""

    async def function(request):
        await asyncio.sleep(30)

    class Callable:
        async def __call__(self, request):
            return {"Exports": []}

    started = time.monotonic()
    reply, _ = ask(function, timeout=0.05)
    assert (reply.failure, reply.detail) == ("timeout", "no result within 0.05 s")
    assert time.monotonic() - started < 20
    assert ask(Callable())[1].kind == "result"
