"""`--fix`: writes safe fixes into the file and leaves everything else in it as it is."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from contract_kit.errors import SourceError
from contract_kit.files import Changed, write_file
from contract_kit.requestfile.files import UnreadableFile
from contract_kit.requestfile.finding import FileFinding, Fix, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One fix that was made. span: of the old text."""

    file: str
    span: Span
    old: str
    new: str


def safe_fixes(findings: Iterable[FileFinding]) -> tuple[Fix, ...]:
    """The fixes that change nothing but the case of letters, each place once, in order."""
    fixes = {
        finding.fix.span.start: finding.fix
        for finding in findings
        if finding.fix is not None and finding.fix.safe
    }
    return tuple(fixes[start] for start in sorted(fixes))


def mended(text: str, fixes: Iterable[Fix]) -> str:
    """The text with each fix in its place."""
    parts, end = [], 0
    for fix in fixes:
        parts += [text[end : fix.span.start], fix.replacement]
        end = fix.span.end
    return "".join([*parts, text[end:]])


def changes_of(file: str, text: str, fixes: Iterable[Fix]) -> list[Change]:
    """The changes of the fixes, for people."""
    return [
        Change(
            file=file,
            span=fix.span,
            old=text[fix.span.start : fix.span.end],
            new=fix.replacement,
        )
        for fix in fixes
    ]


def encoded(text: str, like: bytes) -> bytes:
    """The text as bytes, with a byte-order mark where the bytes that it came from had one."""
    mark = codecs.BOM_UTF8 if like.startswith(codecs.BOM_UTF8) else b""
    return mark + text.encode()


def replace_file(path: str, before: bytes, after: bytes) -> None:
    """Puts new content in place of the old at once, with the same permissions; links stay links.

    Raises UnreadableFile where the file is no longer what was read, or cannot be written.
    """
    try:
        write_file(Path(path), after, before=before)
    except Changed:
        raise UnreadableFile("changed while it was checked; run the fix again") from None
    except SourceError as error:
        reason = str(error).partition("cannot be written: ")[2]
        raise UnreadableFile(f"cannot be fixed: {reason}; make it writable") from None
