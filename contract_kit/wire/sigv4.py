"""Signs messages with Signature Version 4 and credentials that belong to no one."""

from __future__ import annotations

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from contract_kit.contract.operation import Operation
from contract_kit.wire.address import prefixed_host, url_of
from contract_kit.wire.message import Message

DUMMY = Credentials("AKIDEXAMPLE", "contract-kit")
"""Never the user's own: traffic goes to implementations under test only."""


class Signer:
    """Signs messages for one host. region and service make up the scope of the signature.

    credentials: access key id and secret, and a session token if there is one.
    """

    def __init__(
        self,
        operation: Operation,
        url: str,
        region: str,
        *,
        credentials: tuple[str, ...] = (),
    ) -> None:
        self._url = url
        known = Credentials(*credentials) if credentials else DUMMY
        self._auth = SigV4Auth(known, operation.signing_name, region)

    def sign(self, message: Message) -> Message:
        """The message with its signature in headers; what it held of them is replaced."""
        if host := prefixed_host(self._url, message.host_prefix):
            message = message.with_header("Host", host)
        request = AWSRequest(
            method=message.method,
            url=url_of(self._url, message.path),
            data=message.body,
            headers=dict(message.headers),
        )
        self._auth.add_auth(request)
        signed = dict(request.headers)
        for name in ("X-Amz-Date", "X-Amz-Security-Token", "Authorization"):
            if name in signed:
                message = message.with_header(name, signed[name])
        return message
