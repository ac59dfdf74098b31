"""The strict stand-in: any operation over any wire, correct as the kit itself judges it."""

from __future__ import annotations

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

import contract_kit
from contract_kit.cases.typical import typical
from contract_kit.cli.main import main
from contract_kit.errors import UnknownOperation, UsageError
from contract_kit.reference.http import running
from contract_kit.reference.results import result_of
from contract_kit.reference.stand_in import StandIn
from contract_kit.validate.reply import reply_faults
from contract_kit.wire.message import Message
from contract_kit.wire.table import wire_of

SAMPLE = (
    "dynamodb:DeleteTable",
    "cloudwatch:DeleteAlarms",
    "sns:CreateTopic",
    "ec2:CreateTags",
    "lambda:ListFunctions",
    "s3:PutBucketTagging",
    "route53:GetHostedZone",
    "quicksight:DeleteTemplateAlias",
)


@pytest.mark.parametrize("id", SAMPLE)
def test_the_kit_finds_nothing_in_it(capsys, id):
    with running(implementation=StandIn([id])) as url, pytest.raises(SystemExit) as ended:
        main(["fuzz", id, "--url", url, "--max-examples", "0"])
    out = capsys.readouterr().out
    assert out.rstrip().endswith("conforms: nothing found"), out[-2000:]
    assert ended.value.code == 0


@pytest.mark.parametrize("id", SAMPLE)
def test_results_hold_every_member_and_conform(id):
    operation = contract_kit.operation(id)
    request = typical(operation.shapes, operation.input)
    result = result_of(operation, request, 1)
    assert reply_faults(operation, result)[0] == []
    if operation.output is not None:
        members = operation.shapes[operation.output].members
        assert result.keys() == {each.name for each in members if not each.page_token}


def test_what_was_given_comes_back_and_the_rest_follows_the_seed():
    operation = contract_kit.operation("lambda:CreateFunction")
    request = {"FunctionName": "mine", "Role": "arn:aws:iam::123456789012:role/r", "Code": {}}
    first, again, other = (result_of(operation, request, seed) for seed in (1, 1, 2))
    assert first["FunctionName"] == "mine"
    assert first == again
    assert first != other


CALLS = {
    "dynamodb": lambda client: client.delete_table(TableName="abc"),
    "sns": lambda client: client.create_topic(Name="t"),
    "ec2": lambda client: client.create_volume(AvailabilityZone="us-east-1a", Size=1),
    "lambda": lambda client: client.list_functions(MaxItems=5),
    "s3": lambda client: client.get_bucket_tagging(Bucket="abc"),
    "route53": lambda client: client.get_hosted_zone(Id="Z1"),
    "cloudwatch": lambda client: client.delete_alarms(AlarmNames=["a"]),
}


@pytest.fixture(scope="module")
def served():
    with running(implementation=StandIn(list(CALLS))) as url:
        yield url


@pytest.fixture
def client(served):
    def make(service):
        return boto3.client(
            service,
            endpoint_url=served,
            region_name="us-east-1",
            aws_access_key_id="AKIDEXAMPLE",
            aws_secret_access_key="contract-kit",
            config=Config(
                parameter_validation=False,
                retries={"total_max_attempts": 1},
                s3={"addressing_style": "path"},
            ),
        )

    return make


@pytest.mark.parametrize("service", CALLS)
def test_boto3_talks_to_several_services_at_one_url(client, service):
    reply = CALLS[service](client(service))
    assert reply["ResponseMetadata"]["HTTPStatusCode"] // 100 == 2


@pytest.mark.parametrize(
    ("service", "call"),
    [
        ("dynamodb", lambda client: client.delete_table(TableName="")),
        ("lambda", lambda client: client.list_functions(MaxItems=0)),
        ("route53", lambda client: client.get_hosted_zone(Id="Z" * 40)),
        ("sns", lambda client: client.create_topic(Name="t", Tags=[{"Key": "", "Value": "v"}])),
    ],
)
def test_boto3_hears_what_breaks_the_contract(client, service, call):
    with pytest.raises(ClientError):
        call(client(service))


def test_what_asks_for_no_operation_is_refused_in_the_form_of_its_wire():
    stand_in = StandIn(["dynamodb:PutItem", "sns:CreateTopic", "lambda:ListFunctions"])
    for id in ("dynamodb:PutItem", "sns:CreateTopic", "lambda:ListFunctions"):
        wire = wire_of(contract_kit.operation(id))
        operation = wire.operation
        message = wire.to_no_operation(wire.encode(typical(operation.shapes, operation.input)))
        answer = wire.decode(stand_in.answer(message))
        assert (answer.kind, answer.name) == ("error", "UnknownOperationException"), id


def test_a_protocol_that_nobody_speaks_is_refused():
    with pytest.raises(UsageError):
        StandIn(["sns:CreateTopic"], "json")
    with pytest.raises(UnknownOperation):
        StandIn(["sns:CreateTopik"])


def test_a_message_of_no_wire_is_answered():
    assert StandIn(["sns"]).answer(Message(method="GET", body=b"")).status == 400
