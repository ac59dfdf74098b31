"""The list of constraints: ids, limits, origins, what implies what, where recursion ends."""

from __future__ import annotations

import pytest

from contract_kit import operation
from contract_kit.contract.catalog import committed_names
from contract_kit.contract.document import read_operation
from contract_kit.errors import UnknownConstraint

CONDITION = """
    {0}.type {0}.maxItems {0}[].type {0}[].union
    {0}[].StringExpression.type
    {0}[].StringExpression.Evaluate.required {0}[].StringExpression.Evaluate.type
    {0}[].StringExpression.Evaluate.union
    {0}[].StringExpression.Evaluate.Attribute.type {0}[].StringExpression.Evaluate.Attribute.enum
    {0}[].StringExpression.Operator.required {0}[].StringExpression.Operator.type
    {0}[].StringExpression.Operator.enum
    {0}[].StringExpression.Values.required {0}[].StringExpression.Values.type
    {0}[].StringExpression.Values.minItems {0}[].StringExpression.Values.maxItems
    {0}[].StringExpression.Values[].type
    {0}[].StringExpression.Values[].minLength {0}[].StringExpression.Values[].maxLength
    {0}[].BooleanExpression.type
    {0}[].BooleanExpression.Evaluate.required {0}[].BooleanExpression.Evaluate.type
    {0}[].BooleanExpression.Evaluate.union
    {0}[].BooleanExpression.Evaluate.Attribute.type {0}[].BooleanExpression.Evaluate.Attribute.enum
    {0}[].BooleanExpression.Operator.required {0}[].BooleanExpression.Operator.type
    {0}[].BooleanExpression.Operator.enum
"""
START_ARCHIVE_EXPORT = f"""
    request.type
    ArchiveId.required ArchiveId.type ArchiveId.minLength ArchiveId.maxLength ArchiveId.pattern
    Filters.type
    {CONDITION.format("Filters.Include")}
    {CONDITION.format("Filters.Unless")}
    FromTimestamp.required FromTimestamp.type
    ToTimestamp.required ToTimestamp.type
    MaxResults.type
    ExportDestinationConfiguration.required ExportDestinationConfiguration.type
    ExportDestinationConfiguration.union
    ExportDestinationConfiguration.S3.type
    ExportDestinationConfiguration.S3.S3Location.type
    ExportDestinationConfiguration.S3.S3Location.pattern
    IncludeMetadata.type
    response.status response.contentType response.schema
    response.ExportId.present response.ExportId.unique
""".split()


@pytest.fixture(scope="module")
def export():
    return operation("mailmanager:StartArchiveExport")


def limit(op, id):
    return op.constraint(id).limit


def test_start_archive_export_has_these_constraints_and_no_others(export):
    """Every documented promise has one id; none is invented."""
    assert [constraint.id for constraint in export.constraints] == START_ARCHIVE_EXPORT


@pytest.mark.parametrize("name", committed_names("mailmanager"))
def test_constraint_ids_are_unique_in_every_committed_operation(name):
    """A finding names its constraint by id alone."""
    ids = [constraint.id for constraint in operation(f"mailmanager:{name}").constraints]
    assert len(set(ids)) == len(ids)
    assert len(ids) >= 4


def test_limits_are_those_of_the_documentation(export):
    """Bounds, value sets, patterns and the width of types, as the sources state them."""
    values = "Filters.Unless[].StringExpression.Values"
    assert limit(export, "ArchiveId.minLength") == 3
    assert limit(export, "ArchiveId.maxLength") == 66
    assert limit(export, "ArchiveId.pattern") == r"a-[\w]{1,64}"
    assert limit(export, f"{values}.minItems") == 1
    assert limit(export, f"{values}.maxItems") == 10
    assert limit(export, f"{values}[].maxLength") == 2048
    assert limit(export, "Filters.Include[].union") == ["StringExpression", "BooleanExpression"]
    operators = "Filters.Include[].BooleanExpression.Operator.enum"
    assert limit(export, operators) == ["IS_TRUE", "IS_FALSE"]
    assert limit(export, "MaxResults.type") == "integer of 32 bits"
    assert limit(export, "ArchiveId.required") is None


def test_each_constraint_names_the_sources_that_state_it(export):
    """Model and page where both do, the model alone for what the page lacks, else the protocol."""
    assert export.constraint("ArchiveId.pattern").origins == ("model", "page:StartArchiveExport")
    assert export.constraint("Filters.Include[].union").origins == (
        "model",
        "page:ArchiveFilterCondition",
    )
    assert export.constraint("IncludeMetadata.type").origins == ("model",)
    assert export.constraint("request.type").origins == ("protocol",)
    assert export.constraint("response.ExportId.unique").origins == (
        "model",
        "page:StartArchiveExport",
    )


def test_every_origin_is_a_source_of_the_documents(export):
    """A report can say where each fact comes from."""
    known = {*export.sources, "protocol"}
    for constraint in export.constraints:
        assert constraint.origins
        assert known.issuperset(constraint.origins), constraint.id


def test_lengths_that_the_pattern_implies_say_so(export):
    """67 characters break pattern and length: no request breaks the length alone."""
    implied = {
        constraint.id: constraint.implied_by
        for constraint in export.constraints
        if constraint.implied_by
    }
    assert implied == {"ArchiveId.minLength": "pattern", "ArchiveId.maxLength": "pattern"}


