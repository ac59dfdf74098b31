"""Hints for services that people know by other names than botocore's."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from contract_kit.contract.shape import Json
from contract_kit.text.near import alike

TABLE = Path(__file__).with_name("service_names.json")
"""Other names, each in lower case without signs, with the services that it may mean, by source."""


def nearest_services(name: str, known: Sequence[str]) -> list[str]:
    """The services that a name most likely means, at most three; none where nothing is near."""
    others = _other_names()
    # Also as one word with its maker, such as `amazonmq`.
    for plain in dict.fromkeys((_plain(name), re.sub("^(?:amazon|aws)", "", _plain(name)))):
        same = [service for service in known if _plain(service) == plain]
        if same or plain in others:
            return same or others[plain]
    return alike(name, known, most=3, likeness=0.5)


def services_of(name: str) -> tuple[str, ...]:
    """The services that people call by a name; none for one that nobody is known to use."""
    return tuple(_other_names().get(_plain(name), ()))


def _other_names() -> dict[str, list[str]]:
    tables: Json = json.loads(TABLE.read_bytes())
    return {name: services[:3] for table in tables for name, services in table["names"].items()}


def _plain(name: str) -> str:
    """A name as the table writes it: `Amazon CloudWatch Logs` as `cloudwatchlogs`."""
    return re.sub(r"[^a-z0-9]", "", re.sub(r"\b(?:amazon|aws)\b", "", name.lower()))
