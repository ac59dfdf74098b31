"""Where traffic may go."""

from __future__ import annotations

import pytest
from botocore.loaders import Loader

from contract_kit.errors import UsageError
from contract_kit.target.interface import check_url, is_aws_host

DATA = Loader([Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)

OURS = [
    "http://127.0.0.1:8000",
    "http://localhost:4566/",
    "https://emulator.test/base",
    "http://[::1]:80",
    "http://amazonaws.com.emulator.test",
    "http://notamazonaws.com",
    "http://my-amazonaws.com",
    "http://amazonaws.co",
    "http://kinesis.amazonaws.com.evil.test",
    "http://localhost.localstack.cloud:4566",
    "http://amazonaws.com@localhost",
    "http://localhost/amazonaws.com",
    "http://aws:4566",
    "http://169.254.1.1",
    "http://[fd00::254]",
    "http+unix://%2Frun%2Fapi.sock/base",
    "http+unix:///run/api.sock",
]

THEIRS = {
    "http://amazonaws.com": "amazonaws.com",
    "https://mail-manager.us-east-1.amazonaws.com": "mail-manager.us-east-1.amazonaws.com",
    "https://KINESIS.US-EAST-1.AMAZONAWS.COM": "kinesis.us-east-1.amazonaws.com",
    "https://kinesis.amazonaws.com.": "kinesis.amazonaws.com.",
    "https://kinesis.cn-north-1.amazonaws.com.cn:443/": "kinesis.cn-north-1.amazonaws.com.cn",
    "https://me@kinesis.amazonaws.com": "kinesis.amazonaws.com",
    "https://localhost\\@kinesis.amazonaws.com": "kinesis.amazonaws.com",
    "https://kinesis.amazonaws．com": "kinesis.amazonaws.com",
    "https://kinesis。amazonaws｡com": "kinesis.amazonaws.com",
    "https://lambda.us-east-1.api.aws": "lambda.us-east-1.api.aws",
    "https://abc.lambda-url.us-east-1.on.aws": "abc.lambda-url.us-east-1.on.aws",
    "https://us-east-1.console.aws.amazon.com": "us-east-1.console.aws.amazon.com",
    "https://ssm.cn-north-1.amazonwebservices.com.cn": "ssm.cn-north-1.amazonwebservices.com.cn",
    "http://169.254.169.254/latest/": "169.254.169.254",
    "http://169.254.170.2": "169.254.170.2",
    "http://2852039166": "2852039166",
    "http://0xa9.0xfe.0xa9.0xfe": "0xa9.0xfe.0xa9.0xfe",
    "http://[fd00:ec2::254]": "fd00:ec2::254",
    "http://[::ffff:169.254.169.254]": "::ffff:169.254.169.254",
    "http://instance-data.ec2.internal": "instance-data.ec2.internal",
}


@pytest.mark.parametrize("url", OURS)
def test_any_other_host_is_allowed_and_look_alikes_too(url):
    """A name that only contains one of AWS belongs to someone else."""
    assert check_url(url) == url


@pytest.mark.parametrize(("url", "host"), THEIRS.items())
def test_a_host_of_aws_is_refused_with_the_way_to_allow_it(url, host):
    """However it is written: what counts is where the HTTP client would connect to."""
    with pytest.raises(UsageError, match="belongs to AWS") as caught:
        check_url(url)
    assert f"; repeat with allowed_host={host!r} if you mean it" in str(caught.value)


@pytest.mark.parametrize(("url", "host"), THEIRS.items())
def test_a_host_of_aws_that_is_named_on_purpose_is_allowed(url, host):
    """In any case, and with or without the dot at its end."""
    assert check_url(url, allowed_host=host.upper()) == url


def test_naming_one_host_of_aws_allows_no_other():
    """Not even one below it."""
    with pytest.raises(UsageError, match="belongs to AWS"):
        check_url("https://a.kinesis.amazonaws.com", allowed_host="kinesis.amazonaws.com")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:8000",
        "127.0.0.1",
        "ftp://localhost",
        "http://",
        "http:///path",
        "http+unix://",
        "http://:80",
        "http://localhost:port",
        "http://localhost:99999",
        "http://[::1",
        "http://\tlocalhost",
        "http://kinesis.ａmazonaws.com",
    ],
)
def test_what_is_no_url_of_a_server_is_refused(url):
    """The message shows what was given and what to write instead."""
    with pytest.raises(UsageError, match="is not the URL of a server; write, for example, http://"):
        check_url(url)


def test_the_domains_of_every_partition_are_known():
    """botocore's endpoint data is the list of them."""
    partitions = DATA.load_data("partitions")["partitions"]
    suffixes = {
        partition["outputs"][name]
        for partition in partitions
        for name in ("dnsSuffix", "dualStackDnsSuffix")
    }
    assert len(suffixes) > 5
    assert {suffix for suffix in suffixes if not is_aws_host(f"kinesis.region-1.{suffix}")} == set()


def test_the_endpoint_of_every_service_is_known():
    """In botocore's older list, with more forms of host; localhost is DynamoDB Local's."""
    hosts = set(hostnames(DATA.load_data("endpoints")))
    assert len(hosts) > 500
    assert {host for host in hosts if not is_aws_host(host)} == {"localhost:8000"}


def hostnames(value):
    """Every host named in a tree of endpoints; templates and ends of others left out."""
    if isinstance(value, list):
        for inner in value:
            yield from hostnames(inner)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key == "hostname" and "{" not in inner:
                yield inner
            yield from hostnames(inner)
