"""What clients do to a request before they validate it: each row of the table against botocore."""

from __future__ import annotations

import json

import botocore.session
import jsonschema
import pytest
from botocore.exceptions import (
    EndpointResolutionError,
    InvalidEndpointConfigurationError,
    MissingDependencyException,
    ParamValidationError,
)
from botocore.handlers import BUILTIN_HANDLERS
from botocore.loaders import Loader
from botocore.validate import validate_parameters

from contract_kit import operation
from contract_kit.derive.service_model import load_model
from contract_kit.errors import UsageError
from contract_kit.requestfile.client_changes import TABLE, client
from contract_kit.requestfile.editor import editor_schema
from contract_kit.requestfile.settings import read_settings

ROWS = [(name, row) for name, rows in json.loads(TABLE.read_bytes()).items() for row in rows]


@pytest.fixture(scope="module")
def session():
    """A session of botocore; nothing is sent."""
    return botocore.session.Session()


def as_sent(session, id, request):
    """A request after botocore's own steps; raises ParamValidationError where it refuses it."""
    service, name = id.split(":")
    made = session.create_client(
        service, region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s"
    )
    model = made.meta.service_model.operation_model(name)
    context = {"client_config": made.meta.config, "client_region": "us-east-1", "signing": {}}
    params = made._emit_api_params(dict(request), model, context)
    if service == "s3control":
        # It reads the account out of the ARN where it looks for the endpoint.
        made._resolve_endpoint_ruleset(model, params, context)
    validate_parameters(params, model.input_shape)
    return params


@pytest.mark.parametrize(
    ("table", "row"), ROWS, ids=lambda part: part if isinstance(part, str) else ""
)
def test_each_row_has_a_source_and_names_what_is_there(table, row):
    """Members, shapes and operations of the model, and functions of botocore."""
    assert set(row["dialects"]) <= {"cli", "boto3"}
    if row["source"].startswith("botocore"):
        module, _, name = row["source"].split(",")[0].removeprefix("botocore ").rpartition(".")
        assert hasattr(__import__(f"botocore.{module}", fromlist=[name]), name), row["source"]
    if "service" not in row:
        return
    model = load_model(row["service"]).body
    for name in (*row.get("operations", ()), *row.get("except", ())):
        assert name in model["operations"]
    inputs = [entry["input"]["shape"] for entry in model["operations"].values() if "input" in entry]
    members = {name for shape in inputs for name in model["shapes"][shape].get("members", ())}
    assert {
        *row.get("members", ()),
        *row.get("where", ()),
        *filter(None, [row.get("member")]),
    } <= members
    assert not set(row.get("shapes", ["x"])).isdisjoint(model["shapes"].keys() | {"x"})


def test_no_alias_of_botocore_is_missing():
    """The table has those that botocore registers."""
    known = {
        (handler.__self__._original_name, handler.__self__._alias_name)
        for _, handler, *_ in BUILTIN_HANDLERS
        if getattr(handler, "__name__", "") == "alias_parameter_in_call"
    }
    assert known == {(row["member"], row["alias"]) for table, row in ROWS if table == "aliases"}


TOKENS = [
    (service, name)
    for service in Loader().list_available_services("service-2")[::12]
    for name, entry in load_model(service).body["operations"].items()
    if any(
        member.get("idempotencyToken")
        and token in load_model(service).body["shapes"][entry["input"]["shape"]].get("required", ())
        for token, member in load_model(service)
        .body["shapes"]
        .get(entry.get("input", {}).get("shape"), {})
        .get("members", {})
        .items()
    )
]


@pytest.mark.parametrize(("service", "name"), TOKENS, ids=lambda part: part)
def test_a_required_token_is_required_on_the_wire_alone(service, name):
    """Also in the schema for editors. Of a twelfth of all services."""
    op = operation(f"{service}:{name}")
    tokens = {member.name for member in op.shapes[op.input].members if member.idempotency_token}
    assert tokens

    def required(dialect):
        schema = editor_schema(op, dialect)
        root = schema["$defs"][schema["$ref"].removeprefix("#/$defs/")]
        return set(root.get("required", ()))

    assert required("wire") - required("cli") == tokens & required("wire") != set()
    assert required("cli") == required("boto3")


