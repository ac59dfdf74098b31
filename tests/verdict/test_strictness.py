"""Which refusals of conforming requests show that a service is too strict."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract_kit import operation
from contract_kit.cases.case import Case
from contract_kit.cases.export import all_cases
from contract_kit.verdict.judge import Judgement
from contract_kit.verdict.strictness import (
    FIXED,
    FRACTION,
    LARGEST,
    NOTHING_IN_IT,
    claim,
    refusal_note,
    weighed,
)
from contract_kit.wire.message import Answer
from contract_kit.wire.table import wire_of

PUT = operation("ssm:PutParameter")
EXPORT = operation("mailmanager:StartArchiveExport")
INVALID = "ValidationException"


def _case(id, op=PUT):
    """A conforming case by constraint and slug."""
    return Case(
        id=f"{op.name}/{id}",
        constraint=id.partition("/")[0],
        side="inside",
        expects="accept",
        family="value",
    )


def _error(text, name=INVALID):
    return Answer(kind="error", status=400, name=name, text=text)


LENGTH = "Value at 'description' failed: Member must have length less than or equal to"


@pytest.mark.parametrize(
    ("id", "text", "name", "claimed"),
    [
        # What a source fixes.
        ("Tier.enum/value-Advanced", "no", INVALID, "fixed"),
        ("Tier.type/absent", "no", INVALID, "fixed"),
        ("Tier.type/absent", "Tier is required", INVALID, "fixed"),
        ("Tier.type/absent", "Missing the parameter Tier", INVALID, "fixed"),
        ("Tier.type/null", "no", INVALID, "fixed"),
        ("Overwrite.type/false", "no", INVALID, "fixed"),
        ("request.type/smallest", "no", INVALID, "fixed"),
        ("request.type/unknown-member", "no", INVALID, "fixed"),
        ("wire.contentType/charset", "no", "UnknownOperationException", "fixed"),
        # The end of a limit, if the same value of another size is accepted.
        ("Description.maxLength/longest", "no", INVALID, "by neighbour"),
        ("Name.minLength/shortest", "no", INVALID, "by neighbour"),
        ("KeyId.pattern/longest", "no", INVALID, "by neighbour"),
        ("KeyId.pattern/repeat1-least", "no", INVALID, "by neighbour"),
        ("Description.maxLength/longest", f"{LENGTH} 1000", INVALID, "by neighbour"),
        # One of few documented values, if another one is accepted.
        ("Tier.type/typical", "no", INVALID, "by neighbour"),
        ("Overwrite.type/typical", "no", INVALID, "by neighbour"),
        # All members of a class, if one of them is refused where another one is accepted.
        ("KeyId.pattern/repeat1-members1", "no", INVALID, "by member"),
        ("KeyId.pattern/repeat1-members1", "KeyId does not exist", INVALID, "made up"),
        # What the kit made up.
        ("Description.type/typical", "no", INVALID, "made up"),
        ("Description.type/mixed-scripts", "no", INVALID, "made up"),
        ("Policies.type/long-string", "no", INVALID, "made up"),
        ("request.type/explored-01234567", "no", INVALID, "made up"),
        ("request.type/largest", "no", INVALID, "made up"),
        ("Tags[].type/empty", "no", INVALID, "made up"),
        # The error claims that a documented constraint is broken, which it is not.
        ("Description.type/typical", f"{LENGTH} 1024", INVALID, "fixed"),
        ("request.type/explored-01234567", f"{LENGTH} 1024", INVALID, "fixed"),
        ("KeyId.pattern/repeat1-members1", "KeyId must match ^([a-zA-Z0-9:/_-]+)$", INVALID, None),
        (
            "Tier.type/typical",
            "Value at 'tier' failed: Member must satisfy enum value set: "
            "[Advanced, Intelligent-Tiering, Standard]",
            *(INVALID, "fixed"),
        ),
        # The right type can be read.
        ("Overwrite.type/absent", "no", "SerializationException", "fixed"),
        # What is quoted is the request's.
        ("Tier.type/absent", "Value 'not in this region' at 'unless.tier'", INVALID, "fixed"),
        # It is refused for the sake of something else.
        ("Tier.enum/value-Advanced", "Tier Advanced is not supported here", INVALID, "made up"),
        ("Tier.enum/value-Advanced", "not in this region", INVALID, "made up"),
        ("Tier.type/absent", "exactly one of a and b", INVALID, "made up"),
        ("Tier.type/absent", "AllowedPattern is wrong", INVALID, "made up"),
        ("Tier.type/absent", "Some policies are not defined in Tier", INVALID, "made up"),
        (
            "request.type/smallest",
            "Parameter.Type should not be null or empty.",
            INVALID,
            "made up",
        ),
        ("Tier.type/absent", "'Policies' is wrong", INVALID, "made up"),
        ("Tier.enum/value-Advanced", "Tier only for parameters of 8 KB", INVALID, "made up"),
        ("Tier.enum/value-Advanced", "no", "UnsupportedThing", "made up"),
        ("Description.maxLength/longest", "cannot be used with Tier", INVALID, "made up"),
        ("Tier.type/absent", "no", "TeapotException", "made up"),
        # It speaks of what is neither the member nor a value that is documented for it.
        ("Tier.enum/value-Advanced", "No provisioned memory given for it", INVALID, "made up"),
        ("Tier.enum/value-Advanced", "Only small things are supported", INVALID, "made up"),
        ("Tier.enum/value-Advanced", "Tier: only small ones are supported", INVALID, "made up"),
        ("Tier.type/typical", "Bring your own disks", INVALID, "made up"),
        ("Tier.type/absent", "Bring your own disks", INVALID, "made up"),
        ("Overwrite.type/false", "Bring your own disks", INVALID, "made up"),
        # It names the member in words, a documented value, or nothing.
        ("AllowedPattern.type/absent", "Bring an allowed pattern, missing", INVALID, "fixed"),
        ("DataType.type/absent", "The data type cannot be left out", INVALID, "fixed"),
        ("Tier.enum/value-Advanced", "I dislike Intelligent-Tiering", INVALID, "fixed"),
        ("Tier.enum/value-Advanced", "Invalid value in the request.", INVALID, "fixed"),
        ("Tier.type/absent", "1 validation error detected", INVALID, "fixed"),
        ("Tier.type/absent", "", INVALID, "fixed"),
    ],
)
def test_a_refusal_claims_what_a_source_fixes(id, text, name, claimed):
    """Beside limits, enumerations and absence only an error that contradicts what is documented."""
    if claimed is None:
        limit = next(each.limit for each in PUT.constraints if each.id == "KeyId.pattern")
        text, claimed = f"keyId does not match {limit}", "fixed"
    assert claim(PUT, _case(id), _error(text, name)) == claimed


LOGS = operation("logs:PutLogEvents")


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ("Log events must be in chronological order.", "made up"),
        ("Timestamp must be at least 5.", "fixed"),
        ("The value is too low.", "fixed"),
    ],
)
def test_the_end_of_a_range_is_refused_for_its_own_sake_or_proves_nothing(text, claimed):
    """No neighbour shows that the size is to blame, as it does for lengths."""
    case = _case("logEvents[].timestamp.minimum/least", LOGS)
    assert claim(LOGS, case, _error(text, "InvalidParameterException")) == claimed


ECHOES = (
    "[{'StringExpression': {'Evaluate': {'Attribute': 'TO'}, 'Values': ['exactly one of']}}]",
    "[ArchiveFilterCondition(stringExpression=Expression(evaluate=Evaluate(attribute=TO)))]",
)
CONDITIONS = f"1 validation error detected: Value '{ECHOES[0]}' at 'filters.include' failed"


@pytest.mark.parametrize(
    ("id", "text", "claimed"),
    [
        # A source says that there may be none.
        ("Filters.Include.type/no-items", "no", "fixed"),
        ("ExportDestinationConfiguration.type/no-items", "no", "made up"),
        # A time between two seconds is written as any other.
        ("FromTimestamp.type/fraction", "no", "fixed"),
        ("FromTimestamp.type/epoch", "no", "made up"),
        ("MaxResults.type/fraction", "no", "made up"),
        # What is repeated of the request names its members, and is not about them.
        ("Filters.Include.maxItems/most", CONDITIONS, "by neighbour"),
        ("Filters.Include.maxItems/most", CONDITIONS.replace(*ECHOES), "by neighbour"),
        ("Filters.Include.maxItems/most", f'invalid {{"Include": {ECHOES[0]}}}', "by neighbour"),
        ("Filters.Include.maxItems/most", f"{CONDITIONS}, when 'Unless' is set", "made up"),
        ("Filters.Include.maxItems/most", f"{CONDITIONS} without IncludeMetadata", "made up"),
    ],
)
def test_a_refusal_is_read_without_the_values_that_it_repeats(id, text, claimed):
    """And what a source or the protocol says of the smallest list and of times is fixed."""
    assert claim(EXPORT, _case(id, EXPORT), _error(text)) == claimed


@pytest.mark.parametrize(
    ("size", "status", "name", "claimed"),
    [
        (400_000, 413, "RequestEntityTooLargeException", "fixed"),
        (400_000, 400, "RequestEntityTooLargeException", "fixed"),
        (400_000, 413, "PayloadError", "fixed"),
        (400_000, 400, "LimitExceededException", "made up"),
        (1_600_000, 413, "RequestEntityTooLargeException", "made up"),
    ],
)
def test_a_request_that_the_documented_limits_allow_is_not_too_large(size, status, name, claimed):
    """Beyond a million characters services have limits that no model states."""
    case = replace(_case("request.type/largest", EXPORT), request={"ArchiveId": "a" * size})
    answer = Answer(kind="error", status=status, name=name, text="no")
    assert claim(EXPORT, case, answer) == claimed


def test_slugs_that_are_named_exist():
    """A probe of another name would be overlooked."""
    found = {case.slug for op in (PUT, EXPORT) for case in all_cases(op, wire_of(op))}
    found |= {
        case.slug for case in all_cases(operation("kms:Encrypt"), wire_of(operation("kms:Encrypt")))
    }
    found |= {
        case.slug
        for case in all_cases(operation("dynamodb:PutItem"), wire_of(operation("dynamodb:PutItem")))
    }
    assert {FRACTION, *LARGEST, *FIXED} <= found
    assert set(NOTHING_IN_IT) - {"empty-blob"} <= found


@pytest.mark.parametrize(
    ("claimed", "accepted", "outcome"),
    [
        ("fixed", False, "too strict"),
        ("by neighbour", True, "too strict"),
        ("by neighbour", False, "masked"),
        ("by member", True, "too strict"),
        ("by member", False, "masked"),
        ("made up", True, "masked"),
    ],
)
def test_what_proves_nothing_is_masked_with_the_error_shown(claimed, accepted, outcome):
    """And the note of the run will have it."""
    judgement = Judgement(outcome="too strict", reason="refused with X: no")
    case = _case("Tier.type/absent")
    shown = weighed(claimed, case, judgement, neighbour_is_accepted=accepted)
    assert (shown.outcome, shown.reason) == (outcome, judgement.reason)
    assert (shown.reason_kind == "made up") == (outcome == "masked")


def test_there_is_one_note_however_many_values_are_refused():
    """It names members, shows an error, and says how to give what is taken."""
    counts = (("Tier.type", 3), ("Name.type", 1), ("request.type", 2), ("A.b", 1))
    (note,) = refusal_note({(id, "refused with X: no"): count for id, count in counts})
    assert note.startswith("the target refuses 7 generated values of A, Name, Tier")
    assert "For example, A.b was refused with X: no" in note
    assert "--bind A=VALUE or --request FILE" in note
    assert refusal_note({}) == ()
