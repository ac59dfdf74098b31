"""Bodies that are not JSON but are read all the same, and refusals of bodies that go wrong."""

from __future__ import annotations

import ast
import contextlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json, Shape
from contract_kit.reference.faults.changes import crash, preparing
from contract_kit.reference.faults.fault import Fault, Install
from contract_kit.reference.refusal import UNKNOWN_OPERATION, Refusal
from contract_kit.reference.steps import Answer, Layer, Steps
from contract_kit.reference.strict_json import BLANK, DECODER, integer
from contract_kit.wire.message import Message, Reply

Reading = Callable[[str], Json]
"""Another reading of a text that is not JSON; raises ValueError."""


def parsing_faults(operation: Operation) -> Iterator[Fault]:
    """Lenient readings, bodies that are not objects, names without case."""
    for slug, reading in READINGS.items():
        yield _fault(slug, "text that is not JSON accepted", lenient(reading))
    for slug, refusal in REFUSALS.items():
        yield _fault(slug, "text that is not JSON answered wrongly", _refused(refusal))
    yield _fault("dropped", "connection dropped over text that is not JSON", _dropping)
    for slug, change in OBJECTS.items():
        yield _fault(slug, "body that is not an object accepted", preparing(operation, change))
    yield _fault("no-object-crashes", "crash on a body that is not an object", _objects_only)
    yield _fault("empty-accepted", "empty body accepted", _empty_accepted(operation))
    yield _fault("empty-crashes", "crash on an empty body", _crash_on_empty)
    for deep in (True, False):
        slug = "names-in-any-case" if deep else "first-letter-in-any-case"
        yield _fault(slug, "member names compared without case", _caseless(operation, deep))


def _fault(slug: str, mechanism: str, install: Install) -> Fault:
    return Fault(
        name=f"body/{slug}",
        mechanism=mechanism,
        description=f"reads bodies wrongly: {slug.replace('-', ' ')}",
        install=install,
    )


def lenient(reading: Reading) -> Install:
    """Reads text that is not JSON otherwise, where that can be done."""

    def install(steps: Steps) -> Steps:
        def parse(body: bytes) -> Json:
            try:
                return steps.parse(body)
            except Refusal:
                with contextlib.suppress(ValueError, SyntaxError, RecursionError, MemoryError):
                    return reading(body.decode())
                raise

        return replace(steps, parse=parse)

    return install


def _first(text: str) -> Json:
    return DECODER.raw_decode(text.lstrip())[0]


def _edited(*edits: tuple[str, str]) -> Reading:
    """Reads the text after replacing what the expressions match, outside strings or not."""

    def reading(text: str) -> Json:
        for pattern, new in edits:
            text = re.sub(pattern, new, text)
        return DECODER.decode(text)

    return reading


def _closed(text: str) -> Json:
    """Adds the brackets and quotes that a text lacks at its end."""
    open_, quoted, skip = list[str](), False, False
    for char in text:
        if skip or char == "\\":
            skip = not skip and quoted
        elif char == '"':
            quoted = not quoted
        elif not quoted and char in "[{":
            open_.append("]" if char == "[" else "}")
        elif not quoted and char in "]}" and open_:
            open_.pop()
    return DECODER.decode(text + '"' * quoted + "".join(reversed(open_)))


def _constants(text: str) -> Json:
    """NaN and the infinities are taken, and count as numbers where numbers are meant."""
    return json.JSONDecoder(parse_int=integer, parse_constant=lambda name: 0).decode(text)


_OBJECT = r"([{,]\s*)"

