"""A command line that sends one message again: any shell, no contract-kit needed."""

from __future__ import annotations

import re
import shlex

from contract_kit.protocol.address import prefixed_host, socket_path, url_of
from contract_kit.protocol.message import Message

LONGEST_ARGUMENT = 32_000
"""Bytes of a body that stand on a command line; kernels limit one argument to 128 KiB."""


def curl_line(
    message: Message,
    url: str,
    *,
    region: str,
    service: str,
    cases: str | None,
    own: tuple[str, ...] = (),
) -> str:
    """The command that sends a message to `url`, signed with credentials of no one.

    own: names of headers that the user adds, whose values may be secrets and come from variables.

    cases: the `contract-kit cases` command that prints the body where it is too long to show; None
        where there is none, so that the shell itself prints it.
    """
    words = ["curl", "-sS", "-i", "-X", message.method]
    if not any(name.lower() == "authorization" for name in own):
        words += ["--aws-sigv4", f"aws:amz:{region}:{service}"]
        words += ["--user", "AKIDEXAMPLE:contract-kit"]
    if host := prefixed_host(url, message.host_prefix):
        words += ["-H", f"Host: {host}"]
    for name, value in message.headers:
        words += ["-H", f"{name}: {value}" if value else f"{name};"]
    if not any(name.lower() == "content-type" for name, _ in message.headers):
        # Without this curl would add a type of its own.
        words += ["-H", "Content-Type:"]
    command = " ".join([shlex.join(words), *(f"-H {header_word(name, ' ')}" for name in own)])
    socket = socket_path(url)
    if socket:
        command = f"{command} {shlex.join(['--unix-socket', socket])}"
    url = url_of(url, message.path)
    is_long = len(message.body) > LONGEST_ARGUMENT
    if is_long and cases is not None:
        return f"{cases} | {command} {shlex.join(['--data-binary', '@-', url])}"
    body = None if is_long else _text(message.body)
    if body is None:
        piped = f"{command} {shlex.join(['--data-binary', '@-', url])}"
        return f"printf '{_octal(message.body)}' | {piped}"
    return f"{command} {shlex.join(['--data-raw', body, url])}"


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
    """A body for printf: what is not plain ASCII, and what printf reads, in octal."""
    plain = {code for code in range(32, 127) if chr(code) not in "\\%'-"}
    return "".join(chr(code) if code in plain else f"\\{code:03o}" for code in body)
