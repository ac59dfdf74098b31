"""Changed at random: files never break the run, and requests get the verdict of another validator."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from random import Random
from xml.etree import ElementTree

import jsonschema
import pytest
import regress
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from contract_kit import operation
from contract_kit.requestfile.dialect import DIALECTS
from contract_kit.requestfile.editor import editor_schema
from contract_kit.requestfile.output.documents import DocumentOutput, json_report
from contract_kit.requestfile.output.github import GithubOutput
from contract_kit.requestfile.output.junit import junit_report
from contract_kit.requestfile.output.sarif import sarif_report
from contract_kit.requestfile.output.text import TextOutput
from contract_kit.requestfile.run import Run
from contract_kit.requestfile.settings import Settings
from contract_kit.strategies import valid

ROOT = Path(__file__).parents[2] / "fixtures" / "requests"
FILES = sorted(path for path in ROOT.rglob("*") if path.is_file() and path.suffix != ".findings")
NAMES = ("x.json", "x.yaml", "x.ndjson", "x.json.gz", "x.dat")
PIECES = (
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b'"',
        b",",
        b":",
        b"null",
        b"1e999",
        b"-",
        b"NaN",
        b"\\u",
        b"\\ud800",
    ),
    *(
        b"\xef\xbb\xbf",
        b"\0",
        b"\xff",
        b"\r",
        b"\n",
        b"\t",
        b"\xe2\x80\xa8",
        b"\xc2\x85",
        b"9" * 400,
    ),
    *(b"&a ", b"*a", b"<<: ", b"- ", b"? ", b"| ", b">-\n", b"!!binary ", b"!!set ", b"!<tag:x> "),
    *(b"%YAML 1.1\n", b"---\n", b"# ", b"'", b"0x1F", b"2024-01-01", b"~", b"\xf0\x9f\x98\x80"),
    b'"operation":"mailmanager:GetArchive","request":',
)
OUTPUTS = (
    lambda write: TextOutput(write, colour=True),
    GithubOutput,
    lambda write: DocumentOutput(write, json_report),
    lambda write: DocumentOutput(write, sarif_report),
    lambda write: DocumentOutput(write, junit_report),
)


def changed(content: bytes, random: Random) -> bytes:
    """The bytes with some put in, taken out, or made others."""
    made = bytearray(content)
    for _ in range(random.choice([1, 1, 2, 3, 8])):
        at = random.randrange(len(made) + 1)
        match random.randrange(4):
            case 0:
                made[at:at] = random.choice(PIECES)
            case 1:
                del made[at : at + random.randrange(1, 12)]
            case 2:
                made[at : at + 1] = random.randbytes(1)
            case _:
                start = random.randrange(len(made) + 1)
                made[at:at] = made[start : start + random.randrange(40)]
    return bytes(made)


@pytest.mark.parametrize("start", range(4))
def test_whatever_stands_in_a_file_is_told_in_lines(tmp_path, kept, start):
    """Hundreds of broken files in one process: no exception, real places, and every output holds."""
    random = Random(start)
    contents = [path.read_bytes() for path in FILES if path.stat().st_size < 5000]
    for _ in range(150):
        path = tmp_path / random.choice(NAMES)
        path.write_bytes(changed(random.choice(contents), random))
        run = Run(
            kept,
            Settings(base=tmp_path),
            operation=random.choice(["mailmanager:StartArchiveExport", "kinesis:PutRecord", None]),
            dialect=random.choice(DIALECTS),
            fix=random.random() < 0.2,
        )
        run.check(str(path))
    for finding in kept.findings:
        span = finding.span
        assert (1, 1) <= (span.line, span.column) <= (span.end_line, span.end_column)
        assert finding.message.isprintable()
    assert all("\n" not in message for _, message in kept.errors)
    assert len(kept.findings) > 100
    written: list[str] = []
    for make in OUTPUTS:
        written.clear()
        output = make(written.append)
        for finding in kept.findings:
            output.finding(finding)
        for file, message in kept.errors:
            output.error(file, message)
        for change in kept.changes:
            output.change(change)
        output.note("x", "a note")
        output.finish(run.summary)
        text = "".join(written)
        if text.startswith("{"):
            json.loads(text)
        elif text.startswith("<"):
            ElementTree.fromstring(text)
        assert text


VALUES = (None, True, 0, 2**31, 5.0, 1.5, "", "a", "x" * 70, "CONTAINS", "a-b\n", [], {}, {"a": 1})


def places(value, path=()):
    """Every path of a request but that of the request itself."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, entry in inner:
        yield (*path, key)
        if isinstance(entry, (dict, list)):
            yield from places(entry, (*path, key))


def mutant(request, random: Random):
    """A request with one thing changed."""
    made = copy.deepcopy(request)
    path = random.choice([*places(made)])
    holder = made
    for segment in path[:-1]:
        holder = holder[segment]
    match random.randrange(4):
        case 0:
            del holder[path[-1]]
        case 1 if isinstance(holder, dict):
            holder[str(path[-1]).lower()] = holder[path[-1]]
        case 2 if isinstance(holder, list):
            holder += [holder[path[-1]]] * 12
        case _:
            holder[path[-1]] = random.choice(VALUES)
    return made


def matches(validator, pattern, value, schema):
    """The keyword `pattern` as ECMA-262 means it, which `re` does not."""
    if isinstance(value, str) and regress.Regex(pattern, "u").find(value) is None:
        yield jsonschema.ValidationError(pattern)


Oracle = jsonschema.validators.extend(jsonschema.Draft202012Validator, {"pattern": matches})


@pytest.mark.parametrize("id", ["mailmanager:StartArchiveExport", "mailmanager:CreateRuleSet"])
def test_changed_requests_get_the_verdict_of_jsonschema(check, id):
    """It is asked with the schema for editors; warnings are none of its business."""
    known = operation(id)
    oracle = Oracle(editor_schema(known, "wire"))
    verdicts: list[bool] = []

    @seed(1)
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(valid(known), st.integers(0, 2**16))
    def alike(request, start):
        random = Random(start)
        made = mutant(request, random)
        text = json.dumps(made, indent=random.choice([None, 1]))
        kept = check(text, operation=id)
        fine = all(one.severity == "warning" for one in kept.findings)
        assert fine is oracle.is_valid(made)
        verdicts.append(fine)

    alike()
    assert set(verdicts) == {True, False}
