"""Service model → JSON Schema documents: valid, portable, each fact with its source."""

from __future__ import annotations

import ast
import itertools
import json
import zlib
from pathlib import Path

import botocore.loaders
import jsonschema
import jsonschema_rs
import pytest

from contract_kit.contract.catalog import schema_root
from contract_kit.contract.document import read_operation
from contract_kit.derive import schema, shape_schema
from contract_kit.derive.schema import model_documents
from contract_kit.derive.service_model import load_model
from contract_kit.derive.shape_schema import set_bound, set_pattern
from contract_kit.pattern.compiled import Pattern
from contract_kit.validate.validator import Validator

COMMITTED = sorted((schema_root() / "mailmanager").glob("*.json"))
SERVICES = botocore.loaders.Loader().list_available_services("service-2")
# Without `check_schema`, which takes patterns for Python's: those know no `\\p{L}`.
METASCHEMA = jsonschema.Draft202012Validator(jsonschema.Draft202012Validator.META_SCHEMA)


def sampled(service):
    """Two operations of a service, always the same while its model stays."""
    names = load_model(service).operation_names
    start = zlib.crc32(service.encode())
    return [f"{service}:{names[(start + step) % len(names)]}" for step in (0, len(names) // 2)]


def definition(documents, name):
    return documents[0]["$defs"][name]


def references(value):
    if isinstance(value, dict):
        yield from ([value["$ref"]] if "$ref" in value else [])
        yield from itertools.chain.from_iterable(map(references, value.values()))
    elif isinstance(value, list):
        yield from itertools.chain.from_iterable(map(references, value))


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: path.stem)
def test_every_committed_document_is_json_schema_2020_12(path):
    """Valid against its metaschema, complete in itself, taken by two engines."""
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    METASCHEMA.validate(document)
    jsonschema_rs.validator_for(document)
    known = {f"#/$defs/{name}" for name in document.get("$defs", ())}
    assert known.issuperset(references(document))


def test_every_committed_document_has_an_id_of_its_own():
    """Service, API version, operation, and which of the two it is."""
    ids = {json.loads(path.read_text(encoding="utf-8"))["$id"] for path in COMMITTED}
    assert len(ids) == len(COMMITTED) == 120
    assert "urn:contract-kit:mailmanager:2023-10-17:StartArchiveExport:request" in ids


@pytest.mark.parametrize("part", range(6))
def test_any_operation_of_any_service_can_be_derived(part):
    """Some 250 operations: valid documents that the engine takes, patterns and all."""
    for id in itertools.chain.from_iterable(map(sampled, SERVICES[part::18])):
        documents = model_documents(id)
        for document in documents:
            assert jsonschema_rs.meta.is_valid(document), id
            known = {f"#/$defs/{name}" for name in document.get("$defs", ())}
            assert known.issuperset(references(document)), id
        jsonschema_rs.validator_for(documents[1])
        operation = read_operation(*documents)
        Validator(operation)
        Validator(operation, wire=True)
        assert operation.id == id
        assert operation.constraints[0].id == "request.type"


def test_each_pattern_of_mail_manager_stands_in_portable_form():
    """None is left to code outside the schema, and each is the portable form of its original."""
    patterns = set()
    for path in COMMITTED:
        for body in json.loads(path.read_text(encoding="utf-8")).get("$defs", {}).values():
            original = body["x-contract"].get("pattern")
            if original is None:
                continue
            patterns.add(original)
            form = Pattern.parse(original).portable
            assert form is not None, original
            beside = {key: body[key] for key in form if key in body}
            assert form == beside or form in body["allOf"], original
    assert len(patterns) > 30


def test_the_header_says_how_the_operation_is_spoken_to():
    """Protocols, signing name, HTTP binding, errors with statuses, and the model's hash."""
    header = model_documents("dynamodb:PutItem")[0]["x-contract"]
    assert header["protocols"] == ["json"]
    assert header["targetPrefix"] == "DynamoDB_20120810"
    assert header["jsonVersion"] == "1.0"
    assert header["http"] == {"method": "POST", "requestUri": "/", "successStatus": 200}
    assert header["sources"] == {"model": load_model("dynamodb").source}
    lambda_ = model_documents("lambda:CreateFunction")[0]["x-contract"]
    assert lambda_["http"] == {
        "method": "POST",
        "requestUri": "/2015-03-31/functions",
        "successStatus": 201,
        "methods": ["GET", "POST"],
    }
    assert "targetPrefix" not in lambda_


def test_errors_carry_the_code_that_the_wire_shows(toy):
    """With the status of the model, or 400 from the protocol where it states none."""
    traits = {"code": "AWS.Thing.Gone", "httpStatusCode": 404}
    others = {
        "Gone": {"type": "structure", "members": {}, "error": traits},
        "Plain": {"type": "structure", "members": {}, "exception": True},
    }
    request, _ = toy({}, others=others, errors=[{"shape": "Gone"}, {"shape": "Plain"}])
    assert request["x-contract"]["errors"] == [
        {"name": "AWS.Thing.Gone", "statuses": [{"status": 404, "origin": "model"}]},
        {"name": "Plain", "statuses": [{"status": 400, "origin": "protocol"}]},
    ]


@pytest.mark.parametrize(
    ("shape", "keywords"),
    [
        ({"type": "string", "min": 0, "max": 5}, {"type": "string", "maxLength": 5}),
        ({"type": "string", "enum": ["A"]}, {"type": "string", "enum": ["A"]}),
        ({"type": "string", "pattern": r"\w+"}, {"type": "string", "pattern": "^[0-9A-Z_a-z]+$"}),
        (
            {"type": "string", "max": 9, "pattern": ".{1,5}"},
            {"type": "string", "maxLength": 9, "allOf": [Pattern.parse(".{1,5}").portable]},
        ),
        ({"type": "string", "pattern": "(a)\\1"}, {"type": "string"}),
        ({"type": "string", "pattern": "a+(?!b)[bc]"}, {"type": "string"}),
        ({"type": "integer"}, {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1}),
        ({"type": "long", "min": 1}, {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}),
        ({"type": "double", "max": 1.0}, {"type": "number", "maximum": 1}),
        (
            {"type": "float"},
            {"anyOf": [{"type": "number"}, {"enum": ["NaN", "Infinity", "-Infinity"]}]},
        ),
        ({"type": "boolean"}, {"type": "boolean"}),
        ({"type": "timestamp", "timestampFormat": "iso8601"}, {"type": "number"}),
        (
            {"type": "blob", "min": 1, "max": 4},
            {
                "type": "string",
                "contentEncoding": "base64",
                "pattern": shape_schema.BASE64,
                "minLength": 4,
                "maxLength": 8,
            },
        ),
        ({"type": "structure", "document": True, "members": {}}, {}),
    ],
)
def test_each_simple_shape_becomes_these_keywords(toy, shape, keywords):
    """Nothing else stands in the schema but the facts that JSON Schema cannot say."""
    body = definition(toy({"Thing": shape}), "Thing")
    facts = body.pop("x-contract")
    assert body == keywords
    assert facts.get("pattern") == shape.get("pattern")
    assert facts.get("timestampFormat") == shape.get("timestampFormat")


def test_containers_refer_to_their_parts(toy):
    """Null stands among items of a sparse list and values of a sparse map only."""
    others = {"Text": {"type": "string"}}
    item = {"shape": "Text"}
    documents = toy(
        {
            "Texts": {"type": "list", "member": item, "min": 1, "max": 3},
            "Gaps": {"type": "list", "member": item, "sparse": True},
            "Tags": {"type": "map", "key": item, "value": item, "min": 1, "max": 3},
        },
        others=others,
    )
    bodies = {name: definition(documents, name) for name in ("Texts", "Gaps", "Tags")}
    facts = {name: body.pop("x-contract") for name, body in bodies.items()}
    text = {"$ref": "#/$defs/Text"}
    assert bodies == {
        "Texts": {"type": "array", "items": text, "minItems": 1, "maxItems": 3},
        "Gaps": {"type": "array", "items": {"anyOf": [text, {"type": "null"}]}},
        "Tags": {
            "type": "object",
            "propertyNames": text,
            "additionalProperties": text,
            "minProperties": 1,
            "maxProperties": 3,
        },
    }
    assert facts["Gaps"]["sparse"] is True
    assert facts["Tags"]["origins"] == {
        kind: ["model"] for kind in ("type", "minProperties", "maxProperties")
    }


def test_requests_are_closed_and_responses_open(toy):
    """In a file an unknown member is a typo; a reply may gain members."""
    inner = {"type": "structure", "members": {}}
    request, response = toy({"Asked": inner}, output={"Told": inner})
    assert request["$defs"]["Asked"]["additionalProperties"] is False
    assert "additionalProperties" not in response["$defs"]["Told"]


def test_a_union_takes_exactly_one_of_its_members(toy):
    """Said with `oneOf` over `required`, so that errors below stay precise."""
    others = {"A": {"type": "string"}, "B": {"type": "string"}}
    members = {"A": {"shape": "A"}, "B": {"shape": "B"}}
    body = definition(
        toy({"Either": {"type": "structure", "union": True, "members": members}}, others=others),
        "Either",
    )
    assert body["oneOf"] == [{"required": ["A"]}, {"required": ["B"]}]
    assert body["x-contract"]["type"] == "union"
    assert "required" not in body


def test_streams_have_no_place_in_a_request_value(toy):
    """Neither as shape nor as member, required or not."""
    blob = {"type": "blob"}
    events = {"type": "structure", "eventstream": True, "members": {}}
    documents = toy(
        {"Body": {**blob, "streaming": True}, "Events": events, "Name": {"type": "string"}},
        required=["Body", "Name"],
    )
    root = definition(documents, "Input")
    assert list(root["properties"]) == ["Name"]
    assert root["required"] == ["Name"]
    assert "Body" not in documents[0]["$defs"]


def test_members_keep_the_traits_that_protocols_need():
    """Location, wire name, token, host label: a protocol renames and places by them."""
    put = model_documents("s3:PutObject")[0]["$defs"]["PutObjectRequest"]["properties"]
    assert put["Bucket"]["x-contract"]["location"] == "uri"
    assert put["CacheControl"]["x-contract"] == {
        "location": "header",
        "locationName": "Cache-Control",
    }
    run = model_documents("ec2:RunInstances")[0]["$defs"]["RunInstancesRequest"]["properties"]
    assert run["ClientToken"]["x-contract"]["idempotencyToken"] is True


def test_sensitive_shapes_say_so(toy):
    """Their values stay out of messages."""
    body = definition(toy({"Secret": {"type": "string", "sensitive": True}}), "Secret")
    assert body["x-contract"]["sensitive"] is True


def test_an_operation_without_input_or_output_has_documents_too():
    """The request is an empty object, the reply any object."""
    request, _ = model_documents("sts:GetCallerIdentity")
    assert request["$defs"]["GetCallerIdentityRequest"]["properties"] == {}
    request, response = model_documents("workmail:GetImpersonationRoleEffect")
    assert request["$ref"] != response["$ref"]
    _, response = model_documents("sqs:DeleteMessage")
    assert response["type"] == "object"
    assert "$ref" not in response
    request, _ = model_documents("iam:GetAccountSummary")
    assert request["$ref"] == "#/$defs/Input"
    assert request["$defs"]["Input"]["properties"] == {}
    assert read_operation(request, response).input == "Input"


def identifier(documents, name="ThingId"):
    facts = documents[1]["$defs"]["Output"]["properties"][name].get("x-contract", {})
    return facts.get("identifier", False)


def test_a_fresh_identifier_is_one_that_the_documentation_calls_unique(toy, monkeypatch):
    """Returned by what makes something, and not chosen by the caller."""
    unique = {"type": "string", "documentation": "<p>The Unique Identifier of the thing.</p>"}
    plain = {"type": "string", "documentation": "<p>The name of the thing.</p>"}
    monkeypatch.setattr(schema, "FRESH_VERBS", ("Do",))
    assert identifier(toy({}, output={"ThingId": unique}))
    assert not identifier(toy({}, output={"ThingId": plain}))
    assert not identifier(toy({"ThingId": unique}, output={"ThingId": unique}))
    assert not identifier(toy({}, output={"Thing": unique}), "Thing")
    monkeypatch.setattr(schema, "FRESH_VERBS", ("Create",))
    assert not identifier(toy({}, output={"ThingId": unique}))


def test_the_export_id_is_a_fresh_identifier():
    """No two accepted requests get the same."""
    _, response = model_documents("mailmanager:StartArchiveExport")
    facts = response["$defs"]["StartArchiveExportResponse"]["properties"]["ExportId"]["x-contract"]
    assert facts == {"identifier": True, "origins": {"identifier": ["model"]}}


@pytest.mark.parametrize(
    ("shape", "kind", "value", "good", "bad"),
    [
        ({"type": "string"}, "maxLength", 2, "ab", "abc"),
        ({"type": "string"}, "minLength", 2, "ab", "a"),
        ({"type": "string", "pattern": ".{1,4}"}, "maxLength", 9, "abcd", "abcde"),
        ({"type": "string", "pattern": ".{1,4}"}, "maxLength", 2, "ab", "abc"),
        ({"type": "integer"}, "maximum", 5, 5, 6),
        ({"type": "double"}, "maximum", 0.5, 0.5, 0.6),
        ({"type": "double"}, "minimum", 1, 1, "NaN"),
        ({"type": "blob"}, "maxLength", 1, "QQ==", "QUFB"),
        ({"type": "blob"}, "minLength", 2, "QUE=", "QQ=="),
        ({"type": "list", "member": {"shape": "Text"}}, "maxItems", 1, ["a"], ["a", "b"]),
        ({"type": "list", "member": {"shape": "Text"}}, "minItems", 1, ["a"], []),
    ],
)
def test_a_bound_that_is_added_holds(toy, shape, kind, value, good, bad):
    """Whatever the type, and beside a pattern that is itself said as a length."""
    request, response = toy({"Thing": shape}, others={"Text": {"type": "string"}})
    set_bound(request["$defs"]["Thing"], kind, value)
    op = read_operation(request, response)
    validator = Validator(op)
    assert op.constraint(f"Thing.{'type' if bad == 'NaN' else kind}")
    assert validator.is_valid({"Thing": good})
    assert not validator.is_valid({"Thing": bad})
    assert not validator.violations({"Thing": good})
    assert validator.violations({"Thing": bad})


def test_a_pattern_that_is_added_holds(toy):
    """Beside the lengths that were there before."""
    request, response = toy({"Thing": {"type": "string", "max": 3}})
    set_pattern(request["$defs"]["Thing"], "^a*$")
    validator = Validator(read_operation(request, response))
    valid = {text: validator.is_valid({"Thing": text}) for text in ("", "aaa", "aaaa", "b")}
    assert valid == {"": True, "aaa": True, "aaaa": False, "b": False}


def traits_read(module):
    """Variable name → the keys that the module's code reads from it."""
    nodes = list(ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))))
    loops = {
        node.target.id: [item.value for item in node.iter.elts]
        for node in nodes
        if isinstance(node, (ast.For, ast.comprehension))
        and isinstance(node.iter, ast.Tuple)
        and isinstance(node.target, ast.Name)
    }
    found = {}
    for node in nodes:
        owner = key = None
        if isinstance(node, ast.Subscript):
            owner, key = node.value, node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            owner, key = (node.func.value, node.args[0]) if node.func.attr == "get" else (None, 0)
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In):
            owner, key = node.comparators[0], node.left
        keys = [key.value] if isinstance(key, ast.Constant) else loops.get(getattr(key, "id", ""))
        if isinstance(owner, ast.Name) and keys:
            found.setdefault(owner.id, set()).update(keys)
    return found