FORMS = [
    ("glacier:DescribeVault", {"vaultName": "v"}),
    ("glacier:DescribeVault", {"vaultName": "v", "accountId": None}),
    (
        "logs:CreateExportTask",
        {"logGroupName": "g", "fromTime": 1, "to": 2, "destination": "bucket"},
    ),
    ("route53:GetHostedZone", {"Id": "/hostedzone/Z0123456789ABCDEFGHIJ"}),
    ("s3:CopyObject", {"Bucket": "bucket", "Key": "k", "CopySource": {"Bucket": "b", "Key": "k"}}),
    ("iot-data:Publish", {"topic": "t", "userProperties": [{"a": "b"}]}),
    (
        "route53resolver:CreateResolverQueryLogConfig",
        {"Name": "n", "DestinationArn": "arn:aws:s3:::b"},
    ),
    ("s3:PutObject", {"Bucket": "bucket", "Key": "k", "Body": "text"}),
    ("ec2:DescribeHosts", {"Filters": [{"Name": "state", "Values": ["available"]}]}),
    (
        "s3control:GetAccessPoint",
        {"Name": "arn:aws:s3-outposts:us-east-1:123456789012:outpost/op-0123456789/accesspoint/p"},
    ),
]


@pytest.mark.parametrize(
    ("id", "request_"), FORMS, ids=lambda part: part if isinstance(part, str) else ""
)
def test_what_botocore_sends_is_taken_by_file_and_editor(session, check, id, request_):
    """Each form of the table, while the same without what the client needs is refused by both."""
    as_sent(session, id, request_)
    assert check(json.dumps(request_), operation=id, dialect="boto3").findings == []
    op = operation(id)
    schema = editor_schema(op, "boto3")
    assert jsonschema.Draft202012Validator(schema).is_valid(request_)
    name = next(iter(request_))
    broken = {**request_, name: 5} if id != "iot-data:Publish" else {"userProperties": 1}
    with pytest.raises((ParamValidationError, AttributeError, TypeError)):
        as_sent(session, id, broken)
    assert check(json.dumps(broken), operation=id, dialect="boto3").findings


PUT = {"Bucket": "bucket", "Key": "k"}
MAIL = {"Content": {"Simple": {"Subject": {"Data": "s"}, "Body": {}}}}
STORE = "arn:aws:cloudfront::123456789012:key-value-store/s"

REFUSED = [
    ("s3:PutObject", {**PUT, "Bucket": "my_old.Bucket-1"}, {**PUT, "Bucket": "s3://bucket"}),
    (
        "s3:GetObject",
        {**PUT, "Bucket": "arn:aws:s3:us-east-1:123456789012:accesspoint/name"},
        {**PUT, "Bucket": "arn:aws:s3:::bucket"},
    ),
    ("s3:PutObject", {**PUT, "Metadata": {"k": "e"}}, {**PUT, "Metadata": {"k": "\u00e9"}}),
    ("s3:CopyObject", {**PUT, "CopySource": "b/k"}, {**PUT, "CopySource": "b/k", "Bucket": "a b"}),
    (
        "s3:CreateMultipartUpload",
        {**PUT, "Metadata": {"k": "~"}},
        {**PUT, "Metadata": {"\u00e9": "v"}},
    ),
    ("sesv2:SendEmail", {**MAIL, "EndpointId": "a.b"}, {**MAIL, "EndpointId": "a b"}),
    (
        "cloudfront-keyvaluestore:ListKeys",
        {"KvsARN": STORE},
        {"KvsARN": STORE.replace("::", ":us-east-1:")},
    ),
    (
        "s3:WriteGetObjectResponse",
        {"RequestRoute": "io-1.a", "RequestToken": "t"},
        {"RequestRoute": "io/1", "RequestToken": "t"},
    ),
]


