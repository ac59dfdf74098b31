"""`FileFinding`: one thing wrong with a request file, and where; the model behind all outputs."""

from __future__ import annotations

from typing import Literal, NamedTuple

from contract_kit.contract.shape import Path

Severity = Literal["error", "warning"]


class Span(NamedTuple):
    """A stretch of text. Lines and columns count from 1, columns in Unicode code points.

    end_column is exclusive. start, end: the same in code points from the start of the text.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    start: int
    end: int


class Fix(NamedTuple):
    """The fix for a finding.

    replacement: the text to write in place of the span. hint: the same in words.
    safe: nothing but the case of letters changes, so that `--fix` may apply it.
    """

    span: Span
    replacement: str
    hint: str
    safe: bool


class FileFinding(NamedTuple):
    """One broken constraint, or one thing that is wrong with the file itself.

    file: as the user named it. constraint: its id, or one of `FILE_RULES`. path: in the request.
    message: one line. limit, origins: what is documented and by whom, empty for rules of files.
    value: the offending value, shortened, empty where it is missing or sensitive.
    related: other places, each with its text. excerpt: the source line, or the part of
    it around the span; mark: where in it the span begins, and how many code points it covers.
    """

    file: str
    span: Span
    constraint: str
    message: str
    severity: Severity = "error"
    path: Path = ()
    operation: str = ""
    limit: str = ""
    origins: tuple[str, ...] = ()
    value: str = ""
    fix: Fix | None = None
    related: tuple[tuple[Span, str], ...] = ()
    excerpt: str = ""
    mark: tuple[int, int] = (0, 0)


FILE_RULES = {
    "file.syntax": "the file is one JSON or YAML document, or one JSON document per line",
    "file.encoding": "the file is text in UTF-8",
    "file.duplicateKey": "no object has the same key twice: readers keep only one of them",
    "file.notANumber": "numbers are finite: JSON has no NaN and no Infinity",
    "file.nesting": "values nest no deeper than servers read",
    "file.alias": "aliases of YAML stand for a bounded number of values, and not for themselves",
    "file.skeleton": "the output of --generate-cli-skeleton is filled in before it is sent",
    "file.schemaKey": "AWS CLI and boto3 refuse $schema in a request; it is for editors",
    "file.timeOrder": "the first of two times lies before the second; not documented",
}
"""Rule id → its demand, for everything that is not a constraint of an operation."""
