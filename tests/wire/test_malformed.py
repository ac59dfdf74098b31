"""Messages that are wrong below the level of values: each really is what it claims to be."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_kit import operation
from contract_kit.contract.document import read_operation
from contract_kit.wire.aws_json import AwsJson
from contract_kit.wire.aws_json_heads import targets
from contract_kit.wire.json_bodies import (
    limit_bodies,
    malformed_bodies,
    undecodable_bodies,
    unusual_bodies,
)
from contract_kit.wire.json_codec import json_body
from contract_kit.wire.table import wire_of

EXPORT = operation("mailmanager:StartArchiveExport")
REQUEST = {
    "ArchiveId": "a-1",
    "FromTimestamp": 1,
    "ToTimestamp": 2,
    "ExportDestinationConfiguration": {"S3": {"S3Location": "s3://bucket/folder"}},
}
GOOD = AwsJson().encode(EXPORT, REQUEST)
PROBES = tuple(AwsJson().malformed(EXPORT, REQUEST, REQUEST))
SYNTAX = "wire.syntax"

LEAVES = st.none() | st.booleans() | st.integers() | st.text("ab\"'/\\@é😀\n\0", max_size=6)
REQUESTS = st.dictionaries(
    st.text('abAé"/', min_size=1, max_size=4),
    st.recursive(
        LEAVES,
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("ab"), inner),
        max_leaves=4,
    ),
    max_size=3,
)


def refuse(name):
    """NaN and its like are no JSON."""
    raise ValueError(name)


def strict(body: bytes | str):
    """The value of a JSON text, read by Python's own parser; raises ValueError."""
    text = body if isinstance(body, str) else body.decode()
    return json.loads(text, parse_constant=refuse)


def is_json(body: bytes | str) -> bool:
    """Whether Python's parser takes a body, NaN refused."""
    try:
        strict(body)
    except ValueError:
        return False
    return True


def of(constraint, expects):
    """Body probes of one constraint with one expectation, as pytest parameters."""
    return [
        pytest.param(probe.message.body, id=probe.slug)
        for probe in PROBES
        if (probe.constraint, probe.expects, probe.family) == (constraint, expects, "body")
    ]


@given(REQUESTS)
def test_no_malformed_body_is_json_whatever_the_request(request_value):
    """A strict parser refuses each of them, so that a server which accepts one is too lax."""
    text = json_body(request_value).decode()
    for slug, body in malformed_bodies(text):
        assert not is_json(body), slug


@given(REQUESTS)
def test_an_unusual_body_is_another_spelling_of_the_same_value(request_value):
    """A server that refuses one refuses what it accepts in the usual spelling."""
    text = json_body(request_value).decode()
    for slug, body in unusual_bodies(text, request_value):
        assert strict(body) == request_value, slug


@pytest.mark.parametrize("body", of(SYNTAX, "reject"))
def test_each_body_that_is_to_be_refused_is_refused_by_a_strict_parser(body):
    """The same for the probes as they are sent."""
    assert not is_json(body)


@pytest.mark.parametrize("body", of(SYNTAX, "accept"))
def test_each_body_that_is_to_be_accepted_holds_the_good_request_in_other_bytes(body):
    """The same value; not the same text, or nothing would be probed."""
    assert strict(body) == REQUEST
    assert body != GOOD.body


def test_every_malformed_body_is_different():
    """No probe is sent twice under two names."""
    bodies = [probe.message.body for probe in PROBES if probe.message.headers == GOOD.headers]
    same = [body for body in bodies if bodies.count(body) > 1]
    methods = [probe for probe in PROBES if probe.constraint == "wire.method"]
    assert same == [GOOD.body] * len(methods)


@pytest.mark.parametrize("body", of("request.type", "reject"))
def test_a_body_that_is_no_object_is_json_all_the_same(body):
    """What is wrong with it is its type alone."""
    assert not isinstance(strict(body), dict)


def test_an_empty_or_blank_body_lacks_the_required_members():
    """It is read as `{}`: either of two errors is right, no matter which."""
    probes = {probe.slug: probe for probe in PROBES if probe.family == "required"}
    assert {slug: probes[slug].message.body.strip() for slug in ("empty", "blank")} == {
        "empty": b"",
        "blank": b"",
    }
    assert {probe.expects for probe in probes.values()} == {"reject"}


