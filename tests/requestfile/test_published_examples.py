"""The examples that botocore publishes, all of them, with its own validation as the judge.

What it refuses is found. What is found beyond that is listed here, and borne out by the documentation.
"""

from __future__ import annotations

import json

import botocore.session
import pytest
from botocore.exceptions import DataNotFoundError, ParamValidationError
from botocore.handlers import validate_bucket_name
from botocore.loaders import Loader
from botocore.validate import ParamValidator

from contract_kit import operation
from contract_kit.requestfile.finding_places import FindingPlaces
from contract_kit.requestfile.json_text import JsonReader
from contract_kit.requestfile.request_checker import FileChecker
from contract_kit.requestfile.text import Lines

BORNE_OUT = {
    ("dms:DescribeRefreshSchemasStatus", "file.skeleton"): "nothing but empty strings",
    ("dms:RefreshSchemas", "file.skeleton"): "nothing but empty strings",
    ("polly:GetLexicon", "file.skeleton"): "an empty name, which the documented pattern refuses",
    ("ses:ListReceiptRuleSets", "file.skeleton"): "an empty token",
    ("ec2:ModifySpotFleetRequest", "ExcessCapacityTerminationPolicy.enum"): "'NoTermination '",
    ("kms:CreateCustomKeyStore", "CloudHsmClusterId.pattern"): "holds 1, documented are 2 to 7",
    ("kms:UpdateCustomKeyStore", "CloudHsmClusterId.pattern"): "holds 1, documented are 2 to 7",
}
"""Operation and constraint of findings that botocore does not validate, and why they are right."""


def examples():
    """`(service, examples by operation)` of each service that has some."""
    loader = Loader([Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
    for service in loader.list_available_services("service-2"):
        try:
            found = loader.load_service_model(service, "examples-1").get("examples")
        except DataNotFoundError:
            continue
        if found:
            yield service, found


EXAMPLES = dict(examples())


def findings(id, request):
    """What the kit finds in a request as a file of the dialect boto3."""
    checker, text = FileChecker(operation(id), "boto3"), json.dumps(request)
    document = JsonReader().read(text)
    if checker.conforms(document.value):
        return []
    return list(checker.findings(document.value, FindingPlaces("x", Lines(text), document.places)))


def refusals(model, request):
    """What botocore's validation says of a request once it has filled in what it fills in."""
    if model.input_shape is None:
        return []
    tokens = {name: "x" * 36 for name in model.idempotent_members if name not in request}
    if model.service_model.service_name == "glacier":
        tokens.setdefault("accountId", "-")
    refused = ParamValidator().validate({**request, **tokens}, model.input_shape)._errors
    if model.service_model.service_name == "s3":
        try:
            validate_bucket_name(request)
        except ParamValidationError as error:
            refused = [*refused, str(error)]
    return refused


@pytest.mark.parametrize("service", EXAMPLES)
def test_published_examples_are_judged_as_botocore_does(service):
    """Nothing more, but for what is listed, and nothing less."""
    described = botocore.session.get_session().get_service_model(service)
    for name, found in EXAMPLES[service].items():
        model = described.operation_model(name)
        for example in found:
            request = example.get("input") or {}
            told, refused = findings(f"{service}:{name}", request), refusals(model, request)
            known = {(f"{service}:{name}", one.constraint) for one in told} & BORNE_OUT.keys()
            assert bool(told) == bool(refused or known), (name, told, refused)


def test_there_are_enough_examples():
    """So that the test above judges what it says."""
    assert sum(len(found) for names in EXAMPLES.values() for found in names.values()) > 1_300
