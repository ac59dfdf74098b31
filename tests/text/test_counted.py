"""Numbers agree with their words, wherever something is counted."""

from __future__ import annotations

from contract_kit.contract.catalog import unknown_operation


def test_one_operation_is_one():
    """Of a service with a single one, too."""
    assert str(unknown_operation("a:X", ("Other",))).endswith("it has 1 operation, such as Other")
    assert str(unknown_operation("a:X", ("Other", "More"))).endswith(
        "it has 2 operations, such as More"
    )