def test_an_empty_body_is_an_open_question_where_nothing_is_required():
    """Read as `{}` it conforms, and real services refuse it."""
    list_all = operation("mailmanager:ListArchives")
    empty = {
        probe.slug: probe.expects
        for probe in AwsJson().malformed(list_all, {}, {})
        if probe.constraint == SYNTAX and probe.slug in ("empty", "blank")
    }
    assert empty == {"empty": "any", "blank": "any"}


@pytest.mark.parametrize(
    "body", [pytest.param(body, id=slug) for slug, body in undecodable_bodies('{"a":1}')]
)
def test_an_undecodable_body_is_no_utf8(body):
    """The bytes themselves are wrong, not the JSON in them."""
    with pytest.raises(UnicodeDecodeError):
        body.decode()


def test_limit_probes_are_beyond_what_parsers_take():
    """More digits than CPython converts, more levels than a stack holds, a megabyte of text."""
    bodies = dict(limit_bodies('{"a":1}'))
    with pytest.raises(ValueError, match="4300 digits"):
        json.loads(bodies["long-integer"])
    with pytest.raises(RecursionError):
        json.loads(bodies["very-deep"])
    assert strict(bodies["beyond-double"])["contractKit"] == float("inf")
    assert len(bodies["large-string"]) > 1_000_000
    assert strict(bodies["lone-surrogate-in-name"])["contract\ud800Kit"] == 1


def test_a_thousand_unknown_members_conform():
    """Servers ignore unknown members, however many."""
    probe = next(probe for probe in PROBES if probe.slug == "thousand-members")
    value = strict(probe.message.body)
    assert (probe.expects, len(value)) == ("accept", 1000 + len(REQUEST))
    assert value.items() >= REQUEST.items()


def test_a_duplicate_member_has_the_same_value_twice():
    """Whichever of the two a server takes, the request is the good one."""
    probe = next(probe for probe in PROBES if probe.slug == "duplicate-member")
    pairs = json.loads(probe.message.body, object_pairs_hook=list)
    names = [name for name, _ in pairs]
    assert (probe.expects, strict(probe.message.body)) == ("any", REQUEST)
    assert names.count("ArchiveId") == 2


@pytest.mark.parametrize(
    ("after", "constraint"), [(b"", "wire.limits"), (b"\0", "wire.syntax"), (b"{", "wire.syntax")]
)
def test_a_body_with_a_duplicate_member_is_read_to_its_end(after, constraint):
    """What follows may be no JSON."""
    wire = wire_of(EXPORT)
    message = wire.encode(REQUEST)
    double = message.body.replace(b"{", b'{"ArchiveId":"a-1",', 1) + after
    assert wire.read(replace(message, body=double)).constraint == constraint


def test_a_line_comment_stands_beside_no_url():
    """Servers that strip comments strip `//` in URLs too: the twin is the body without it."""
    smallest = {"ArchiveId": "a-1"}
    probes = tuple(AwsJson().malformed(EXPORT, REQUEST, smallest))
    probe = next(probe for probe in probes if probe.slug == "line-comment")
    lines = probe.message.body.decode().split("\n")
    assert probe.twin == smallest
    assert strict("".join(line for line in lines if "//" not in line) or "{}") == smallest
    assert not is_json(probe.message.body)


NUMBERS = {
    "$ref": "#/$defs/In",
    "$defs": {
        "In": {
            "type": "object",
            "properties": {"Count": {"$ref": "#/$defs/Count"}, "When": {"$ref": "#/$defs/When"}},
            "x-contract": {"type": "structure"},
        },
        "Count": {"type": "integer", "x-contract": {"type": "integer"}},
        "When": {"type": "number", "x-contract": {"type": "timestamp"}},
    },
    "x-contract": {
        "operation": "toy:Count",
        "apiVersion": "1",
        "protocols": ["json"],
        "signingName": "toy",
        "http": {"method": "POST", "requestUri": "/", "successStatus": 200},
        "errors": [],
        "sources": {},
    },
}


