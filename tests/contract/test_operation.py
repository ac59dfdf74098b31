"""Operations as data: frozen, hashable, read from documents, walked by location."""

from __future__ import annotations

import copy
import dataclasses
import json

import pytest

from contract_kit import operation
from contract_kit.contract.catalog import schema_root
from contract_kit.contract.document import read_operation
from contract_kit.contract.operation import child
from contract_kit.contract.shape import Member, Shape, location_id
from contract_kit.errors import SourceError


@pytest.fixture
def documents():
    folder = schema_root() / "mailmanager"
    return [
        json.loads((folder / f"StartArchiveExport.{kind}.json").read_text(encoding="utf-8"))
        for kind in ("request", "response")
    ]


def test_an_operation_holds_what_a_message_and_a_verdict_need():
    """Names, protocols, target prefix, errors with each source's status."""
    op = operation("mailmanager:StartArchiveExport")
    assert (op.id, op.service, op.name) == (
        "mailmanager:StartArchiveExport",
        "mailmanager",
        "StartArchiveExport",
    )
    assert (op.api_version, op.facts["jsonVersion"], op.signing_name) == (
        "2023-10-17",
        "1.0",
        "ses",
    )
    assert (op.facts["targetPrefix"], op.http_method, op.http_uri) == (
        "MailManagerSvc",
        "POST",
        "/",
    )
    assert op.protocols == ("smithy-rpc-v2-cbor", "json")
    assert op.success_status == 200
    statuses = {error.name: dict(reversed(pair) for pair in error.statuses) for error in op.errors}
    assert statuses["AccessDeniedException"] == {"model": 403, "page:StartArchiveExport": 400}
    assert set(statuses) == {
        "AccessDeniedException",
        "ResourceNotFoundException",
        "ServiceQuotaExceededException",
        "ThrottlingException",
        "ValidationException",
    }
    assert len(op.disagreements) == 7


def test_reading_the_same_documents_twice_gives_equal_operations(documents):
    """They are values: equal ones have one hash, and none can be changed."""
    one, two = read_operation(*documents), read_operation(*copy.deepcopy(documents))
    assert one == two
    assert hash(one) == hash(two)
    assert len({*one.constraints, *two.constraints}) == len(one.constraints)
    assert len({*one.shapes.values(), *two.shapes.values()}) == len(one.shapes)


@pytest.mark.parametrize("pick", [lambda op: op, lambda op: op.constraints[1],
                                  lambda op: op.errors[0], lambda op: op.shapes["ArchiveId"],
                                  lambda op: op.shapes["ArchiveFilters"].members[0]])  # fmt: skip
def test_contract_data_are_frozen_and_slotted(pick):
    """Nobody changes a contract under another's feet."""
    value = pick(operation("mailmanager:StartArchiveExport"))
    field = dataclasses.fields(value)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, field, "changed")
    assert not hasattr(value, "__dict__")
    hash(value)


BREAKS = {
    "no extension": lambda request, response: request.pop("x-contract"),
    "no root": lambda request, response: request.pop("$ref"),
    "no definitions": lambda request, response: request.pop("$defs"),
    "root elsewhere": lambda request, response: request.update({"$ref": "#/$defs/Elsewhere"}),
    "a member leads nowhere": lambda request, response: request["$defs"].pop("ArchiveId"),
    "a shape without facts": lambda request, response: request["$defs"]["ArchiveId"].pop(
        "x-contract"
    ),
    "a member without shape": lambda request, response: request["$defs"]["ArchiveFilters"][
        "properties"
    ]["Include"].pop("$ref"),
    "a list without items": lambda request, response: request["$defs"]["StringValueList"].pop(
        "items"
    ),
    "errors are no list": lambda request, response: request["x-contract"].update(errors=1),
    "a response with foreign shapes": lambda request, response: response["$defs"].update(
        Foreign={"type": "string"}
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_document_that_lacks_a_fact_is_a_source_error(documents, name):
    """One line that says what to do, never a KeyError."""
    BREAKS[name](*documents)
    with pytest.raises(SourceError, match="contract-kit derive"):
        read_operation(*documents)


@pytest.mark.parametrize("wrong", [None, [], "text", 5])
def test_a_document_that_is_no_object_is_a_source_error(documents, wrong):
    """Any JSON file may be handed in."""
    with pytest.raises(SourceError):
        read_operation(wrong, documents[1])


def test_a_location_leads_to_its_shape():
    """Through members, items, keys and values."""
    op = operation("dynamodb:PutItem")
    assert op.shape_at(()).name == op.input
    assert op.shape_at(("Item", "[key]")).type == "string"
    assert op.shape_at(("Item", "[value]", "L", "[]")).name == "AttributeValue"
    with pytest.raises(KeyError, match="Nope"):
        op.shape_at(("Item", "[value]", "Nope"))


@pytest.mark.parametrize("segment", ["[]", "[key]", "[value]", "Nope"])
def test_a_shape_without_such_a_part_has_no_child_there(segment):
    """The error names the segment."""
    shape = Shape(name="S", type="structure", members=(Member(name="A", shape="X"),))
    assert child(shape, "A") == "X"
    with pytest.raises(KeyError) as caught:
        child(shape, segment)
    assert caught.value.args == (segment,)


def test_a_location_is_written_with_brackets_behind_the_name():
    """As constraint ids show it."""
    assert location_id(("Filters", "Include", "[]", "Values", "[]")) == "Filters.Include[].Values[]"
    assert location_id(("Item", "[value]", "M", "[key]")) == "Item[value].M[key]"
    assert location_id(("A",)) == "A"


def test_sparse_lists_are_read_through_the_branch_that_is_not_null(toy):
    """Null among the items is said with `anyOf`; the item's shape is the other branch."""
    others = {"Item": {"type": "integer"}}
    members = {"Some": {"type": "list", "sparse": True, "member": {"shape": "Item"}}}
    op = read_operation(*toy(members, others=others))
    assert op.shape_at(("Some",)).sparse
    assert op.shape_at(("Some", "[]")).type == "integer"
