"""Masked columns and blurred positions: whatever is asked, of two worlds that differ only below the masks, nothing tells which."""

# ruff: noqa: E501  questions are read better on one line
from __future__ import annotations

from datetime import date

import pytest

from bocage.kernel.clock import now
from tests.security.hidden.world import LAT, LON, World, attempt, v1, v2

pytestmark = pytest.mark.django_db
NEEDED = ("colonnes",)

WHERE = {
    "equals the hidden name": "nom = 'Zacharie1'",
    "hidden name like": "nom like 'Zach*'",
    "hidden name in a list": "nom in ('Zacharie1', 'Zacharie2')",
    "hidden name after a letter": "nom > 'M'",
    "hidden name before a letter": "quartier = 'Sud' and nom < 'B'",
    "hidden name begins": "startswith(nom, 'Z')",
    "length of the hidden name": "length(nom) < 9",
    "search in the hidden name": "search(nom, 'Zacharie')",
    "fuzzy word of the hidden name": "search(nom, 'Zaccharie')",
    "beginning of a word of the hidden name": "suggest(nom, 'Zach')",
    "hidden name in any field": "search('Zacharie1')",
    "bare words": "'zacharie1'",
    "not the hidden name": "not nom = 'Zacharie1'",
    "words cut off an address": "search('lilas')",
    "beginning of a word cut off an address": "suggest('lila')",
    "address as it is": "adresse = '12 rue des Lilas'",
    "address like": "adresse like '*Lilas*'",
    "address begins": "startswith(adresse, '12 rue des')",
    "address after a word": "adresse > '12 rue dt'",
    "length of an address": "length(adresse) > 15",
    "exact age": "age = 41",
    "age above": "age > 42",
    "age in a range": "age in [41..42]",
    "age multiplied": "age * 2 = 82",
    "age divided": "100 / (age - 41) > 0",
    "day of birth": "ne = date'1985-03-17'",
    "birth after a day": "ne > date'1985-06-01'",
    "month of birth": "month(ne) = 3",
    "day of the month of birth": "day(ne) = 17",
    "birth in a range": "ne in [date'1985-03-01' .. date'1985-03-31']",
    "birth against now": f"ne < now(days=-{(now().date() - date(1985, 7, 1)).days})",
    "within 150 m of a true position": f"within_distance(centre, geom'POINT({LON} {LAT})', 150m)",
    "beyond 150 m of a true position": f"not within_distance(centre, geom'POINT({LON} {LAT})', 150m)",
    "former name of the distance filter": f"distance(centre, geom'POINT({LON} {LAT})', 300m)",
    "ring around a position": f"within_distance(centre, geom'POINT({LON + 0.01} {LAT})', 700m)",
    "box around a true position": f"in_bbox(centre, {LAT - 0.001}, {LON - 0.001}, {LAT + 0.001}, {LON + 0.001})",
    "polygon that cuts the square": f"intersects(centre, geom'POLYGON(({LON - 0.1} {LAT - 0.1}, {LON + 0.001} {LAT - 0.1}, {LON + 0.001} {LAT + 0.1}, {LON - 0.1} {LAT + 0.1}, {LON - 0.1} {LAT - 0.1}))')",
    "true position within a polygon": f"within(centre, geom'POLYGON(({LON - 0.001} {LAT - 0.001}, {LON + 0.001} {LAT - 0.001}, {LON + 0.001} {LAT + 0.001}, {LON - 0.001} {LAT + 0.001}, {LON - 0.001} {LAT - 0.001}))')",
    "shape that touches a true point": f"intersects(zone, geom'POINT({LON + 0.00002} {LAT + 0.00002})')",
    "shape in a box": f"in_bbox(zone, {LAT - 0.002}, {LON - 0.002}, {LAT + 0.002}, {LON + 0.002})",
    "shape disjoint from where it is": f"disjoint(zone, geom'POLYGON(({LON - 0.001} {LAT - 0.001}, {LON + 0.001} {LAT - 0.001}, {LON + 0.001} {LAT + 0.001}, {LON - 0.001} {LAT + 0.001}, {LON - 0.001} {LAT - 0.001}))')",
}  # fmt: skip
SELECT = {
    "the hidden name": "nom",
    "the hidden name under another": "nom as quartier",
    "fields by a pattern": "include(n*)",
    "all but one": "*, exclude(quartier)",
    "the whole address": "adresse",
    "length of the address": "length(adresse)",
    "age plus one": "age + 1",
    "largest age": "max(age)",
    "mean age": "avg(age)",
    "sum of ages": "sum(age)",
    "median age": "median(age)",
    "half of the ages": "percentile(age, 50)",
    "first birth": "min(ne)",
    "birth as a text": "date_format(ne, 'dd MM')",
    "month of birth": "month(ne)",
    "envelope of positions": "envelope(centre)",
    "box of positions": "bbox(centre)",
    "box of shapes": "bbox(zone)",
    "positions": "centre",
    "shapes": "zone",
}
CLAUSES = {
    "sort by the hidden name": {"order_by": "nom", "limit": "1"},
    "sort by the hidden name, backwards": {"order_by": "nom desc", "limit": "1"},
    "second page by the hidden name": {"order_by": "nom", "limit": "3", "offset": "6"},
    "sort by the whole address": {"order_by": "adresse desc", "select": "adresse, montant"},
    "sort by the exact age": {"order_by": "age", "select": "age, montant"},
    "sort by the day of birth": {"order_by": "ne", "select": "ne, montant"},
    "sort by the distance to a true position": {"order_by": f"distance(centre, geom'POINT({LON} {LAT})')", "select": "montant, centre"},
    "group by the hidden name": {"select": "count(*) as n", "group_by": "nom"},
    "group by the whole address": {"select": "count(*) as n", "group_by": "adresse"},
    "group by the exact age": {"select": "count(*) as n", "group_by": "age"},
    "group by ages of one year": {"select": "count(*) as n", "group_by": "range(age, 1)"},
    "group by months of birth": {"select": "count(*) as n", "group_by": "month(ne)"},
    "clusters of positions": {"select": "count(*) as n", "group_by": "geo_cluster(centre, 24)"},
    "biggest group of the hidden name": {"select": "nom, count(*) as n", "group_by": "nom", "order_by": "n desc", "limit": "1"},
    "refine by the hidden name": {"refine": "nom:Zacharie1"},
    "exclude the hidden name": {"exclude": "nom:Zacharie1"},
    "refine by the whole address": {"refine": "adresse:12 rue des Lilas"},
    "refine by the month of birth": {"refine": "ne:1985/03"},
    "refine by the exact age": {"refine": "age:41"},
}  # fmt: skip
FACETS = {name: name for name in ("nom", "adresse", "age")} | {
    "nom, sorted": 'facet(name="nom", sort="-count", limit=2)',
}  # fmt: skip
SEEN = "adresse, age, ne, insee, quartier, montant, centre"
FORMATS = (
    "csv", "json", "jsonl", "geojson", "parquet", "kml", "fgb", "shp", "xlsx", "gpx", "turtle", "jsonld", "n3", "rdfxml", "ov2",
)  # fmt: skip
FIRST = {
    "words": v1("colonnes", "search", q="Zacharie1", fields="insee"),
    "a named field": v1("colonnes", "search", q="nom:Zacharie1", fields="insee"),
    "a beginning": v1("colonnes", "search", q="nom:Zach*", rows="50"),
    "the exact age": v1("colonnes", "search", q="age=41", fields="age"),
    "ages above": v1("colonnes", "search", q="age>42", fields="insee"),
    "sorted by the hidden name": v1("colonnes", "search", sort="nom", fields="insee,montant", rows="1"),
    "refined by the hidden name": v1("colonnes", "search", **{"refine.nom": "Zacharie1"}),
    "counted by the hidden name": v1("colonnes", "search", facet="nom", rows="0"),
    "counted by age": v1("colonnes", "search", facet="age", rows="0"),
    "the hidden name alone": v1("colonnes", "search", fields="nom"),
    "analysed by the hidden name": v1("colonnes", "analyze", x="nom", **{"y.n.func": "COUNT"}),
    "largest age by district": v1("colonnes", "analyze", x="quartier", **{"y.n.func": "MAX", "y.n.expr": "age"}),
    "months of birth": v1("colonnes", "analyze", x="ne", precision="month", **{"y.n.func": "COUNT"}),
    "a formula on the age": v1("colonnes", "analyze", x="quartier", **{"y.n.func": "AVG", "y.n.expr": "age*1.0"}),
    "bounds": v1("colonnes", "boundingbox"),
    "clusters": v1("colonnes", "geocluster", clusterprecision="20"),
    "preview of shapes": v1("colonnes", "geopreview", clusterprecision="20"),
    "polygons": v1("colonnes", "geopolygon", clusterprecision="20"),
    "a circle": v1("colonnes", "search", rows="0", **{"geofilter.distance": f"{LAT},{LON},150"}),
    "a polygon": v1("colonnes", "search", rows="0", **{"geofilter.polygon": f"({LAT - 0.001},{LON - 0.001}),({LAT - 0.001},{LON + 0.001}),({LAT + 0.001},{LON + 0.001}),({LAT + 0.001},{LON - 0.001})"}),
    "downloaded": v1("colonnes", "download", format="csv", fields="adresse,age,ne"),
    "downloaded, filtered by the hidden name": v1("colonnes", "download", format="csv", q="nom:Zacharie1", fields="insee"),
    "downloaded as json": v1("colonnes", "download", format="json", fields="adresse"),
    "by the address of the page": "/explore/dataset/colonnes/download/?format=csv&fields=age,ne",
}  # fmt: skip
PAGES = {
    "the page": "", "the table": "table/", "the table, by the hidden name": "table/?sort=nom", "the table, by age": "table/?sort=age",
    "the fields": "schema/", "a chart of ages": "chart/?x=quartier&y=age&func=max", "the map": "map/", "the files": "export/",
    "the quality": "quality/",
}  # fmt: skip
ATTEMPTS = (
    {f"where {name}": v2("colonnes", where=where, select="insee, quartier", limit="20") for name, where in WHERE.items()}
    | {f"select {name}": v2("colonnes", select=select, limit="20") for name, select in SELECT.items()}
    | {name: v2("colonnes", **{"select": "insee, montant"} | clauses) for name, clauses in CLAUSES.items()}
    | {f"facet {name}": v2("colonnes", "/facets", facet=facet) for name, facet in FACETS.items()}
    | {"facet of the months of birth": v2("colonnes", "/facets", facet="ne", refine="ne:1985")}
    | {"declared facets": v2("colonnes", "/facets")}
    | {f"exported as {name}": v2("colonnes", f"/exports/{name}", select=SEEN) for name in FORMATS}
    | {"exported by the hidden name": v2("colonnes", "/exports/csv", where="nom = 'Zacharie1'", select="insee")}
    | {"exported, compressed": v2("colonnes", "/exports/csv", select=SEEN, compressed="true")}
    | {"exported in Lambert 93": v2("colonnes", "/exports/geojson", select="age, centre", epsg="2154")}
    | {"exported, sorted by the hidden name": v2("colonnes", "/exports/jsonl", order_by="nom", select="montant")}
    | {f"first version: {name}": address for name, address in FIRST.items()}
    | {f"page: {name}": f"/explore/dataset/colonnes/{page}" for name, page in PAGES.items()}
    | {"description of the dataset": v2("colonnes", "")}
    | {"first version: description": "/api/datasets/1.0/colonnes/"}
)  # fmt: skip
ALIKE = {
    "page: the fields", "page: a chart of ages", "page: the map", "page: the files", "page: the quality", "description of the dataset",
    "first version: description",
}  # fmt: skip
"""They tell the same of both worlds to a steward too, or draw elsewhere: only what readers are told is looked at."""


@pytest.mark.parametrize("name", ATTEMPTS)
def test_nothing_below_a_mask_is_told(world: World, name: str) -> None:
    attempt(world, ATTEMPTS[name], "stranger", steward=name not in ALIKE)


@pytest.mark.parametrize("name", list(ATTEMPTS)[::7])
def test_nor_through_the_key_of_somebody_who_sees_everything(world: World, name: str) -> None:
    """A key that only reads is held to the rules, as those who manage nothing."""
    attempt(world, ATTEMPTS[name], "reading key of the steward", "dataset key of the steward", steward=False)
