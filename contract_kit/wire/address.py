"""Where a message goes: the URL that the user gave, its path and query kept as they are."""

from __future__ import annotations

import string
from urllib.parse import quote, unquote, urlsplit, urlunsplit

UNIX = "http+unix"
"""The scheme of a Unix socket, whose percent-encoded path replaces the host."""

UNIX_HOST = "localhost"
"""The host that HTTP over a Unix socket names."""


def url_of(base: str, path: str) -> str:
    """The URL of a message below a base URL, as HTTP and signatures have it.

    base: as the user gave it; `/aws` stays `/aws`, `/aws/` stays `/aws/`, and a query stays behind
    the path. path: of the message, with its own query if it has one.

    >>> url_of("http://localhost:4566/aws?api_key=Q", "/")
    'http://localhost:4566/aws?api_key=Q'
    """
    parts = urlsplit(base)
    own, _, query = path.partition("?")
    scheme, netloc, root = parts.scheme, parts.netloc, parts.path
    if scheme == UNIX:
        scheme, netloc, root = "http", UNIX_HOST, root if netloc else ""
    full = root.rstrip("/") + own if own.strip("/") else root or "/"
    queries = "&".join(text for text in (parts.query, query) if text)
    return urlunsplit((scheme, netloc, full, queries, ""))


def prefixed_host(base: str, prefix: str) -> str:
    """The header `Host` for an operation that puts a prefix before the host; empty where none goes.

    Only names of a domain have names below them: not addresses, not `localhost`, not sockets.

    >>> prefixed_host("https://api.example.com:8443/aws", "data-")
    'data-api.example.com:8443'
    """
    parts = urlsplit(base)
    name = parts.hostname or ""
    is_domain = "." in name.strip(".") and not name.replace(".", "").isdigit() and ":" not in name
    if not prefix or parts.scheme == UNIX or not is_domain:
        return ""
    return prefix + parts.netloc.rpartition("@")[2]


def request_target(url: str) -> str:
    """Path and query of a URL for a request line: nothing is removed from them."""
    parts = urlsplit(url)
    path = parts.path or "/"
    target = f"{path}?{parts.query}" if parts.query else path
    # Characters that no request line can hold are encoded; a percent sign counts as an escape.
    return quote(target, safe=string.punctuation)


def socket_path(base: str) -> str:
    """The Unix socket of a base URL, empty where it names a host."""
    parts = urlsplit(base)
    if parts.scheme != UNIX:
        return ""
    return unquote(parts.netloc or parts.path)
