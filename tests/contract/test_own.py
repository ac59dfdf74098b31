"""Contracts of one's own: the keywords of JSON Schema are the truth, and whatever is odd is one line."""

from __future__ import annotations

import copy
import json
import random
import string
import time

import pytest

from contract_kit import operation
from contract_kit.contract.catalog import committed_names, read_document, schema_root
from contract_kit.contract.document import read_operation
from contract_kit.contract.own_contract import normal, read_own
from contract_kit.errors import ContractKitError, SourceError
from contract_kit.requestfile.dialect import DIALECTS
from contract_kit.requestfile.run import Run
from contract_kit.requestfile.settings import Settings
from contract_kit.settings.contracts import Contracts
from contract_kit.validate import Validator

ID = "mailmanager:StartArchiveExport"
GOOD = {
    "ArchiveId": "a-abcdefab",
    "FromTimestamp": 1,
    "ToTimestamp": 2,
    "ExportDestinationConfiguration": {"S3": {}},
}


def document(name="StartArchiveExport", kind="request"):
    """A committed document, to be changed."""
    return copy.deepcopy(read_document(schema_root() / "mailmanager" / f"{name}.{kind}.json"))


@pytest.fixture
def own(tmp_path):
    """Writes a contract with some definitions changed, and reads it."""

    def read(changes=(), **others):
        made = {**document(), **others}
        for name, body in dict(changes).items():
            made["$defs"][name] = body
        path = tmp_path / "StartArchiveExport.request.json"
        path.write_text(json.dumps(made))
        return read_own(path, tmp_path / "StartArchiveExport.response.json", ID)

    return read


def string_of(keywords, **facts):
    """The definition of a string."""
    return {"type": "string", **keywords, "x-contract": {"type": "string", **facts}}


@pytest.mark.parametrize("name", committed_names("mailmanager"))
def test_what_is_derived_is_read_as_it_is(name):
    """Nothing is added to it, and nothing found wrong."""
    request, response = document(name), document(name, "response")
    known = read_operation(request, response)
    made = read_operation(normal(request, request=True), normal(response, request=False))
    assert made.shapes == known.shapes
    assert made.constraints == known.constraints


@pytest.mark.parametrize(
    ("keywords", "right", "wrong", "constraint"),
    [
        ({"minLength": 3}, "abc", "ab", "minLength"),
        ({"maxLength": 5}, "abcde", "abcdef", "maxLength"),
        ({"maxLength": 5.0}, "abcde", "abcdef", "maxLength"),
        ({"pattern": "^x+$"}, "xx", "xy", "pattern"),
        ({"pattern": "x"}, "axa", "aba", "pattern"),
        ({"pattern": "^x"}, "xa", "ax", "pattern"),
        ({"pattern": "x$"}, "ax", "xa", "pattern"),
        ({"pattern": "^x$|^yy$"}, "yy", "yyx", "pattern"),
        ({"pattern": "^[|]$"}, "|", "x", "pattern"),
        ({"pattern": "x\\$"}, "ax$b", "x", "pattern"),
        ({"enum": ["a", "b"]}, "b", "c", "enum"),
    ],
)
def test_keywords_alone_are_enough(own, keywords, right, wrong, constraint):
    """They hold in both ways of checking, and are constraints like any other."""
    op = own({"ArchiveId": string_of(keywords)})
    validator = Validator(op)
    assert not validator.violations({**GOOD, "ArchiveId": right})
    (found,) = validator.violations({**GOOD, "ArchiveId": wrong})
    assert found.constraint == f"ArchiveId.{constraint}"
    assert validator.is_valid({**GOOD, "ArchiveId": right})
    assert not validator.is_valid({**GOOD, "ArchiveId": wrong})


