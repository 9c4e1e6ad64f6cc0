"""Files of records: every row, in every format, under the parameters of the first version."""

from __future__ import annotations

import io
import json
from urllib.parse import urlencode

import pyarrow.parquet as pq
import pytest
import shapely

from bocage.publish.files import FORMATS
from tests.publish.first_version.conftest import expected
from tests.query.table import ROWS

pytestmark = pytest.mark.django_db
DOWNLOADS = ("/api/records/1.0/download/?dataset=lieux", "/explore/dataset/lieux/download/?")


@pytest.fixture(params=DOWNLOADS)
def fetch(request, client, lieux):
    def get(status: int = 200, **parameters):
        answer = (
            client.get(request.param + "&x=1", None)
            if not parameters
            else client.get(_address(request.param, parameters))
        )
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == status, body[:300]
        return answer, body

    return get


def _address(base: str, parameters) -> str:
    return f"{base}&{urlencode({name.replace('__', '.'): value for name, value in parameters.items()}, doseq=True)}"


def test_csv_is_the_default_without_a_mark(fetch):
    answer, body = fetch()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    lines = body.decode().splitlines()
    assert lines[0].split(";")[:3] == ["code", "nom", "pop"]
    assert [line.split(";")[0] for line in lines[1:]] == [row["code"] for row in ROWS]


def test_separator_and_labels(fetch):
    _, body = fetch(csv_separator=",", use_labels_for_header="true", fields="nom,code", rows=2)
    assert body.decode().splitlines()[0] == "Nom,Code INSEE"
    assert len(body.decode().splitlines()) == 3
    fetch(status=400, csv_separator="£")


def test_conditions_order_and_bounds(fetch):
    wanted = expected(lambda row: row["pop"] is not None and row["pop"] > 20)
    _, body = fetch(q="pop>20", fields="code")
    assert body.decode().splitlines()[1:] == wanted
    _, body = fetch(q="pop>20", fields="code", sort="code", rows=3, start=1)
    assert body.decode().splitlines()[1:] == wanted[::-1][1:4]
    _, body = fetch(refine__nom=["Nantes", "Orvault"], disjunctive__nom="true", fields="code", rows=-1)
    assert body.decode().splitlines()[1:] == expected(lambda row: row["nom"] in ("Nantes", "Orvault"))


def test_json_is_the_records_of_a_search(fetch, ask):
    _, body = fetch(format="json", timezone="Europe/Paris")
    assert json.loads(body) == ask("search", rows=1000, timezone="Europe/Paris")["records"]
    _, body = fetch(format="json", q="pop>30", fields="contour", geofilter__bbox="46,-2,47,-1", rows=4)
    wanted = ask("search", q="pop>30", fields="contour", geofilter__bbox="46,-2,47,-1", rows=4)["records"]
    assert json.loads(body) == wanted


def test_shapes_simplified_for_a_zoom(fetch):
    _, whole = fetch(format="json", fields="contour")
    _, simple = fetch(format="json", fields="contour", geo_simplify="true", geo_simplify_zoom="20")
    for one, other in zip(json.loads(whole), json.loads(simple), strict=True):
        shapes = [
            shapely.geometry.shape(record["fields"]["contour"])
            for record in (one, other)
            if "contour" in record["fields"]
        ]
        assert not shapes or shapely.equals(*shapes)
    fetch(status=400, format="json", geo_simplify="true", geo_simplify_zoom="x")


@pytest.mark.parametrize("kind", sorted({*FORMATS, "xls"} - {"gpx"}))
def test_every_format(fetch, kind):
    answer, body = fetch(format=kind)
    assert body
    assert "attachment" in answer["Content-Disposition"]
    if kind == "parquet":
        assert pq.read_table(io.BytesIO(body))["code"].to_pylist() == [row["code"] for row in ROWS]


def test_called_back(fetch):
    for kind in ("jsonp", "geojsonp"):
        answer, body = fetch(format=kind, callback="a.b", rows=2)
        assert answer["Content-Type"].startswith("application/javascript")
        assert body.startswith(b"/**/a.b(")
        assert body.endswith(b");")
        found = json.loads(body[8:-2])
        assert len(found if kind == "jsonp" else found["features"]) == 2


def test_an_unknown_format_is_absent(fetch):
    for kind in ("exe", "../csv", "csv/x", "a" * 500):
        _, body = fetch(status=404, format=kind)
        assert json.loads(body)["errorcode"] == 404


def test_the_same_file_is_not_sent_twice(client, lieux):
    for kind in ("csv", "json"):
        address = f"{DOWNLOADS[0]}&format={kind}&q=pop>3"
        answer = client.get(address)
        b"".join(answer.streaming_content)
        assert client.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304
        moving = client.get(f"{DOWNLOADS[0]}&format={kind}&q=maj<%23now()")
        b"".join(moving.streaming_content)
        assert "ETag" not in moving.headers


def test_head_says_how_many(client, lieux):
    answer = client.head(f"{DOWNLOADS[0]}&q=pop>20")
    assert answer.content == b""
    assert int(answer["X-Bocage-Row-Count"]) == len(expected(lambda row: (row["pop"] or 0) > 20))
