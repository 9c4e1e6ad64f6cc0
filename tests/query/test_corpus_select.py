"""Values and summaries over a difficult table: what plain Python computes."""

# ruff: noqa: E501  queries read better whole

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

import pytest
import shapely

from tests.query.companies import FIELDS, PARIS, ROWS, Row, Value, ask, known, length_in, local, of, token, whole

LANGUAGES = ("en", "fr", "nl", "pt", "it", "ar", "de", "es", "ca", "eu", "sv")


def both(one: str, other: str, found: Callable[[Any, Any], Any]) -> Value:
    return lambda row: None if row[one] is None or row[other] is None else found(row[one], row[other])


def as_json(text: str, otherwise: Any) -> Any:
    def refused(_: str) -> None:
        raise ValueError

    try:
        found = json.loads(text, parse_constant=refused)
    except ValueError:
        return otherwise
    return text if found == math.inf or text.startswith("[[[") else found


VALUES: list[tuple[str, str, Value]] = [
    ("siret", "siret", lambda r: r["siret"]),
    ("`12`", "12", lambda r: r["12"]),
    ("`Été à Noël`", "Été à Noël", lambda r: r["Été à Noël"]),
    ("`Été à Noël` AS `quand ?`", "quand ?", lambda r: r["Été à Noël"]),
    ("year", "year", lambda r: r["year"]),
    ("Year( creation )", "Year( creation )", of("creation", lambda v: v.year)),
    ("MONTH(creation) as m", "m", of("creation", lambda v: v.month)),
    ("day(creation)", "day(creation)", of("creation", lambda v: v.day)),
    ("hour(maj)", "hour(maj)", of("maj", lambda v: local(v).hour)),
    ("minute(maj)", "minute(maj)", of("maj", lambda v: local(v).minute)),
    ("second(maj)", "second(maj)", of("maj", lambda v: local(v).second)),
    ("year(maj)", "year(maj)", of("maj", lambda v: local(v).year)),
    ("maj", "maj", of("maj", lambda v: local(v).isoformat())),
    ("creation", "creation", of("creation", lambda v: v.isoformat())),
    ("year(date'2017-04-03T08:02')", "year(date'2017-04-03T08:02')", lambda r: 2017),
    ("date'2017-04-03T08:02' as d", "d", lambda r: "2017-04-03T08:02:00+02:00"),
    ("effectif + 1", "effectif + 1", of("effectif", whole(lambda v: v + 1))),
    ("effectif*2-1 as x", "x", of("effectif", whole(lambda v: 2 * v - 1 if -(2**62) <= v < 2**62 else 2**64))),
    ("-effectif as x", "x", of("effectif", whole(lambda v: -v))),
    ("+effectif", "+effectif", lambda r: r["effectif"]),
    ("effectif / 2", "effectif / 2", of("effectif", lambda v: v / 2)),
    ("ca / effectif as x", "x", both("ca", "effectif", lambda a, b: a / b if b else None)),
    ("(ca + 1) * 2", "(ca + 1) * 2", of("ca", lambda v: (v + 1) * 2)),
    ("2 * 3 - 4 / 8 as x", "x", lambda r: 5.5),
    ("length(nom)", "length(nom)", of("nom", len)),
    ("length('Œuvre')", "length('Œuvre')", lambda r: 5),
    ("length(nom) * 2 as x", "x", of("nom", lambda v: 2 * len(v))),
    ("lower(nom)", "lower(nom)", of("nom", str.lower)),
    ("lower('ÉTÉ') as x", "x", lambda r: "été"),
    ("ifnull(nom, 'sans nom') as x", "x", lambda r: "sans nom" if r["nom"] is None else r["nom"]),
    ("ifnull(nom, commune) as x", "x", lambda r: r["commune"] if r["nom"] is None else r["nom"]),
    ("ifnull(effectif, 0) + 0 as x", "x", lambda r: r["effectif"] or 0),
    ('"hello"', '"hello"', lambda r: "hello"),
    ("'l\\'été' as x", "x", lambda r: "l'été"),
    ("true as x", "x", lambda r: True),
    ("5.8 as x", "x", lambda r: 5.8),
    ("distance(position, geom'POINT(-1.5536 47.2184)') as d", "d", lambda r: length_in(r["position"])),
    ("json_format(brut)", "json_format(brut)", of("brut", lambda v: as_json(v, v))),
    ("json_format(brut, 'pas du JSON') as j", "j", of("brut", lambda v: as_json(v, "pas du JSON"))),
    ("json_format(brut, null) as j", "j", of("brut", lambda v: as_json(v, None))),
    ("position", "position", of("position", lambda v: {"lon": v[0], "lat": v[1]})),
    ("naf as codes", "codes", lambda r: r["naf"]),
    ("actif", "actif", lambda r: r["actif"]),
]  # fmt: skip


