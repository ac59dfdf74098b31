"""Validation against the bare engine, and against botocore's own check of parameters."""

from __future__ import annotations

import timeit
from collections.abc import Callable, Iterator
from typing import Any

import botocore.session
import jsonschema_rs
from botocore.validate import ParamValidator

from contract_kit import operation
from contract_kit.validate import Validator

Comparison = tuple[str, Callable[[], float], Callable[[], float], dict[str, float]]

CALLS = 2000

CONDITION = {
    "StringExpression": {
        "Evaluate": {"Attribute": "SUBJECT"},
        "Operator": "CONTAINS",
        "Values": ["invoice", "receipt"],
    }
}
GOOD: Any = {
    "ArchiveId": "a-abc123",
    "FromTimestamp": 1700000000,
    "ToTimestamp": 1700086400,
    "MaxResults": 100,
    "IncludeMetadata": True,
    "Filters": {
        "Include": [CONDITION, CONDITION],
        "Unless": [
            {
                "BooleanExpression": {
                    "Evaluate": {"Attribute": "HAS_ATTACHMENTS"},
                    "Operator": "IS_TRUE",
                }
            }
        ],
    },
    "ExportDestinationConfiguration": {"S3": {"S3Location": "s3://bucket/path"}},
}
BAD = {**GOOD, "ArchiveId": "x y", "MaxResults": 2**40}
SMALL_AND_BAD = {"ArchiveId": "x", "FromTimestamp": 0, "ToTimestamp": 1}


def seconds(call: Callable[[], object], calls: int = CALLS) -> Callable[[], float]:
    """A measurement of so many calls, in seconds per call."""
    return lambda: timeit.timeit(call, number=calls) / calls


def comparisons() -> Iterator[Comparison]:
    """The rows of this subject."""
    op = operation("mailmanager:StartArchiveExport")
    validator, bare = Validator(op), jsonschema_rs.validator_for(op.request)
    model = botocore.session.get_session().get_service_model("mailmanager")
    shape = model.operation_model("StartArchiveExport").input_shape
    params = ParamValidator()
    ours = seconds(lambda: validator.is_valid(GOOD))
    yield (
        "is_valid / bare jsonschema-rs",
        ours,
        seconds(lambda: bare.is_valid(GOOD)),
        {"at_most": 3},
    )
    yield (
        "botocore ParamValidator / is_valid",
        ours,
        seconds(lambda: params.validate(GOOD, shape), CALLS // 10),
        {"at_least": 15},
    )
    for name, request in (("typical", BAD), ("small", SMALL_AND_BAD)):
        yield (
            f"violations / jsonschema-rs iter_errors, {name} request",
            seconds(lambda request=request: validator.violations(request)),
            seconds(lambda request=request: list(bare.iter_errors(request))),
            {"at_most": 5},
        )
