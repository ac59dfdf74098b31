"""Servers behind TLS: certificates count, and the connection is kept as any other."""

from __future__ import annotations

import datetime
import ipaddress
import os
import ssl
from contextlib import ExitStack, closing

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from contract_kit.errors import UsageError
from contract_kit.target.http import HttpTarget
from contract_kit.target.tls import VARIABLES, Tls
from contract_kit.wire.message import Message


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch):
    """Whatever the machine trusts."""
    for name in (*VARIABLES, "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A file with a key, and a certificate of 127.0.0.1 that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def target_at():
    """`target_at(url, **tls)`: a target that is closed at the end of the test."""
    with ExitStack() as stack:
        yield lambda url, **tls: stack.enter_context(
            closing(HttpTarget(url, timeout=30, tls=Tls(**tls)))
        )


@pytest.fixture
def serve_tls(serve, whole_reply, certificate):
    """A server that speaks TLS on each connection; what it received, and its URL."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def script(talk, seen):
        try:
            secure = context.wrap_socket(talk.connection, server_side=True)
            with (
                secure,
                secure.makefile("rb") as talk.rfile,
                secure.makefile("wb", 0) as talk.wfile,
            ):
                while (request := talk.read()) is not None:
                    seen.received.append(request)
                    talk.write(whole_reply(b"{}"))
        except OSError:
            # The client did not like the certificate.
            return

    server = serve(script)
    return server, server.url.replace("http:", "https:")


def test_a_server_with_a_certificate_that_is_trusted_answers(
    serve_tls, certificate, target_at, monkeypatch
):
    """Over one connection, however many messages."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server, url = serve_tls
    target = target_at(url)
    large = Message(body=b"x" * 300_000)
    assert [target.send(message).body for message in (Message(), large, Message())] == [b"{}"] * 3
    assert server.connections == 1
    assert [len(request.body) for request in server.received] == [0, 300_000, 0]


def test_a_server_that_is_not_trusted_is_told_as_such(serve_tls, target_at):
    """Nothing is sent to it."""
    server, url = serve_tls
    target = target_at(url)
    reply = target.send(Message())
    assert reply.failure == "untrusted"
    assert reply.detail == "the server's certificate is not trusted: self-signed certificate"
    assert server.received == []


def test_a_server_without_tls_is_told_as_such(serve, whole_reply, target_at):
    """Whatever it answers."""

    def script(talk, seen):
        talk.connection.recv(1)
        talk.write(whole_reply(status="400 Bad Request"))

    server = serve(script)
    target = target_at(server.url.replace("http:", "https:"))
    reply = target.send(Message())
    assert (reply.failure, "write http://" in reply.detail) == ("wrong-scheme", True)


@pytest.mark.parametrize("name", [*VARIABLES, "SSL_CERT_FILE"])
def test_the_variables_of_other_clients_name_whom_to_trust(
    serve_tls, certificate, target_at, monkeypatch, name
):
    """Those that AWS's clients and curl read."""
    monkeypatch.setenv(name, str(certificate))
    assert target_at(serve_tls[1]).send(Message()).status == 200


@pytest.mark.parametrize("trusts", ["cacert", "insecure"])
def test_settings_name_whom_to_trust(serve_tls, certificate, target_at, trusts):
    """One file of certificates, or anybody."""
    tls = {"cacert": str(certificate)} if trusts == "cacert" else {"insecure": True}
    target = target_at(serve_tls[1], **tls)
    assert target.send(Message()).status == 200
    with closing(target.another()) as other:
        assert other.send(Message()).status == 200


def test_a_setting_wins_over_a_variable(serve_tls, certificate, target_at, monkeypatch, tmp_path):
    """Who names a file trusts nobody else."""
    other = tmp_path / "other.pem"
    other.write_text(ssl.get_server_certificate(("127.0.0.1", serve_tls[0].port)))
    monkeypatch.setenv("AWS_CA_BUNDLE", "/no/such/file")
    assert target_at(serve_tls[1], cacert=str(other)).send(Message()).status == 200


@pytest.mark.parametrize(
    ("tls", "says"),
    [
        ({"cacert": "/no/such/file"}, "--cacert /no/such/file: No such file"),
        ({"cacert": os.devnull}, f"--cacert {os.devnull}: it contains no PEM certificate"),
        ({"cert": "/no/such/file"}, "client certificate /no/such/file cannot be used: No such"),
        ({"key": "/no/such/file"}, "a key needs its certificate; give it with --cert"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line(tls, says):
    """Before anything is sent."""
    with pytest.raises(UsageError, match=says):
        HttpTarget("https://127.0.0.1:9", tls=Tls(**tls))


@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_client_certificate_is_shown_to_who_asks_for_it(
    serve, whole_reply, certificate, target_at, newest
):
    """A server that wants one talks to nobody else: it says so as soon as its version lets it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = newest
    context.load_cert_chain(certificate)
    context.load_verify_locations(certificate)
    context.verify_mode = ssl.CERT_REQUIRED

    def script(talk, seen):
        try:
            with context.wrap_socket(talk.connection, server_side=True) as secure:
                secure.recv(65536)
                secure.sendall(whole_reply())
        except OSError:
            return

    url = serve(script).url.replace("http:", "https:")
    trusted = {"cacert": str(certificate)}
    reply = target_at(url, **trusted).send(Message())
    assert reply.failure == "refused-tls"
    assert reply.detail.startswith("the server refuses TLS with us: ")
    assert target_at(url, cert=str(certificate), **trusted).send(Message()).status == 200


def test_a_server_that_speaks_tls_is_told_as_such(serve_tls, target_at):
    """Where the URL says http."""
    reply = target_at(serve_tls[0].url).send(Message())
    assert (reply.failure, "write https://" in reply.detail) == ("wrong-scheme", True)


def test_a_server_that_answers_in_plain_text_that_it_speaks_tls_is_understood(
    serve_replies, whole_reply, target_at
):
    """As common servers do."""
    page = b"<h1>400</h1>The plain HTTP request was sent to HTTPS port"
    server = serve_replies(whole_reply(page, status="400 Bad Request"))
    assert target_at(server.url).send(Message()).failure == "wrong-scheme"