@pytest.mark.parametrize(
    ("shape", "implied"),
    [
        ({"min": 3, "max": 66, "pattern": r"a-[\w]{1,64}"}, {"minLength", "maxLength"}),
        ({"min": 4, "max": 66, "pattern": r"a-[\w]{1,64}"}, {"maxLength"}),
        ({"min": 3, "max": 65, "pattern": r"a-[\w]{1,64}"}, {"minLength"}),
        ({"min": 1, "max": 5, "pattern": "a*"}, set()),
        ({"min": 1, "max": 5}, set()),
        ({"min": 1, "max": 5, "enum": ["A", "B"]}, {"minLength", "maxLength"}),
        ({"min": 1, "max": 5, "pattern": "(a)\\1"}, set()),
    ],
)
def test_a_length_is_implied_by_what_allows_no_other_length(toy, shape, implied):
    """By an enumeration always, by a pattern where its own lengths lie within the limits."""
    op = read_operation(*toy({"Name": {"type": "string", **shape}}))
    kinds = ("minLength", "maxLength")
    assert {kind for kind in kinds if op.constraint(f"Name.{kind}").implied_by} == implied


@pytest.mark.parametrize("pattern", ["", r"[\s\S]*", "(?s).*"])
def test_a_pattern_that_forbids_nothing_is_no_constraint(toy, pattern):
    """No request could break it."""
    op = read_operation(*toy({"Name": {"type": "string", "pattern": pattern}}))
    assert [one.id for one in op.constraints if one.location == ("Name",)] == ["Name.type"]


@pytest.mark.parametrize(
    ("shape", "kinds"),
    [
        ({"type": "integer", "min": -(2**31), "max": 2**31 - 1}, set()),
        ({"type": "long", "min": -(2**31), "max": 2**31 - 1}, {"minimum", "maximum"}),
        ({"type": "long", "min": -(2**63), "max": 2**63 - 1}, set()),
        ({"type": "integer", "min": 0, "max": 2**31 - 1}, {"minimum"}),
        ({"type": "double", "min": 0, "max": 0.5}, {"minimum", "maximum"}),
    ],
)
def test_a_range_that_repeats_the_width_of_the_type_is_no_constraint(toy, shape, kinds):
    """Beyond it the type is broken, which has a constraint of its own."""
    op = read_operation(*toy({"Count": shape}))
    found = {one.kind for one in op.constraints if one.location == ("Count",)}
    assert found == {"type", *kinds}


def test_map_keys_have_limits_and_no_type(toy):
    """JSON writes every key as a string; ids tell keys from values."""
    others = {"Key": {"type": "string", "max": 5}, "Number": {"type": "integer"}}
    members = {"Tags": {"type": "map", "key": {"shape": "Key"}, "value": {"shape": "Number"}}}
    op = read_operation(*toy(members, others=others))
    below = [one.id for one in op.constraints if one.id.startswith("Tags")]
    assert below == ["Tags.type", "Tags[key].maxLength", "Tags[value].type"]


def test_a_document_promises_nothing_but_its_presence(toy):
    """Any JSON value may stand there."""
    body = {"type": "structure", "document": True, "members": {}}
    op = read_operation(*toy({"Body": body}, required=["Body"]))
    assert [one.id for one in op.constraints if one.location == ("Body",)] == ["Body.required"]


def test_recursive_shapes_are_listed_down_to_their_re_entry():
    """A value within a value of dynamodb's items, a statement within a statement of wafv2."""
    items = [one.id for one in operation("dynamodb:PutItem").constraints if "Item[" in one.id]
    assert "Item[value].M[key].maxLength" in items
    assert "Item[value].L[].type" in items
    assert not [id for id in items if "M[value]." in id and id != "Item[value].M[value].type"]
    rules = [one.id for one in operation("wafv2:CreateWebACL").constraints]
    inner = [id for id in rules if "NotStatement." in id]
    assert inner == [
        f"Rules[].Statement.NotStatement.{end}"
        for end in ("type", "Statement.required", "Statement.type")
    ]


def test_an_operation_without_input_has_only_the_type_of_the_request():
    """An empty structure still has to be one; a reply without members promises no identifier."""
    ids = [one.id for one in operation("sts:GetCallerIdentity").constraints]
    assert ids == ["request.type", "response.status", "response.contentType", "response.schema"]


def test_a_disputed_limit_is_marked(toy):
    """The sources disagree, so that neither answer of an implementation is wrong."""
    request, response = toy({"Name": {"type": "string", "min": 2, "max": 9}})
    request["$defs"]["Name"]["x-contract"]["disputed"] = ["maxLength"]
    request["$defs"]["Input"]["properties"]["Name"]["x-contract"] = {"disputed": ["minLength"]}
    op = read_operation(request, response)
    disputed = {one.id for one in op.constraints if one.disputed}
    assert disputed == {"Name.minLength", "Name.maxLength"}


def test_a_fact_without_origin_comes_from_the_type(toy):
    """Documents written by hand may name no source."""
    request, response = toy({"Name": {"type": "string"}})
    del request["$defs"]["Name"]["x-contract"]["origins"]
    assert read_operation(request, response).constraint("Name.type").origins == ("type",)


def test_an_unknown_constraint_is_an_error_that_tells_where_ids_are_listed(export):
    """One line, with the offending id."""
    with pytest.raises(UnknownConstraint, match=r"no constraint 'Nope\.type'.*contract-kit cases"):
        export.constraint("Nope.type")
