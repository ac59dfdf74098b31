"""Whom a connection over TLS trusts, and who we say we are."""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass
from pathlib import Path

from contract_kit.errors import UsageError

VARIABLES = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Environment variables with certificates to trust, in a file or a folder; all that are set count.

The first two are those of botocore and the AWS CLI, the third is curl's, which like OpenSSL itself
reads SSL_CERT_FILE and SSL_CERT_DIR as well.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """Settings of connections over TLS.

    cacert: a PEM file, or a folder as OpenSSL indexes it, with the certificates to trust, in place
        of the system's. insecure: trust whatever certificate the server has.
    cert, key: PEM files with the client's own certificate and its key; without `key`, `cert` holds
        both.
    """

    cacert: str | None = None
    insecure: bool = False
    cert: str | None = None
    key: str | None = None

    def context(self) -> ssl.SSLContext:
        """The settings as OpenSSL takes them; raises UsageError for a file that cannot be used."""
        context = self._trusting()
        if self.cert is not None:
            try:
                context.load_cert_chain(self.cert, self.key, password=_no_password)
            except (OSError, ValueError) as error:
                raise UsageError(
                    f"the client certificate {self.cert} cannot be used: {_said(error)}; give PEM "
                    "files with --cert and --key, the key without a password"
                ) from None
        elif self.key is not None:
            raise UsageError("a key needs its certificate; give it with --cert")
        if self.insecure:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def _trusting(self) -> ssl.SSLContext:
        named = {} if self.insecure else self._bundles()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if self.cacert is None and not self.insecure:
            # OpenSSL's own, or what its variables name in place of them.
            context.load_default_certs()
        for path, source in named.items():
            where = "capath" if Path(path).is_dir() else "cafile"
            try:
                context.load_verify_locations(**{where: path})
            except OSError as error:
                raise UsageError(
                    f"{source} {path}: {_said(error)}; give a PEM file of certificates to trust"
                ) from None
            # A named certificate is trusted, no matter who signed it.
            context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
        return context

    def _bundles(self) -> dict[str, str]:
        """Paths of the certificates to trust beside the system's, and what names each."""
        if self.cacert is not None:
            return {self.cacert: "--cacert"}
        return {path: name for name in VARIABLES if (path := os.environ.get(name))}


def _no_password() -> str:
    """In place of a question on the terminal."""
    return ""


def _said(error: Exception) -> str:
    if isinstance(error, OSError) and not isinstance(error, ssl.SSLError) and error.strerror:
        return error.strerror
    return "it contains no PEM certificate" if isinstance(error, ssl.SSLError) else str(error)


def untrusted(error: ssl.SSLCertVerificationError) -> str:
    """Why a certificate is not trusted, in words."""
    reason = getattr(error, "verify_message", "") or str(error)
    return f"the server's certificate is not trusted: {reason.rstrip('.')}"
