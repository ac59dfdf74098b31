"""Who refuses everything: gates that know nobody, and targets that lack an operation."""

from __future__ import annotations

import pytest

from contract_kit import operation
from contract_kit.errors import TargetError

LETS_NOBODY_IN = [
    (401, b'{"message": "who are you"}', ""),
    (407, b"<html>", ""),
    (403, b'{"message": "Forbidden"}', ""),
    (403, b'{"message": "Missing Authentication Token"}', ""),
    (403, b"", "InvalidSignatureException"),
    (403, b"", "MissingAuthenticationTokenException"),
    (400, b"", "UnrecognizedClientException"),
    (403, b"", "InvalidClientTokenId"),
    (400, b"", "SignatureDoesNotMatch"),
    (400, b"", "ExpiredTokenException"),
    (400, b"", "InvalidSecurityTokenException"),
    (403, b"", "MissingClientTokenId"),
    (403, b"", "OptInRequired"),
    (403, b"", "SubscriptionRequiredException"),
]


@pytest.mark.parametrize(("status", "body", "name"), LETS_NOBODY_IN)
def test_a_gate_that_knows_nobody_is_told_as_such(kit, status, body, name):
    """With what it says, and what to give: neither a crash nor a request that is refused."""
    said = kit.error(name, status=status) if name else kit.Said(status, body)
    with pytest.raises(TargetError, match=r"denies access: .*--access-key .*--header") as told:
        kit.fuzzed(lambda asked: said)
    assert name in str(told.value)


def test_a_documented_error_about_a_token_is_about_one_in_the_request(kit):
    """Not about who asks: credentials would not help."""
    op = operation("meteringmarketplace:ResolveCustomer")
    said = kit.error("InvalidTokenException", status=400)
    with pytest.raises(TargetError) as told:
        kit.fuzzed(lambda asked: said, op)
    assert "does not let us in" not in str(told.value)
    assert "--bind" in str(told.value)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, b"<h1>Not Found</h1>"),
        (405, b""),
        (501, b"whatever"),
        (500, b"NotImplementedError: the action %s has no method (request 5f0c1a2b3c4d)"),
    ],
)
def test_what_is_answered_like_an_operation_that_does_not_exist_is_not_implemented(
    kit, status, body
):
    """Names and numbers of requests aside."""
    numbers = iter(range(1_000_000))

    def lacking(asked):
        target = asked.headers.get("x-amz-target", "")
        if not target:
            return kit.Said(200, b"a page")
        name = target.rpartition(".")[2].encode()
        filled = body.replace(b"%s", name).replace(b"5f0c", b"%04d" % next(numbers))
        return kit.Said(status, filled)

    with pytest.raises(TargetError, match="ListArchiveExports is not implemented"):
        kit.fuzzed(lacking)


def test_a_crash_is_told_from_an_operation_that_does_not_exist_by_its_text(kit):
    """Some servers answer both with 500."""

    def crashing(asked):
        if asked.headers["x-amz-target"].endswith(".ListArchiveExports"):
            return kit.Said(500, b"KeyError: 'Exports'")
        return kit.Said(500, b"NotImplementedError")

    (finding,) = kit.fuzzed(crashing).findings
    assert (finding.constraint, finding.verdict) == ("request.type", "crash")


def test_a_second_conforming_request_decides_as_well(kit):
    """The usual one may meet a hole that is answered like an operation that does not exist."""
    seen = []

    def holed(asked):
        seen.append(asked.body)
        return kit.Said(404, b"hole") if asked.body == seen[0] else kit.correct(asked)

    assert kit.fuzzed(holed).cases


def test_a_server_that_fails_whatever_it_is_asked_may_well_have_the_operation(kit):
    """It crashes."""
    outcome = kit.fuzzed(lambda asked: kit.Said(500, b"Internal Server Error"))
    (finding,) = outcome.findings
    assert (finding.constraint, finding.verdict) == ("request.type", "crash")
    assert outcome.ended == "no conforming request was answered"
