"""133 errors as AWS answered them, 1,600 times in all: their statuses and what they say."""

from __future__ import annotations

import csv
import functools
from pathlib import Path

import pytest

from contract_kit import operation
from contract_kit.derive.service_model import load_model
from contract_kit.wire.error_names import class_of_name
from contract_kit.wire.errors import classify, is_crash, status_fault

TABLE = Path(__file__).with_name("aws_errors.tsv")
"""Service, name, status, how often it was seen, and what it says of the request, by hand."""

ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines(), delimiter="\t"))


@functools.cache
def operations(service, code):
    """An operation of the service that documents the error, if any does, and the first that does not."""
    model = load_model(service)
    shapes = model.body["shapes"]
    found = {}
    for name in model.operation_names:
        errors = model.body["operations"][name].get("errors", ())
        names = {
            shapes[each["shape"]].get("error", {}).get("code", each["shape"]) for each in errors
        }
        found.setdefault(code in names, f"{service}:{name}")
    return [operation(id) for id in found.values()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['service']}-{row['code']}")
def test_what_aws_answered_has_the_right_status_and_the_right_class(row):
    """Whether the operation documents the error or not."""
    for each in operations(row["service"], row["code"]):
        assert classify(each, row["code"]) == row["class"]
        assert status_fault(each, row["code"], int(row["status"])) == ""
        assert is_crash(each, row["code"], int(row["status"])) is (row["class"] == "fault")


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (
            "validation",
            "InvalidAMIID.Malformed InvalidParameterCombination UnknownParameter MissingParameter "
            "InvalidPaginationToken DBClusterParameterInvalid InvalidDBSubnetGroupFault "
            "MalformedPolicyDocumentException InvalidArgument InvalidOrigin InvalidChangeBatch "
            "ClientException InvalidParameterException InvalidRequestException "
            "ValidationException InvalidPasswordException BadRequestException "
            "DuplicateTagKeysException TooManyTagsException RequestTooLargeException "
            "UnsupportedMediaTypeException LexiconSizeExceededException SqlParseException "
            "KeyTooLongError EntityTooSmall IncompleteBody InvalidPermission.Malformed "
            "InvalidVpc.Range GraphQLSchemaException EmptyBatchRequest",
        ),
        (
            "state",
            "InvalidInstanceID.NotFound InvalidGroup.Duplicate InvalidVolume.ZoneMismatch.NotFound "
            "VolumeInUse IncorrectInstanceState InvalidDBInstanceState DBInstanceNotFound "
            "CacheClusterAlreadyExists InvalidCacheClusterState EntityTemporarilyUnmodifiable "
            "NoSuchDistribution DistributionNotDisabled HostedZoneNotEmpty NoSuchHostedZone "
            "ExpiredIteratorException ClusterContainsServicesException NotAuthorizedException "
            "UserNotFoundException UnknownResourceException EntityNotFoundException "
            "ConcurrentModificationException ResourceInUseException AliasExistsException "
            "UnauthorizedOperation AuthFailure.NotAuthorized InsufficientInstanceCapacity "
            "OptInRequired InvalidClientTokenId SignatureDoesNotMatch ExpiredToken "
            "InvalidUserPoolStateException SubscriptionRequiredException TooManyBuckets "
            "AuthFailure RequestTimeTooSkewed DependencyViolation UserNotConfirmedException "
            "GatewayNotAttached InvalidInstanceID.NotLinkable InvalidPlacementGroup.Unknown "
            "InvalidSecurity.RequestHasExpired NotSignedUp DryRunOperation",
        ),
        (
            "retry",
            "ProvisionedThroughputExceededException RequestLimitExceeded EC2ThrottledException "
            "PriorRequestNotComplete SlowDown TooManyRequestsException Throttling "
            "KMSThrottlingException ServiceUnavailable Unavailable",
        ),
        (
            "fault",
            "InternalError InternalServerException InternalServiceErrorException ServerException "
            "KMSInternalException InternalFailureException",
        ),
        ("unknown-operation", "InvalidAction MissingAction UnknownOperationException"),
        ("not-implemented", "NotImplemented NotImplementedException NotYetImplementedError"),
        ("serialization", "SerializationException MalformedQueryString"),
        ("other", "TeapotException"),
    ],
)
def test_the_words_of_a_name_say_what_it_is_about(kind, names):
    """Names of services that the table does not hold, prefixes and suffixes included."""
    assert {name: class_of_name(name) for name in names.split()} == dict.fromkeys(
        names.split(), kind
    )
