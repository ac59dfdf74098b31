"""Settings of repeatable options in pyproject.toml."""

from __future__ import annotations

import json


def test_one_value_of_a_repeatable_option_need_not_be_a_list(folder, cli):
    """A request was one path before there could be several."""
    (folder / "r.json").write_text(json.dumps({"PageSize": 7}))
    (folder / "pyproject.toml").write_text('[tool.contract-kit.cases]\nrequest = "r.json"\n')
    case = "ListArchives/request.type/base"
    ran = cli("cases", "mailmanager:ListArchives", "--case", case, "--format", "body")
    assert (ran.code, json.loads(ran.out)) == (0, {"PageSize": 7})


def test_requests_are_repeatable(folder, cli):
    """The cases of a member start from the one that has it."""
    (folder / "a.json").write_text('{"PageSize": 7}')
    (folder / "b.json").write_text('{"NextToken": "given"}')
    case = ("--case", "ListArchives/NextToken.minLength/shortest", "--format", "body")
    files = ("--request", "a.json", "--request", "b.json")
    ran = cli("cases", "mailmanager:ListArchives", *files, *case)
    assert "PageSize" not in json.loads(ran.out)