def check(found: list[Any], expected: list[Any]) -> None:
    if any(isinstance(value, float) for value in expected):
        assert found == pytest.approx(expected)
    else:
        assert found == expected
        assert [type(value) for value in found] == [type(value) for value in expected]


@pytest.mark.parametrize(("select", "key", "value"), VALUES, ids=[select for select, _, _ in VALUES])
def test_value_of_each_row(select, key, value):
    page = ask(select=select, timezone="Europe/Paris", limit=100)
    assert [column.name for column in page.columns] == [key]
    check([row[key] for row in page.rows], [value(row) for row in ROWS])


TOKENS = [
    "yy",
    "YY",
    "yyyy",
    "YYYY",
    "xx",
    "xxxx",
    "w",
    "ww",
    "e",
    "E",
    "EEEE",
    "D",
    "DDD",
    "M",
    "MM",
    "MMM",
    "MMMM",
    "d",
    "dd",
    "H",
    "HH",
    "m",
    "mm",
    "s",
    "ss",
]


@pytest.mark.parametrize("name", TOKENS)
def test_every_symbol_of_date_format(name):
    for lang in LANGUAGES if name[0] in "EM" else ("fr",):
        page = ask(select=f"date_format(maj, '{name}') as d", timezone="Europe/Paris", lang=lang, limit=100)
        expected = [None if row["maj"] is None else token(name, local(row["maj"]), lang) for row in ROWS]
        assert [row["d"] for row in page.rows] == expected
    days = ask(select=f"date_format(creation, '{name}') as d", lang="fr", limit=100)
    expected = [of("creation", lambda v: token(name, datetime.combine(v, time.min, UTC), "fr"))(row) for row in ROWS]
    assert [row["d"] for row in days.rows] == expected


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("'dd/MM/YYYY'", "20/11/2007"),
        ("\"'The date is 'dd/MM/YYYY\"", "The date is 20/11/2007"),
        ("\"'The date is '''dd/MM/YYYY''\"", "The date is '20/11/2007'"),
        ("'E'", "mar."), ("'EEEE'", "mardi"), ("'H'", "1"), ("'HH'", "01"), ("'yy'", "07"), ("'yyyy'", "2007"), ("'M'", "11"), ("'MM'", "11"),
        ("'d.M.yy, HH:mm:ss?'", "20.11.07, 01:23:45?"),
        ("\"d' de 'MMMM\"", "20 de novembre"),
        ("''", ""),
    ],
)  # fmt: skip
def test_the_examples_of_the_reference(pattern, written):
    page = ask(select=f"date_format(date'2007-11-20T01:23:45', {pattern}) as d", lang="fr", limit=1)
    assert page.rows == [{"d": written}]


