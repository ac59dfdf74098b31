"""Rules that documentation states in words, and what they leave open."""

from __future__ import annotations

import pytest

from contract_kit import operation
from contract_kit.cases import boundary_cases
from contract_kit.contract.operation import Operation
from contract_kit.derive.documented_rules import is_rule, member_rules, one_of, sentences
from contract_kit.derive.operation import derive_operation
from contract_kit.report.facts import origin_texts


@pytest.mark.parametrize(
    "sentence",
    [
        "You cannot use this parameter with the TrailName parameter.",
        "When you set FifoQueue, you can't set DelaySeconds per message.",
        "Required when StatisticType is TOP_SOURCES_BY_REVENUE.",
        "The names are mutually exclusive.",
        "The prefix must end with a forward slash (/).",
        "This option applies only to FIFO queues.",
        "You must include Filters or SecretIdList, but not both.",
        "PutItem does not recognize any values other than NONE or ALL_OLD.",
        "Valid values: 0 to 900.",
    ],
)
def test_a_sentence_that_demands_something_is_a_rule(sentence: str) -> None:
    """Of another member, of what exists, or of a form that no trait states."""
    assert is_rule(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The name of the table.",
        "A condition that must be satisfied for the update to succeed.",
        "If you do not specify this parameter, the stream uses USER_PARTITION_KEY.",
        "All conditions must match the email for the actions to be executed.",
        "Do not include confidential or sensitive information in this field.",
    ],
)
def test_a_sentence_that_demands_nothing_of_a_request_is_none(sentence: str) -> None:
    """Or every member would be open."""
    assert not is_rule(sentence)


def test_a_limit_is_news_only_where_the_model_has_none() -> None:
    """What both state is judged by the model."""
    text = "The value must be between 1 and 100."
    assert is_rule(text)
    assert not is_rule(text, limited=True)


def test_documentation_is_read_as_text() -> None:
    """Paragraphs end sentences, marks of code do not."""
    text = "<p>Only <code>A&amp;B</code>. Or not</p><ul><li>one</li><li>two.</li></ul>"
    assert [*sentences(text)] == ["Only A&B.", "Or not", "one", "two."]


def test_a_structure_names_the_members_that_its_rules_are_about() -> None:
    """Its documentation tells of each by name."""
    shapes = {"Text": {"type": "string", "max": 9}}
    structure = {
        "type": "structure",
        "members": {"Color": {"shape": "Text"}, "ColorId": {"shape": "Text"}},
        "documentation": "<p>Colors. You must not give ColorId twice.</p>",
    }
    assert member_rules(shapes, structure, "ColorId") == ("You must not give ColorId twice.",)
    assert member_rules(shapes, structure, "Color") == ()


def test_a_structure_of_which_one_member_is_given_is_a_union_in_doubt() -> None:
    """Where documentation says so, though the model does not."""
    members = {"A": {"shape": "Text"}, "B": {"shape": "Text"}}
    said = "You must specify exactly one setting."
    assert one_of({"members": members, "documentation": f"<p>Text. {said}</p>"}) == said
    only = "Each key can have only one value."
    assert not one_of({"members": members, "documentation": only})
    assert not one_of({"members": members, "documentation": said, "union": True})
    assert not one_of({"members": members, "documentation": said, "required": ["A"]})


@pytest.fixture(scope="module")
def send() -> Operation:
    """An operation with members that exclude each other by kind of queue."""
    return derive_operation("sqs:SendMessage")


def test_conforming_probes_of_a_member_with_a_rule_are_open(send: Operation) -> None:
    """With the sentence; the violating ones stay."""
    cases = [case for case in boundary_cases(send) if case.constraint.startswith("DelaySeconds.")]
    inside = [case for case in cases if not case.breaks]
    assert {case.expects for case in inside} == {"any"}
    said = [case for case in inside if "you can't set DelaySeconds per message" in case.open]
    assert len(said) > 3
    assert {case.expects for case in cases if case.breaks} == {"reject"}


def test_other_members_are_judged_as_before(send: Operation) -> None:
    """Beside one that has a rule and is the same in both requests of a pair."""
    cases = [case for case in boundary_cases(send) if case.constraint.startswith("QueueUrl.")]
    assert "accept" in {case.expects for case in cases}


def test_the_sentence_is_shown_with_the_case_that_it_opens(send: Operation) -> None:
    """And not as a source of every constraint of the member, least of all that it must be there."""
    assert not any(
        "documentation" in text for text in origin_texts(send, send.constraint("DelaySeconds.type"))
    )
    opened = [case for case in boundary_cases(send) if case.open]
    assert "DelaySeconds.type" in {case.constraint for case in opened}
    assert all(case.open.startswith("the documentation says: ") for case in opened)
    required = [entry for entry in send.constraints if entry.kind == "required"]
    assert not any(entry.rules for entry in required)


def test_members_of_a_union_in_doubt_are_probed_one_at_a_time() -> None:
    """No case has two of them unless any answer to it will do."""
    op = derive_operation("dynamodb:UpdateGlobalTable")
    assert op.shapes["ReplicaUpdate"].exclusive == ""
    op = derive_operation("wafv2:CreateRuleGroup")
    assert "exactly one setting" in op.shapes["CookieMatchPattern"].exclusive


def test_the_committed_operation_has_no_open_member_that_its_documentation_does_not_open() -> None:
    """Its documentation demands nothing in words."""
    op = operation("mailmanager:StartArchiveExport")
    assert not any(entry.rules for entry in op.constraints)


def test_members_that_make_a_call_wait_are_known_and_left_out_of_full_requests() -> None:
    """Whoever waits as documented is neither slow nor dead."""
    receive = operation("sqs:ReceiveMessage")
    root = receive.shapes[receive.input]
    assert [member.name for member in root.members if member.waits] == ["WaitTimeSeconds"]
    for case in boundary_cases(receive):
        if not case.constraint.startswith("WaitTimeSeconds"):
            assert "WaitTimeSeconds" not in case.request
