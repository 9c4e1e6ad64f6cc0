"""The list, the place, the filtered tiles, the sheet and the code say what the reader may see, and the same thing."""

from __future__ import annotations

import re
import tempfile
from html import unescape
from pathlib import Path

import pyogrio
import pytest
import shapely
from django.test import Client

from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.vocabulary import FieldType
from bocage.store.models import Version
from tests.portal.maps.conftest import DRAWN, MAP, WIDE, bounds, get, identifiers, settings_of, total
from tests.query.table import ROWS

PLACES = f"{MAP}places/"
BOX = shapely.box(-1.5, 46.5, -0.8, 47.2)
IN_BOX = [row for row in DRAWN if row["contour"].intersects(BOX)]
TILE = f"{MAP}tiles/0/0/0.mvt"


def every_place(client: Client, query: str) -> list[str]:
    found: list[str] = []
    for page in range(1, 10):
        listed = identifiers(get(client, f"{PLACES}?{query}&page={page}"))
        if not listed:
            break
        found += listed
    return found


def test_the_list_holds_each_drawn_row_once(client: Client) -> None:
    found = every_place(client, f"bbox={WIDE}")
    assert total(get(client, f"{PLACES}?bbox={WIDE}")) == len(found) == len(set(found)) == len(DRAWN)


def test_the_list_holds_what_the_box_meets(client: Client) -> None:
    html = get(client, f"{PLACES}?bbox={','.join(map(str, BOX.bounds))}")
    assert total(html) == len(IN_BOX)
    assert 0 < len(IN_BOX) < len(DRAWN)
    expected = {tuple(round(side, 4) for side in row["contour"].bounds) for row in IN_BOX}
    assert {tuple(round(side, 4) for side in one) for one in bounds(html)} <= expected


@pytest.mark.parametrize("query", ["q=nantes", "min_pop=30", "is_ouvert=yes", "f_nom=orv&max_pop=40"])
def test_the_map_and_the_table_have_the_same_rows(client: Client, query: str) -> None:
    table = get(client, f"/explore/dataset/lieux/table/?{query}")
    filtered = int(re.search(r'<span role="status">(\d+) row', table).group(1))
    assert 0 < filtered < len(ROWS)
    listed = total(get(client, f"{PLACES}?{query}"))
    assert listed <= filtered
    assert total(get(client, f"{MAP}?{query}")) == listed
    assert f"{MAP}?{query}" in unescape(table), "the tab of the map keeps the filter"
    assert settings_of(get(client, f"{MAP}?{query}"))["tiles"].endswith(f".mvt?{query}")


