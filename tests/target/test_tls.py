"""Servers behind TLS: certificates count, and the connection is kept as any other."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from contextlib import ExitStack, closing

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from contract_kit.protocol.message import Message
from contract_kit.target.http import HttpTarget


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
    """`target_at(url)`: a target that is closed at the end of the test."""
    with ExitStack() as stack:
        yield lambda url: stack.enter_context(closing(HttpTarget(url, timeout=3)))


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


def test_a_server_that_is_not_trusted_is_unreachable(serve_tls, target_at):
    """Nothing is sent to it."""
    server, url = serve_tls
    target = target_at(url)
    reply = target.send(Message())
    assert reply.failure == "unreachable"
    assert "certificate verify failed" in reply.detail
    assert server.received == []


def test_a_server_without_tls_is_unreachable(serve_replies, whole_reply, target_at):
    """Whatever it answers."""
    server = serve_replies(whole_reply())
    target = target_at(server.url.replace("http:", "https:"))
    assert target.send(Message()).failure in ("unreachable", "timeout")