def test_a_keyword_may_stand_beside_a_pattern_of_the_source(own):
    """A bound that no copy states."""
    body = document()["$defs"]["ArchiveId"]
    del body["x-contract"]["bounds"]
    op = own({"ArchiveId": {**body, "maxLength": 10}})
    assert op.shapes["ArchiveId"].max_length == 10
    assert op.shapes["ArchiveId"].pattern == "a-[\\w]{1,64}"
    (found,) = Validator(op).violations({**GOOD, "ArchiveId": "a-" + "b" * 9})
    assert found.constraint == "ArchiveId.maxLength"


def test_numbers_and_lists_are_limited_by_keywords(own):
    """With the width of the type where nothing is said."""
    list_ = document()["$defs"]["StringValueList"]
    del list_["x-contract"]["bounds"]
    op = own(
        {
            "ExportMaxResults": {
                "type": "integer",
                "maximum": 7,
                "x-contract": {"type": "integer"},
            },
            "StringValueList": {**list_, "maxItems": 2},
        }
    )
    validator = Validator(op)
    for value, wanted in ((7, ""), (8, "MaxResults.maximum"), (-(2**31) - 1, "MaxResults.type")):
        request = {**GOOD, "MaxResults": value}
        assert [one.constraint for one in validator.violations(request)] == [wanted][: bool(wanted)]
        assert validator.is_valid(request) is not bool(wanted)
    assert op.shapes["StringValueList"].max_length == 2


ARCHIVE = document()["$defs"]["ArchiveId"]
WRONG = [
    ({**ARCHIVE, "maxLength": 10}, "maxLength is 10, but its copy under x-contract is 66; change"),
    ({**ARCHIVE, "minLength": 4}, "minLength is 4, but its copy under x-contract is 3; change"),
    ({**ARCHIVE, "pattern": "^b$"}, "its keywords disagree with pattern"),
    ({**ARCHIVE, "maxLength": "10"}, 'maxLength is "10"; write a whole number from 0'),
    ({**ARCHIVE, "maxLength": -1}, "maxLength is -1; write a whole number from 0"),
    ({**ARCHIVE, "maxLength": True}, "maxLength is true; write a whole number from 0"),
    ({**ARCHIVE, "maxLength": 1.5}, "maxLength is 1.5; write a whole number from 0"),
    ({**ARCHIVE, "format": "email"}, "'format' has no effect on type string; remove it"),
    ({**ARCHIVE, "type": "integer"}, "type is \"integer\", but string needs 'string'"),
    ({**ARCHIVE, "x-contract": {"type": "text"}}, '"text" is not a type; write one of structure, '),
    ({**ARCHIVE, "x-contract": None}, "has no object x-contract that says its type"),
    (7, "has no object x-contract that says its type"),
    (string_of({"pattern": "("}), "pattern: 'unclosed (' at character 1 of pattern '('"),
    (string_of({"pattern": "^(a)\\1$"}), "pattern: "),
    (string_of({"pattern": 5}), "pattern is 5; write a string"),
    (string_of({}, pattern="(a)\\1"), "pattern: "),
    (string_of({}, pattern=["a"]), 'pattern is ["a"]; write a string'),
    (string_of({"enum": [1, 2]}), "enum contains 1, which is not a string; write only strings"),
    (string_of({"enum": [None]}), "enum contains null, which is not a string; write only strings"),
    (string_of({"enum": []}), "enum is []; write a list of strings"),
    (string_of({"enum": "a"}), 'enum is "a"; write a list of strings'),
    (string_of({"enum": ["a", "a"]}), "enum contains a value twice"),
    (string_of({"minLength": 5, "maxLength": 4}), "minLength is greater than maxLength"),
    (string_of({}, bounds={"maxLength": 4}), "maxLength is missing, but its copy under x-contract"),
    (string_of({}, bounds=[1]), "bounds is not an object; remove it"),
    (
        string_of({"maxLength": 4}, bounds={"most": 4}),
        '"most" under x-contract is not a bound of type',
    ),
    (
        string_of({"allOf": [{"minLength": 1}]}),
        "allOf has no effect on a string; write one pattern instead",
    ),
    (string_of({}, sensitive="yes"), 'sensitive is "yes"; write true or false'),
    (string_of({}, origins={"type": "me"}), "origins and disputed hold lists of strings"),
    (
        {"type": "integer", "minimum": "1", "x-contract": {"type": "integer"}},
        'minimum is "1"; write a number',
    ),
    (
        {"type": "integer", "enum": [1, 2], "x-contract": {"type": "integer"}},
        "'enum' has no effect on type integer; remove it",
    ),
    (
        {"type": "integer", "maximum": 2**40, "x-contract": {"type": "integer"}},
        "maximum is 1099511627776; write a whole number of 32 bits",
    ),
    (
        {"type": "array", "items": {"type": "string"}, "x-contract": {"type": "list"}},
        'items is {"type": "string"}; write a $ref',
    ),
    (
        {"type": "array", "items": {"$ref": "#/$defs/No"}, "x-contract": {"type": "list"}},
        '"#/$defs/No" does not name a definition',
    ),
    (
        {"type": "object", "properties": {"A": {}}, "x-contract": {"type": "structure"}},
        "null does not name a definition",
    ),
    (
        {"type": "object", "required": ["A"], "x-contract": {"type": "structure"}},
        "'A' is required but not a member; add it, or remove it from required",
    ),
    (
        {"type": "object", "additionalProperties": True, "x-contract": {"type": "structure"}},
        "additionalProperties is true; write false",
    ),
]


