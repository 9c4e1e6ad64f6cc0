"""Requests of real programs that are not installed here (explore-api 7.2), replayed as written, with the values they need."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from bocage.access.services import create_key
from bocage.access.standing import viewer_of
from bocage.organizations.models import Organization, User
from bocage.organizations.services import add_member
from bocage.organizations.vocabulary import Role
from tests.interfaces.conftest import ROWS
from tests.interfaces.test_python_clients import fetch

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = "/api/explore/v2.1"
RECORDS = f"{ROOT}/catalog/datasets/parkings/records"


def asked(portal: str, path: str, **given: str | list[str]):
    """JSON of an answer; parameters are escaped as `requests` and browsers do."""
    pairs = [(name, one) for name, value in given.items() for one in (value if isinstance(value, list) else [value])]
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs)
    return json.loads(fetch(f"{portal}{path}?{query}"))


def test_the_qgis_plugin_lists_describes_and_downloads(portal):
    """Opendatasoft for QGIS 1.1.0: pages of a hundred, two `where`, `datasetid:`, an export with the key in the address."""
    agent = User.objects.create_user("agent@example.fr")
    add_member(organization=Organization.objects.get(), user=agent, role=Role.MEMBER)
    key = create_key(viewer=viewer_of(agent), owner=agent, name="QGIS")[1]
    listed = asked(
        portal, f"{ROOT}/catalog/datasets", select="dataset_id", limit="100", offset="0", order_by="dataset_id",
        where=['"parkings"', "features='geo'"],
    )  # fmt: skip
    assert listed == {"total_count": 1, "results": [{"dataset_id": "parkings"}]}
    described = asked(portal, f"{ROOT}/catalog/datasets", where='datasetid:"parkings"')["results"][0]
    default = described["metas"]["default"]
    assert (default["title"], default["publisher"], default["records_count"]) == ("Parkings", "Métropole", ROWS)
    assert [(field["name"], field["label"], field["type"]) for field in described["fields"]][:2] == [
        ("commune", "Commune", "text"), ("code", "Code INSEE", "text"),
    ]  # fmt: skip
    assert len(asked(portal, RECORDS, limit="1")["results"]) == 1
    layer = asked(portal, f"{ROOT}/catalog/datasets/agents/exports/geojson", apikey=key, limit="-1")
    assert len(layer["features"]) == ROWS
    assert layer["features"][0]["geometry"]["type"] == "Point"


def test_applications_of_fuel_prices(portal):
    """The nearest places under a condition, the cheapest first, with the older name of `within_distance`."""
    near = "distance(centre, geom'POINT(-1.55 47.21)', 100m) AND places is not null"
    found = asked(portal, RECORDS, where=near, order_by="places asc", limit="100")
    assert 0 < found["total_count"] < ROWS
    places = [record["places"] for record in found["results"]]
    assert places == sorted(places)
    same = asked(portal, RECORDS, where=near.replace("distance", "within_distance"), limit="0")
    assert same["total_count"] == found["total_count"]


def test_applications_of_alerts_and_of_maps(portal):
    recent = asked(portal, RECORDS, where="maj > now(days=-1)", limit="0")
    assert recent["total_count"] == 0  # all of it is of 2024
    everything = asked(portal, RECORDS, where="in_bbox(centre, 47.20, -1.56, 47.22, -1.53)", limit="0")
    half = asked(portal, RECORDS, where="in_bbox(centre, 47.20, -1.56, 47.22, -1.5440001)", limit="0")
    assert (everything["total_count"], half["total_count"]) == (ROWS, 600)


def test_notebooks_count_before_they_download(portal):
    """A probe of a few bytes: no line, a count."""
    probe = fetch(f"{portal}{RECORDS}?limit=0&select=count(*)%20as%20n")
    assert json.loads(probe)["total_count"] in (1, ROWS)
    counted = asked(portal, RECORDS, select="count(*) as n")["results"]
    assert counted == [{"n": ROWS}]


def test_the_r_client(portal):
    """odsAPI: parts of dates in `where`, a date in `order_by`."""
    found = asked(
        portal, RECORDS, select="maj, places", where="minute(maj) = 0 and month(maj) = 2", order_by="maj", limit="100"
    )
    assert found["total_count"] == ROWS - 31 * 24  # one row an hour since the 1st of January
