"""What the user proves who they are with: sent, and never shown."""

from __future__ import annotations

import base64
import json
import zlib
from contextlib import closing

import pytest

from contract_kit import operation
from contract_kit.fuzz.sending.exchange import Exchange
from contract_kit.target.http import HttpTarget, wsgi_target
from contract_kit.target.secrets import HIDDEN, Secrets, without_userinfo
from contract_kit.wire.message import Message, Reply
from contract_kit.wire.table import wire_of

BASIC = base64.b64encode(b"me:pass word").decode()


@pytest.mark.parametrize(
    ("url", "plain", "sent"),
    [
        ("http://host:80/x", "http://host:80/x", None),
        ("http://me:pass%20word@host:80/x", "http://host:80/x", f"Basic {BASIC}"),
        ("http://me@host", "http://host", f"Basic {base64.b64encode(b'me:').decode()}"),
        ("https://a:b@c@host", "https://host", f"Basic {base64.b64encode(b'a:b@c').decode()}"),
    ],
)
def test_user_and_password_of_a_url_become_a_header(url, plain, sent):
    """As clients send them."""
    found, headers = without_userinfo(url)
    assert found == plain
    assert headers == ((("Authorization", sent),) if sent else ())


@pytest.mark.parametrize(
    ("headers", "shown", "hidden"),
    [
        ((("Authorization", "Bearer abcdef"),), "no", "Bearer abcdef"),
        ((("Authorization", "Bearer abcdef"),), "no", "abcdef"),
        ((("Authorization", f"Basic {BASIC}"),), "no", "me:pass word"),
        ((("Authorization", f"Basic {BASIC}"),), "no", "pass word"),
        ((("x-api-key", "k-12345"),), "no", "k-12345"),
        ((("Cookie", "id=12345"),), "no", "id=12345"),
        ((("X-Amz-Security-Token", "toktok"),), "no", "toktok"),
        ((("Proxy-Authorization", "Basic ???"),), "no", "Basic ???"),
    ],
)
def test_a_reply_is_shown_without_them(headers, shown, hidden):
    """Wherever they stand in it: in its body, a header, a failure, in what follows it."""
    said = f"{shown}: {hidden}"
    reply = Reply(
        status=400,
        headers=(("X", said),),
        body=said.encode(),
        failure="x",
        detail=said,
        stray=said,
        before=said,
    )
    found = Secrets(headers).hidden(reply)
    want = f"{shown}: {HIDDEN}"
    assert found.headers == (("X", want),)
    assert (found.body, found.detail, found.stray, found.before) == (
        want.encode(),
        *[want] * 3,
    )


@pytest.mark.parametrize("headers", [(), (("Origin", "production"),), (("X-Key", "1"),)])
def test_what_is_no_secret_stays(headers):
    """Neither plain headers, nor values that stand in any text."""
    reply = Reply(body=b"production 1")
    assert Secrets(headers).hidden(reply) == reply


@pytest.mark.parametrize(
    ("userinfo", "headers", "sent"),
    [
        ("", (), "AWS4 dummy"),
        ("me:pass%20word@", (), f"Basic {BASIC}"),
        ("", (("authorization", "Bearer abcdef"),), "Bearer abcdef"),
        ("me:pass%20word@", (("Authorization", "Bearer abcdef"),), "Bearer abcdef"),
    ],
)
def test_one_authorization_is_sent(serve_replies, whole_reply, userinfo, headers, sent):
    """The user's own in place of the signature; the URL is plain. Whoever shows a reply hides it."""
    server = serve_replies(whole_reply(f"you are {sent}".encode()))
    url = server.url.replace("http://", f"http://{userinfo}")
    target = HttpTarget(url, headers=headers)
    reply = target.send(Message(headers=(("Authorization", "AWS4 dummy"),)))
    target.close()
    found = [value for name, value in server.received[0].headers if name.lower() == "authorization"]
    assert found == [sent]
    assert target.url == server.url
    assert reply.body == f"you are {sent}".encode()


TOKEN = "t0ken-of/mine"
SHORT = "a-t0ken"


@pytest.mark.parametrize("name", ["X-Whatever", "X-Api-Key"])
def test_the_value_of_any_header_is_told_by_no_exchange(name):
    """However it is named; it is judged as it came."""
    body = b'{"ArchiveId": "t0ken-of\\/mine", "message": "t0ken-of%2Fmine"}'

    def app(environ, start_response):
        start_response("200 OK", [("Content-Type", "application/x-amz-json-1.0")])
        return [body]

    op = operation("mailmanager:CreateArchive")
    with closing(wsgi_target(app, headers=((name, TOKEN),))) as target:
        exchange = Exchange(wire_of(op), target, region="us-east-1")
        seen = exchange.send_request({"ArchiveName": "n"})
    assert b"mine" not in seen.reply.body
    assert seen.answer.kind == "result"


@pytest.mark.parametrize("name", ["X-Whatever", "X-Api-Key"])
@pytest.mark.parametrize(("of", "found"), [("what came", []), ("another", ["wire.connection"])])
def test_a_reply_with_a_secret_is_judged_by_the_bytes_that_came(name, of, found):
    """By its checksum, and by limits that the mark in its place would break."""
    body = json.dumps({"ArchiveId": SHORT}).encode()
    checksum = zlib.crc32(body if of == "what came" else b"another")

    def app(environ, start_response):
        headers = [("Content-Type", "application/x-amz-json-1.0"), ("x-amz-crc32", str(checksum))]
        start_response("200 OK", headers)
        return [body]

    op = operation("mailmanager:CreateArchive")
    with closing(wsgi_target(app, headers=((name, SHORT),))) as target:
        seen = Exchange(wire_of(op), target, region="us-east-1").send_request({})
    assert [id for id, _ in seen.answer.faults] == found
    assert SHORT not in repr((seen.reply, seen.answer.faults))


@pytest.mark.parametrize("room", range(170, 200))
def test_a_secret_that_an_explanation_cuts_is_not_shown_in_part(room):
    """Of a page the first two hundred characters are told, wherever they end."""
    secret = "s3cret" * 10

    def app(environ, start_response):
        start_response("500 No", [("Content-Type", "text/plain")])
        return [b"x" * room + secret.encode()]

    op = operation("mailmanager:CreateArchive")
    with closing(wsgi_target(app, headers=(("X-Api-Key", secret),))) as target:
        seen = Exchange(wire_of(op), target, region="us-east-1").send_request({})
    assert "s3c" not in seen.answer.text


@pytest.mark.parametrize("name", ["Accept", "Host", "X-Amz-Date"])
def test_headers_that_nobody_keeps_to_themselves_hide_nothing(name):
    """A media type stands in every reply."""
    reply = Reply(body=b"application/json")
    assert Secrets(((name, "application/json"),)).hidden(reply) == reply