def test_a_filtered_tile_counts_the_filtered_rows(client: Client) -> None:
    answer = client.get(f"{TILE}?min_pop=30")
    assert answer["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert answer["ETag"] != client.get(TILE)["ETag"]
    expected = [row for row in DRAWN if row["pop"] is not None and row["pop"] >= 30]
    assert counted(answer.content) == len(expected)
    assert b"Nantes" not in answer.content, "tiles of the page carry no value"
    again = client.get(f"{TILE}?min_pop=30", headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"{MAP}tiles/0/1/0.mvt").status_code in (400, 404)


def counted(content: bytes) -> int:
    """Rows that a tile stands for, read with GDAL."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "0.mvt"
        file.write_bytes(content)
        frame = pyogrio.read_arrow(f"MVT:{file}")[1]
    counts = frame.column("_count").to_pylist() if "_count" in frame.column_names else [None] * frame.num_rows
    return sum(1 if one is None else int(one) for one in counts)


def test_a_place_says_all_that_is_known_of_it(client: Client) -> None:
    (row,) = [one for one in DRAWN if one["code"] == DRAWN[3]["code"]]
    (identifier,) = identifiers(get(client, f"{PLACES}?f_code={row['code']}"))
    for address in (f"{PLACES}{identifier}/", f"{PLACES}{identifier}/?popup"):
        html = get(client, address)
        assert "Code INSEE" in html
        assert row["code"] in html
    assert "<html" not in html
    assert bounds(html)[0] == pytest.approx(row["contour"].bounds, abs=1e-4)
    assert "<html" in get(client, f"{PLACES}{identifier}/")
    get(client, f"{PLACES}{identifier[:-1]}/", 404)


def test_without_script_the_list_is_there_and_turns(client: Client) -> None:
    html = get(client, MAP)
    assert len(identifiers(html)) == 20
    following = unescape(re.search(r'href="([^"]*)" rel="next"', html).group(1))
    assert set(identifiers(get(client, following))).isdisjoint(identifiers(html))
    assert "The map needs JavaScript" in html
    near = get(client, f"{MAP}?view=9/46.85/-1.15")
    assert 0 < total(near) < len(DRAWN)


def test_what_is_private_is_as_absent_as_what_never_was(client: Client, member) -> None:
    identifier = identifiers(get(client, PLACES))[0]
    for part in ("", "places/", f"places/{identifier}/", "tiles/0/0/0.mvt", "sheet/", "qr.svg"):
        get(client, f"/explore/dataset/agents/map/{part}", 404)
        get(client, f"/explore/dataset/nowhere/map/{part}", 404)
    client.force_login(member)
    for part in ("places/", "tiles/0/0/0.mvt", "qr.svg"):
        answer = client.get(f"/explore/dataset/agents/map/{part}")
        assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")


def test_a_reader_under_rules_is_told_of_what_they_see(client: Client, ruled: list[dict]) -> None:
    names = {row["nom"] for row in ROWS if row["nom"]}
    seen = [row for row in ruled if row["contour"] is not None]
    html = get(client, PLACES)
    assert total(html) == len(seen)
    codes = {row["code"] for row in seen}
    for identifier in identifiers(html)[:6]:
        place = get(client, f"{PLACES}{identifier}/")
        assert any(code in place for code in codes)
        assert not any(f">{name}<" in place for name in names)
    exact = {tuple(round(side, 3) for side in row["contour"].bounds) for row in seen}
    given = [tuple(round(side, 3) for side in one) for one in bounds(html)]
    assert given
    assert exact.isdisjoint(given), "positions are blurred in the list too"
    assert counted(client.get(TILE).content) == len(seen)
    assert client.get(TILE)["Cache-Control"] == "private, no-store"
    assert settings_of(get(client, MAP))["bbox"] is None


def test_a_hidden_field_filters_nothing(client: Client, ruled: list[dict]) -> None:
    everything = total(get(client, PLACES))
    for query in ("f_nom=nantes", "f_zut=nantes"):
        assert total(get(client, f"{PLACES}?{query}")) == everything
        assert "nantes" not in settings_of(get(client, f"{MAP}?{query}"))["filters"]


def test_the_identifier_of_a_row_that_is_kept_is_that_of_nothing(client: Client, request) -> None:
    low = next(row for row in DRAWN if row["pop"] is not None and row["pop"] <= 20)
    (identifier,) = identifiers(get(client, f"{PLACES}?f_code={low['code']}"))
    request.getfixturevalue("ruled")
    get(client, f"{PLACES}{identifier}/?popup", 404)


def test_the_code_is_a_picture_of_the_address_alone(client: Client) -> None:
    answer = client.get(f"{MAP}qr.svg?q=eau&view=12/47.2/-1.5&evil=%3Cscript%3E")
    assert answer["Content-Type"] == "image/svg+xml"
    assert b"<script" not in answer.content
    same = client.get(f"{MAP}qr.svg?view=12.00/47.2/-1.5&q=eau")
    other = client.get(f"{MAP}qr.svg?view=12.00/47.2/-1.6&q=eau")
    assert answer.content == same.content != other.content
    long = "&".join(f"f_{name}={'é' * 200}" for name in ("code", "nom", "tags"))
    assert client.get(f"{MAP}qr.svg?{long}").status_code == 414


def test_a_sheet_says_where_its_data_come_from(client: Client) -> None:
    html = get(client, f"{MAP}sheet/?view=12/47/-1&scale=25000&paper=a3-portrait&min_pop=30")
    for said in ("1:25,000", "Métropole", "Licence Ouverte", "sheet--a3-portrait", "pop · 30", "Printed on"):
        assert said in html, said
    assert 'name="min_pop" value="30"' in html, "another scale keeps the filter"
    assert "pop · x" not in get(client, f"{MAP}sheet/?min_pop=x")


@pytest.mark.parametrize("query", ["bbox=a", "bbox=1,2,3", "page=99999", "page=-1", "view=%00", "bbox=" + "9" * 5000])
def test_hostile_numbers_are_no_fault(client: Client, query: str) -> None:
    for address in (MAP, PLACES, f"{MAP}sheet/", f"{MAP}qr.svg"):
        get(client, f"{address}?{query}")


@pytest.mark.parametrize("tile", ["99/0/0", "1/5/0", "0/0/" + "9" * 5000, "3/0/8"])
def test_tiles_outside_are_refused(client: Client, tile: str) -> None:
    assert client.get(f"{MAP}tiles/{tile}.mvt").status_code in (400, 404)


def test_a_list_costs_the_same_whatever_its_length(client: Client, django_assert_max_num_queries) -> None:
    get(client, f"{PLACES}?bbox={WIDE}")
    with django_assert_max_num_queries(12):
        assert len(identifiers(get(client, f"{PLACES}?bbox={WIDE}"))) == 20


def test_a_dataset_without_position_says_so(client: Client) -> None:
    schema = [Field("code", FieldType.STRING).as_dict()]
    Dataset.objects.filter(slug="lieux").update(schema=schema, geometry_types=[], bbox=None)
    Version.objects.filter(dataset__slug="lieux").update(schema=schema)
    assert "This data has no position" in get(client, MAP)
    for part in ("places/", "tiles/0/0/0.mvt", "sheet/", "qr.svg"):
        get(client, f"{MAP}{part}", 404)
