"""What the settings of a repository say of its operations."""

from __future__ import annotations

import pytest

from contract_kit import operation
from contract_kit.contract.operation import Operation
from contract_kit.requestfile.settings import Settings, read_settings


def settings_of(config: pytest.Config) -> Settings:
    """The settings of the folder that the session is rooted in. Raises UsageError."""
    return read_settings(config.rootpath)


def settled(config: pytest.Config, id: str) -> Operation:
    """The operation without what is switched off in it. Raises ContractKitError."""
    return settings_of(config).relaxed(operation(id), disputed=True)
