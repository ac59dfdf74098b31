"""Options about how requests travel: whom to trust, who asks, how fast, and how long to wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from contract_kit.errors import UsageError
from contract_kit.fuzz.defaults import STARTUP
from contract_kit.fuzz.sending.patience import parse_rate
from contract_kit.target.tls import Tls

C = TypeVar("C", bound=Callable[..., Any])


class Rate(click.ParamType):  # type: ignore[type-arg]
    """`N/s`, `N/m` or `N/h`: requests a second, a minute or an hour."""

    name = "rate"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Requests a second."""
        if isinstance(value, float):
            return value
        try:
            rate = parse_rate(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if not rate:
            self.fail(f"{value!r} is not a rate; write, for example, 10/s", param, ctx)
        return rate


_OPTIONS = (
    click.option(
        "--startup-timeout",
        type=click.FloatRange(0, 86_400),
        default=STARTUP,
        show_default=True,
        metavar="S",
        help="Seconds to wait for the target's first answer.",
    ),
    click.option(
        "--rate-limit",
        type=Rate(),
        metavar="N/s",
        help="Send at most N requests a second (or N/m, N/h).",
    ),
    click.option("--access-key", metavar="ID", help="Key id to sign requests with."),
    click.option("--secret-key", metavar="SECRET", help="Secret of --access-key."),
    click.option("--session-token", metavar="TOKEN", help="Session token of --access-key, if any."),
    click.option("--cacert", metavar="FILE", help="PEM file of certificates to trust."),
    click.option("--insecure", is_flag=True, help="Trust any certificate."),
    click.option("--cert", metavar="FILE", help="PEM file with the client's own certificate."),
    click.option(
        "--key", metavar="FILE", help="PEM file with the key of --cert, unless that file has it."
    ),
)


def request_options(command: C) -> C:
    """Gives a command these options; `RequestOptions.of` takes what they hold."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestOptions:
    """The values of the options.

    credentials: key id, secret and perhaps session token; empty for those of no one.
    tls_words, words: the options for TLS, and the others but credentials, as words of a command
    that repeats them.
    """

    startup_timeout: float
    rate: float | None
    credentials: tuple[str, ...]
    tls: Tls
    tls_words: tuple[str, ...]
    words: tuple[str, ...]

    @classmethod
    def of(cls, given: dict[str, Any]) -> RequestOptions:
        """From the arguments of a command; raises UsageError."""
        names = ("cacert", "insecure", "cert", "key")
        tls = Tls(**{name: given[name] for name in names})
        return cls(
            startup_timeout=given["startup_timeout"],
            rate=given["rate_limit"],
            credentials=_credentials(
                given["access_key"], given["secret_key"], given["session_token"]
            ),
            tls=tls,
            tls_words=_tls_words(tls),
            words=_words(given["startup_timeout"], given["rate_limit"]),
        )


def _credentials(
    access_key: str | None, secret_key: str | None, session_token: str | None
) -> tuple[str, ...]:
    if access_key is None and secret_key is None and session_token is None:
        return ()
    if not access_key or not secret_key:
        missing = "--secret-key" if access_key else "--access-key"
        raise UsageError(f"requests are signed with a key id and its secret; give {missing} too")
    credentials = (access_key, secret_key, *((session_token,) if session_token else ()))
    for text in credentials:
        if not text.isascii() or not text.isprintable() or " " in text:
            raise UsageError(
                "--access-key, --secret-key, --session-token: one has characters that no "
                "header can carry; use plain ASCII"
            )
    return credentials


def _tls_words(tls: Tls) -> tuple[str, ...]:
    pairs = (("--cacert", tls.cacert), ("--cert", tls.cert), ("--key", tls.key))
    words = (word for name, value in pairs if value is not None for word in (name, value))
    return (*words, *(("--insecure",) if tls.insecure else ()))


def _words(startup_timeout: float, rate: float | None) -> tuple[str, ...]:
    waits = ("--startup-timeout", f"{startup_timeout:g}") if startup_timeout != STARTUP else ()
    return (*waits, *(("--rate-limit", f"{rate:.10g}/s") if rate else ()))
