"""Reading the service models that botocore ships."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import botocore
import pytest

from contract_kit.derive.service_model import load_model, model_operation
from contract_kit.errors import UnknownOperation

DATA = Path(botocore.__file__).parent / "data"


def test_a_model_is_the_file_that_botocore_ships():
    """Its digest is of the content, so that documents name what they came from."""
    model = load_model("mailmanager")
    packed = (DATA / "mailmanager/2023-10-17/service-2.json.gz").read_bytes()
    body = json.loads(gzip.decompress(packed))
    assert model.body["operations"] == body["operations"]
    assert model.body["shapes"] == body["shapes"]
    text = json.dumps(model.body, sort_keys=True, separators=(",", ":"))
    assert model.digest == hashlib.sha256(text.encode()).hexdigest()
    assert (model.service, model.api_version) == ("mailmanager", "2023-10-17")


def test_the_source_names_botocore_service_version_and_digest():
    """What a reader needs to find the same model again."""
    model = load_model("mailmanager")
    assert model.source == (
        f"botocore {botocore.__version__} mailmanager/2023-10-17 sha256:{model.digest}"
    )


def test_the_newest_version_of_a_service_is_read():
    """cloudfront has dozens of them."""
    versions = sorted(path.name for path in (DATA / "cloudfront").iterdir())
    assert len(versions) > 1
    assert load_model("cloudfront").api_version == versions[-1]


def test_models_of_the_user_do_not_count(tmp_path, monkeypatch):
    """What lies in ~/.aws/models must not change what is derived."""
    folder = tmp_path / "sts" / "9999-01-01"
    folder.mkdir(parents=True)
    (folder / "service-2.json").write_text('{"operations": {}, "shapes": {}, "metadata": {}}')
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
    load_model.cache_clear()
    assert load_model("sts").api_version == "2011-06-15"


def test_an_operation_comes_with_its_model():
    """Names are listed in order."""
    model, entry = model_operation("mailmanager:StartArchiveExport")
    assert entry["name"] == "StartArchiveExport"
    assert list(model.operation_names) == sorted(model.body["operations"])


@pytest.mark.parametrize(
    ("id", "words"),
    [
        ("mailmanager:Nope", "service mailmanager has no operation 'Nope'"),
        ("mailmanagr:StartArchiveExport", r"no service 'mailmanagr'.*mailmanager"),
        ("mailmanager", "write SERVICE:OPERATION"),
    ],
)
def test_what_botocore_does_not_describe_is_unknown(id, words):
    """One line that shows what was asked for."""
    with pytest.raises(UnknownOperation, match=words) as caught:
        model_operation(id)
    assert "\n" not in str(caught.value)
