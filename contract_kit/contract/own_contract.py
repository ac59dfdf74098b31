"""Contracts that people write or edit: JSON Schemas whose keywords are the truth.

What derived documents repeat under `x-contract`, such as lengths, is filled in from the keywords. A
copy that disagrees with its keyword is an error, and so is whatever the kit would not keep.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from contract_kit.contract.document import EXTENSION, read_operation
from contract_kit.contract.operation import Operation
from contract_kit.contract.own_keywords import read_keywords, target, type_of
from contract_kit.contract.own_limits import Wrong
from contract_kit.contract.shape import Json
from contract_kit.errors import SourceError

MOST = 8 * 1024 * 1024
"""Bytes of a document that are read; the largest of botocore has a fifth of that."""

_NOTES = {"$schema", "$id", "$comment", "title", "description"}
_ROOT = {*_NOTES, "$ref", "$defs", EXTENSION}

Check = Callable[[Json], bool]


def _text(value: Json) -> bool:
    return isinstance(value, str)


def _texts(value: Json) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _whole(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _errors(value: Json) -> bool:
    return isinstance(value, list) and all(
        isinstance(error, dict)
        and _text(error.get("name"))
        and isinstance(error.get("statuses"), list)
        and all(
            isinstance(entry, dict) and _whole(entry.get("status")) and _text(entry.get("origin"))
            for entry in error["statuses"]
        )
        for error in value
    )


def _http(value: Json) -> bool:
    return isinstance(value, dict) and (
        _text(value.get("method"))
        and _text(value.get("requestUri"))
        and _whole(value.get("successStatus"))
    )


def _named(value: Json) -> bool:
    return isinstance(value, dict) and all(map(_text, value.values()))


FACTS: dict[str, tuple[Check, str]] = {
    "operation": (_text, "SERVICE:OPERATION"),
    "apiVersion": (_text, "a string"),
    "protocols": (_texts, "a list of strings"),
    "signingName": (_text, "a string"),
    "http": (_http, "an object with method, requestUri and successStatus"),
    "errors": (_errors, "a list of objects, each with name and statuses"),
    "sources": (_named, "an object of strings"),
}
"""The facts that a request document must have under `x-contract`, and their form."""


def read_own(path: Path, response: Path, id: str) -> Operation:
    """The operation of a repository's own contract. response: its reply, which may be missing.

    Raises SourceError that names the file, the place in it, and what to write instead.
    """
    at = path
    try:
        reply: Json = {"type": "object"}
        if response.is_file():
            at = response
            reply = normal(_document(response), request=False)
        at = path
        request = normal(_document(path), request=True)
        named = request[EXTENSION]["operation"]
        if named != id:
            raise Wrong(EXTENSION, f"operation is {named!r}, but the file is for {id}; write that")
        return read_operation(request, reply)
    except Wrong as wrong:
        raise SourceError(f"{at}: {wrong}") from None
    except SourceError as error:
        reported = str(error)
        raise SourceError(
            reported if reported.startswith(f"{at}: ") else f"{at}: {reported}"
        ) from None
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise SourceError(
            f"{at}: not a schema that the kit can read ({type(error).__name__}); "
            "generate it again with `contract-kit derive`"
        ) from None


def _object(pairs: list[tuple[str, Json]]) -> Json:
    """An object of a JSON document. Raises Wrong for a key that appears twice."""
    found: dict[str, Json] = {}
    for name, value in pairs:
        if name in found:
            raise Wrong("", f"key {name!r} appears twice in one object; keep one")
        found[name] = value
    return found


def _document(path: Path) -> Json:
    """A JSON document, in which each key of an object appears once. Raises Wrong."""

    def constant(word: str) -> Json:
        raise Wrong("", f"{word} is not JSON; write a number")

    try:
        if path.stat().st_size > MOST:
            raise Wrong("", f"is larger than {MOST // 1024 // 1024} MiB; generate it again")
        text = path.read_text(encoding="utf-8-sig")
        return json.loads(text, object_pairs_hook=_object, parse_constant=constant)
    except RecursionError:
        raise Wrong("", "nests too deeply for a schema; flatten it") from None
    except UnicodeDecodeError:
        raise Wrong("", "is not UTF-8; save it as UTF-8") from None
    except json.JSONDecodeError as error:
        raise Wrong("", f"is not JSON at {error.lineno}:{error.colno}; fix it there") from None
    except ValueError:
        raise Wrong("", "contains a number with thousands of digits; write a smaller one") from None
    except OSError as error:
        raise Wrong("", f"{error.strerror or error}; make it readable") from None


def normal(document: Json, *, request: bool) -> Json:
    """A document in the form that `contract-kit derive` writes. Raises Wrong."""
    if not isinstance(document, dict):
        raise Wrong("", "is not an object; write a schema as `contract-kit derive` does")
    facts = document.get(EXTENSION, None if request else {})
    if not isinstance(facts, dict):
        raise Wrong("", f"has no object {EXTENSION}; generate it again with `contract-kit derive`")
    for name, (fits, form) in FACTS.items() if request else ():
        if not fits(facts.get(name)):
            raise Wrong(EXTENSION, f"{name} is not {form}; write it as `contract-kit derive` does")
    if not request and "$ref" not in document:
        return {"type": "object"}
    unknown = sorted(document.keys() - _ROOT)
    if unknown:
        raise Wrong("", f"{unknown[0]!r} has no effect beside $ref; move it into a definition")
    defs = document.get("$defs")
    if not isinstance(defs, dict):
        raise Wrong("", "has no object $defs; generate it again with `contract-kit derive`")
    types = {name: type_of(name, body) for name, body in defs.items()}
    root = target(document.get("$ref"), types, "$ref")
    if types[root] not in ("structure", "union"):
        raise Wrong("$ref", f"{root} is not a structure; name one, since requests are structures")
    return {
        **document,
        "$defs": {
            name: read_keywords(name, body, types, closed=request) for name, body in defs.items()
        },
    }
