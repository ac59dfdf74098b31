"""The listed part of an exploration: finer cases, found whatever the seed."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from contract_kit.cases.finer_cases import finer_cases

BLANK, NAMED = b'"ArchiveId":"        "', b'"ArchiveId":"a-known"'


def widened(kit, sign: str):
    """The correct server, whose archives may have one sign more in their names."""

    def server(asked):
        said = kit.correct(asked)
        if said.status == 200 or not kit.is_asked(asked):
            return said
        try:
            archive = asked.value.get("ArchiveId")
        except (AttributeError, ValueError, RecursionError):
            return said
        wide = rf"a-[a-zA-Z0-9_{re.escape(sign)}]{{1,64}}"
        if isinstance(archive, str) and sign in archive[2:] and re.fullmatch(wide, archive):
            return kit.result({"Exports": []})
        return said

    return server


def explored(kit, server, *, examples=120, seed=0, seconds=None, **options):
    """The outcome of a campaign that explores."""
    return kit.fuzzed(server, examples=examples, seed=seed, seconds=seconds, **options)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("sign", [";", "$", "\N{KELVIN SIGN}"])
def test_a_class_that_is_one_sign_too_wide_is_found_whatever_the_seed(kit, sign, seed):
    """No boundary case holds these signs, and chance would meet them in one run of many."""
    outcome = explored(kit, widened(kit, sign), seed=seed)
    assert [found.constraint for found in outcome.findings] == ["ArchiveId.pattern"]
    (finding,) = outcome.findings
    assert finding.case.endswith(f"repeat1-u{ord(sign):04x}-spread")


def test_the_case_of_a_finding_can_be_sent_alone(kit):
    """Its id is on a list, unlike that of a draw."""
    server = widened(kit, ";")
    (finding,) = explored(kit, server).findings
    alone = kit.fuzzed(server, cases=(finding.case,))
    assert [found.case for found in alone.findings] == [finding.case]
    assert alone.cases == 1


def test_three_fourths_of_the_examples_at_most_are_listed(kit):
    """The rest is drawn, and all of them together are as many as were asked for."""
    seen = []

    def server(asked):
        seen.append(asked.body)
        return kit.correct(asked)

    outcome = explored(kit, server, examples=40)
    listed = {kit.body(case.request) for case in finer_cases(kit.LIST)}
    assert outcome.examples == 40
    # What is drawn after them may be a listed one by chance.
    before_draws = seen[: -(40 - 30)]
    assert len({body for body in before_draws if body in listed}) == 30


def test_where_there_are_more_of_them_the_seed_decides_which(kit):
    """The same seed, the same ones; other seeds see others."""

    def sent(seed):
        seen = []

        def server(asked):
            seen.extend([asked.body] if asked.body in listed else [])
            return kit.correct(asked)

        explored(kit, server, examples=40, seed=seed)
        return seen

    listed = {kit.body(case.request) for case in finer_cases(kit.LIST)}

    first = sent(1)
    assert sent(1) == first
    assert sent(2) != first


def test_what_the_boundary_showed_is_not_shown_again(kit):
    """Of a constraint that is known to be broken no further case is sent."""
    outcome = explored(kit, widened(kit, "."))
    (finding,) = outcome.findings
    assert finding.case.rpartition("/")[2].endswith("-middle")
    assert finding.count == 1


def crashing(kit, server, archive: str):
    """The server, which crashes at an empty token beside archives of such names."""

    def crashes(asked):
        said = server(asked)
        try:
            value = asked.value
            known = re.fullmatch(archive, value["ArchiveId"]) if value["NextToken"] == "" else None
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
            return said
        return kit.Said(500, b"") if known and said.status == 400 else said

    return crashes


def without_name(kit):
    """The correct server, which takes blanks for the name of an archive."""

    def server(asked):
        return kit.correct(replace(asked, body=asked.body.replace(BLANK, NAMED)))

    return server


def test_a_request_that_is_wrong_everywhere_is_sent_where_one_value_is_let_pass(kit):
    """The others are still refused, or else that is another finding."""
    # Page tokens are sent only where one is given.
    given = {"ArchiveId": "a-abcdefab", "NextToken": "given", "PageSize": 10}
    outcome = explored(kit, crashing(kit, without_name(kit), " +"), request=given)
    assert {each.verdict: each.case for each in outcome.findings} == {
        "too lax": "ListArchiveExports/ArchiveId.pattern/only-blanks",
        "crash": "ListArchiveExports/ArchiveId.pattern/every-value",
    }


def test_what_crashes_at_one_value_is_not_told_again_of_many(kit):
    """Nor is the first constraint blamed for it."""
    outcome = explored(kit, crashing(kit, kit.correct, ".*"))
    assert {found.constraint for found in outcome.findings} == {"NextToken.minLength"}


def test_a_target_that_dies_ends_the_listed_part(kit):
    """What was found until then is kept."""

    class Dead(Exception):
        """The server's end."""

    dead = []

    def server(asked):
        if dead or b";" in asked.body:
            dead.append(asked)
            raise Dead
        return kit.correct(asked)

    outcome = explored(kit, server)
    assert outcome.ended
    assert {found.verdict for found in outcome.findings} == {"crash"}


def test_a_time_limit_ends_the_listed_part(kit):
    """At once, where it is over before it began."""
    assert explored(kit, kit.correct, seconds=1e-9).examples == 0
