"""Another value for each given one: still conforming, and different where it can be."""

from __future__ import annotations

import pytest

from contract_kit import operation
from contract_kit.cases.good_request import GoodRequest
from contract_kit.validate import Validator

EXPORT = operation("mailmanager:StartArchiveExport")
LIST = operation("mailmanager:ListArchiveExports")


@pytest.mark.parametrize("size", [-(2**31), 0, 10, 2**31 - 1])
def test_an_integer_is_changed_within_its_type(size: int) -> None:
    """Whatever the value, the other request conforms, and its number differs."""
    given = {**GoodRequest(EXPORT).full(), "MaxResults": size}
    found = GoodRequest(EXPORT, request=given).other()
    assert Validator(EXPORT, wire=True).is_valid(found)
    assert found["MaxResults"] != size


@pytest.mark.parametrize("size", [1, 50])
def test_an_integer_is_changed_within_its_range(size: int) -> None:
    """At either end of it, too."""
    found = GoodRequest(LIST, request={"ArchiveId": "a-1", "PageSize": size}).other()
    assert 1 <= found["PageSize"] <= 50
    assert found["PageSize"] != size


def test_everything_else_differs_as_well() -> None:
    """Strings, times, booleans and values of enumerations that have more than one."""
    full = GoodRequest(EXPORT).full()
    found = GoodRequest(EXPORT).other(full=True)
    assert Validator(EXPORT, wire=True).is_valid(found)
    for name in ("ArchiveId", "FromTimestamp", "ToTimestamp", "IncludeMetadata"):
        assert found[name] != full[name], name
