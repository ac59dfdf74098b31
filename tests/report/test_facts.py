"""Constraints in words, for every constraint of every committed operation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract_kit import operation
from contract_kit.cases.export import all_cases
from contract_kit.contract.catalog import committed_names
from contract_kit.report.documented import _PROBE_FACTS, documented
from contract_kit.report.facts import fact, origin_texts
from contract_kit.wire.table import wire_of

EXPORT = operation("mailmanager:StartArchiveExport")


@pytest.mark.parametrize(
    ("id", "words"),
    [
        ("request.type", "the request is one object"),
        ("ArchiveId.required", "must not be null"),
        ("ArchiveId.minLength", "must have length greater than or equal to 3"),
        ("MaxResults.type", "must be of type integer of 32 bits"),
        ("ExportDestinationConfiguration.union", "must have exactly one of the members [S3]"),
        ("response.status", "success has the documented status"),
        ("response.ExportId.present", "documented as part of the reply"),
        (
            "response.ExportId.unique",
            "documented as a unique identifier: no two requests get the same",
        ),
    ],
)
def test_a_constraint_is_told_in_the_words_of_aws(id, words):
    """Where AWS has words for it."""
    assert fact(EXPORT.constraint(id)) == words


def test_every_constraint_has_a_fact_and_an_origin():
    """Of all committed operations, and of the protocol."""
    for name in committed_names("mailmanager"):
        op = operation(f"mailmanager:{name}")
        for constraint in wire_of(op).constraints:
            words, origins = fact(constraint), origin_texts(op, constraint)
            assert words.isprintable(), constraint.id
            assert words, constraint.id
            assert all(origins), constraint.id
            assert origins, constraint.id


def test_an_origin_is_spelt_out_without_its_hash():
    """A reader wants the name of the page and the version of the model."""
    origins = origin_texts(EXPORT, EXPORT.constraint("ArchiveId.pattern"))
    assert "page:StartArchiveExport: StartArchiveExport - Amazon SES Mail Manager API" in origins
    assert any(text.startswith("model: botocore ") for text in origins)
    assert "sha256" not in " ".join(origins)


def test_what_no_source_states_comes_from_protocol_or_type():
    """Neither page nor model says that a body is an object."""
    known = EXPORT.constraint("request.type")
    assert origin_texts(EXPORT, known) == (f"protocol: {' or '.join(EXPORT.protocols)}",)
    spoken = wire_of(EXPORT, "json").label
    assert origin_texts(EXPORT, known, spoken=spoken) == ("protocol: awsJson1.0",)
    origins = {
        origin
        for constraint in EXPORT.constraints
        for origin in origin_texts(EXPORT, constraint)
        if "type" in constraint.origins
    }
    assert origins <= {"the member's type"}


def test_a_rule_of_the_protocol_is_told_as_the_protocols(parts):
    """Of a probe, that is: the constraint that it stands beside is the model's."""
    (found,) = parts.finding("Filters.Include[].union", "too strict", slug="type-name").all()
    constraint = parts.EXPORT.constraint("Filters.Include[].union")
    inside = replace(found, side="inside")
    told = documented(inside, constraint, wire_of(parts.EXPORT))
    assert told.startswith("a member __type beside the one of a union is ignored [Smithy: AWS JSON")
    for other in (found, replace(inside, case="A/Filters.Include[].union/two-members")):
        assert documented(other, constraint, wire_of(parts.EXPORT)).startswith(
            "must have exactly one of "
        )


def test_the_probes_that_the_protocol_documents_exist():
    """A name that was changed would lose its source."""
    slugs = {
        (case.constraint.rpartition(".")[2], case.slug)
        for name in ("StartArchiveExport", "CreateRuleSet")
        for case in all_cases(
            operation(f"mailmanager:{name}"), wire_of(operation(f"mailmanager:{name}"))
        )
        if case.side == "inside"
    }
    assert set(_PROBE_FACTS) <= slugs
