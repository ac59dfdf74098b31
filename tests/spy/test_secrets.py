"""What is secret is in no record, no text and nothing that the spy still holds."""

from __future__ import annotations

import gc

import pytest
from botocore.exceptions import ClientError, ParamValidationError
from botocore.stub import Stubber

from contract_kit.spy import spying


def texts_within(value) -> list[str]:
    """Every string and every bytes that an object leads to, data of modules left out."""
    waiting, met, texts = [value], set(), []
    while waiting:
        value = waiting.pop()
        if id(value) in met or type(value).__name__ in ("type", "module", "function"):
            continue
        met.add(id(value))
        if isinstance(value, (str, bytes)):
            texts.append(str(value))
        # A client's model is large, and its own affair.
        elif type(value).__name__ != "ServiceModel":
            waiting.extend(gc.get_referents(value))
    return texts


def told(spy, secret) -> list[list[str]]:
    """Ids of what each call broke, after a look for the secret in all that the spy holds."""
    calls, failures = spy.calls, spy.failures()
    assert secret not in repr((spy, calls, failures))
    found = texts_within((spy, calls, failures))
    assert any(call.operation in found for call in calls)
    assert not any(secret in text for text in found)
    return [[each.constraint for each in (*call.request, *call.reply)] for call in calls]


def test_the_look_for_secrets_finds_them():
    """Else the tests below prove nothing."""
    with spying() as spy:
        pass
    spy._seen.append({"deep": ["hunter2"]})
    assert "hunter2" in texts_within(spy)


@pytest.mark.usefixtures("moto")
def test_the_value_of_a_sensitive_member_is_left_out(client, secret):
    """Also where botocore itself would show it."""
    manager = client("secretsmanager")
    with spying() as spy:
        with pytest.raises(ParamValidationError, match=secret):
            manager.create_secret(Name="n", SecretString=[secret])
        manager.create_secret(Name="n", SecretString=secret * 5000)
        assert manager.get_secret_value(SecretId="n")["SecretString"] == secret * 5000
        with pytest.raises(ParamValidationError):
            manager.get_secret_value(SecretId="")
    length = ["SecretString.maxLength"]
    read = ["response.SecretString.maxLength"]
    assert told(spy, secret) == [["SecretString.type"], length, read, ["SecretId.minLength"]]
    assert "Value at 'secretString' failed" in spy.failures()[0]


def test_the_password_of_an_ingress_point_is_left_out(client, secret, reference):
    """In a service that the kit has a committed contract of."""
    mailmanager = client("mailmanager", endpoint_url=reference)
    with spying() as spy, pytest.raises(ClientError):
        mailmanager.create_ingress_point(
            IngressPointName="name",
            Type="AUTH",
            RuleSetId="r",
            TrafficPolicyId="t",
            IngressPointConfiguration={"SmtpPassword": f"{secret} with blanks"},
        )
    assert told(spy, secret) == [["IngressPointConfiguration.SmtpPassword.pattern"]]


@pytest.mark.usefixtures("moto")
def test_blobs_are_never_kept(client, secret):
    """Only how long they are."""
    kms = client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    with spying() as spy, pytest.raises(ClientError):
        kms.encrypt(KeyId=key, Plaintext=secret.encode() * 400)
    assert told(spy, secret) == [["Plaintext.maxLength"]]


@pytest.mark.usefixtures("moto")
def test_keys_of_a_sensitive_map_are_left_out(client, secret):
    """The names of environment variables are called sensitive, like their values."""
    aws_lambda = client("lambda")
    with Stubber(aws_lambda) as stubber, spying() as spy:
        stubber.add_client_error("update_function_configuration", secret, secret, 404)
        with pytest.raises(ClientError):
            aws_lambda.update_function_configuration(
                FunctionName="f", Environment={"Variables": {f"{secret}!": secret}}
            )
    (call,) = spy.calls
    assert [each.constraint for each in call.request] == ["Environment.Variables[key].pattern"]
    assert "Value at 'environment.variables.*' failed" in spy.failures()[0]


@pytest.mark.usefixtures("moto")
def test_credentials_and_signatures_are_never_kept(client, secret):
    """Neither those that sign a request nor those that a reply brings."""
    sts = client("sts")
    with spying() as spy:
        reply = sts.assume_role(RoleArn="arn:aws:iam::123456789012:role/r", RoleSessionName="!!")
        reply["Credentials"]["SecretAccessKey"] = secret
    assert told(spy, secret)[0][:1] == ["RoleSessionName.pattern"]
    found = texts_within(spy)
    assert not any("AKID" in text or "AWS4-HMAC" in text or "Signature" in text for text in found)
    assert not any(reply["Credentials"]["SessionToken"] in text for text in found)


@pytest.mark.usefixtures("moto")
def test_what_one_spy_has_judged_another_holds_no_more(client, secret):
    """Parameters are forgotten as soon as anyone has read them."""
    ssm = client("ssm")
    with spying() as outer:
        with spying() as inner:
            ssm.put_parameter(Name="/a", Value=secret, Type="SecureString", Tier="None")
        assert len(inner.failures()) == 1
        assert not any(secret in text for text in texts_within(outer))
    assert told(outer, secret) == [["Tier.enum"]]
