"""Files and settings with random changes, at the door: an exit code, lines, and never a traceback."""

from __future__ import annotations

import json
import random

import pytest

from contract_kit.cli.main import main
from contract_kit.requestfile.dialect import DIALECTS

GOOD = json.dumps(
    {
        "ArchiveId": "a-abcdefab",
        "FromTimestamp": 1,
        "ToTimestamp": 2,
        "ExportDestinationConfiguration": {"S3": {}},
        "Filters": {"Include": [{"BooleanExpression": {"Operator": "IS_TRUE"}}]},
    }
)
SETTINGS = r"""
ignore = ["**/snapshots/**", "!keep.json"]
placeholders = ['\$\{\w+\}']
[files]
"*.json" = "mailmanager:StartArchiveExport"
"*.yaml" = { operation = "mailmanager:StartArchiveExport", dialect = "cli" }
"""
PIECES = [
    *"{}[],:\"'\\*&!|>?-~=.#%\0\x1b\t\r\n\ud800\u2028é😀",
    *("\\u", "<<: ", "- ", "%YAML 1.1\n---\n", "1e999", "-0", "NaN", "null", "true", "0x"),
    *("&a ", "*a", "!!int ", "2024-01-01", '"""', "'''", "[[", "]]", "${A}", "::error::x"),
]


def changed(rng, text):
    """A text with some pieces put in, taken out, repeated, or cut off."""
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(text) + 1)
        way = rng.choice(["add", "add", "repeat", "remove", "cut"])
        if way == "cut":
            text = text[:at] if rng.random() < 0.3 else text
        elif way == "remove":
            text = text[:at] + text[at + rng.randint(1, 6) :]
        else:
            text = text[:at] + rng.choice(PIECES) * (40 if way == "repeat" else 1) + text[at:]
    return text


@pytest.mark.parametrize("seed", range(6))
def test_no_change_of_a_file_is_a_traceback(tmp_path, monkeypatch, capsys, seed):
    """Whatever the format, the dialect and the settings; nothing that is obeyed is printed."""
    monkeypatch.chdir(tmp_path)
    rng = random.Random(seed)
    for _ in range(60):
        name = f"x.{rng.choice(['json', 'yaml', 'ndjson', 'json.gz', 'txt'])}"
        settings = changed(rng, SETTINGS) if rng.random() < 0.3 else SETTINGS
        content = changed(rng, GOOD).encode(errors="surrogatepass")
        (tmp_path / ".contract-kit.toml").write_bytes(settings.encode(errors="surrogatepass"))
        (tmp_path / name).write_bytes(content if rng.random() < 0.9 else rng.randbytes(60))
        words = ["--format", rng.choice(["text", "github", "json", "sarif", "junit"])]
        words += ["--operation", "mailmanager:StartArchiveExport"] * (rng.random() < 0.4)
        words += ["--dialect", rng.choice(DIALECTS)] * (rng.random() < 0.3)
        words += ["--fix"] * (rng.random() < 0.2)
        with pytest.raises(SystemExit) as ended:
            main(["validate", name, *words])
        done = capsys.readouterr()
        assert ended.value.code in (0, 1, 2), (content, settings)
        assert "Traceback" not in done.err, (content, settings)
        assert len(done.err.splitlines()) <= 1
        assert all(char.isprintable() or char in "\n\t" for char in done.out + done.err)
        (tmp_path / name).unlink()
