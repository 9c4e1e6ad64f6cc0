"""`odsclient`, unmodified, and the links that notebooks carry."""

from __future__ import annotations

import csv
import io
import json
import urllib.error
import urllib.request

import pyarrow.parquet as pq
import pytest

from tests.interfaces.conftest import ROWS

pytestmark = pytest.mark.django_db(transaction=True)


def test_odsclient_downloads_a_table(portal):
    odsclient = pytest.importorskip("odsclient", reason="odsclient is absent: pip install odsclient")
    client = odsclient.ODSClient(base_url=portal, use_keyring=False)
    rows = list(csv.reader(io.StringIO(client.get_whole_dataset("parkings"), newline=""), delimiter=";"))
    assert rows[0] == ["Commune", "Code INSEE", "Places", "Mise à jour", "Position"]
    assert len(rows) == ROWS + 1
    assert rows[2][:2] == ['Saint-Herblain; "bis"', "00001"]
    with pytest.raises(odsclient.ODSException) as refusal:
        client.get_whole_dataset("agents")
    assert refusal.value.status_code == 404


def fetch(address: str) -> bytes:
    """Redirects are refused: some clients lose their headers on the way."""

    class NoRedirect(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    with urllib.request.build_opener(NoRedirect).open(address, timeout=30) as answer:
        return answer.read()


HALF_OPEN = (
    "where=maj%20IN%20[date%272024-01-01%2000:00%27..date%272024-01-02%2000:00%27[AND%20commune%20=%20%27Nantes%27"
)
BROWSER = "lang=fr&timezone=Europe%2FBerlin&use_labels=true&delimiter=%3B&refine=commune:%22Nantes%22&limit=8"
FACET = "facet=facet(name=%22commune%22,%20disjunctive=true)"


@pytest.mark.parametrize(
    "path",
    [
        f"/api/explore/v2.1//catalog/datasets/parkings/exports/json?{HALF_OPEN}",
        f"/api/explore/v2.1/catalog/datasets/parkings/exports/json/?{BROWSER}&{FACET}",
    ],
)
def test_links_seen_in_the_wild(portal, path):
    records = json.loads(fetch(portal + path))
    assert len(records) == 8
    assert {record["commune"] for record in records} == {"Nantes"}


def test_every_way_out_says_the_same(portal):
    base = f"{portal}/api/explore/v2.1/catalog/datasets/parkings"
    page = json.loads(fetch(f"{base}/records?limit=100"))["results"]
    exported = json.loads(fetch(f"{base}/exports/json"))
    features = json.loads(fetch(f"{base}/exports/geojson"))["features"]
    table = pq.read_table(io.BytesIO(fetch(f"{base}/exports/parquet")))
    filtered = pq.read_table(io.BytesIO(fetch(f"{base}/exports/parquet?where=places%20%3D%201")))
    assert page == exported[:100]
    assert len(exported) == len(features) == table.num_rows == ROWS
    assert [feature["geometry"]["coordinates"][1] for feature in features[:3]] == [47.21] * 3
    assert table["code"].to_pylist() == [record["code"] for record in exported]
    assert set(filtered["places"].to_pylist()) == {1}
    assert filtered.num_rows == ROWS // 40


def test_a_stranger_is_refused_everywhere(portal):
    for path in (
        "",
        "/records",
        "/facets?facet=commune",
        "/exports",
        "/exports/csv",
        "/exports/parquet",
        "/attachments",
    ):
        with pytest.raises(urllib.error.HTTPError) as refusal:
            fetch(f"{portal}/api/explore/v2.1/catalog/datasets/agents{path}")
        assert refusal.value.code == 404
        refusal.value.close()
    for path in ("datasets", "exports/json", "exports/csv", "facets?facet=datasetid"):
        assert b"agents" not in fetch(f"{portal}/api/explore/v2.1/catalog/{path}")
