"""Where the spy sits in botocore, and that it leaves no trace there."""

from __future__ import annotations

import asyncio
import concurrent.futures
import subprocess
import sys
import threading
from types import SimpleNamespace
from unittest import mock

import boto3
import botocore.session
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError, ParamValidationError
from botocore.hooks import EventAliaser
from botocore.stub import Stubber

from contract_kit.spy import spying
from contract_kit.spy.hook import WRAPPED


def methods():
    """Everything that botocore's classes hold."""
    return dict(vars(BaseClient)), dict(vars(EventAliaser))


@pytest.fixture(autouse=True)
def untouched():
    """botocore is the same after each test as before it."""
    before = methods()
    yield
    assert methods() == before


def test_botocore_is_as_it_was_after_the_context():
    """Each method is the very object that was there."""
    before = methods()
    with spying():
        during = methods()
        assert sum(one != other for one, other in zip(before, during, strict=True)) == 2
        for owner, name in WRAPPED:
            assert vars(owner)[name].__name__ == name
    assert methods() == before


def test_botocore_is_as_it_was_when_an_exception_escapes(client):
    """And the exception is the one that was raised."""
    before, ssm = methods(), client("ssm")

    def code_under_test():
        with Stubber(ssm) as stubber:
            stubber.add_response("get_parameters", {})
            ssm.get_parameters(Names=["/a"] * 11)
        raise LookupError("its own")

    with pytest.raises(LookupError, match="its own"), spying() as spy:
        code_under_test()
    assert methods() == before
    assert len(spy.failures()) == 1


def test_spies_can_be_nested(client):
    """Each sees what is called while it lasts, whichever ends first."""
    ssm = client("ssm")
    with Stubber(ssm) as stubber:
        for _ in range(5):
            stubber.add_response("get_parameters", {})
        before = methods()
        with spying() as outer:
            ssm.get_parameters(Names=["/a"])
            with spying() as inner:
                ssm.get_parameters(Names=["/b"])
            during = methods()
            ssm.get_parameters(Names=["/c"])
            assert methods() == during != before
        assert methods() == before
        first, second = spying(), spying()
        one = first.__enter__()
        two = second.__enter__()
        ssm.get_parameters(Names=["/d"])
        first.__exit__(None, None, None)
        ssm.get_parameters(Names=["/e"])
        second.__exit__(None, None, None)
        assert methods() == before
    assert [len(spy.calls) for spy in (outer, inner, one, two)] == [3, 1, 1, 2]


def test_clients_from_before_and_after_of_any_session_are_seen(client):
    """boto3's, botocore's own, and those of a session made on the side."""
    early = client("ssm")
    with spying() as spy:
        side = boto3.session.Session().client("ssm")
        bare = botocore.session.Session().create_client("ssm")
        for each in (early, side, bare):
            with Stubber(each) as stubber:
                stubber.add_response("get_parameters", {})
                each.get_parameters(Names=["/a"])
            each.close()
    assert len(spy.calls) == 3
    with Stubber(early) as stubber:
        stubber.add_response("get_parameters", {})
        early.get_parameters(Names=["/a"])
    assert len(spy.calls) == 3


def test_a_call_that_outlasts_the_context_ends_as_usual(client):
    """In a thread that nobody waited for."""
    ssm = client("ssm")
    begun, go_on = threading.Event(), threading.Event()

    def slow(**_):
        begun.set()
        assert go_on.wait(20)

    ssm.meta.events.register("provide-client-params.ssm", slow)
    with Stubber(ssm) as stubber, concurrent.futures.ThreadPoolExecutor() as pool:
        stubber.add_response("get_parameters", {"Parameters": []})
        with spying() as spy:
            running = pool.submit(ssm.get_parameters, Names=["/a"] * 11)
            assert begun.wait(20)
            assert spy.calls == ()
        go_on.set()
        assert running.result(20)["Parameters"] == []
    assert len(spy.failures()) == 1


def test_a_mock_below_the_spy_is_seen_with_what_it_answers(client):
    """The way of tests that replace botocore's method themselves."""
    ssm = client("ssm")
    with mock.patch.object(BaseClient, "_make_api_call", return_value={"Parameters": 1}):
        patched = methods()
        with spying() as spy:
            assert ssm.get_parameters(Names=["/a"] * 11) == {"Parameters": 1}
        assert methods() == patched
    (call,) = spy.calls
    assert [each.constraint for each in call.request] == ["Names.maxItems"]
    assert [each.constraint for each in call.reply] == ["response.Parameters.type"]


