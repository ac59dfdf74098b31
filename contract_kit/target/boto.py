"""boto3 clients: each message takes the place of what the client was about to send.

The client's own hooks see the message, so that whoever answers in its place, as moto does, goes on
answering. Where no one does, the message goes to the client's endpoint.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from botocore import UNSIGNED, xform_name
from botocore.awsrequest import AWSResponse, HeadersDict
from botocore.client import BaseClient

from contract_kit.cases.good_request import GoodRequest
from contract_kit.contract.operation import Operation
from contract_kit.errors import UsageError
from contract_kit.target.failures import USER_AGENT, most_of, raised, too_long
from contract_kit.target.http import HttpTarget
from contract_kit.target.interface import Abilities, is_aws_host
from contract_kit.target.tls import Tls
from contract_kit.wire.address import url_of
from contract_kit.wire.message import Headers, Message, Reply, with_own_headers

UNANSWERED = "x-contract-kit-unanswered"
"""A header of the answer that is taken only where nobody answers in the endpoint's place."""


class BotoTarget:
    """A client of boto3 or botocore, left as it was after each message.

    timeout: seconds of an exchange with the endpoint. allowed_host: a host of AWS that messages
    may go to; without it they are kept from AWS where nobody answers in its place.
    tls: whom to trust at the endpoint; by default as the client does.
    Raises UsageError for a client that does not know the operation.
    """

    def __init__(
        self,
        client: BaseClient,
        operation: Operation,
        *,
        timeout: float = 5.0,
        headers: Headers = (),
        allowed_host: str | None = None,
        tls: Tls | None = None,
    ) -> None:
        service = client.meta.service_model
        if operation.name not in service.operation_names:
            raise UsageError(
                f"the client of {service.service_name} has no operation {operation.name}; "
                f"give one of {operation.id.partition(':')[0]}"
            )
        self._client = client
        self._call = getattr(client, xform_name(operation.name))
        self._name = operation.name
        # The client checks and writes this request; then the kit replaces its message.
        self._request = GoodRequest(operation, {}, None).smallest()
        self._headers = headers
        self._allowed = (allowed_host or "").lower()
        self._endpoint = HttpTarget(
            client.meta.endpoint_url, timeout=timeout, headers=headers, tls=tls or _tls_of(client)
        )
        self._host = (urlsplit(self.url).hostname or "").rstrip(".")
        self._is_of_aws = is_aws_host(self._host)
        # AWS itself is not asked, whoever answers in its place here, and so never starts.
        self.abilities = Abilities(
            in_process=True,
            reached_by_url=not self._is_of_aws,
            may_be_starting=not self._is_of_aws,
            headers=headers,
        )

    @property
    def url(self) -> str:
        """The client's endpoint."""
        return self._endpoint.url

    def send(self, message: Message, *, timeout: float | None = None) -> Reply:
        """Sends a message through the client's hooks, or to its endpoint."""
        reply = self._through_hooks(message)
        return self._to_endpoint(message, timeout) if reply is None else reply

    def _through_hooks(self, message: Message) -> Reply | None:
        """The answer of the client's hooks; None if none answers."""
        events = self._client.meta.events
        service = self._client.meta.service_model.service_id.hyphenize()
        hooks = (
            (events.register_first, f"choose-signer.{service}.{self._name}", _unsigned),
            (events.register_first, f"before-send.{service}.{self._name}", self._put(message)),
            (events.register_last, "before-send", _unanswered),
            (events.register_first, f"before-parse.{service}.{self._name}", _stop(message)),
            (events.register_first, f"response-received.{service}.{self._name}", _fail),
        )
        for register, event, hook in hooks:
            register(event, hook)
        try:
            self._call(**self._request)
        except _Answered as answered:
            return answered.reply
        except (Exception, SystemExit) as error:
            # A hook of the user's, or an emulator that ends the process.
            return raised(error)
        else:
            detail = "the client answers before a message is made; give one without a Stubber"
            return Reply(failure="not-expressible", detail=detail)
        finally:
            for _, event, hook in hooks:
                events.unregister(event, hook)

    def _put(self, message: Message) -> Callable[..., None]:
        """The hook that puts a message in place of the one that the client made."""

        def replace(request: Any, **_: object) -> None:
            request.method = message.method
            request.url = url_of(self.url, message.path)
            request.body = message.body
            request.headers = HeadersDict(
                (
                    ("User-Agent", USER_AGENT),
                    ("Content-Length", str(len(message.body))),
                    *with_own_headers(message.headers, self._headers),
                )
            )

        return replace

    def _to_endpoint(self, message: Message, timeout: float | None) -> Reply:
        host = self._host
        if self._is_of_aws and host != self._allowed:
            detail = f"no mock answers in place of {host}, and AWS itself is not asked"
            return Reply(failure="unreachable", detail=detail)
        return self._endpoint.send(message, timeout=timeout)

    def renew(self) -> None:
        """Lets the next message travel to the endpoint on a new connection."""
        self._endpoint.renew()

    def close(self) -> None:
        """Closes the connection of ours; the client stays open."""
        self._endpoint.close()


class _Answered(BaseException):
    """Ends a call of the client as soon as there is a reply: nothing is parsed, nothing retried.

    No Exception, since the client keeps those for itself. reply: None if nobody answered.
    """

    def __init__(self, reply: Reply | None) -> None:
        self.reply = reply


def _unsigned(**_: object) -> Any:
    """The message is signed already; the user's credentials are not needed, nor sent."""
    return UNSIGNED


def _unanswered(request: Any, **_: object) -> AWSResponse:
    """The reply that the client gets if no other hook gave one: never the network's."""
    return AWSResponse(request.url, 200, HeadersDict({UNANSWERED: "1"}), _Empty())


class _Empty:
    """A body of no bytes."""

    def stream(self, **_: object) -> list[bytes]:
        """No parts."""
        return []


def _fail(exception: BaseException | None, **_: object) -> None:
    """Takes what an emulator in our own process raised, before the client tries again."""
    if exception is not None:
        raise _Answered(raised(exception))


def _stop(message: Message) -> Callable[..., None]:
    """The hook that takes the reply to a message off the client before it is parsed."""
    most = most_of(message)

    def stop(response_dict: dict[str, Any], **_: object) -> None:
        headers = response_dict["headers"]
        if UNANSWERED in headers:
            raise _Answered(None)
        body = response_dict["body"]
        content = body if isinstance(body, bytes) else body.read(most + 1)
        if len(content) > most:
            raise _Answered(too_long(most))
        raise _Answered(
            Reply(
                status=response_dict["status_code"],
                headers=tuple((str(name), str(value)) for name, value in headers.items()),
                body=content,
            )
        )

    return stop


def _tls_of(client: BaseClient) -> Tls:
    """Whom a client trusts, by its `verify` and what AWS's settings say, and who it says it is.

    botocore shows that nowhere in public.
    """
    session = getattr(getattr(client, "_endpoint", None), "http_session", None)
    verify = getattr(session, "_verify", True)
    return Tls(
        cacert=verify if isinstance(verify, str) else None,
        insecure=verify is False,
        cert=getattr(session, "_cert_file", None),
        key=getattr(session, "_key_file", None),
    )
