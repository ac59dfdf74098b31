"""Cases of the rules of the user's own."""

from __future__ import annotations

import json
from collections.abc import Iterator

from contract_kit.cases.case import Case
from contract_kit.cases.good_request import GoodRequest, unsequenced
from contract_kit.cases.keeping_rules import breaking
from contract_kit.contract.operation import Operation
from contract_kit.contract.rules import Rule
from contract_kit.contract.shape import Json
from contract_kit.contract.values import put
from contract_kit.validate.validator import Validator


def rule_cases(operation: Operation, base: GoodRequest, validator: Validator) -> Iterator[Case]:
    """For each rule the requests that break it alone, and those that keep it at its end."""
    for rule in operation.rules:
        twin, path = base.reach(rule.location)
        if validator.violations(unsequenced(twin)):
            # Rules that contradict each other leave no request to start from.
            continue
        for slug, request in breaking(operation, rule, twin, path[:-1], base.new):
            found = validator.violations(unsequenced(request))
            if {each.constraint for each in found} == {rule.id}:
                yield _case(operation, rule, slug, request, twin)
        for number, text in enumerate(rule.values, 1):
            request = put(twin, path, json.loads(text))
            if not validator.violations(unsequenced(request)):
                yield _case(operation, rule, f"value-{number}", request, twin, conforms=True)


def _case(
    operation: Operation,
    rule: Rule,
    slug: str,
    request: Json,
    twin: Json,
    *,
    conforms: bool = False,
) -> Case:
    return Case(
        id=f"{operation.name}/{rule.id}/{slug}",
        constraint=rule.id,
        side="inside" if conforms else "outside",
        expects="accept" if conforms else "reject",
        family="value",
        request=request,
        twin=twin,
        breaks=() if conforms else (rule.id,),
    )
