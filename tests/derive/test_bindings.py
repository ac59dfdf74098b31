"""Where members travel: what the documents say agrees with botocore's own reading of its models."""

from __future__ import annotations

from collections.abc import Iterator

import botocore.model
import pytest

from contract_kit.contract.document import read_operation
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Binding, Shape
from contract_kit.derive.schema import model_documents
from contract_kit.derive.service_model import load_model

SERVICES = ("s3", "route53", "cloudfront", "lambda", "ec2", "sqs", "sns", "iam", "sdb")


def _operation(id: str) -> Operation:
    return read_operation(*model_documents(id))


def _expected(shape: botocore.model.Shape, name: str) -> Binding:
    """The binding of a member as botocore reads it. It keeps a name even where it is the same."""
    traits = shape.serialization
    namespace = traits.get("xmlNamespace", {})
    given = traits.get("name", "")
    if traits.get("flattened") and shape.type_name == "list" and not given:
        given = shape.member.serialization.get("name", "")
    return Binding(
        location=traits.get("location", ""),
        name=given if given != name else "",
        query_name=traits.get("queryName", ""),
        host_label=traits.get("hostLabel", False),
        flattened=traits.get("flattened", False),
        json_value=traits.get("jsonvalue", False),
        xml_attribute=traits.get("xmlAttribute", False),
        xml_namespace=namespace.get("uri", ""),
        xml_prefix=namespace.get("prefix", ""),
    )


def _structures(root: botocore.model.Shape) -> Iterator[botocore.model.Shape]:
    waiting, seen = [root], set()
    while waiting:
        shape = waiting.pop()
        if shape.name in seen or getattr(shape, "is_document_type", False):
            continue
        seen.add(shape.name)
        if shape.type_name == "structure":
            yield shape
            waiting.extend(shape.members.values())
        elif shape.type_name == "list":
            waiting.append(shape.member)
        elif shape.type_name == "map":
            waiting.extend((shape.key, shape.value))


@pytest.mark.parametrize("service", SERVICES)
def test_members_travel_where_botocore_sends_them(service: str) -> None:
    body = load_model(service).body
    model = botocore.model.ServiceModel(body, service)
    compared = 0
    for name in model.operation_names[:: max(1, len(model.operation_names) // 6)]:
        operation = _operation(f"{service}:{name}")
        theirs = model.operation_model(name)
        for root in filter(None, (theirs.input_shape, theirs.output_shape)):
            for shape in _structures(root):
                ours = operation.shapes.get(shape.name)
                for member in ours.members if ours else ():
                    compared += 1
                    expected = _expected(shape.members[member.name], member.name)
                    assert member.binding == expected, f"{name} {shape.name}.{member.name}"
    assert compared > 20


@pytest.mark.parametrize("service", SERVICES)
def test_lists_and_maps_name_their_items_as_botocore_does(service: str) -> None:
    model = botocore.model.ServiceModel(load_model(service).body, service)
    for name in model.operation_names[:: max(1, len(model.operation_names) // 6)]:
        operation = _operation(f"{service}:{name}")
        for shape in operation.shapes.values():
            assert (shape.item_name, shape.key_name) == _entry_names(model, shape)


def _entry_names(model: botocore.model.ServiceModel, shape: Shape) -> tuple[str, str]:
    if shape.type not in ("list", "map"):
        return "", ""
    theirs = model.shape_for(shape.name)
    if shape.type == "list":
        return theirs.member.serialization.get("name", ""), ""
    return theirs.value.serialization.get("name", ""), theirs.key.serialization.get("name", "")


def test_a_message_as_a_whole_says_what_its_wire_needs() -> None:
    zone = _operation("route53:CreateHostedZone")
    assert zone.input_binding.name == "CreateHostedZoneRequest"
    assert zone.input_binding.xml_namespace == "https://route53.amazonaws.com/doc/2013-04-01/"
    assert _operation("iam:CreateRole").result_wrapper == "CreateRoleResult"
    assert _operation("s3:PutBucketTagging").checksum_required
    assert _operation("s3:PutBucketTagging").shapes["PutBucketTaggingRequest"].payload == "Tagging"
    assert not _operation("s3:GetBucketTagging").checksum_required
    assert _operation("s3:SelectObjectContent").event_streams == ("output",)
    assert _operation("ec2:CreateVolume").xml_namespace.startswith("http://ec2.amazonaws.com/doc/")


def test_a_shape_lends_its_flattening_to_the_member() -> None:
    """botocore's models state it of the list, and a reader of one member must see it."""
    shapes = _operation("s3:PutBucketCors").shapes
    rules = shapes["CORSConfiguration"].member("CORSRules")
    assert rules is not None
    assert rules.binding.flattened
    assert rules.binding.name == "CORSRule"


def test_awsjson_members_need_no_binding() -> None:
    operation = _operation("ssm:PutParameter")
    members = [each for shape in operation.shapes.values() for each in shape.members]
    assert {member.binding for member in members} == {Binding()}
