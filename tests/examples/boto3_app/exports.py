"""Starts exports of an e-mail archive and remembers them, as a team might write it with boto3.

It has one defect, which a mock of SSM does not show: a description of many subjects is longer than
what the service takes.
"""

from __future__ import annotations

import datetime

import boto3

BUCKET = "/mail/export-bucket"
DAY = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def start_export(archive: str, subjects: list[str]) -> str:
    """Exports a day's mail with one of the subjects; the id of the export."""
    ssm, mail = boto3.client("ssm"), boto3.client("mailmanager")
    bucket = ssm.get_parameter(Name=BUCKET)["Parameter"]["Value"]
    export: str = mail.start_archive_export(
        ArchiveId=archive,
        FromTimestamp=DAY,
        ToTimestamp=DAY + datetime.timedelta(days=1),
        Filters={"Include": [subject_is_one_of(subjects)]},
        ExportDestinationConfiguration={"S3": {"S3Location": f"s3://{bucket}/{archive}"}},
    )["ExportId"]
    ssm.put_parameter(
        Name=f"/mail/exports/{archive}",
        Value=export,
        Type="String",
        Overwrite=True,
        Description=f"Mail about {', '.join(subjects)}",
    )
    ssm.close()
    mail.close()
    return export


def subject_is_one_of(subjects: list[str]) -> dict:
    """A filter condition."""
    return {
        "StringExpression": {
            "Evaluate": {"Attribute": "SUBJECT"},
            "Operator": "CONTAINS",
            "Values": subjects,
        }
    }