def test_numbers_are_spelt_in_ways_that_no_parsed_value_keeps():
    """Digits and exponents beyond doubles break an integer; of times nothing is said."""
    toy = read_operation(NUMBERS, {})
    spelt = {
        probe.constraint + "/" + probe.slug: (probe.expects, probe.message.body)
        for probe in AwsJson().malformed(toy, {}, {})
        if probe.slug.startswith("spelled-")
    }
    assert {id: expects for id, (expects, _) in spelt.items()} == {
        "Count.type/spelled-with-5000-digits": "reject",
        "Count.type/spelled-beyond-double": "reject",
        "Count.type/spelled-exponent": "any",
        "When.type/spelled-with-5000-digits": "any",
        "When.type/spelled-with-400-digits": "any",
        "When.type/spelled-beyond-double": "any",
    }
    assert spelt["Count.type/spelled-with-5000-digits"][1] == b'{"Count":' + b"9" * 5000 + b"}"
    assert spelt["Count.type/spelled-exponent"][1] == b'{"Count":1e2}'


def test_an_operation_without_members_has_malformed_bodies_too():
    """`{}` is a request as good as any: what is made from it is malformed and never doubled."""
    toy = read_operation(NUMBERS, {})
    probes = tuple(AwsJson().malformed(toy, {}, {}))
    reject = [probe for probe in probes if (probe.constraint, probe.expects) == (SYNTAX, "reject")]
    assert len(reject) > 15
    assert not [probe.slug for probe in reject if is_json(probe.message.body)]
    duplicate = next(probe for probe in probes if probe.slug == "duplicate-member")
    assert len(json.loads(duplicate.message.body, object_pairs_hook=list)) == 2


def test_each_wrong_target_differs_from_the_right_one_in_one_thing():
    """None of them names the operation; all else of the message is the good one's."""
    probes = [probe for probe in PROBES if probe.constraint == "wire.target"]
    right = dict(GOOD.headers)["X-Amz-Target"]
    given = {probe.slug: dict(probe.message.headers).get("X-Amz-Target") for probe in probes}
    assert given["missing"] is None
    assert given["empty"] == ""
    assert given["longer"].startswith(right)
    assert right.startswith(given["shorter"])
    assert given["lower-case"].lower() == right.lower()
    assert right not in given.values()
    assert len(set(given.values())) == len(probes)
    for probe in probes:
        assert probe.message.with_header("X-Amz-Target", right).body == GOOD.body
        assert (probe.expects, probe.message.method) == ("reject", "POST")


def test_no_wrong_target_is_the_right_one_where_that_is_written_in_lower_case():
    """As the service secretsmanager is; nor are two of them the same."""
    op = operation("secretsmanager:StopReplicationToReplica")
    good = AwsJson().encode(op, {"SecretId": "a"})
    found = [
        dict(probe.message.headers).get("X-Amz-Target")
        for probe in targets("secretsmanager", op.name, good)
    ]
    assert dict(good.headers)["X-Amz-Target"] not in found
    assert len(found) == len(set(found)) > 8


def test_wrong_methods_carry_the_good_request():
    """Anything is right but carrying it out."""
    probes = [probe for probe in PROBES if probe.constraint == "wire.method"]
    assert {probe.expects for probe in probes} == {"refuse"}
    assert "POST" not in {probe.message.method for probe in probes}
    assert {(probe.message.headers, probe.message.body) for probe in probes} == {
        (GOOD.headers, GOOD.body)
    }


def test_parameters_of_the_content_type_are_accepted_and_other_types_survived():
    """Smithy's protocol tests allow parameters; of wrong types nothing is promised."""
    given = {
        probe.slug: (dict(probe.message.headers).get("Content-Type"), probe.expects)
        for probe in PROBES
        if probe.constraint == "wire.contentType"
    }
    assert given["charset"] == ("application/x-amz-json-1.0; charset=utf-8", "accept")
    assert given["missing"] == (None, "survive")
    assert {expects for _, expects in given.values()} == {"accept", "survive"}


def test_slugs_are_unique_within_their_constraint():
    """Ids of cases are made of them."""
    ids = [(probe.constraint, probe.slug) for probe in PROBES]
    assert len(ids) == len(set(ids))


def test_each_probe_is_of_a_constraint_that_has_a_verdict():
    """A constraint of the protocol, or one of the operation."""
    known = {constraint.id for constraint in wire_of(EXPORT).constraints}
    assert {probe.constraint for probe in PROBES} <= known


def test_a_member_that_stands_twice_does_not_hide_what_follows_the_object():
    """The text is no JSON, whatever it repeats."""
    for body in (b'{"MaxResults":1,"MaxResults":1}\x00', b'{"MaxResults":1,"MaxResults":1'):
        reading = wire_of(EXPORT).read(replace(wire_of(EXPORT).encode({}), body=body))
        assert (reading.constraint, reading.expects) == ("wire.syntax", "reject")