def test_every_trait_that_is_read_exists_in_the_models():
    """A misspelt name would silently never match."""
    known = {"shape": set(), "member": set(), "metadata": set(), "entry": set()}
    known |= {"http": set(), "error": set(), "traits": set()}
    for service in (
        "mailmanager",
        "s3",
        "sdb",
        "rds-data",
        "lex-runtime",
        "inspector-scan",
        "polly",
        "sqs",
        "healthlake",
        "ec2",
        "s3control",
    ):
        body = load_model(service).body
        known["metadata"].update(body["metadata"])
        for entry in body["operations"].values():
            known["entry"].update(entry)
            known["http"].update(entry.get("http", {}))
            known["error"].update(*entry.get("errors", []))
        for shape in body["shapes"].values():
            known["shape"].update(shape)
            known["traits"].update(shape.get("error", {}))
            known["member"].update(*shape.get("members", {}).values())
    # Smithy puts it on members as well; no model of this botocore does.
    known["member"].add("timestampFormat")
    read = {**traits_read(schema)}
    for name, keys in traits_read(shape_schema).items():
        read.setdefault(name, set()).update(keys)
    assert {"hostLabel", "locationName"} <= read["member"]
    assert {"min", "sparse"} <= read["shape"]
    assert read.keys() >= known.keys()
    misspelt = {name: read[name] - keys for name, keys in known.items() if read[name] - keys}
    assert misspelt == {}
