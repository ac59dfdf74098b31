"""Kinds of files that real use showed: what is said of them, how often, and in how many words."""

from __future__ import annotations

import json
import re

import pytest

from contract_kit import operation
from contract_kit.cli.main import main
from contract_kit.derive.known_mistakes import known_mistakes
from contract_kit.derive.service_model import load_model
from contract_kit.derive.service_names import TABLE as NAMES
from contract_kit.errors import UnknownOperation
from contract_kit.requestfile.editor import editor_schema
from contract_kit.requestfile.multiline_patterns import reading
from contract_kit.requestfile.operations import Operations
from contract_kit.requestfile.skeleton import has_placeholder
from contract_kit.requestfile.times import Times

PUT = {"Name": "/a/b", "Value": "v", "Type": "String"}


@pytest.fixture
def validate(tmp_path, monkeypatch, capsysbinary):
    """`validate(*words)`: exit code and output of the command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        capsysbinary.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["validate", *words])
        printed = capsysbinary.readouterr()
        return ended.value.code, (printed.out + printed.err).decode()

    return run


@pytest.mark.parametrize("format", ["text", "github", "json", "sarif", "junit"])
def test_no_finding_prints_a_whole_enumeration(validate, tmp_path, format):
    """The nearest values, and how many there are."""
    request = {"ImageId": "ami-12345678", "InstanceType": "m5.lage"}
    (tmp_path / "x.json").write_text(json.dumps(request))
    code, output = validate(
        "x.json", "--operation=ec2:RunInstances", "--dialect=cli", f"--format={format}"
    )
    assert code == 1
    assert "m5.large" in output
    assert re.search(r"one of 1,\d{3} values", output)
    assert max(map(len, output.splitlines())) < 1000


def test_a_short_enumeration_is_told_whole(check):
    """Since one look is enough."""
    finding = check(
        json.dumps({**PUT, "Type": "Text"}), operation="ssm:PutParameter", dialect="cli"
    ).only
    assert "String, StringList, SecureString" in finding.message


@pytest.mark.parametrize("name", ["-x.json", "-h.yaml", "-.JSON"])
def test_a_name_that_looks_like_an_option_is_a_file(validate, tmp_path, name):
    """And hides nothing of what stands beside it."""
    (tmp_path / name).write_text(json.dumps({**PUT, "Type": "Strin"}))
    (tmp_path / "good.json").write_text(json.dumps({**PUT, "Type": "Strin"}))
    for words in (
        (name, "good.json"),
        ("--", name, "good.json"),
        ("--format=text", name, "good.json"),
    ):
        code, output = validate("--operation", "ssm:PutParameter", *words)
        assert code == 1, output
        assert output.count("Type.enum") >= 2
        assert f"{name}:1:" in output


def test_an_option_that_is_none_is_still_told(validate):
    """One clear line."""
    code, output = validate("-x", "a.json")
    assert code == 2
    assert "no option" in output


def test_schemas_that_the_kit_printed_are_skipped(validate, tmp_path):
    """Beside the requests that name them; in any folder, under any name."""
    for dialect in ("cli", "wire"):
        schema = editor_schema(operation("ssm:PutParameter"), dialect)
        (tmp_path / f"{dialect}.json").write_text(json.dumps(schema))
    (tmp_path / "a.json").write_text(json.dumps({"$schema": "./wire.json", **PUT}))
    code, output = validate(".")
    assert (code, output.count("error")) == (0, 0), output
    assert "2 schemas of the kit skipped" in output


@pytest.mark.parametrize(
    "head",
    [
        "# yaml-language-server: $schema=./put.schema.json\n",
        "# requests\n\n#yaml-language-server:  $schema=./put.schema.json\n---\n",
    ],
)
def test_a_comment_for_the_language_server_names_the_operation(check, tmp_path, head):
    """As `$schema` does, and no client minds a comment."""
    schema = editor_schema(operation("ssm:PutParameter"), "cli")
    (tmp_path / "put.schema.json").write_text(json.dumps(schema))
    text = head + "Name: /a/b\nValue: v\nType: Strin\n"
    kept = check(text, name="x.yaml", operation=None)
    assert [one.constraint for one in kept.findings] == ["Type.enum"]
    assert kept.findings[0].operation == "ssm:PutParameter"
    late = check(
        text.removeprefix(head) + head.removesuffix("---\n"), name="x.yaml", operation=None
    )
    assert "nothing says which operation" in late.errors[0][1]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("dynamodb/scan.json", ("dynamodb:Scan", "cli")),
        ("sns/publish.yaml", ("sns:Publish", "cli")),
        ("lambda/invoke.json", ("lambda:Invoke", "cli")),
        ("dynamodb/put-item.json", ("dynamodb:PutItem", "cli")),
        ("dynamodb/Scan.json", ("dynamodb:Scan", None)),
        ("dynamodb/putitem.json", None),
        ("dynamodb/items.json", None),
        ("nothing/scan.json", None),
    ],
)
def test_operations_of_one_word_are_known_by_their_path(path, found):
    """In the spelling of the CLI, in which others have a hyphen."""
    assert Operations().of_path(path) == found


@pytest.mark.parametrize(
    ("name", "services"),
    [
        ("sfn", "stepfunctions"),
        ("states", "stepfunctions"),
        ("cloudwatch-logs", "logs"),
        ("CloudWatch Logs", "logs"),
        ("elasticloadbalancing", "elb or elbv2"),
        ("SSM", "ssm"),
        ("eventbridge", "events"),
        ("step-functions", "stepfunctions"),
        ("parameter-store", "ssm"),
        ("alb", "elbv2"),
        ("configservice", "config"),
        ("msk", "kafka"),
        ("monitoring", "cloudwatch"),
        ("cw", "cloudwatch"),
        ("amazonmq", "mq"),
        ("AWSLambda", "lambda"),
        ("Amazon Q", "qbusiness or qconnect or qapps"),
        ("vpc", "ec2"),
        ("identity-center", "sso-admin or identitystore"),
    ],
)
def test_services_have_a_hint_by_the_names_people_know(name, services):
    """Not by letters that happen to be alike."""
    with pytest.raises(UnknownOperation, match=f"did you mean {services}\\?"):
        operation(f"{name}:Anything")


def test_every_hint_names_a_service_that_is_there():
    """And no name is that of a service itself."""
    known = set()
    for table in json.loads(NAMES.read_bytes()):
        assert table["source"]
        for name, services in table["names"].items():
            assert re.fullmatch("[a-z0-9]+", name)
            known.update(services)
    from botocore.loaders import Loader

    assert known <= set(Loader().list_available_services("service-2"))


def copy_of(count):
    """A request as a describe operation would show it: nulls, and members of answers alone."""
    answers = {f"Answer{number}": number for number in range(count)}
    return {**PUT, **answers, "KeyId": None, "Policies": None, "Tier": None, "DataType": None}


def test_a_copy_of_an_answer_has_a_finding_for_each_cause(check):
    """With the members in a list, the first ones by name; on the wire nulls are nothing wrong."""
    text = json.dumps(copy_of(60), indent=1)
    kept = check(text, operation="ssm:PutParameter", dialect="cli")
    unknown, nulls = kept.findings
    assert unknown.message.startswith(
        "60 keys are not documented members of the request; leave them out: Answer0, "
    )
    assert unknown.message.endswith("Answer11 and 48 more")
    assert unknown.span.line == 5
    assert len(unknown.related) == 12
    assert nulls.message.endswith("leave them out: KeyId, Policies, Tier, DataType")
    wire = check(text, operation="ssm:PutParameter", dialect="wire")
    assert [one.message for one in wire.findings] == [unknown.message]


def test_two_mistakes_are_two_findings(check):
    """Each at its place: only many have a cause in common."""
    kept = check(json.dumps({**PUT, "Answer": 1, "Reply": 2}), operation="ssm:PutParameter")
    assert len(kept.findings) == 2
    nulls = json.dumps({**PUT, "Tier": None, "KeyId": None})
    finding = check(nulls, operation="ssm:PutParameter", dialect="cli").only
    assert finding.message.startswith("2 members are null")
    slip = {**PUT, "Answer": 1, "Reply": 2, "Version": 1, "Tir": "Standard", "tier": "Standard"}
    first, case = check(json.dumps(slip), operation="ssm:PutParameter").findings
    assert first.message.endswith("leave them out: Answer, Reply, Version, Tir")
    assert (first.fix, case.fix.replacement) == (None, '"Tier"')
    near = {"name": "/a", "value": "v", "type": "String", "tier": "Standard"}
    kept = check(json.dumps(near), operation="ssm:PutParameter")
    assert len([one for one in kept.findings if one.fix]) == 4


@pytest.mark.parametrize(
    ("pattern", "text", "said"),
    [
        ("^.*$", "a\nb", "any"),
        (".*", "a\r\n\r\nb", "any"),
        ("(.+)", "a\u2028b", "any"),
        (".{1,9}", "a\nb", "any"),
        (".{1,9}", "a\nb" + "c" * 9, None),
        (r".*\S.*", "a\n\nb", "each"),
        (r"arn:.*", "arn:a\nb", None),
        (r"arn:.*", "arn:a\narn:b", "each"),
        (r"[a-z\.]+", "a\nb", None),
        (r"a\.b", "a.b\na.b", None),
        (r"[^\n]*", "a\nb", None),
        ("^.*$", "a", None),
    ],
)
def test_a_dot_leaves_the_ends_of_lines_open(pattern, text, said):
    """Where nothing but dots is asked for, any text is meant; else each line has to do."""
    assert reading(pattern, text) == said


@pytest.mark.parametrize(
    ("value", "waits"),
    [
        ({"Enabled": True, "Mode": "ON", "Count": 0}, False),
        ({"Enabled": True, "Name": ""}, True),
        ({"Tags": {"KeyName": "ON"}}, True),
        ({"Items": [{"When": "1970-01-01T00:00:00"}]}, True),
        ({"Data": None}, True),
    ],
)
def test_only_what_waits_to_be_filled_in_makes_a_skeleton(value, waits):
    """Enum values, booleans and numbers may be meant."""
    assert has_placeholder(value) is waits


def test_a_skeleton_that_does_not_conform_is_told_as_one(check):
    """Though nothing in it is empty."""
    kept = check('{"Limit": 0}', operation="accessanalyzer:CancelPolicyGeneration", dialect="cli")
    assert kept.findings
    text = json.dumps({"TrafficPolicyIdMarker": "", "MaxItems": ""})
    kept = check(text, operation="route53:ListTrafficPolicies", dialect="cli")
    assert [one.constraint for one in kept.findings] == ["file.skeleton"]


def pairs(*names):
    """The pairs among timestamps of those names."""

    class Op:
        input = "In"

    from contract_kit.contract.shape import Member, Shape

    Op.shapes = {
        "In": Shape(
            name="In", type="structure", members=tuple(Member(name=one, shape="T") for one in names)
        ),
        "T": Shape(name="T", type="timestamp"),
    }
    return Times(Op).at_the_root


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("NotBefore", "NotAfter"), ("NotBefore", "NotAfter")),
        (("NotAfter", "NotBefore"), ("NotBefore", "NotAfter")),
        (("notValidAfter", "notValidBefore"), ("notValidBefore", "notValidAfter")),
        (("afterNote", "beforeNote"), ("afterNote", "beforeNote")),
        (("CreatedAfter", "CreatedBefore"), ("CreatedAfter", "CreatedBefore")),
        (("startTimeAfter", "startTimeBefore"), ("startTimeAfter", "startTimeBefore")),
        (("StartTime", "EndTime"), ("StartTime", "EndTime")),
        (("ValidUntil", "ValidFrom"), ("ValidFrom", "ValidUntil")),
        (("CDCStartTime", "CDCStopTime"), ("CDCStartTime", "CDCStopTime")),
        (("EarliestTime", "LatestTime"), ("EarliestTime", "LatestTime")),
        (("laterTime", "earlierTime"), ("earlierTime", "laterTime")),
        (("oldestDate", "latestDate"), ("oldestDate", "latestDate")),
        (("LowerBound", "UpperBound"), ("LowerBound", "UpperBound")),
        (("FromInclusive", "ToExclusive"), ("FromInclusive", "ToExclusive")),
        (("LatestInference", "LatestSampleTime"), None),
        (("startTimeBefore", "endTimeBefore"), None),
        (("startTimeAfter", "endTimeAfter"), None),
        (("BeginBefore", "EndBefore"), None),
    ],
)
def test_names_of_times_say_which_comes_first(names, found):
    """Bounds of two searches are no range."""
    assert pairs(*names) == ((found,) if found else ())


def test_each_known_mistake_is_one_of_the_model():
    """With who says so; all operations of it dispute the constraint, and nothing else."""
    assert known_mistakes()
    for row in known_mistakes():
        assert row["source"]
        assert row["note"]
        for name in row.get("operations", ()):
            op = operation(f"{row['service']}:{name}")
            assert op.constraint(row["at"]).disputed
            assert row["at"] in [entry["at"] for entry in op.disagreements]
        model = load_model(row["service"]).body
        assert set(row.get("operations", ())) <= model["operations"].keys()
        assert "shape" not in row or row["shape"] in model["shapes"]


def test_what_a_model_gets_wrong_is_a_warning(check):
    """With who says otherwise."""
    request = {"Domain": "auth.example.com", "UserPoolId": "us-east-1_abc123DEF"}
    kept = check(json.dumps(request), operation="cognito-idp:CreateUserPoolDomain", dialect="cli")
    assert kept.only.severity == "warning"
    assert "custom domains have dots" in kept.only.message
    assert kept.summary.exit_code == 0


@pytest.mark.parametrize(
    ("id", "request_", "note"),
    [
        ("connect:CreateUser", {"Password": "Pass@Word1"}, "not part of a password"),
        (
            "ec2:CreateCapacityReservation",
            {"PlacementGroupArn": "arn:aws:ec2:us-east-1:123456789012:placement-group/a"},
            "it has an anchor inside",
        ),
        (
            "dataexchange:CreateJob",
            {"Details": {"ImportAssetsFromLakeFormationTagPolicy": {"CatalogId": "123456789012"}}},
            "an account id of 12 digits is meant",
        ),
    ],
)
def test_a_pattern_that_no_real_value_matches_is_held_against_nobody(check, id, request_, note):
    """It is a warning, with what is meant."""
    found = check(json.dumps(request_), operation=id, dialect="cli").findings
    said = [each for each in found if note in each.message]
    assert [each.severity for each in said] == ["warning"]
    assert not [each for each in found if each.severity == "error" and "pattern" in each.message]
