"""Errors of the YAML parser, in words that say what to do."""

from __future__ import annotations

from ruamel.yaml.error import MarkedYAMLError

_WORDS = (
    ("'\\t'", "a tab cannot indent; use spaces"),
    (
        "mapping values are not allowed",
        "unexpected ': '; fix the indentation, or put text with colons in quotes",
    ),
    ("sequence entries are not allowed", "a list item cannot begin here; begin it on its own line"),
    ("mapping keys are not allowed", "a key cannot begin here; begin it on its own line"),
    (
        "could not find expected ':'",
        "':' is missing after a key; add it, or indent the line as text",
    ),
    ("unexpected ':'", "unexpected ':'; put text with colons in quotes"),
    ("unexpected end of stream", "the quote that opens here is never closed; close it"),
    ("unexpected document separator", "a quote is not closed before ---; close it"),
    ("unknown escape character", "no such escape in double quotes; write \\\\ for a backslash"),
    ("escape sequence of", "too few hexadecimal digits after the backslash; write all of them"),
    (
        "expected ',' or ']'",
        "a list in brackets cannot continue like this; add a comma, or close it with ]",
    ),
    (
        "expected ',' or '}",
        "a mapping in braces cannot continue like this; add a comma, or close it with }",
    ),
    ("expected <block end>", "this does not belong to the block above; fix its indentation"),
    ("expected the node content", "a value is missing here; write one"),
    (
        "more indented follow up line",
        "the first line of a block is indented less than the next; align them",
    ),
    ("indentation indicator in", "no such number of spaces for a block; write 1 to 9, or none"),
    ("chomping or indentation", "text after | or >; begin it on the next line"),
    ("a comment or a line break", "unexpected text after | or a directive; remove it"),
    ("undefined tag handle", "the tag has an unknown handle; remove it"),
    ("duplicate tag handle", "a tag handle is declared twice; keep one"),
    ("duplicate YAML directive", "%YAML appears twice; keep one"),
    ("incompatible YAML document", "unknown version of YAML; remove %YAML"),
    ("expected '<document start>'", "unexpected text before --- or after ...; remove it"),
    ("non-comment content after", "unexpected text after the end of the document; remove it"),
)
"""A part of a complaint, and what it means; the first that fits."""

_CONTEXTS = (
    ("directive", "a directive, which begins with %, is not complete; remove it"),
    ("anchor", "an anchor, which begins with &, has no name; put text with & in quotes"),
    ("alias", "an alias, which begins with *, has no name; put text with * in quotes"),
    ("tag", "a tag, which begins with !, is not complete; put text with ! in quotes"),
)
"""Where the parser was, for what is wrong in several ways there."""


def in_words(error: MarkedYAMLError) -> str:
    """A complaint of the parser in plain words."""
    problem, context = str(error.problem or ""), str(error.context or "")
    for part, words in _WORDS:
        if part in problem:
            return words
    for part, words in _CONTEXTS:
        if part in context:
            return words
    if "cannot start any token" in problem:
        return "this character cannot begin a value; put it in quotes"
    return "this cannot be read; put text in quotes"
