"""The OpenAPI document says what the contract says, in a form that other tools read."""

from __future__ import annotations

import functools

import jsonschema_rs
import pytest
from openapi_spec_validator import validate

from contract_kit import operation
from contract_kit.cases.boundary import boundary_cases
from contract_kit.contract.catalog import committed_names
from contract_kit.errors import UsageError
from contract_kit.openapi.document import openapi_document
from contract_kit.validate import Validator

EXPORT = "mailmanager:StartArchiveExport"
OTHERS = ("dynamodb:PutItem", "ssm:PutParameter", "kinesis:PutRecords", "ecs:RunTask")


@functools.cache
def document(*ids):
    """The document of some operations."""
    return openapi_document(operation(id) for id in ids)


def checker(name, *ids):
    """Whether a value conforms to a component of a document."""
    reference = {"$ref": f"#/components/schemas/{name}", "components": document(*ids)["components"]}
    return jsonschema_rs.validator_for(reference).is_valid


def test_the_document_is_openapi_3_1():
    """Of one operation, of many in one service, and of many services; recursive shapes too."""
    whole = [f"mailmanager:{name}" for name in committed_names("mailmanager")]
    for ids in ([EXPORT], whole, [EXPORT, *OTHERS]):
        validate(document(*ids))
        assert len(document(*ids)["paths"]) == len(ids)
    assert document(EXPORT)["openapi"] == "3.1.0"


def test_each_operation_has_a_path_that_clients_send_to_the_root():
    """The fragment keeps them apart; on the wire the header names the operation."""
    ids = (EXPORT, "mailmanager:StopArchiveExport", "ssm:PutParameter")
    paths = document(*ids)["paths"]
    assert list(paths) == [
        "/#X-Amz-Target=MailManagerSvc.StartArchiveExport",
        "/#X-Amz-Target=MailManagerSvc.StopArchiveExport",
        "/#X-Amz-Target=AmazonSSM.PutParameter",
    ]
    for path, item in paths.items():
        (header,) = item["post"]["parameters"]
        assert header == {
            "name": "X-Amz-Target",
            "in": "header",
            "required": True,
            "schema": {"type": "string", "enum": [path.partition("=")[2]]},
        }
    types = [next(iter(item["post"]["requestBody"]["content"])) for item in paths.values()]
    assert types == ["application/x-amz-json-1.0"] * 2 + ["application/x-amz-json-1.1"]
    ids_told = [item["post"]["operationId"] for item in paths.values()]
    assert ids_told == [id.replace(":", ".") for id in ids]


@pytest.mark.parametrize("id", [EXPORT, "mailmanager:CreateRelay", *OTHERS])
def test_a_request_conforms_as_a_server_reads_it(id):
    """For every boundary case: nulls of optional members and unknown members are taken."""
    op = operation(id)
    takes = checker(f"{op.service}.{op.input}", id)
    wire = Validator(op, wire=True)
    seen = set()
    for case in boundary_cases(op):
        if case.slug == "lone-surrogate":
            continue  # no JSON text in UTF-8 holds one
        found = takes(case.request)
        assert found == wire.is_valid(case.request), case.id
        seen.add(found)
    assert seen == {True, False}


def test_results_and_errors_are_described():
    """By status, with the names of the errors that come with it."""
    responses = document(EXPORT)["paths"]["/#X-Amz-Target=MailManagerSvc.StartArchiveExport"][
        "post"
    ]["responses"]
    assert responses["200"]["content"]["application/x-amz-json-1.0"]["schema"] == {
        "$ref": "#/components/schemas/mailmanager.StartArchiveExportResponse.reply"
    }
    assert "ResourceNotFoundException" in responses["404"]["description"]
    # Real services answer 400 even where the model says 404.
    assert "ResourceNotFoundException" in responses["400"]["description"]
    assert "ValidationException" in responses["400"]["description"]
    assert "SerializationException" in responses["400"]["description"]
    takes = checker("mailmanager.StartArchiveExportResponse.reply", EXPORT)
    assert takes({"ExportId": "e", "Unknown": 1})
    assert not takes({"ExportId": ""})
    assert not takes({"ExportId": None})
    takes = checker("Error", EXPORT)
    assert takes({"__type": "X", "message": "m"})
    assert not takes({"__type": 1})


def test_an_operation_without_output_answers_an_object():
    """Any: its members are no one's promise."""
    paths = document("dynamodb:TagResource")["paths"]
    (item,) = paths.values()
    content = item["post"]["responses"]["200"]["content"]
    assert content == {"application/x-amz-json-1.0": {"schema": {"type": "object"}}}


def test_who_states_a_fact_stands_in_the_document():
    """As in the schemas: `x-contract` is an extension that OpenAPI allows."""
    item = document(EXPORT)["paths"]["/#X-Amz-Target=MailManagerSvc.StartArchiveExport"]
    assert item["post"]["x-contract"]["operation"] == EXPORT
    schema = document(EXPORT)["components"]["schemas"]["mailmanager.ArchiveId"]
    assert schema["x-contract"]["origins"]["pattern"] == ["model"]


def test_shapes_of_one_name_in_two_services_are_apart():
    """Each service has its own."""
    schemas = document("ssm:AddTagsToResource", "secretsmanager:TagResource")["components"][
        "schemas"
    ]
    assert schemas["ssm.Tag"] != schemas["secretsmanager.Tag"]


def test_another_protocol_is_refused():
    """With what it speaks."""
    with pytest.raises(UsageError, match="s3:GetObject speaks rest-xml; an OpenAPI document"):
        openapi_document([operation("s3:GetObject")])
