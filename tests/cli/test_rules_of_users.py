"""Rules of the user's own at the doors of the command line, and of pytest."""

from __future__ import annotations

import json

import pytest

LIST = "mailmanager:ListArchiveExports"
RULES = f"""
[[tool.contract-kit.rules."{LIST}"]]
exclude = ["PageSize", "NextToken"]
error = "ConflictingThings"
"""
BOTH = {"ArchiveId": "a-abcdefab", "PageSize": 5, "NextToken": "t"}

APP = """
from contract_kit.contract.catalog import committed_operation
from contract_kit.validate import Validator

PLAIN = committed_operation("mailmanager:ListArchiveExports")

class ValidationException(Exception):
    pass

class ConflictingThings(Exception):
    pass

def app(request):
    if not Validator(PLAIN, wire=True).is_valid(request):
        raise ValidationException("no")
    if KEEPS and request.get("PageSize") is not None and request.get("NextToken") is not None:
        raise ConflictingThings("not both")
    return {"Exports": []}
"""


@pytest.fixture
def ruled(folder):
    """A folder whose settings have a rule."""
    (folder / "pyproject.toml").write_text(RULES)
    (folder / ".git").mkdir()
    return folder


def test_files_are_checked_by_rules(ruled, cli):
    """At their member, in words."""
    (ruled / "both.json").write_text(json.dumps(BOTH, indent=1))
    ran = cli("validate", "--operation", LIST, "both.json")
    assert ran.code == 1
    assert "PageSize must be given alone, without NextToken" in ran.out
    assert "[PageSize.excludes-NextToken]" in ran.out
    (ruled / "one.json").write_text(json.dumps({"ArchiveId": "a-abcdefab", "PageSize": 5}))
    assert cli("validate", "--operation", LIST, "one.json").code == 0


def test_cases_have_those_of_rules(ruled, cli):
    """With the error that the rule names."""
    ran = cli(
        "cases", LIST, "--case", "ListArchiveExports/PageSize.excludes-NextToken/with-NextToken"
    )
    (case,) = json.loads(ran.out)
    assert case["errors"] == ["ConflictingThings"]
    assert {"PageSize", "NextToken"} <= {*case["request"]}


@pytest.mark.parametrize(("keeps", "code"), [(True, 0), (False, 1)])
def test_a_run_tells_whether_rules_are_kept(ruled, cli, keeps, code):
    """As of any constraint."""
    (ruled / "served.py").write_text(APP.replace("KEEPS", str(keeps)))
    ran = cli("fuzz", LIST, "--app", "served:app", "--max-examples", "0")
    assert ran.code == code
    assert ("PageSize.excludes-NextToken" in ran.out) is not keeps


def test_a_wrong_rule_is_one_line(ruled, cli):
    """And exit code 2."""
    (ruled / "pyproject.toml").write_text(RULES.replace("PageSize", "Page"))
    ran = cli("cases", LIST)
    assert ran.code == 2
    assert "has no member 'Page'" in ran.message