@pytest.mark.parametrize(("body", "said"), WRONG, ids=range(len(WRONG)))
def test_what_is_odd_in_a_definition_is_one_line(own, body, said):
    """It names the file, the definition, what stands there, and what to do."""
    with pytest.raises(SourceError) as caught:
        own({"ArchiveId": body})
    message = str(caught.value)
    place, _, reason = message.partition(": $defs.ArchiveId")
    assert place.endswith("StartArchiveExport.request.json")
    assert reason.partition(": ")[2].startswith(said)
    assert "\n" not in message
    assert len(message) < 500


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ({"$ref": "#/$defs/ArchiveId"}, "ArchiveId is not a structure; name one"),
        ({"$ref": 5}, "5 does not name a definition"),
        ({"$defs": []}, "has no object $defs"),
        ({"type": "object"}, "'type' has no effect beside $ref; move it into a definition"),
        ({"x-contract": 3}, "has no object x-contract"),
        ({"x-contract": {}}, "operation is not SERVICE:OPERATION"),
        (
            {"x-contract": {**document()["x-contract"], "operation": "ssm:PutParameter"}},
            "operation is 'ssm:PutParameter', but the file is for mailmanager:StartArchiveExport",
        ),
        (
            {"x-contract": {**document()["x-contract"], "protocols": "json"}},
            "protocols is not a list of strings",
        ),
        (
            {"x-contract": {**document()["x-contract"], "errors": [{"name": "A"}]}},
            "errors is not a list of objects, each with name and statuses",
        ),
    ],
)
def test_what_is_odd_around_the_definitions_is_one_line(own, others, said):
    """The same."""
    with pytest.raises(SourceError) as caught:
        own(**others)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 100_000, "nests too deeply for a schema; flatten it"),
        ("{", "is not JSON at 1:2; fix it there"),
        ("[]", "is not an object; write a schema as `contract-kit derive` does"),
        ('{"a": 1, "a": 2}', "key 'a' appears twice in one object; keep one"),
        ('{"a": NaN}', "NaN is not JSON; write a number"),
        ('{"a": ' + "9" * 5000 + "}", "contains a number with thousands of digits"),
        ("\udcff", "is not UTF-8; save it as UTF-8"),
        (" " * (8 * 1024 * 1024 + 1), "is larger than 8 MiB"),
    ],
    ids=range(8),
)
def test_a_file_that_is_no_contract_is_one_line(tmp_path, text, said):
    """Whatever stands in it."""
    path = tmp_path / "A.request.json"
    path.write_text(text, errors="surrogateescape")
    with pytest.raises(SourceError) as caught:
        read_own(path, tmp_path / "A.response.json", ID)
    assert str(caught.value).startswith(f"{path}: {said}")