@pytest.mark.parametrize("answer", [None, "text", []])
def test_an_answer_that_is_no_reply_at_all_is_told(client, answer):
    """A mock of botocore's method returns what it likes."""
    ssm = client("ssm")
    with mock.patch.object(BaseClient, "_make_api_call", return_value=answer), spying() as spy:
        assert ssm.get_parameters(Names=["/a"]) is answer
    told = [each.constraint for each in spy.calls[0].reply]
    assert told == ([] if answer is None else ["response.type"])


def test_an_error_that_a_mock_raises_is_seen_with_its_code_and_status(client):
    """As one of the service's own."""
    ssm = client("ssm")
    body = {"Error": {"Code": "Busy"}, "ResponseMetadata": {"HTTPStatusCode": 503}}
    error = ClientError(body, "GetParameters")
    raising = mock.patch.object(BaseClient, "_make_api_call", side_effect=error)
    with raising, spying() as spy, pytest.raises(ClientError):
        ssm.get_parameters(Names=["/a"])
    assert (spy.calls[0].error, spy.calls[0].status, spy.failures()) == ("Busy", 503, ())


def test_an_operation_without_output_promises_nothing_of_its_reply(client):
    """It is what botocore makes of an empty body."""
    dynamodb = client("dynamodb")
    with Stubber(dynamodb) as stubber, spying() as spy:
        stubber.add_response("tag_resource", {})
        dynamodb.tag_resource(ResourceArn="arn:aws:x", Tags=[{"Key": "k", "Value": "v"}])
    assert (spy.calls[0].reply, spy.calls[0].unchecked) == ((), "")


def test_a_wrapper_around_the_spy_keeps_its_place(client):
    """Who takes it off after the spy has gone does not bring the spy back."""
    ssm = client("ssm")
    original = vars(BaseClient)["_make_api_call"]
    outside = []
    with Stubber(ssm) as stubber:
        for _ in range(4):
            stubber.add_response("get_parameters", {})
        with spying() as first:
            below = vars(BaseClient)["_make_api_call"]

            def wrapper(self, name, params):
                outside.append(name)
                return below(self, name, params)

            BaseClient._make_api_call = wrapper
            ssm.get_parameters(Names=["/a"])
        assert vars(BaseClient)["_make_api_call"] is wrapper
        ssm.get_parameters(Names=["/a"])
        with spying() as second:
            ssm.get_parameters(Names=["/a"])
        assert vars(BaseClient)["_make_api_call"] is wrapper
        BaseClient._make_api_call = below
        with spying() as third:
            ssm.get_parameters(Names=["/a"])
        BaseClient._make_api_call = original
    assert len(outside) == 3
    assert [len(spy.calls) for spy in (first, second, third)] == [1, 1, 1]


def test_presigning_is_no_call(client):
    """Nothing is sent."""
    with spying() as spy:
        url = client("s3").generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"})
    assert url.startswith("https://")
    assert spy.calls == ()


def test_a_call_inside_a_call_is_one_of_its_own(client):
    """As handlers of botocore make them."""
    ssm, other = client("ssm"), client("ssm")
    with Stubber(ssm) as stubber, Stubber(other) as inner, spying() as spy:
        stubber.add_response("get_parameters", {})
        inner.add_response("get_parameters", {})

        def handler(**_):
            other.get_parameters(Names=["/a"] * 11)

        ssm.meta.events.register("provide-client-params.ssm", handler)
        ssm.get_parameters(Names=["/a"])
    assert [len(call.request) for call in spy.calls] == [0, 1]


@pytest.mark.parametrize(
    "value",
    [object(), {1, 2}, float("nan"), 10**400, "\ud800", b"x", None],
    ids=["object", "set", "nan", "huge", "surrogate", "bytes", "none"],
)
def test_values_that_no_parameter_can_have_raise_what_botocore_raises(client, value):
    """The spy changes nothing for the code under test."""
    ssm = client("ssm")

    def outcome():
        with Stubber(ssm) as stubber:
            stubber.add_response("get_parameters_by_path", {})
            try:
                return ssm.get_parameters_by_path(Path="/", MaxResults=value)
            except Exception as error:
                return type(error), str(error)

    plain = outcome()
    with spying() as spy:
        assert outcome() == plain
    assert [each.constraint for each in spy.calls[0].request] == ["MaxResults.type"]


