"""Requests of any origin, checked one by one."""

from __future__ import annotations

from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_kit import operation
from contract_kit.errors import TargetError
from contract_kit.fuzz import Setup
from contract_kit.pytest_plugin.check_fixture import BrokenConstraint, ExplainingChecker
from contract_kit.reference.http import running
from contract_kit.reference.wsgi import app
from contract_kit.strategies import Violating, valid, violating
from contract_kit.target import Recipe
from contract_kit.target.http import HttpTarget, wsgi_target
from contract_kit.wire.table import wire_of

EXPORT = operation("mailmanager:StartArchiveExport")
CONTENT_TYPE = ("Content-Type", "application/x-amz-json-1.0")
GOOD = {
    "ArchiveId": "a-1",
    "FromTimestamp": 1,
    "ToTimestamp": 2,
    "ExportDestinationConfiguration": {"S3": {"S3Location": "s3://abc"}},
}


def checker_of(target, **options):
    """A checker of one operation at a target."""
    setup = Setup(wire=wire_of(EXPORT), target=Recipe(given=target), **options)
    return ExplainingChecker(setup, target)


@pytest.fixture(scope="module")
def correct():
    """A checker of the correct implementation."""
    with closing(wsgi_target(app())) as target:
        yield checker_of(target)


@settings(max_examples=60)
@given(st.one_of(valid(EXPORT), violating(EXPORT)))
def test_a_correct_implementation_passes_whatever_is_drawn(correct, sample):
    """Requests that conform and such that do not."""
    assert correct.check(sample).outcome == "kept"


@pytest.mark.parametrize(
    ("sample", "fault", "constraint"),
    [
        ({**GOOD, "ArchiveId": "a-1\n"}, "ArchiveId.pattern/newline-at-end", "ArchiveId.pattern"),
        (
            Violating(request={**GOOD, "MaxResults": "x"}, constraint="MaxResults.type"),
            "MaxResults.type/not-enforced",
            "MaxResults.type",
        ),
    ],
)
def test_what_is_not_answered_as_documented_is_explained(sample, fault, constraint):
    """Constraint, origin, request and reply; the constraint is found by itself."""
    with closing(wsgi_target(app((fault,)))) as target:
        checker = checker_of(target)
        assert checker.check(GOOD).outcome == "kept"
        with pytest.raises(BrokenConstraint) as caught:
            checker.check(sample)
    lines = str(caught.value).splitlines()
    assert lines[0].startswith(f"too lax  {constraint}  (")
    assert [line.split()[0] for line in lines[1:]] == [
        "why",
        "documented",
        "sent",
        "answered",
    ]


def test_what_is_reached_by_a_url_has_a_line_that_repeats_it():
    """As the command line shows it."""
    fault = "ArchiveId.pattern/newline-at-end"
    with (
        running((fault,)) as url,
        closing(HttpTarget(url)) as target,
        pytest.raises(BrokenConstraint, match=f"\n  repeat      curl .*{url}/"),
    ):
        checker_of(target).check({**GOOD, "ArchiveId": "a-1\n"})


def test_a_conforming_request_that_is_refused_is_too_strict():
    """And what no source promises is not."""

    def strict(environ, start_response):
        body = environ["wsgi.input"].read()
        environ["wsgi.input"].seek(0)
        if b"a-strict" in body or b'"S3":{}' in body:
            start_response("400 Bad", [("Content-Type", "application/x-amz-json-1.0")])
            return [b'{"__type": "ValidationException", "message": "no"}']
        return good(environ, start_response)

    good = app()
    with closing(wsgi_target(strict)) as target:
        checker = checker_of(target)
        with pytest.raises(BrokenConstraint, match=r"^too strict  request\.type"):
            checker.check({**GOOD, "ArchiveId": "a-strict"})
        open_question = {**GOOD, "ExportDestinationConfiguration": {"S3": {}}}
        assert checker.check(open_question).outcome == "kept"


def test_what_every_reply_is_held_to_counts():
    """A good answer of the wrong content type, say."""

    def plain(environ, start_response):
        def start(status, headers):
            start_response(status, [("Content-Type", "text/plain")])

        return good(environ, start)

    good = app()
    with (
        closing(wsgi_target(plain)) as target,
        pytest.raises(BrokenConstraint, match="contentType"),
    ):
        checker_of(target).check(GOOD)


def test_a_long_request_has_no_line_that_repeats_it():
    """No command makes its body."""
    huge = {
        **GOOD,
        "Filters": {
            "Include": [
                {
                    "StringExpression": {
                        "Evaluate": {"Attribute": "TO"},
                        "Operator": "CONTAINS",
                        "Values": ["x" * 2048] * 10,
                    }
                }
            ]
            * 10
        },
    }
    fault = "ArchiveId.pattern/newline-at-end"
    with (
        running((fault,)) as url,
        closing(HttpTarget(url)) as target,
        pytest.raises(BrokenConstraint) as caught,
    ):
        checker_of(target).check({**huge, "ArchiveId": "a-1\n"})
    assert "repeat" not in str(caught.value)


def test_a_target_that_crashes_on_a_good_request_is_told():
    """Each time it is asked."""

    def crashing(environ, start_response):
        raise ValueError("boom")

    with closing(wsgi_target(crashing)) as target:
        checker = checker_of(target)
        for _ in range(2):
            with pytest.raises(TargetError, match=r"crashes on a conforming request: .*boom"):
                checker.check(GOOD)


def test_what_is_not_found_tells_nothing_and_what_is_denied_is_wrong():
    """The surroundings are random: nothing promises that what they name is there."""

    def answering(name):
        def app(environ, start_response):
            body = environ["wsgi.input"].read()
            good = b'"a-known"' in body and b"MaxResults" not in body
            start_response("200 OK" if good else "400 x", [CONTENT_TYPE])
            return [b'{"ExportId":"e"}' if good else b'{"__type":"%s"}' % name.encode()]

        return app

    bad = {**GOOD, "ArchiveId": "a-other", "MaxResults": "x"}
    for name, masked in (("ResourceNotFoundException", True), ("AccessDeniedException", False)):
        with closing(wsgi_target(answering(name))) as target:
            checker = checker_of(target, bindings={"ArchiveId": "a-known"})
            if masked:
                assert checker.check(bad).outcome == "masked"
            else:
                with pytest.raises(BrokenConstraint, match="wrong error"):
                    checker.check(bad)
