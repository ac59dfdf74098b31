"""A command line that sends one message again: any shell, no contract-kit needed."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

from contract_kit.wire.address import prefixed_host, socket_path, url_of
from contract_kit.wire.message import Message

LONGEST_ARGUMENT = 32_000
"""Bytes of a body that fit on a command line; kernels limit one argument to 128 KiB."""


_NUMBER = re.compile(r"(\{seq(?:12)?\})")

_FRESH = {"{seq}": '"$(date +%s)"', "{seq12}": '"00$(date +%s)"'}
"""Numbers that no earlier request had, as words of a shell command."""

_FILLED = 'sed "s/{seq12}/00$(date +%s)/g; s/{seq}/$(date +%s)/g"'
"""Fills such numbers into what is piped through it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """The scope of a signature. variables: names of those that hold the user's own credentials;
    without them, dummy credentials sign."""

    region: str
    service: str
    variables: tuple[str, ...] = ()

    def words(self) -> str:
        """The options for curl."""
        options = shlex.join(["--aws-sigv4", f"aws:amz:{self.region}:{self.service}"])
        if not self.variables:
            return f"{options} --user AKIDEXAMPLE:contract-kit"
        key, secret, *token = self.variables
        more = "".join(f' -H "X-Amz-Security-Token: ${name}"' for name in token)
        return f'{options} --user "${key}:${secret}"{more}'


def curl_line(
    message: Message,
    url: str,
    *,
    signing: Signing,
    cases: str | None,
    own: tuple[str, ...] = (),
    options: tuple[str, ...] = (),
) -> str:
    """The command that sends a message to `url`, with fresh numbers where it had such.

    own: names of headers that the user adds, whose values may be secrets and come from variables.
    options: others for curl.
    cases: the `contract-kit cases` command that prints the body where it is too long to show; None
        where there is none, so that the shell itself prints it.
    """
    url, where = url_of(url, message.path), socket_path(url)
    words = ["curl", "-sS", "-i", "-X", message.method, *options]
    words += ["--unix-socket", where] if where else []
    command = shlex.join(words)
    if not any(name.lower() == "authorization" for name in own):
        command += f" {signing.words()}"
    if host := prefixed_host(url, message.host_prefix):
        command += f" -H {shlex.quote(f'Host: {host}')}"
    command += "".join(f" {word}" for word in _header_words(message, own))
    is_long = len(message.body) > LONGEST_ARGUMENT
    if is_long and cases is not None:
        filled = f"{cases} | {_FILLED}" if message.template else cases
        return f"{filled} | {command} {shlex.join(['--data-binary', '@-', url])}"
    body = None if is_long else _text(message.template or message.body)
    if body is None:
        piped = f"{command} {shlex.join(['--data-binary', '@-', url])}"
        return f"printf '{_octal(message.body)}' | {piped}"
    word = _fresh_word(body) if message.template else shlex.quote(body)
    return f"{command} --data-raw {word} {shlex.quote(url)}"


def _header_words(message: Message, own: tuple[str, ...]) -> list[str]:
    words = []
    for name, value in message.headers:
        words += ["-H", shlex.quote(f"{name}: {value}" if value else f"{name};")]
    if not any(name.lower() == "content-type" for name, _ in message.headers):
        # Without this curl would add a type of its own.
        words += ["-H", "Content-Type:"]
    return [*words, *(f"-H {header_word(name, ' ')}" for name in own)]


def _fresh_word(body: str) -> str:
    """A body as one word of a shell command, with fresh numbers in place of the marks for them."""
    return "".join(
        _FRESH[part] if part in _FRESH else shlex.quote(part)
        for part in _NUMBER.split(body)
        if part
    )


def header_word(name: str, blank: str = "") -> str:
    """A header as a word of a shell command, its value that of a variable named after it."""
    variable = re.sub(r"\W|^(?=\d)", "_", name, flags=re.ASCII).upper()
    return f'{shlex.quote(f"{name}:{blank}")}"${variable}"'


def _text(body: bytes) -> str | None:
    """A body as text that survives a terminal and a clipboard, or None."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return text if text.isprintable() else None


def _octal(body: bytes) -> str:
    """A body for printf: in octal, all but plain ASCII that printf leaves as it is."""
    plain = {code for code in range(32, 127) if chr(code) not in "\\%'-"}
    return "".join(chr(code) if code in plain else f"\\{code:03o}" for code in body)
