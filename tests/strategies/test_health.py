"""Hypothesis's own complaints of strategies, which it makes by the seconds that draws take."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from contract_kit.strategies import messages, valid, violating


@pytest.mark.parametrize(
    "id",
    [
        "mailmanager:StartArchiveExport",
        "mailmanager:CreateRuleSet",
        "dynamodb:PutItem",
        "lambda:CreateFunction",
    ],
)
def test_no_health_check_complains_at_default_settings(kit, id):
    """Nothing is slow, large or filtered away; every draw counts."""
    op = kit.operation(id)
    for strategy in (
        valid(op),
        violating(op),
        *([messages(op)] if "json" in op.protocols[:1] else []),
    ):
        drawn = []

        @settings(settings.get_profile("default"), database=None, derandomize=True, max_examples=40)
        @given(strategy)
        def draw(value):
            drawn.append(value)  # noqa: B023

        draw()
        assert len(drawn) == 40
