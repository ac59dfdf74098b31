"""Whatever a user has, as a target."""

from __future__ import annotations

import functools

import boto3
import pytest

from contract_kit import operation
from contract_kit.errors import UsageError
from contract_kit.target.asgi import AsgiTarget
from contract_kit.target.boto import BotoTarget
from contract_kit.target.function import FunctionTarget
from contract_kit.target.http import HttpTarget
from contract_kit.target.interface import Abilities
from contract_kit.target.kinds import kind_of
from contract_kit.target.make import target_of
from contract_kit.target.wsgi import WsgiTarget

LIST = operation("mailmanager:ListArchiveExports")


def wsgi(environ, start_response):
    """An application."""


async def asgi(scope, receive, send):
    """An application."""


def function(request):
    """A function."""


def with_options(request, context=None, *, verbose=False):
    """A function with arguments of its author's."""


def anything(*args, **kwargs):
    """Who knows."""


class App:
    """What web frameworks make."""

    def __call__(self, environ, start_response):
        """As WSGI says."""

    async def handle(self, scope, receive, send):
        """As ASGI says."""


@functools.wraps(wsgi)
def wrapped(*args):
    """What a decorator left."""


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (wsgi, "wsgi"),
        (App(), "wsgi"),
        (wrapped, "wsgi"),
        (functools.partial(asgi, {}), "wsgi"),
        (asgi, "asgi"),
        (App().handle, "asgi"),
        (function, "function"),
        (with_options, "function"),
        (functools.partial(wsgi, start_response=1), "function"),
    ],
)
def test_the_signature_tells_what_a_callable_is(given, kind):
    """Two arguments: WSGI. Three: ASGI. One: a function."""
    assert kind_of(given) == kind


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (5, "int is not a target; give a URL, a WSGI or ASGI application, a function from"),
        (anything, "anything may be an application or a function; say which: wsgi, asgi, function"),
        (lambda: None, "<lambda> takes no argument; give the application that it makes"),
        (lambda a, b, c, d: None, "<lambda> may be an application or a function"),
    ],
)
def test_what_is_none_is_told_with_what_to_do(given, message):
    """In one line."""
    with pytest.raises(UsageError) as caught:
        target_of(given, LIST)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("given", "kind", "type"),
    [
        ("http://127.0.0.1:9", None, HttpTarget),
        (wsgi, None, WsgiTarget),
        (asgi, None, AsgiTarget),
        (function, None, FunctionTarget),
        (anything, "function", FunctionTarget),
        (anything, "wsgi", WsgiTarget),
    ],
)
def test_each_becomes_its_target(given, kind, type):
    """The kind given by the user wins."""
    target = target_of(given, LIST, kind=kind, timeout=1, headers=(("A", "b"),))
    assert isinstance(target, type)
    target.close()


def test_a_client_becomes_its_target():
    """Of boto3 or botocore."""
    client = boto3.client("mailmanager", region_name="us-east-1")
    target = target_of(client, LIST)
    assert isinstance(target, BotoTarget)
    target.close()
    client.close()


def test_a_target_stays_what_it_is():
    """Anyone can write one."""

    class Own:
        url = "http://own"
        abilities = Abilities()

        def send(self, message, *, timeout=None):
            """Answers."""

        def renew(self):
            """Nothing."""

        def close(self):
            """Nothing."""

    own = Own()
    assert target_of(own, LIST) is own


def test_a_url_of_aws_needs_its_name_twice():
    """As on the command line."""
    url = "https://mail-manager.us-east-1.amazonaws.com"
    with pytest.raises(UsageError, match="belongs to AWS"):
        target_of(url, LIST)
    target_of(url, LIST, allowed_host="mail-manager.us-east-1.amazonaws.com").close()
