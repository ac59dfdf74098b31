"""`--contract-protocol`: which wire the tests of a session speak."""

from __future__ import annotations

import pytest

from contract_kit import operation
from contract_kit.cases.groups import groups
from contract_kit.wire.table import wire_of

pytest_plugins = ["pytester"]


def test_the_items_are_those_of_the_protocol(project):
    """Its own constraints are among them, and not those of the usual one."""
    project.target()
    wanted = [
        f"conftest.py::{project.EXPORT}::{group.name}"
        for group in groups(wire_of(operation(project.EXPORT), "rpc-v2-cbor"))
    ]
    assert project.items("--contract", "--contract-protocol", "cbor") == wanted
    assert any("wire.protocol" in name for name in wanted)


def test_a_wrong_name_is_a_usage_error(project):
    """With the names that there are."""
    project.target()
    result = project.run("--contract", "--contract-protocol", "cbr")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*no protocol is called 'cbr'; it is one of json, *"])