def test_parameters_that_hold_themselves_raise_what_botocore_raises(client):
    """The spy does not run out of stack in its place."""
    ssm = client("ssm")
    endless: list = []
    endless.append(endless)

    def outcome():
        with pytest.raises((RecursionError, ParamValidationError)) as caught:
            ssm.get_parameters(Names=endless)
        return type(caught.value)

    plain = outcome()
    with spying() as spy:
        assert outcome() is plain
    assert len(spy.calls) == 1


def test_opening_the_room_loads_no_botocore():
    """Until a spy is wanted; pytest is never needed."""
    script = (
        "import sys, contract_kit.spy as room; before = 'botocore' in sys.modules;"
        "room.spying; print(before, 'botocore' in sys.modules,"
        " {'pytest', 'boto3', 'hypothesis', 'httpx2'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True
    )
    assert done.stdout.split(maxsplit=2) == ["False", "True", "set()\n"]


class AioClient(BaseClient):
    """What aiobotocore's client has: the methods that the spy knows, as coroutines."""

    async def _make_api_call(self, operation_name, api_params):
        model = self._service_model.operation_model(operation_name)
        api_params = await self._emit_api_params(api_params, model, {})
        await asyncio.sleep(0)
        _, answer = await self.meta.events.emit_until_response(f"before-call.x.{operation_name}")
        http, parsed = answer or await self._make_request(model, api_params, {})
        if http.status_code >= 300:
            raise ClientError(parsed, operation_name)
        return parsed

    async def _emit_api_params(self, api_params, operation_model, context):
        return {**api_params, "Overwrite": True}

    async def _make_request(self, operation_model, request_dict, context):
        await asyncio.sleep(0)
        status = 400 if "Fail" in request_dict["Name"] else 200
        body = {"Version": request_dict["Name"]}
        return SimpleNamespace(status_code=status), {"Error": {"Code": "No"}, **body}


class Events:
    """Events of aiobotocore: what is asked for has to be awaited."""

    async def answer(self, event_name, **kwargs):
        return None, None

    emit_until_response = EventAliaser.emit_until_response


@pytest.fixture
def aio(monkeypatch, client):
    """`aio()`: a client of aiobotocore, which is imported when it is called first."""

    def make():
        module = SimpleNamespace(AioBaseClient=AioClient)
        monkeypatch.setitem(sys.modules, "aiobotocore.client", module)
        usual = client("ssm")
        made = AioClient.__new__(AioClient)
        vars(made).update(vars(usual))
        emitter = SimpleNamespace(emit_until_response=Events().answer)
        made.meta = SimpleNamespace(
            events=EventAliaser(emitter), service_model=usual.meta.service_model
        )
        return made

    before = dict(vars(AioClient))
    yield make
    assert dict(vars(AioClient)) == before


@pytest.mark.parametrize("imported", ["before", "while spying"])
def test_calls_of_aiobotocore_are_seen_where_they_are_made(aio, imported):
    """Many at once, each with its own parameters, reply and status; the class is as it was after."""
    if imported == "before":
        aio()

    async def code_under_test(ssm):
        names = [f"{'Fail' if number % 2 else 'Name'}{number}" for number in range(6)]
        calls = [
            ssm._make_api_call("PutParameter", {"Name": name, "Value": "v" * 9999})
            for name in names
        ]
        await asyncio.gather(*calls, return_exceptions=True)

    with spying() as spy:
        asyncio.run(code_under_test(aio()))
    assert [call.status for call in spy.calls] == [200, 400] * 3
    assert {call.file for call in spy.calls} == {__file__}
    assert all(call.error == ("No" if call.status == 400 else "") for call in spy.calls)
    wrong = [each.constraint for call in spy.calls for each in call.reply]
    assert wrong == ["response.Version.type"] * 3


def test_a_call_of_aiobotocore_that_is_never_awaited_breaks_nothing(aio):
    """It has not ended, and so is not judged."""
    with spying() as spy:
        aio()._make_api_call("PutParameter", {"Name": "n"}).close()
    assert spy.calls == ()
