"""Values as the pairs of a form, and pairs as canonical values.

Facts: Smithy specification, "AWS query protocol" and "AWS EC2 query protocol".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from contract_kit.contract.shape import Json, Member, Shape
from contract_kit.errors import NotExpressible
from contract_kit.wire.message import Unreadable
from contract_kit.wire.text_values import SCALARS, read_text, write_text

FORM = "application/x-www-form-urlencoded"
"""The content type of forms."""

TIME_FORMAT = "iso8601"
"""The format of times in forms, unless the model states another."""

_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
MOST_PAIRS = 1_000_000

Shapes = Mapping[str, Shape]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class FormDialect:
    """How the keys of a form are made. ec2: as ec2 makes them, which has neither maps nor wrappers.

    >>> from contract_kit import operation
    >>> tag = operation("iam:TagRole")
    >>> list(FormDialect().write(tag.shapes, tag.shapes[tag.input], {"Tags": [{"Key": "a"}]}))
    [('Tags.member.1.Key', 'a')]
    """

    ec2: bool = False

    def key(self, member: Member) -> str:
        """The last part of a member's key."""
        name = member.binding.name or member.name
        if not self.ec2:
            return name
        return member.binding.query_name or name[:1].upper() + name[1:]

    def write(self, shapes: Shapes, shape: Shape, value: Json) -> Iterator[Pair]:
        """The pairs of a canonical structure; raises NotExpressible for what has no form."""
        if not isinstance(value, dict):
            raise NotExpressible("a form is made of members")
        return self._structure(shapes, shape, value, "")

    def _structure(self, shapes: Shapes, shape: Shape, value: Json, prefix: str) -> Iterator[Pair]:
        if not value and prefix:
            raise NotExpressible(f"a form has no way to say an empty structure at {prefix[:-1]}")
        members = {member.name: member for member in shape.members}
        for name, each in value.items():
            member = members.get(name)
            if member is None:
                yield from _unknown(each, prefix + name)
            else:
                target = shapes[member.shape]
                key = prefix + self.key(member)
                yield from self._pairs(shapes, target, each, key, member)

    def _pairs(
        self, shapes: Shapes, shape: Shape, value: Json, key: str, member: Member | None
    ) -> Iterator[Pair]:
        flattened = self.ec2 or (member is not None and member.binding.flattened)
        if shape.type == "list" and isinstance(value, list):
            yield from self._list(shapes, shape, value, key, flattened=flattened)
        elif shape.type == "map" and isinstance(value, dict):
            yield from self._map(shapes, shape, value, key, flattened=flattened)
        elif shape.is_structure and isinstance(value, dict):
            yield from self._structure(shapes, shape, value, key + ".")
        elif shape.type in SCALARS and not isinstance(value, (dict, list)):
            stated = (member.timestamp_format if member else "") or shape.timestamp_format
            yield key, write_text(shape, value, stated or TIME_FORMAT)
        elif isinstance(value, str) and value:
            # Text where parts are due: a key that stands for nothing.
            yield key, value
        else:
            raise NotExpressible(f"a form has no way to say {_kind(value)} at {key}")

    def _list(
        self, shapes: Shapes, shape: Shape, value: list[Json], key: str, *, flattened: bool
    ) -> Iterator[Pair]:
        if not value:
            if self.ec2:
                raise NotExpressible(f"ec2 has no way to say an empty list at {key}")
            yield key, ""
        inner = key if flattened else f"{key}.{shape.item_name or 'member'}"
        for number, item in enumerate(value, 1):
            yield from self._pairs(
                shapes, shapes[shape.item or ""], item, f"{inner}.{number}", None
            )

    def _map(
        self, shapes: Shapes, shape: Shape, value: dict[str, Json], key: str, *, flattened: bool
    ) -> Iterator[Pair]:
        if not value or self.ec2:
            raise NotExpressible(f"a form has no way to say an empty map at {key}")
        inner = key if flattened else f"{key}.entry"
        for number, (name, each) in enumerate(value.items(), 1):
            yield f"{inner}.{number}.{shape.key_name or 'key'}", name
            entry = f"{inner}.{number}.{shape.item_name or 'value'}"
            yield from self._pairs(shapes, shapes[shape.item or ""], each, entry, None)

    def read(self, shapes: Shapes, shape: Shape, pairs: Iterable[Pair]) -> dict[str, Json]:
        """The canonical structure in the pairs of a form; unknown keys are ignored."""
        root = _Branch()
        for key, text in pairs:
            branch = root
            for part in key.split("."):
                branch = branch.below.setdefault(part, _Branch())
            branch.texts.append(text)
        return self._read_structure(shapes, shape, root)

    def _read_structure(self, shapes: Shapes, shape: Shape, branch: _Branch) -> dict[str, Json]:
        found: dict[str, Json] = {}
        for member in shape.members:
            target = shapes[member.shape]
            if (below := branch.below.get(self.key(member))) is not None:
                found[member.name] = self._read(shapes, target, below, member)
        return found

    def _read(self, shapes: Shapes, shape: Shape, branch: _Branch, member: Member | None) -> Json:
        if shape.type in SCALARS:
            if branch.below or not branch.texts:
                return dict.fromkeys(branch.below, "")
            stated = (member.timestamp_format if member else "") or shape.timestamp_format
            return read_text(shape, branch.texts[0], stated or TIME_FORMAT)
        if branch.texts and not (shape.type == "list" and branch.texts == [""]):
            return branch.texts[0]
        if shape.is_structure:
            return self._read_structure(shapes, shape, branch)
        flattened = self.ec2 or (member is not None and member.binding.flattened)
        wrapper = "entry" if shape.type == "map" else shape.item_name or "member"
        inner = branch if flattened else branch.below.get(wrapper, _Branch())
        entries = _numbered(inner)
        if entries is None:
            return "items without numbers"
        item = shapes[shape.item or ""]
        if shape.type == "list":
            return [self._read(shapes, item, entry, None) for entry in entries]
        return self._read_map(shapes, shape, entries)

    def _read_map(self, shapes: Shapes, shape: Shape, entries: list[_Branch]) -> Json:
        found: dict[str, Json] = {}
        for entry in entries:
            key = entry.below.get(shape.key_name or "key")
            value = entry.below.get(shape.item_name or "value")
            if key is None or value is None or not key.texts:
                return "an entry without key and value"
            found[key.texts[0]] = self._read(shapes, shapes[shape.item or ""], value, None)
        return found


