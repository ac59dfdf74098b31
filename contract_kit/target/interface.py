"""The interface of a target, and which hosts traffic may go to."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable
from urllib.parse import urlsplit

import httpx2

from contract_kit.errors import AwsHost, UsageError
from contract_kit.wire.address import UNIX, UNIX_HOST, socket_path
from contract_kit.wire.message import Headers, Message, Reply

AWS_DOMAINS = (
    "aws.amazon.com",
    "amazoncognito.com",
    "amazonaws.com",
    "amazonaws.com.cn",
    "amazonaws.eu",
    "amazonaws-us-gov.com",
    "api.aws",
    "api.aws.hci.ic.gov",
    "api.aws.ic.gov",
    "api.aws.scloud",
    "api.cloud-aws.adc-e.uk",
    "amazonwebservices.com.cn",
    "amazonwebservices.eu",
    "aws.dev",
    "on.aws",
    "awsapps.com",
    "c2s.ic.gov",
    "sc2s.sgov.gov",
    "csp.hci.ic.gov",
    "cloud.adc-e.uk",
    "instance-data",
    "instance-data.ec2.internal",
)
"""Domains of AWS: those of the partitions in botocore's data, of hosted functions, of consoles and
sign-in, and the names of the metadata service."""

AWS_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in ("169.254.169.0/24", "169.254.170.0/24", "fd00:ec2::/32")
)
"""Addresses at which AWS's own machines find metadata and credentials.

Source: the user guides of EC2 (169.254.169.254, fd00:ec2::254), ECS (169.254.170.2) and EKS
(169.254.170.23, fd00:ec2::23).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """The abilities of a target, and the user's additions to each message.

    in_process: it runs in our own process, where no time-out interrupts what it computes.
    reached_by_url: others than this process reach it at its URL, and may.
    may_be_starting: somebody else starts it, so that it may not be there yet.
    headers: those that the user adds; no report shows their values.
    another: opens the same target over a connection of its own; None where it takes one message
        at a time.

    >>> Abilities(in_process=True, reached_by_url=False).headers
    ()
    """

    in_process: bool = False
    reached_by_url: bool = True
    may_be_starting: bool = False
    headers: Headers = ()
    another: Callable[[], Target] | None = None

    @property
    def header_names(self) -> tuple[str, ...]:
        """Names of the headers that the user adds."""
        return tuple(name for name, _ in self.headers)


@runtime_checkable
class Target(Protocol):
    """Something that answers messages.

    >>> from contract_kit import operation
    >>> from contract_kit.target import target_of
    >>> target = target_of("http://127.0.0.1:8000", operation("mailmanager:GetArchive"))
    >>> isinstance(target, Target), target.url
    (True, 'http://127.0.0.1:8000')
    >>> target.close()
    """

    @property
    def url(self) -> str:
        """Where the target is; also what signatures are made for."""

    @property
    def abilities(self) -> Abilities:
        """The abilities of the target; always the same."""

    def send(self, message: Message, *, timeout: float | None = None) -> Reply:
        """The reply to one message. Never raises: the reply holds any failure.

        timeout: seconds for this exchange, where they are fewer than the target's own.
        """

    def renew(self) -> None:
        """Forgets connections, so that the next message travels on a new one."""

    def close(self) -> None:
        """Frees what the target holds."""


def check_url(url: str, *, allowed_host: str | None = None) -> str:
    """The URL if traffic may go there; raises UsageError.

    allowed_host: a host of AWS that the user named on purpose.
    """
    host = _host(url)
    if not host:
        shown = url.rpartition("@")[2]
        raise UsageError(
            f"{shown!r} is not the URL of a server; write, for example, http://127.0.0.1:8000"
        )
    name = host.rstrip(".").lower()
    if name != (allowed_host or "").rstrip(".").lower() and is_aws_host(name):
        raise AwsHost(host, f"repeat with allowed_host={host!r}")
    return url


def _host(url: str) -> str:
    """The host that we connect to; empty where the URL is none of a server."""
    try:
        if urlsplit(url).scheme == UNIX:
            return UNIX_HOST if socket_path(url).strip("/") else ""
        known = urlsplit(url).scheme in ("http", "https") and urlsplit(url).port != 0
        return host_of(url)[0] if known else ""
    except (ValueError, httpx2.InvalidURL):
        return ""


def host_of(url: str) -> tuple[str, str, int | None]:
    """The host of a URL as it is looked up and as the header `Host` has it, and its port if any.

    Full-width dots, for one, are taken as dots. Raises httpx2.InvalidURL.
    """
    known = httpx2.URL(url)
    return known.raw_host.decode("ascii"), known.netloc.decode("ascii"), known.port


def is_aws_host(host: str) -> bool:
    """Whether a host lies in a domain of AWS, or at an address that AWS gives its own services."""
    address = _address(host)
    if address is not None:
        return any(address in network for network in AWS_NETWORKS)
    return any(host == domain or host.endswith("." + domain) for domain in AWS_DOMAINS)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """A host as an address, in whatever way it is written; None where it is a name."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        try:
            # The system also connects to 2852039166 and 0xa9.0xfe.0xa9.0xfe.
            return ipaddress.IPv4Address(socket.inet_aton(host))
        except (OSError, ValueError):
            return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
