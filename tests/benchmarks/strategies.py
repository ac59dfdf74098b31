"""Examples per second: against strategies written by hand, and against Schemathesis's generator."""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contract_kit import Operation, operation
from contract_kit.strategies import valid, violating

Comparison = tuple[str, Callable[[], float], Callable[[], float], dict[str, float]]

EXAMPLES = 300


def seconds(strategy: SearchStrategy[Any], examples: int = EXAMPLES) -> Callable[[], float]:
    """A measurement of so many draws, in seconds of this process per draw."""
    run = 0

    def measure() -> float:
        nonlocal run
        run += 1
        drawn = 0

        @seed(run)
        @settings(
            max_examples=examples,
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(strategy)
        def draw(value: Any) -> None:
            nonlocal drawn
            drawn += 1

        started = time.process_time()
        draw()
        return (time.process_time() - started) / drawn

    return measure


def by_hand() -> SearchStrategy[Any]:
    """Export requests as an engineer writes their strategies from the documentation page."""
    text = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=2048)
    string_expression = st.fixed_dictionaries(
        {
            "Evaluate": st.fixed_dictionaries(
                {
                    "Attribute": st.sampled_from(
                        ["TO", "FROM", "CC", "SUBJECT", "ENVELOPE_TO", "ENVELOPE_FROM"]
                    )
                }
            ),
            "Operator": st.just("CONTAINS"),
            "Values": st.lists(text, min_size=1, max_size=10),
        }
    )
    boolean_expression = st.fixed_dictionaries(
        {
            "Evaluate": st.fixed_dictionaries({"Attribute": st.just("HAS_ATTACHMENTS")}),
            "Operator": st.sampled_from(["IS_TRUE", "IS_FALSE"]),
        }
    )
    condition = st.one_of(
        st.fixed_dictionaries({"StringExpression": string_expression}),
        st.fixed_dictionaries({"BooleanExpression": boolean_expression}),
    )
    conditions = st.lists(condition, max_size=10)
    timestamp = st.one_of(
        st.integers(0, 4_102_444_800),
        st.floats(0, 4_102_444_800, allow_nan=False, allow_infinity=False),
    )
    location = st.from_regex(r"s3://[a-zA-Z0-9.-]{3,63}(/[a-zA-Z0-9!_.*'()/-]*)*", fullmatch=True)

    def in_order(parts: tuple[dict[str, Any], list[float]]) -> dict[str, Any]:
        request, times = parts
        start, end = sorted(times)
        return {**request, "FromTimestamp": start, "ToTimestamp": end}

    request = st.fixed_dictionaries(
        {
            "ArchiveId": st.from_regex(r"a-[0-9A-Za-z_]{1,64}", fullmatch=True),
            "ExportDestinationConfiguration": st.fixed_dictionaries(
                {"S3": st.fixed_dictionaries({}, optional={"S3Location": location})}
            ),
        },
        optional={
            "Filters": st.fixed_dictionaries(
                {}, optional={"Include": conditions, "Unless": conditions}
            ),
            "MaxResults": st.integers(-(2**31), 2**31 - 1),
            "IncludeMetadata": st.booleans(),
        },
    )
    times = st.lists(timestamp, min_size=2, max_size=2, unique=True)
    return st.tuples(request, times).map(in_order)


def moved(value: Any) -> Any:
    """A schema whose references lead to where OpenAPI keeps its schemas."""
    if isinstance(value, dict):
        return {
            key: inner.replace("#/$defs/", "#/components/schemas/")
            if key == "$ref"
            else moved(inner)
            for key, inner in value.items()
            if key not in ("x-contract", "$schema", "$id")
        }
    return [moved(item) for item in value] if isinstance(value, list) else value


def by_schemathesis(op: Operation, mode: str) -> SearchStrategy[Any]:
    """Schemathesis's own generator for the operation's schema; mode: POSITIVE or NEGATIVE."""
    import schemathesis

    schema = moved(op.request)
    definitions = schema.pop("$defs")
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    paths = {"/": {"post": {"requestBody": body, "responses": {"200": {"description": "ok"}}}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": op.name, "version": op.api_version},
        "paths": paths,
        "components": {"schemas": definitions},
    }
    entry = schemathesis.openapi.from_dict(document)["/"]["POST"]
    found: SearchStrategy[Any] = entry.as_strategy(
        generation_mode=schemathesis.GenerationMode[mode]
    )
    return found


def comparisons() -> Iterator[Comparison]:
    """The rows of this subject; those against Schemathesis where it is installed."""
    op = operation("mailmanager:StartArchiveExport")
    ours, theirs = seconds(valid(op)), seconds(by_hand())
    yield "examples per second of valid / written by hand", ours, theirs, {"at_least": 0.9}
    if importlib.util.find_spec("schemathesis") is None:
        print("no comparison with Schemathesis: pip install -e '.[test]'", file=sys.stderr)
        return
    for name, strategy, mode in (
        ("valid", valid(op), "POSITIVE"),
        ("violating", violating(op), "NEGATIVE"),
    ):
        theirs = seconds(by_schemathesis(op, mode), EXAMPLES // 3)
        title = f"examples per second of {name} / Schemathesis"
        yield title, seconds(strategy), theirs, {"at_least": 4}