@dataclass(slots=True)
class _Branch:
    """The value of a key, and the branches below it."""

    texts: list[str] = field(default_factory=list)
    below: dict[str, _Branch] = field(default_factory=dict)


def _numbered(branch: _Branch) -> list[_Branch] | None:
    """Entries in the order of their numbers, gaps or not; None where one has no number."""
    if not all(name.isascii() and name.isdigit() for name in branch.below):
        return None
    return [branch.below[name] for name in sorted(branch.below, key=int)]


def _unknown(value: Json, key: str) -> Iterator[Pair]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _unknown(each, f"{key}.{name}")
    elif isinstance(value, list):
        for number, each in enumerate(value, 1):
            yield from _unknown(each, f"{key}.member.{number}")
    else:
        yield key, write_text(Shape(name="", type="string"), value, TIME_FORMAT)


def _kind(value: Json) -> str:
    return "null" if value is None else f"{type(value).__name__} {value!r:.40}"


def encode_pairs(pairs: Iterable[Pair]) -> bytes:
    """Pairs as `application/x-www-form-urlencoded`, percent-encoded but for unreserved characters.

    >>> encode_pairs([("Name", "a b"), ("Tag.1", "x&y")])
    b'Name=a%20b&Tag.1=x%26y'
    """
    text = "&".join(f"{_escaped(name)}={_escaped(value)}" for name, value in pairs)
    return text.encode("ascii")


def _escaped(text: str) -> str:
    return quote(text, safe="-_.~", errors="surrogatepass")


def decode_pairs(body: bytes) -> list[Pair]:
    """The pairs of a form; raises Unreadable for a percent sign without its two digits."""
    if _BAD_ESCAPE.search(body):
        raise Unreadable("a percent sign lacks its two hexadecimal digits")
    if body.count(b"&") > MOST_PAIRS:
        raise Unreadable("the body holds more pairs than are read")
    pairs = []
    for part in body.split(b"&"):
        if part:
            name, _, value = part.partition(b"=")
            pairs.append((_plain(name), _plain(value)))
    return pairs


def _plain(part: bytes) -> str:
    raw = re.sub(
        rb"%([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), part.replace(b"+", b" ")
    )
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise Unreadable(f"a part of the form is not UTF-8: {error}") from None
