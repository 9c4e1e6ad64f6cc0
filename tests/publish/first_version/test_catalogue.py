"""The catalogue in the words of the first version."""

from __future__ import annotations

import pytest

from tests.query.table import FIELDS

pytestmark = pytest.mark.django_db
SEARCH = "/api/datasets/1.0/search/"


@pytest.fixture
def found(client, agents, member):
    """`found(**parameters)`: what a member finds, both datasets being theirs to read."""
    client.force_login(member)

    def get(status: int = 200, **parameters):
        answer = client.get(SEARCH, {name.replace("__", "."): value for name, value in parameters.items()})
        assert answer.status_code == status, answer.content
        return answer.json()

    return get


def listed(answer) -> list[str]:
    return [one["datasetid"] for one in answer["datasets"]]


def test_a_dataset(client, lieux):
    item = client.get("/api/datasets/1.0/lieux/").json()
    assert item["datasetid"] == "lieux"
    assert item["has_records"] is True
    assert item["attachments"] == []
    assert set(item["features"]) == {"analyze", "timeserie", "geo"}
    assert item["metas"]["title"] == "Titre de lieux"
    assert item["metas"]["records_count"] == 80
    assert item["metas"]["keyword"] == ["voiture", "vélo"]
    assert None not in item["metas"].values()
    fields = {field["name"]: field for field in item["fields"]}
    assert list(fields) == [field.name for field in FIELDS]
    assert {"name": "id"} in fields["code"]["annotations"]
    assert {"name": "multivalued", "args": [","]} in fields["tags"]["annotations"]
    assert fields["jour"]["annotations"] == [{"name": "timeserie_precision", "args": ["day"]}]
    assert fields["code"]["label"] == "Code INSEE"
    assert fields["centre"]["type"] == "geo_point_2d"
    assert client.get(SEARCH).json()["datasets"] == [item]


def test_search(found):
    everything = found()
    assert everything["nhits"] == 2
    assert everything["parameters"] == {"rows": 10, "start": 0, "timezone": "UTC", "format": "json"}
    assert listed(everything) == ["agents", "lieux"]
    for q in (
        "lieux",
        "title:lieux",
        "datasetid:lieux",
        'publisher:"métropole" AND title:lieux',
        "NOT agents",
        "default.title:lieux",
    ):
        assert listed(found(q=q)) == ["lieux"], q
    assert found(q="records_count>=80")["nhits"] == 2
    assert found(q="records_count>80")["nhits"] == 0
    assert found(q="modified:[2020 TO #now(days=1)]")["nhits"] == 2
    assert found(q="modified<2020")["nhits"] == 0


def test_pages_and_order(found):
    assert listed(found(rows=1)) == ["agents"]
    assert listed(found(rows=1, start=1)) == ["lieux"]
    assert (listed(found(rows=0)), found(rows=0)["nhits"]) == ([], 2)
    assert listed(found(sort="title")) == ["lieux", "agents"]
    assert listed(found(sort="-title")) == ["agents", "lieux"]
    for sort in ("explore.popularity_score", "popularity", "issued", "modified", "records_count"):
        assert found(sort=sort)["nhits"] == 2


def test_facets_and_refinements(found):
    facets = ["keyword", "publisher", "modified", "accrualperiodicity", "granularity", "creator", "issued"]
    groups = {group["name"]: group["facets"] for group in found(facet=facets)["facet_groups"]}
    assert {value["path"]: value["count"] for value in groups["keyword"]} == {"voiture": 2, "vélo": 2}
    assert [value["path"] for value in groups["publisher"]] == ["Métropole"]
    assert "granularity" not in groups
    assert "issued" in groups
    assert found(refine__keyword="vélo")["nhits"] == 2
    assert found(refine__publisher="Ailleurs")["nhits"] == 0
    assert listed(found(exclude__datasetid="agents")) == ["lieux"]
    year = groups["modified"][0]["path"]
    assert found(refine__modified=year)["nhits"] == 2
    under = found(refine__issued=groups["issued"][0]["path"], facet="issued")["facet_groups"][0]["facets"][0]
    assert under["state"] == "refined"
    assert under["facets"]


@pytest.mark.parametrize(
    "parameters",
    [
        {"rows": "10001"},
        {"rows": "x"},
        {"sort": "absent"},
        {"facet": "absent"},
        {"refine.absent": "1"},
        {"q": '"'},
        {"q": "absent:1"},
        {"format": "exe"},
        {"timezone": "x"},
        {"geofilter.distance": "1,2,3"},
        {"geo_digest": "x" * 20_001},
    ],
)
def test_refused(client, lieux, parameters):
    answer = client.get(SEARCH, parameters)
    assert answer.status_code == 400, answer.content
    assert answer.json().keys() == {"errorcode", "error"}
