"""The examples shown on the page of a dataset: run as they are."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from bocage.catalog.api_examples import examples
from bocage.catalog.models import Dataset
from tests.interfaces.conftest import ROWS
from tests.interfaces.test_javascript_client import node


@pytest.mark.django_db(transaction=True)
def test_curl_examples_run(portal, tmp_path):
    if shutil.which("curl") is None:
        pytest.skip("curl is absent: apt install curl")
    answers = {}
    for example in examples(Dataset.objects.get(slug="parkings"), portal):
        if example.language == "curl":
            run = subprocess.run(
                ["bash", "-c", example.code.replace("curl ", "curl -sf ", 1)],
                cwd=tmp_path,
                capture_output=True,
                timeout=30,
                check=True,
            )
            answers[example.code.split("/")[-1][:10]] = run.stdout
    pages = [json.loads(answer) for answer in answers.values() if answer]
    assert [page["total_count"] for page in pages] == [ROWS, 2]
    assert len((tmp_path / "parkings.csv").read_bytes().splitlines()) == ROWS + 1
    assert len(json.loads((tmp_path / "parkings.geojson").read_text())["features"]) == ROWS


@pytest.mark.django_db(transaction=True)
def test_javascript_examples_run(portal, tmp_path):
    code = next(e.code for e in examples(Dataset.objects.get(slug="parkings"), portal) if e.language == "javascript")
    (tmp_path / "example.mjs").write_text(code)
    run = subprocess.run([node(), "example.mjs"], cwd=tmp_path, capture_output=True, text=True, timeout=30, check=True)
    assert run.stdout.startswith(str(ROWS))


@pytest.mark.django_db(transaction=True)
def test_python_examples_are_whole(portal):
    code = next(e.code for e in examples(Dataset.objects.get(slug="parkings"), portal) if e.language == "python")
    compile(code, "example", "exec")
    pandas = pytest.importorskip("pandas", reason="pandas is absent: pip install pandas")
    found: dict[str, object] = {}
    exec(code, found)
    assert isinstance(found["table"], pandas.DataFrame)
    assert len(found["table"]) == ROWS
