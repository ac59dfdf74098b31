"""Applications in a child process: real time-outs, real crashes, and a new start after each."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import textwrap
import time
import zlib

import pytest

from contract_kit import operation
from contract_kit.errors import TargetError, UsageError
from contract_kit.target import child
from contract_kit.target.child import ChildTarget
from contract_kit.wire.aws_json import AwsJson
from contract_kit.wire.message import Message
from contract_kit.wire.sigv4 import Signer

LIST = operation("mailmanager:ListArchiveExports")

SERVER = """
    import os, re, signal, sys, threading, time

    count = 0

    def app(environ, start_response):
        global count
        count += 1
        body = environ["wsgi.input"].read()
        word = body.decode("latin-1")
        if word == "hang":
            re.match("(a+)+$", "a" * 60 + "b")
        if word == "exit":
            print("so long", flush=True)
            os._exit(3)
        if word == "segfault":
            os.kill(os.getpid(), signal.SIGSEGV)
        if word == "raise":
            raise KeyError("x")
        if word == "drip":
            start_response("200 OK", [])
            return (time.sleep(0.05) or b"x" for _ in range(10_000))
        if word == "long":
            start_response("200 OK", [])
            return (b"x" * 2**20 for _ in range(10_000))
        headers = {"odd": [("X", "a\\nb")], "latin": [("X", "\\xe9")]}.get(word, [])
        status = {"nothing": "204 -", "chunked": "200 -"}.get(word, "200 OK")
        headers += [("Transfer-Encoding", "chunked")] if word == "chunked" else []
        if word == "gzip":
            import gzip
            start_response(status, [("Content-Encoding", "gzip")])
            return [gzip.compress(b"{}", mtime=0)]
        start_response(status, headers)
        in_main = threading.current_thread() is threading.main_thread()
        said = f"{count} {environ['REQUEST_METHOD']} {environ.get('HTTP_X_KEY')} {in_main}"
        return [b"" if word == "nothing" else said.encode()]

    def factory():
        return app

    async def asgi(scope, receive, send):
        if scope["type"] == "lifespan":
            await receive()
            scope["state"]["started"] = b"yes"
            await send({"type": "lifespan.startup.complete"})
            await receive()
            open("shut-down", "w").close()
            return
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": scope["state"]["started"]})

    async def sick(scope, receive, send):
        await send({"type": "lifespan.startup.failed", "message": "no base"})

    class Refused(Exception):
        code = "ValidationException"

    def function(request):
        if "PageSize" in request:
            raise Refused("no")
        return {"Exports": []}

    def anything(*args):
        return function(*args)

    class nested:
        app = staticmethod(app)

    def failing():
        raise KeyError("base")

    number = 5
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working directory with a module `server`."""
    (tmp_path / "server.py").write_text(textwrap.dedent(SERVER))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder):
    """`run(name, …)`: a target whose process has ended by the end of the test."""
    targets = []

    def make(name="server:app", **options):
        targets.append(ChildTarget(name, LIST, **options))
        return targets[-1]

    yield make
    for target in targets:
        target.close()


def said(target, word="", **options):
    """What the application answers to a word."""
    return target.send(Message(body=word.encode()), **options)


def test_an_application_answers_from_the_main_thread_of_its_own_process(run):
    """Method and headers as they were sent; the connection is kept."""
    target = run(headers=(("X-Key", "k"),))
    assert [said(target).body for _ in range(2)] == [b"1 POST k True", b"2 POST k True"]
    assert target.send(Message(method="PATCH")).body == b"3 PATCH k True"
    target.renew()
    assert said(target).body.startswith(b"4 ")


@pytest.mark.parametrize("name", ["server:factory()", "server:nested.app"])
def test_a_factory_is_called_and_a_path_followed(run, name):
    """As servers for such applications do it."""
    assert said(run(name)).status == 200


def test_an_asgi_application_is_started_and_shut_down(run, folder):
    """With its lifespan, which ends before the process does."""
    target = run("server:asgi")
    assert said(target).body == b"yes"
    assert not (folder / "shut-down").exists()
    target.close()
    assert (folder / "shut-down").exists()


def test_an_application_that_does_not_shut_down_is_ended(run, folder, monkeypatch):
    """After a while, whatever it does."""
    monkeypatch.setattr(child, "SHUTTING_DOWN", 0.5)
    (folder / "stubborn.py").write_text(
        "import signal\n"
        "from server import app as inner\n"
        "def app(environ, start_response):\n"
        "    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "    return inner(environ, start_response)\n"
    )
    target = run("stubborn:app")
    assert said(target).status == 200
    started = time.monotonic()
    target.close()
    assert 0.5 <= time.monotonic() - started < 30


@pytest.mark.parametrize(
    ("name", "kind"), [("server:function", None), ("server:anything", "function")]
)
def test_a_function_is_asked_for_what_it_can_be_asked(run, name, kind):
    """As in the same process: by value, errors by name, the rest not expressible."""
    target = run(name, kind=kind, headers=(("X-Key", "k"),))
    good, bad = (
        Signer(LIST, target.url, "r").sign(AwsJson().encode(LIST, request))
        for request in ({"ArchiveId": "a-1"}, {"PageSize": 1})
    )
    reply = target.send(good)
    assert (reply.body, reply.over_http) == (b'{"Exports": []}', False)
    assert AwsJson().decode(LIST, target.send(bad)).name == "ValidationException"
    raw = target.send(Message(body=b"{"))
    assert (raw.failure, raw.over_http) == ("not-expressible", False)


def test_an_exception_is_told_as_in_the_same_process(run):
    """And the process lives."""
    target = run()
    reply = said(target, "raise")
    assert (reply.failure, reply.detail) == ("raised", "the application raised KeyError: 'x'")
    assert said(target).body.startswith(b"2 ")


@pytest.mark.parametrize(
    ("word", "how"),
    [("exit", "exit code 3: so long"), ("segfault", "SIGSEGV")],
)
def test_the_message_that_kills_gets_the_crash_and_the_next_a_new_process(run, word, how):
    """At the same place."""
    target = run()
    url = target.url
    said(target)
    reply = said(target, word)
    assert reply.failure == "dropped"
    assert reply.detail == f"the process of server:app died: {how}"
    assert said(target).body.startswith(b"1 ")
    assert target.url == url


def test_what_computes_for_ever_is_ended_in_time(run):
    """Even inside a regular expression, where no thread of Python gets its turn."""
    target = run(timeout=30)
    reply = said(target, "hang", timeout=0.5)
    assert (reply.failure, reply.detail) == ("timeout", "no whole reply within 0.5 s")
    assert said(target).body.startswith(b"1 ")


def test_a_drip_ends_at_the_deadline(run):
    """The limit holds for the whole exchange."""
    assert said(run(timeout=0.5), "drip").failure == "timeout"


def test_a_reply_without_end_is_cut(run):
    """In the child already."""
    target = run()
    assert said(target, "long").failure == "too-large"
    assert said(target).body.startswith(b"2 ")


@pytest.mark.parametrize(
    ("word", "status", "failure"),
    [
        ("nothing", 204, ""),
        ("chunked", 200, ""),
        ("odd", 0, "raised"),
        ("latin", 0, "raised"),
    ],
)
def test_odd_replies_come_through_or_are_told(run, word, status, failure):
    """The connection stays in step whatever the application says of it."""
    target = run()
    reply = said(target, word)
    assert (reply.status, reply.failure) == (status, failure)
    assert said(target).body.startswith(b"2 ")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere:app", "there is no module nowhere; modules are looked for in the working"),
        ("server.inner:app", "there is no module server.inner; "),
        ("server:nothing", "server has no nothing"),
        ("server:nested.nothing", "server has no nested.nothing"),
        ("server:failing()", "calling failing() raises KeyError: 'base'"),
        ("server:__name__", "a string is neither an application nor a function"),
        ("server:number", "int is not a target; give a URL, "),
        ("server:anything", "anything may be an application or a function; say which"),
        ("broken:app", "importing it raises ZeroDivisionError: division by zero"),
        ("leaving:app", "importing it raises SystemExit: 4"),
        ("needing:app", "importing it raises ModuleNotFoundError: No module named 'needed_by_it'"),
    ],
)
def test_what_cannot_be_served_is_one_line(run, folder, name, message):
    """With what is wrong with it."""
    (folder / "broken.py").write_text("1 / 0")
    (folder / "leaving.py").write_text("import sys; sys.exit(4)")
    (folder / "needing.py").write_text("import needed_by_it")
    with pytest.raises(UsageError) as caught:
        run(name)
    assert str(caught.value).startswith(f"{name}: {message}")


@pytest.mark.parametrize(
    "name", ["server", "server:", ":app", "server:a b", "server:app;x", "a-b:c"]
)
def test_a_name_is_a_module_and_an_attribute(run, name):
    """Nothing else is evaluated."""
    with pytest.raises(UsageError, match="write module:attribute, for example server:app"):
        run(name)


def test_an_application_that_fails_to_start_is_told(run):
    """In its own words."""
    with pytest.raises(UsageError, match="the application did not start: no base"):
        run("server:sick")


def test_a_module_that_never_ends_is_told(run, folder, monkeypatch):
    """Such as one that starts a server of its own."""
    monkeypatch.setattr(child, "START_LIMIT", 0.5)
    (folder / "forever.py").write_text("import time; time.sleep(60)")
    with pytest.raises(TargetError, match=r"was not served within 0\.5 s; does importing it start"):
        run("forever:app")


def test_a_module_that_ends_the_process_is_told(run, folder):
    """With its last words."""
    (folder / "ending.py").write_text("import os; print('bye', flush=True); os._exit(7)")
    with pytest.raises(TargetError, match="ended before it was served: exit code 7: bye"):
        run("ending:app")


def test_one_that_does_not_start_again_is_unreachable(run, folder):
    """Dead for good."""
    target = run()
    (folder / "server.py").write_text("1 / 0")
    assert said(target, "exit").failure == "dropped"
    reply = said(target)
    assert reply.failure == "unreachable"
    assert "does not start again: server:app: importing it raises ZeroDiv" in reply.detail


def is_alive(pid):
    """Whether a process runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0] != "Z"


def test_the_child_ends_with_a_parent_that_is_killed(folder):
    """Even one that sits in a regular expression: nothing is left to eat the machine."""
    script = """
        from contract_kit import operation
        from contract_kit.wire.message import Message
        from contract_kit.target.child import ChildTarget
        target = ChildTarget("server:app", operation("mailmanager:ListArchiveExports"), timeout=60)
        print(target._process._process.pid, flush=True)
        target.send(Message(body=b"hang"))
    """
    words = [sys.executable, "-c", textwrap.dedent(script)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as parent:
        pid = int(parent.stdout.readline())
        time.sleep(0.3)
        assert is_alive(pid)
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 60
    while is_alive(pid):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_the_checksum_of_an_encoded_body_outlives_the_process(run):
    """The body is decoded in the child; the header of its own is not shown."""
    reply = said(run(), "gzip")
    assert (reply.body, reply.encoded_crc32) == (b"{}", zlib.crc32(gzip.compress(b"{}", mtime=0)))
    assert not any(name.lower().startswith("x-contract-kit") for name, _ in reply.headers)
