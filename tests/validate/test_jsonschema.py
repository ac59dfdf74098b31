"""The validator class for users of `jsonschema`."""

from __future__ import annotations

import math

import jsonschema
import pytest

from contract_kit import operation
from contract_kit.validate.jsonschema import ContractValidator

EXPORT = operation("mailmanager:StartArchiveExport")
GOOD = {
    "ArchiveId": "a-abc123",
    "FromTimestamp": 1700000000.5,
    "ToTimestamp": 1700086400,
    "ExportDestinationConfiguration": {"S3": {"S3Location": "s3://bucket/path"}},
}


def test_it_is_a_validator_class_of_jsonschema():
    """Tools that take one take it; the documents are schemas to it."""
    ContractValidator.check_schema(EXPORT.request)
    assert jsonschema.validate(GOOD, EXPORT.request, cls=ContractValidator) is None
    assert ContractValidator.META_SCHEMA == jsonschema.Draft202012Validator.META_SCHEMA


@pytest.mark.parametrize(
    ("member", "value", "taken"),
    [
        ("ArchiveId", "a-abc\n", True),
        ("FromTimestamp", math.nan, True),
        ("FromTimestamp", math.inf, True),
        ("FromTimestamp", True, False),
        ("MaxResults", 2**31, False),
        ("ArchiveId", "a-\ud800", False),
        ("ExportDestinationConfiguration", {}, False),
    ],
)
def test_what_jsonschema_alone_may_take_is_refused(member, value, taken):
    """taken: whether the class that it extends takes it."""
    request = {**GOOD, member: value}
    assert not ContractValidator(EXPORT.request).is_valid(request)
    assert jsonschema.Draft202012Validator(EXPORT.request).is_valid(request) is taken


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("AAAA", None),
        ("AAA", "type"),
        ("", "minLength"),
        ("A" * 5460, None),
        ("A" * 5464, "maxLength"),
    ],
)
def test_blobs_are_measured_in_bytes(value, kind):
    """1 to 4096 of them; the text is longer."""
    document = operation("kms:Encrypt").request
    errors = ContractValidator(document).iter_errors({"KeyId": "k", "Plaintext": value})
    assert {error.validator for error in errors} >= ({kind} if kind else set())
    valid = ContractValidator(document).is_valid({"KeyId": "k", "Plaintext": value})
    assert valid is (kind is None)