READINGS: dict[str, Reading] = {
    "trailing-text-ignored": _first,
    "trailing-nul-ignored": lambda text: DECODER.decode(text.rstrip("\0")),
    "trailing-brace-ignored": lambda text: DECODER.decode(text[:-1]),
    "leading-text-ignored": lambda text: DECODER.decode(text[text.index("{") :]),
    "trailing-comma-taken": _edited((r",\s*([}\]])", r"\1")),
    "leading-comma-taken": _edited((r"([{\[]\s*),", r"\1")),
    "block-comments-taken": _edited((r"/\*.*?\*/", "")),
    "line-comments-taken": _edited((r"//[^\n\"]*\n", "")),
    "hash-comments-taken": _edited((r"#[^\n]*\n", "")),
    "single-quotes-taken": _edited(("'", '"')),
    "bare-names-taken": _edited((_OBJECT + r"(\w+)\s*:", r'\1"\2":')),
    "missing-colon-taken": _edited((_OBJECT + r'("\w+") ', r"\1\2:")),
    "missing-comma-taken": _edited((r'([}"\]\d]) "', r'\1,"')),
    "python-literals-taken": _edited((r":True\b", ":true"), (r":False\b", ":false")),
    "python-text-taken": ast.literal_eval,
    "nan-and-infinity-taken": _constants,
    "hexadecimal-taken": _edited((r":0x[0-9a-fA-F]+", ":0")),
    "leading-zeros-taken": _edited((r":0+(\d)", r":\1")),
    "plus-sign-taken": _edited((r":\+(\d)", r":\1")),
    "bare-point-taken": _edited((r"(\d)\.([,}\]])", r"\1\2")),
    "bare-exponent-taken": _edited((r"(\d)[eE]([,}\]])", r"\1\2")),
    "raw-newlines-taken": lambda text: json.JSONDecoder(strict=False).decode(text),
    "unknown-escapes-taken": _edited((r'\\([^"\\/bfnrtu])', r"\1")),
    "short-escapes-taken": _edited((r"\\u[0-9a-fA-F]{0,3}(?![0-9a-fA-F])", "")),
    "truncated-completed": _closed,
}
"""One leniency each, as parsers of several languages have them."""

REFUSALS: dict[str, Callable[[], Refusal]] = {
    "no-json-crashes": crash,
    "no-json-unknown-operation": lambda: Refusal(UNKNOWN_OPERATION, "cannot be read"),
    "no-json-access-denied": lambda: Refusal("AccessDeniedException", "no", status=403),
    "no-json-json-decode-error": lambda: Refusal("JSONDecodeError", "Expecting value"),
}


def _refused(make: Callable[[], Refusal]) -> Install:
    def install(steps: Steps) -> Steps:
        def parse(body: bytes) -> Json:
            try:
                return steps.parse(body)
            except Refusal:
                raise make() from None

        return replace(steps, parse=parse)

    return install


def _dropping(steps: Steps) -> Steps:
    def layer(answer: Answer, message: Message) -> Reply:
        reply = answer(message)
        try:
            steps.parse(message.body)
        except Refusal:
            return Reply(failure="dropped")
        return reply

    layers: tuple[Layer, ...] = (*steps.layers, layer)
    return replace(steps, layers=layers)


OBJECTS: dict[str, Callable[[Json], Json]] = {
    "list-of-one-unpacked": lambda body: body[0] if isinstance(body, list) and body else body,
    "json-text-parsed": lambda body: json.loads(body) if _is_object_text(body) else body,
}


def _is_object_text(body: Json) -> bool:
    return isinstance(body, str) and body.startswith("{") and body.endswith("}")


def _objects_only(steps: Steps) -> Steps:
    def parse(body: bytes) -> Json:
        value = steps.parse(body)
        if not isinstance(value, dict):
            raise crash()
        return value

    return replace(steps, parse=parse)


def _empty_accepted(operation: Operation) -> Install:
    def install(steps: Steps) -> Steps:
        def layer(answer: Answer, message: Message) -> Reply:
            if message.body.strip(BLANK):
                return answer(message)
            try:
                asked = steps.find(message)
            except Refusal:
                return answer(message)
            return steps.write_result(steps.carry_out(asked, {}))

        return replace(steps, layers=(*steps.layers, layer))

    return install


def _crash_on_empty(steps: Steps) -> Steps:
    def parse(body: bytes) -> Json:
        if not body:
            raise crash()
        return steps.parse(body)

    return replace(steps, parse=parse)


def _caseless(operation: Operation, deep: bool) -> Install:
    root = operation.shapes[operation.input]
    return preparing(operation, lambda request: _renamed(operation, root, request, deep))


def _renamed(operation: Operation, shape: Shape, value: Json, deep: bool) -> Json:
    """The value with the documented names for those that differ from them in case alone.

    deep: below the root as well, and in every letter.
    """
    if shape.type == "list" and isinstance(value, list) and shape.item:
        item = operation.shapes[shape.item]
        return [_renamed(operation, item, each, deep) for each in value]
    if not shape.members or not isinstance(value, dict):
        return value
    known = {_folded(member.name, deep): member for member in shape.members}
    changed: dict[str, Json] = {}
    for name, each in value.items():
        member = known.get(_folded(name, deep))
        if member and deep:
            each = _renamed(operation, operation.shapes[member.shape], each, deep)
        changed[member.name if member else name] = each
    return changed


def _folded(name: str, deep: bool) -> str:
    return name.lower() if deep else name[:1].lower() + name[1:]