def odd(rng):
    """A value that stands where it should not."""
    return rng.choice(
        [
            *(None, True, False, 0, -1, 1.5, 2**70, 1e308, "", "x", "(", "\ud800", "(a)\\1", "#"),
            *([], {}, [None], [[]], {"": ""}, {"$ref": "#"}, {"$ref": "#/$defs/ArchiveId"}),
            *("#/$defs/ArchiveId", "object", "string", "list", "map", "union", "^a+$", ["A"]),
            "".join(rng.choices(string.printable, k=5)),
        ]
    )


def mutated(rng, value):
    """A copy with one place replaced, removed, renamed, or something added."""
    value = copy.deepcopy(value)
    places = []

    def visit(here):
        for key in here if isinstance(here, dict) else range(len(here)):
            places.append((here, key))
            if isinstance(here[key], (dict, list)):
                visit(here[key])

    visit(value)
    around, key = rng.choice(places)
    change = rng.choice(["replace", "replace", "remove", "rename", "add"])
    if change == "remove":
        del around[key]
    elif change == "rename" and isinstance(around, dict):
        around[str(odd(rng))] = around.pop(key)
    elif change == "add" and isinstance(around, dict):
        names = ["type", "enum", "pattern", "minLength", "maximum", "oneOf", "bounds", "x-contract"]
        around[rng.choice(names)] = odd(rng)
    else:
        around[key] = odd(rng)
    return value


@pytest.mark.parametrize("seed", range(8))
def test_no_change_of_a_contract_is_a_traceback(tmp_path, seed):
    """A request is checked against it in every dialect, or one line says what is wrong with it."""
    rng = random.Random(seed)
    name = rng.choice(["StartArchiveExport", "CreateRelay", "TagResource", "CreateTrafficPolicy"])
    request, response = document(name), document(name, "response")
    folder = tmp_path / "contracts" / "mailmanager"
    folder.mkdir(parents=True)
    file = tmp_path / "x.json"
    file.write_text(json.dumps({**GOOD, "Tags": [{"Key": "k", "Value": "v"}], "More": {"x": [1]}}))
    refused, checked = [], 0
    for _ in range(60):
        changed, reply = mutated(rng, request), response
        if rng.random() < 0.2:
            changed, reply = request, mutated(rng, response)
        (folder / f"{name}.request.json").write_text(json.dumps(changed))
        (folder / f"{name}.response.json").write_text(json.dumps(reply))
        kept = Kept()
        contracts = Contracts(folders=(tmp_path / "contracts",))
        settings = Settings(base=tmp_path, contracts=contracts)
        try:
            for dialect in DIALECTS:
                run = Run(kept, settings, operation=f"mailmanager:{name}", dialect=dialect)
                run.check(str(file))
            checked += 1
        except ContractKitError as error:
            refused.append(str(error))
    assert not any("\n" in message for message in refused)
    assert len(refused) > 5
    assert checked > 5


class Kept:
    """An output that keeps what is told."""

    def __init__(self):
        self.told = []

    def finding(self, finding):
        """Keeps it."""
        self.told.append(finding)

    error = note = lambda self, file, message: self.told.append(message)


def test_the_kits_own_contracts_are_not_read_this_way():
    """They are generated, and checked by a test; reading them stays fast."""
    assert operation(ID).request["$id"].startswith("urn:contract-kit:mailmanager:")


def test_many_keys_of_one_object_are_read_in_linear_time(tmp_path):
    """A key that appears twice is found at once, however many others there are."""
    keys = "".join(f'"{number}":1,' for number in range(300_000))
    path = tmp_path / "GetArchive.request.json"
    path.write_text(f'{{{keys}"299999":2}}')
    started = time.monotonic()
    with pytest.raises(SourceError, match="key '299999' appears twice"):
        read_own(path, tmp_path / "none", "mailmanager:GetArchive")
    assert time.monotonic() - started < 20, "quadratic time takes hours"
