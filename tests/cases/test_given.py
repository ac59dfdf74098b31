"""Bindings and requests that are given for several operations at once."""

from __future__ import annotations

import pytest

from contract_kit import operation
from contract_kit.cases.given import bindings_for, requests_for
from contract_kit.cases.good_request import GoodRequest
from contract_kit.cli.inputs import parse_bindings
from contract_kit.errors import UsageError

GET = operation("mailmanager:GetArchive")
EXPORT = operation("mailmanager:StartArchiveExport")
STOP = operation("mailmanager:StopArchiveExport")


def test_each_operation_takes_the_bindings_that_concern_it():
    """By member where it has the member, by operation where it is named."""
    given = {
        "ArchiveId": "a-1",
        "MaxResults": 5,
        STOP.id: {"ExportId": "e"},
        EXPORT.id: {"ArchiveId": "a-2"},
        "other:Operation": {"Nothing": 1},
    }
    others = (GET, EXPORT, STOP)
    assert bindings_for(GET, given, others=others) == {"ArchiveId": "a-1"}
    assert bindings_for(EXPORT, given, others=others) == {"ArchiveId": "a-2", "MaxResults": 5}
    assert bindings_for(STOP, given, others=others) == {"ExportId": "e"}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"MaxResults": 5}, "has no 'MaxResults'"),
        ({GET.id: {"MaxResults": 5}}, "has no 'MaxResults'"),
        ({GET.id: 5}, "5 is not a mapping; write {'mailmanager:GetArchive': {MEMBER: VALUE}}"),
    ],
)
def test_a_binding_for_no_one_is_an_error(given, says):
    """It would be without effect."""
    with pytest.raises(UsageError, match=says):
        bindings_for(GET, given, others=(STOP,))


def test_a_binding_has_to_conform():
    """To what is documented of its own place, whatever else the request lacks."""
    with pytest.raises(UsageError, match=r"the value given for ArchiveId breaks ArchiveId\.type"):
        bindings_for(GET, {"ArchiveId": 5})
    with pytest.raises(UsageError, match=r"breaks ArchiveId\.pattern"):
        bindings_for(EXPORT, {EXPORT.id: {"ArchiveId": "nothing"}})
    assert bindings_for(EXPORT, {"ArchiveId": "a-{seq}"}) == {"ArchiveId": "a-{seq}"}


def test_a_fresh_number_stands_in_strings_only():
    """Elsewhere one line says so, in requests as in bindings and on the command line."""
    request = {**GoodRequest(EXPORT).request, "FromTimestamp": "{seq}"}
    for give in (
        lambda: bindings_for(EXPORT, {"MaxResults": "{seq}"}),
        lambda: requests_for(EXPORT, {EXPORT.id: request}),
        lambda: parse_bindings(EXPORT, ("MaxResults={seq}",)),
        lambda: parse_bindings(EXPORT, ('Filters={"Include":[{seq}]}',)),
    ):
        with pytest.raises(UsageError, match=r"\{seq\} becomes a fresh number within strings only"):
            give()


def test_a_request_is_given_by_operation():
    """And has to conform."""
    assert requests_for(GET, {}) == ()
    assert requests_for(GET, {STOP.id: {"ExportId": "e"}}) == ()
    assert requests_for(GET, {GET.id: {"ArchiveId": "a-1"}}) == ({"ArchiveId": "a-1"},)
    with pytest.raises(UsageError, match=r"the request given breaks ArchiveId\.type"):
        requests_for(GET, {GET.id: {"ArchiveId": 5}})
    with pytest.raises(UsageError, match="names no operation"):
        requests_for(GET, {"ArchiveId": "a-1"})