def rank(values: list[float], percent: float) -> float:
    """Linear between the two nearest."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    low = math.floor(place)
    return ordered[low] + (ordered[min(low + 1, len(ordered) - 1)] - ordered[low]) * (place - low)


SUMMARIES: list[tuple[str, Callable[[list[Row]], Any]]] = [
    ("count(*)", len),
    ("Count( nom )", lambda rows: len(known(rows, "nom"))),
    ("count(distinct commune)", lambda rows: len(set(known(rows, "commune")))),
    ("COUNT(DISTINCT ifnull(commune,'aucune'))", lambda rows: len({row["commune"] or "aucune" for row in rows})),
    ("count(distinct *)", len),
    ("avg(ca)", lambda rows: statistics.fmean(known(rows, "ca"))),
    ("sum(ca)", lambda rows: math.fsum(known(rows, "ca"))),
    ("min(effectif)", lambda rows: min(known(rows, "effectif"))),
    ("max(effectif)", lambda rows: max(known(rows, "effectif"))),
    ("min(creation)", lambda rows: min(known(rows, "creation")).isoformat()),
    ("max(maj)", lambda rows: max(known(rows, "maj")).astimezone(PARIS).isoformat()),
    ("median(ca)", lambda rows: statistics.median(known(rows, "ca"))),
    ("percentile(ca, 50)", lambda rows: statistics.median(known(rows, "ca"))),
    ("percentile(ca, 0)", lambda rows: min(known(rows, "ca"))),
    ("percentile(ca, 99.5)", lambda rows: rank(known(rows, "ca"), 99.5)),
    ("sum(year * 2 + 1)", lambda rows: sum(2 * v + 1 for v in known(rows, "year"))),
    ("sum(length(nom))", lambda rows: sum(map(len, known(rows, "nom")))),
    ("max(year(creation))", lambda rows: max(v.year for v in known(rows, "creation"))),
    ("sum(year)/count(*)", lambda rows: sum(known(rows, "year")) / len(rows)),
    ("sum(year) - 2 * count(year)", lambda rows: sum(v - 2 for v in known(rows, "year"))),
    ("max(ca) / 0", lambda rows: None),
    ("count(position)", lambda rows: len(known(rows, "position"))),
]  # fmt: skip


@pytest.mark.parametrize(("select", "value"), SUMMARIES, ids=[select for select, _ in SUMMARIES])
def test_summaries_of_all_rows_and_of_groups(select, value):
    page = ask(select=select, timezone="Europe/Paris")
    check([row[select] for row in page.rows], [value(ROWS)])
    groups = ask(select=select, group_by="actif", timezone="Europe/Paris")
    kinds = [[row for row in ROWS if row["actif"] is actif] for actif in (False, True, None)]
    assert [row["actif"] for row in groups.rows] == [False, True, None]
    check([row[select] for row in groups.rows], [value(kind) for kind in kinds])


def test_a_sum_beyond_64_bits_is_missing():
    assert ask(select="sum(effectif) as s", where=["effectif > 9223372036854775806"]).rows == [{"s": None}]


def hulls() -> tuple[Any, Any]:
    places = known(ROWS, "position")
    return shapely.MultiPoint(places).convex_hull, shapely.MultiPoint(places).bounds


def test_envelope_and_bbox():
    row = ask(select="envelope(position), bbox(position) as b, bbox(zone) as z").rows[0]
    hull, bounds = hulls()
    assert row["envelope(position)"]["type"] == "Feature"
    assert shapely.geometry.shape(row["envelope(position)"]["geometry"]).equals(hull)
    assert shapely.geometry.shape(row["b"]["geometry"]).bounds == pytest.approx(bounds)
    assert shapely.geometry.shape(row["z"]["geometry"]).bounds == pytest.approx(
        shapely.union_all(known(ROWS, "zone")).bounds
    )


def test_star_patterns_and_keys_in_order():
    names = [field.name for field in FIELDS]
    assert [c.name for c in ask(select="*", limit=1).columns] == names
    assert [c.name for c in ask(limit=1).columns] == names
    assert [c.name for c in ask(select="nom, *", limit=1).columns] == ["nom", *[n for n in names if n != "nom"]]
    assert [c.name for c in ask(select="include(c*)", limit=1).columns] == ["commune", "ca", "creation", "chemin"]
    assert [c.name for c in ask(select="exclude(c*), exclude(nom)", limit=1).columns] == [
        n for n in names if n[0] != "c" and n != "nom"
    ]
    assert [c.name for c in ask(select="include(nom), effectif", limit=1).columns] == ["nom", "effectif"]
    assert [c.name for c in ask(select="effectif as e, nom, effectif", limit=1).columns] == ["e", "nom", "effectif"]