class Sent(BaseException):
    """Raised in place of sending."""


def is_taken(session, id, request):
    """Whether botocore would send a request."""
    service, name = id.split(":")
    made = session.create_client(
        service, region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s"
    )

    def stop(**given):
        raise Sent

    made.meta.events.register("before-send", stop)
    try:
        made._make_api_call(name, dict(request))
    except (Sent, MissingDependencyException):
        # A signature of its own is what is missing, after all has been checked.
        return True
    except (ParamValidationError, EndpointResolutionError, InvalidEndpointConfigurationError):
        return False


@pytest.mark.parametrize(
    ("id", "good", "bad"), REFUSED, ids=lambda part: part if isinstance(part, str) else ""
)
def test_what_clients_refuse_is_an_error_in_their_dialects_alone(session, check, id, good, bad):
    """Names of buckets, labels of hosts and the like, of which the model says nothing."""
    assert is_taken(session, id, good)
    assert not is_taken(session, id, bad)
    for dialect in ("cli", "boto3"):
        assert check(json.dumps(good), operation=id, dialect=dialect).findings == []
        (found,) = check(json.dumps(bad), operation=id, dialect=dialect).findings
        assert found.constraint.endswith(".pattern")
        assert found.origins[0].startswith(("botocore ", "endpoint rules of "))
    assert check(json.dumps(bad), operation=id, dialect="wire").findings == []


@pytest.mark.parametrize("id", ["s3control:GetAccessPoint", "s3:WriteGetObjectResponse"])
def test_every_label_of_a_host_has_a_pattern(id):
    """One of its own, or that of its shape."""
    view = client(operation(id), "boto3").operation
    labels = [each for each in view.shapes[view.input].members if each.binding.host_label]
    assert labels
    assert all(view.shapes[each.shape].pattern for each in labels)


def test_the_token_of_a_nested_structure_is_not_filled_in():
    """Only those of the request itself are."""
    op = operation("mailmanager:StartArchiveExport")
    assert client(op, "cli").operation is op


def test_given_members_are_not_missing(check):
    """They stand on the command line; the others still are, and what is given is judged."""
    base = {"ArchiveId": "a-abc123", "FromTimestamp": 1}
    kept = check(json.dumps(base))
    assert sorted(one.constraint for one in kept.findings) == [
        "ExportDestinationConfiguration.required",
        "ToTimestamp.required",
    ]
    op = operation("mailmanager:StartArchiveExport")
    view = client(op, "wire", ("ToTimestamp",)).operation
    assert {member.name for member in view.shapes[view.input].members if member.required} == {
        "ArchiveId",
        "FromTimestamp",
        "ExportDestinationConfiguration",
    }


def test_given_members_go_by_their_aliases_too():
    """And one by its option's name is asked after."""
    op = operation("logs:CreateExportTask")
    view = client(op, "cli", ("fromTime",)).operation
    required = {member.name for member in view.shapes[view.input].members if member.required}
    assert required == {"logGroupName", "to", "destination"}
    with pytest.raises(UsageError, match="did you mean logGroupName"):
        client(op, "cli", ("log-group-name",))


def test_rules_of_the_users_own_hold_in_every_dialect(check, tmp_path):
    """Also where the client fills something in."""
    id = "route53resolver:CreateResolverQueryLogConfig"
    (tmp_path / ".contract-kit.toml").write_text(f'[[rules."{id}"]]\nexclude = ["Name", "Tags"]\n')
    request = {"CreatorRequestId": "r", "Name": "n", "DestinationArn": "arn:aws:s3:::b", "Tags": []}
    for dialect in ("wire", "cli", "boto3"):
        kept = check(
            json.dumps(request), operation=id, dialect=dialect, settings=read_settings(tmp_path)
        )
        assert ["exclude" in one.constraint for one in kept.findings] == [True]
