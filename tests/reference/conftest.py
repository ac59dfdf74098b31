"""What the tests of the embedded implementation share: the operation, its cases, its messages."""

from __future__ import annotations

import pytest

import contract_kit
from contract_kit.cases.boundary import boundary_cases
from contract_kit.cases.case import Case
from contract_kit.cases.good_request import GoodRequest
from contract_kit.cases.raw_cases import raw_cases
from contract_kit.cases.slow_cases import slow_cases
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.wire.aws_json import AwsJson
from contract_kit.wire.message import Message
from contract_kit.wire.table import wire_of


@pytest.fixture(scope="session")
def operation() -> Operation:
    """The operation that the faults are about."""
    return contract_kit.operation("mailmanager:StartArchiveExport")


@pytest.fixture(scope="session")
def request_value(operation: Operation) -> Json:
    """A conforming request."""
    return GoodRequest(operation).request


@pytest.fixture(scope="session")
def good(operation: Operation, request_value: Json) -> Message:
    """The message of a conforming request."""
    return AwsJson().encode(operation, request_value)


@pytest.fixture(scope="session")
def corpus(operation: Operation) -> tuple[tuple[Case, Message], ...]:
    """Every boundary case and every malformed message, each with what is sent."""
    wire = wire_of(operation)
    cases = (
        *boundary_cases(operation),
        *slow_cases(operation),
        *raw_cases(wire),
    )
    return tuple((case, case.message or wire.encode(case.request)) for case in cases)
