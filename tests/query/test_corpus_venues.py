"""A corpus written from the reference alone: conditions, values and orders over `venues`, as plain Python reads them."""

# ruff: noqa: E501  queries read better whole

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import shapely
import time_machine

from bocage.query.errors import QueryError
from tests.query.venues import (
    ADAK,
    PARIS,
    ROWS,
    Row,
    Test,
    Value,
    as_json,
    ask,
    begins,
    known,
    metres,
    of,
    searched,
    some,
    suggested,
    whole,
    words,
)

NOW = datetime(2024, 5, 6, 12, 34, 55, 450500, tzinfo=UTC)
CENTRE = (-1.55, 47.2)
POLYGON = "POLYGON((-1.8 47.0, -1.3 47.0, -1.5 47.4, -1.8 47.0))"
SHAPE = shapely.from_wkt(POLYGON)
GEOJSON = json.dumps(shapely.geometry.mapping(SHAPE))
BOX = shapely.box(-1.8, 47.0, -1.3, 47.3)
PIECES = "GEOMETRYCOLLECTION(POINT(-1.55 47.2),LINESTRING(-2 47, -1 47.5))"
MIDNIGHT = "hour=0,minute=0,second=0,microsecond=0"


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def paris(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=PARIS)


def near(distance: float) -> Test:
    return some("pt", lambda place: metres(place, CENTRE) <= distance)


def placed(shape: shapely.Geometry) -> Test:
    return some("pt", lambda place: shape.intersects(shapely.Point(*place)))


def zoned(how: str, shape: shapely.Geometry) -> Test:
    return some("zone", lambda zone: getattr(zone, how)(shape))


NUMBERS: list[tuple[str, Test]] = [
    ("3 = n", some("n", lambda v: v == 3)),
    ("x<.5", some("x", lambda v: v < 0.5)),
    ("x >= -1e1", some("x", lambda v: v >= -10)),
    ("n = x", lambda r: None not in (r["n"], r["x"]) and r["n"] == r["x"]),
    ("n+m*2 > 10", lambda r: (of(lambda n, m: n + m * 2, "n", "m")(r) or 0) > 10),
    ("n/m > 2", lambda r: None not in (r["n"], r["m"]) and r["m"] != 0 and r["n"] / r["m"] > 2),
    ("not n/m > 2", lambda r: not (None not in (r["n"], r["m"]) and r["m"] != 0 and r["n"] / r["m"] > 2)),
    ("n / m is null", lambda r: None in (r["n"], r["m"]) or r["m"] == 0),
    ("n*m/m = n", lambda r: None not in (r["n"], r["m"]) and r["m"] != 0),
    ("n/0 is null", lambda r: True),
    ("1/0 = 1", lambda r: False),
    ("n - -3 = 0", some("n", lambda v: v == -3)),
    ("-(n+1)<-50", some("n", lambda v: v > 49)),
    ("n - 1 - 1 = 1", some("n", lambda v: v == 3)),
    ("n / 2 / 2 = 5", some("n", lambda v: v == 20)),
    ("`2024` > 25", some("2024", lambda v: v > 25)),
    ("Prix_é<=2", some("Prix_é", lambda v: v <= 2)),
    ("select='A' or `select` = 'b'", lambda r: r["select"] in ("A", "b")),
    ("n > '8'", some("n", lambda v: v > 8)),
    ("n=3OR n=5", lambda r: r["n"] in (3, 5)),
    ("n>5 or n<0 and m=1", lambda r: r["n"] is not None and (r["n"] > 5 or (r["n"] < 0 and r["m"] == 1))),
    ("not n>5 and m=1", lambda r: not (r["n"] is not None and r["n"] > 5) and r["m"] == 1),
    ("NOT NOT ok", lambda r: r["ok"] is True),
    ("ok is not true", lambda r: r["ok"] is not True),
    ("ifnull(ok,true)", lambda r: r["ok"] is not False),
    ("ifnull(n,m) > 3", lambda r: ((r["m"] if r["n"] is None else r["n"]) or 0) > 3),
    ("ifnull(ifnull(nom,code),'?')='?'", lambda r: r["nom"] is None and r["code"] is None),
    ("n in ]0..8[ and not n in (1,2)", lambda r: r["n"] in (3, 5)),
    ("n in [8..0]", lambda r: False),
    ("n+m in [1..3]", lambda r: None not in (r["n"], r["m"]) and 1 <= r["n"] + r["m"] <= 3),
    ("length(nom) in (4,5)", some("nom", lambda v: len(v) in (4, 5))),
    ("length(nom) = length('école')", some("nom", lambda v: len(v) == 5)),
    ("ok is false and n is null or zone is null and tags is not null", lambda r: (r["ok"] is False and r["n"] is None) or (r["zone"] is None and r["tags"] is not None)),
]  # fmt: skip
TEXTS: list[tuple[str, Test]] = [
    (r"nom = 'd\'été'", lambda r: r["nom"] == "d'été"),
    (r'nom = "d\u0027\u00e9t\u00e9"', lambda r: r["nom"] == "d'été"),
    ("lower(nom)=lower('ÉGLISE')", some("nom", lambda v: v.lower() == "église")),
    ("length(txt) = 0", lambda r: r["txt"] == ""),
    ("code = 01004", lambda r: r["code"] == "01004"),
    ("code in (44003, '01005')", lambda r: r["code"] in ("44003", "01005")),
    ("genre > 'Sport' and genre < 'Sport0'", some("genre", lambda v: v.startswith("Sport/"))),
    ("genre != 'Sport'", some("genre", lambda v: v != "Sport")),
    ("'a,b' in tags", some("tags", lambda v: "a,b" in v)),
    ("not 'bus' in tags", lambda r: "bus" not in (r["tags"] or [])),
    ("tags:'Vélo' and 'eau' in tags", some("tags", lambda v: {"Vélo", "eau"} <= set(v))),
    ("tags like 'velo'", lambda r: "velo" in known(r, "tags")),
    ("nom like 'PARC*'", lambda r: any(w.startswith("parc") for w in known(r, "nom"))),
    ("nom like 'nazaire saint'", lambda r: {"saint", "nazaire"} <= set(known(r, "nom"))),
    ("not nom like 'parc'", lambda r: "parc" not in known(r, "nom")),
    ("nom like 'coeur'", lambda r: "coeur" in known(r, "nom")),
    ("nom like 'CŒUR' or nom like 'straße'", lambda r: bool({"coeur", "strasse"} & set(known(r, "nom")))),
    ("nom like 'हिन्दी'", lambda r: words("हिन्दी")[0] in known(r, "nom")),
    ("'hopital' or \"œu*\"", lambda r: whole("hopital")(r) or whole("œu*")(r)),
    ("'parc' and n>5", lambda r: whole("parc")(r) and (r["n"] or 0) > 5),
    ("search(nom, genre, 'eau')", searched("eau", "nom", "genre")),
    ('SEARCH(tags, "velo")', searched("velo", "tags")),
    ("suggest(*,'bibl')", suggested("bibl")),
    ("startswith(tags,'a,')", begins("a,", "tags")),
    ("startswith(nom, genre, 'S') and not startswith('Saint')", lambda r: begins("S", "nom", "genre")(r) and not begins("Saint")(r)),
    *[(f'"{text}"', whole(text)) for text in ("ecole", "saint nazaire", "velo tram*", "Sport eau", "coeu*", "R00*", "zzz")],
    *[(f"search('{text}')", searched(text)) for text in ("ecloe", "bibliotheqeu", "parc rel", "saint nazaier", "couer", "stde", "r1")],
    *[(f"suggest(nom,'{text}')", suggested(text, "nom")) for text in ("gare par", "ga", "ecloe", "œ")],
    *[(f"startswith('{text}')", begins(text)) for text in ("É", "100%", "ici,", "Sport/", "parc", "")],
]  # fmt: skip
DATES: list[tuple[str, Test]] = [
    ("d<date'2024/02/10' and d >= date'2024'", some("d", lambda v: date(2024, 1, 1) <= v < date(2024, 2, 10))),
    ("d:[20240101 TO 20240131]", some("d", lambda v: date(2024, 1, 1) <= v <= date(2024, 1, 31))),
    ("d in (date'2024-01-02', '2024-01-03')", lambda r: r["d"] in (date(2024, 1, 2), date(2024, 1, 3))),
    ("t < date'2024-03-31T02:00'", some("t", lambda v: v < at(2024, 3, 31, 1))),
    ("t >= date'2024-03-31T03:00:00'", some("t", lambda v: v >= at(2024, 3, 31, 1))),
    ("t >= date'2024-03-31T02:30:00'", some("t", lambda v: v >= at(2024, 3, 31, 1, 30))),
    ("t > date'2024-10-27T02:30:00'", some("t", lambda v: v > at(2024, 10, 27, 0, 30))),
    ("t > date'2024-10-27T02:30:00+01:00'", some("t", lambda v: v > at(2024, 10, 27, 1, 30))),
    ("t in [date'2024-10-27 00:00'..date'2024-10-28 00:00'[AND ok", lambda r: r["ok"] is True and r["t"] is not None and paris(2024, 10, 27) <= r["t"] < paris(2024, 10, 28)),
    ("t > date'2024-10-27T00:30:00.000Z'", some("t", lambda v: v > at(2024, 10, 27, 0, 30))),
    ("t>=date'2024-02-29' and t<date'2024-03-01'", some("t", lambda v: paris(2024, 2, 29) <= v < paris(2024, 3, 1))),
    ("year(t)*100+month(t) = 202403", some("t", lambda v: f"{v.astimezone(PARIS):%Y%m}" == "202403")),
    ("hour(t) in [2..3]", some("t", lambda v: v.astimezone(PARIS).hour in (2, 3))),
    ("day(t) = 1 and hour(d) = 0", lambda r: None not in (r["d"], r["t"]) and r["t"].astimezone(PARIS).day == 1),
    ("date_format(t,'HH e') = '03 7'", some("t", lambda v: f"{v.astimezone(PARIS):%H} {v.astimezone(PARIS).isoweekday()}" == "03 7")),
    ("date_format(d,'E') = 'lun.'", some("d", lambda v: v.weekday() == 0)),
    (f"d > now(year=2024,month=5,day=1,{MIDNIGHT})", some("d", lambda v: v > date(2024, 5, 1))),
    (f"d <= now(year=2023,month=12,day=31,{MIDNIGHT},months=2)", some("d", lambda v: v <= date(2024, 2, 29))),
    (f"d < now(year=2024,month=1,day=1,{MIDNIGHT},weeks=2)", some("d", lambda v: v < date(2024, 1, 15))),
    (f"d = now(year=2023,year=2024,month=1,day=2,{MIDNIGHT})", lambda r: r["d"] == date(2024, 1, 2)),
    (f"d = now(year=2024,month=1,day=3,{MIDNIGHT},weekday=0)", lambda r: r["d"] == date(2024, 1, 8)),
    (f"d = now(year=2024,month=1,day=3,{MIDNIGHT},mondays=-1)", lambda r: r["d"] == date(2024, 1, 1)),
    (f"d = now(year=2024,month=1,day=3,{MIDNIGHT},sundays=2)", lambda r: r["d"] == date(2024, 1, 14)),
    (f"t < now(year=2024,month=10,day=27,{MIDNIGHT})", some("t", lambda v: v < paris(2024, 10, 27))),
    (f"t >= now(year=2024,month=3,day=31,{MIDNIGHT},hours=3)", some("t", lambda v: v >= at(2024, 3, 31, 2))),
    ("t > now(days=-37, hours=-1)", some("t", lambda v: v > paris(2024, 3, 30, 13, 34, 55, 450500))),
]  # fmt: skip
PLACES: list[tuple[str, Test]] = [
    *[(f"within_distance(pt, geom'POINT(-1.55 47.2)', {text})", near(metres_)) for text, metres_ in (
        ("20 km", 20e3), ("12mi", 12 * 1609.344), ("21000yd", 21000 * 0.9144), ("60000ft", 60000 * 0.3048), ("2000000cm", 20e3), ("20000000mm", 20e3))],
    ("not distance(pt, geom'POINT(-1.55 47.2)', 15km)", lambda r: not near(15e3)(r)),
    ("""within_distance(pt, geom"{\\"type\\":\\"Point\\",\\"coordinates\\":[-1.55,47.2]}", 20km)""", near(20e3)),
    (f"within_distance(pt, geom'{shapely.to_wkb(shapely.Point(*CENTRE), hex=True)}', 20km)", near(20e3)),
    ("in_bbox(pt,47,-1.8,47.3,-1.3) or ok", lambda r: placed(BOX)(r) or r["ok"] is True),
    ("in_bbox(zone, 47.0, -1.8, 47.3, -1.3)", zoned("intersects", BOX)),
    *[(f"{how}(zone, geom'{POLYGON}')", zoned(how, SHAPE)) for how in ("intersects", "disjoint", "within")],
    *[(f"geometry(zone,geom'{POLYGON}',{how})", zoned(how.lower(), SHAPE)) for how in ("INTERSECTS", "disjoint", "WITHIN")],
    (f"disjoint(pt, geom'{POLYGON}')", lambda r: r["pt"] is not None and not placed(SHAPE)(r)),
    (f"polygon(pt, geom'{GEOJSON}')", placed(SHAPE)),
    (f"""within(pt, geom'{{"type":"Feature","properties":{{}},"geometry":{GEOJSON}}}')""", placed(SHAPE)),
    (f"intersects(zone, geom'{PIECES}')", zoned("intersects", shapely.from_wkt(PIECES))),
    (f"not intersects(zone, geom'{POLYGON}') and zone is not null", some("zone", lambda v: not v.intersects(SHAPE))),
]  # fmt: skip
CONDITIONS = [*NUMBERS, *TEXTS, *DATES, *PLACES]


@pytest.mark.parametrize(
    ("where", "test"), CONDITIONS, ids=[f"{n} {where[:60]}" for n, (where, _) in enumerate(CONDITIONS)]
)
@time_machine.travel(NOW, tick=False)
def test_conditions(where: str, test: Test):
    found = ask(where=[where], select="id", limit=100, timezone="Europe/Paris")
    assert [row["id"] for row in found.rows] == [row["id"] for row in ROWS if test(row)]
    assert found.total_count == len(found.rows)


def in_zone(part: str, zone: ZoneInfo) -> Value:
    return of(lambda v: getattr(v.astimezone(zone), part), "t")


def quotient(one: float, other: float) -> float | None:
    return one / other if other else None


KATHMANDU = ZoneInfo("Asia/Kathmandu")
VALUES: list[tuple[str, Callable[[Row], dict[str, Any]], str]] = [
    ("n /  m, n - m * 2", lambda r: {"n /  m": of(quotient, "n", "m")(r), "n - m * 2": of(lambda n, m: n - m * 2, "n", "m")(r)}, "UTC"),
    ("- n * -1 as a, n/m/0+1 as b", lambda r: {"a": r["n"], "b": None}, "UTC"),
    ("ifnull(n/m, -1) as a", lambda r: {"a": -1 if of(quotient, "n", "m")(r) is None else quotient(r["n"], r["m"])}, "UTC"),
    ("length(lower(nom))+n as a", lambda r: {"a": of(lambda nom, n: len(nom) + n, "nom", "n")(r)}, "UTC"),
    ("ifnull(lower(nom),lower(genre)) as a", lambda r: {"a": (r["nom"] or r["genre"] or "").lower() or None}, "UTC"),
    ("n as m, m as n", lambda r: {"m": r["n"], "n": r["m"]}, "UTC"),
    ("include(n*), exclude(nom)", lambda r: {"n": r["n"]}, "UTC"),
    ("`2024`+1 as s, Prix_é, `select`", lambda r: {"s": of(lambda v: v + 1, "2024")(r), "Prix_é": r["Prix_é"], "select": r["select"]}, "UTC"),
    ("json_format(txt) as a", lambda r: {"a": of(as_json, "txt")(r)}, "UTC"),
    ("t", lambda r: {"t": of(lambda v: v.astimezone(ADAK).isoformat(), "t")(r)}, "America/Adak"),
    ("hour(t)-1 as h, day(d) as d", lambda r: {"h": of(lambda v: v.astimezone(ADAK).hour - 1, "t")(r), "d": of(lambda v: v.day, "d")(r)}, "America/Adak"),
    ("minute(t) as a, month(t) as b", lambda r: {"a": in_zone("minute", KATHMANDU)(r), "b": in_zone("month", KATHMANDU)(r)}, "Asia/Kathmandu"),
    ("date_format(t,'yyyy-MM-dd HH:mm:ss') as a", lambda r: {"a": of(lambda v: f"{v.astimezone(PARIS):%Y-%m-%d %H:%M:%S}", "t")(r)}, "Europe/Paris"),
    ("date_format(d,\"''yy''\") as a", lambda r: {"a": of(lambda v: f"'{v:%y}'", "d")(r)}, "UTC"),
    ("now(year=2024,month=3,day=31,hour=2,minute=30,second=0,microsecond=0) as a", lambda r: {"a": "2024-03-31T03:30:00+02:00"}, "Europe/Paris"),
    ("now(year=2024,month=2,day=29,years=1,hour=3,minute=0,second=0,microsecond=0) as a", lambda r: {"a": "2025-02-28T03:00:00+01:00"}, "Europe/Paris"),
]  # fmt: skip


@pytest.mark.parametrize(("select", "value", "zone"), VALUES, ids=[select for select, _value, _zone in VALUES])
@time_machine.travel(NOW, tick=False)
def test_values(select: str, value: Callable[[Row], dict[str, Any]], zone: str):
    found = ask(select=select, limit=100, timezone=zone).rows
    assert [list(row) for row in found[:1]] == [list(value(ROWS[0]))]
    assert found == [pytest.approx(value(row)) if isinstance(value(row), float) else value(row) for row in ROWS]


MONDAYS = {"en": "Monday", "de": "Montag", "es": "lunes", "it": "lunedì", "nl": "maandag", "sv": "måndag", "ca": "dilluns", "pt": "segunda-feira", "eu": "astelehena"}  # fmt: skip


@pytest.mark.parametrize("lang", MONDAYS)
def test_days_have_names_in_every_language(lang: str):
    found = ask(where=[f"date_format(d,'EEEE') = '{MONDAYS[lang]}'"], select="d", limit=100, lang=lang).rows
    assert [row["d"] for row in found] == [str(row["d"]) for row in ROWS if row["d"] and row["d"].weekday() == 0]


Step = tuple[Value, bool]
ORDERS: list[tuple[str, Sequence[Step]]] = [
    ("-n", [(lambda r: r["n"], True)]),
    ("n asc , m desc", [(lambda r: r["n"], False), (lambda r: r["m"], True)]),
    ("ok desc, x", [(lambda r: r["ok"], True), (lambda r: r["x"], False)]),
    ("length(nom) desc", [(of(len, "nom"), True)]),
    ("lower(nom)", [(of(str.lower, "nom"), False)]),
    ("year(t) desc, month(t)", [(of(lambda v: v.year, "t"), True), (of(lambda v: v.month, "t"), False)]),
    ("ifnull(n,1000) desc", [(lambda r: 1000 if r["n"] is None else r["n"], True)]),
    ("date_format(d,'MM-dd')", [(of(lambda v: f"{v:%m-%d}", "d"), False)]),
    ("distance(pt,geom'POINT(-1.55 47.2)') desc", [(of(lambda v: metres(v, CENTRE), "pt"), True)]),
    ("n/m desc", [(of(quotient, "n", "m"), True)]),
    ("a desc", [(of(lambda n, m: n + m, "n", "m"), True)]),
]  # fmt: skip


@pytest.mark.parametrize(("order", "steps"), ORDERS, ids=[order for order, _steps in ORDERS])
def test_orders_with_nothing_last(order: str, steps: Sequence[Step]):
    expected = list(ROWS)
    for key, descending in reversed(steps):
        present = sorted((row for row in expected if key(row) is not None), key=key, reverse=descending)
        expected = present + [row for row in expected if key(row) is None]
    for offset in (0, 40, 80):
        found = ask(select="id, n+m as a", order_by=f"{order}, id", limit=40, offset=offset).rows
        assert [row["id"] for row in found] == [row["id"] for row in expected][offset : offset + 40]


MESSAGES = [
    ({"select": "sum(d)"}, "Function sum only supports numeric expressions"),
    ({"select": "avg(t)"}, "Function avg only supports numeric expressions"),
    ({"select": "sum(*)"}, "* can only be counted: count(*)"),
]


@pytest.mark.parametrize(("clauses", "detail"), MESSAGES, ids=[detail for _clauses, detail in MESSAGES])
def test_a_refusal_is_true_of_what_was_asked(clauses: dict[str, Any], detail: str):
    with pytest.raises(QueryError) as caught:
        ask(**clauses)
    assert caught.value.api_message == f"ODSQL query is malformed: {detail}. Clause(s) containing the error(s): select."


@pytest.mark.parametrize("name", ["localtime", "../../etc/passwd", "Mars/Phobos", "posixrules"])
def test_the_zone_of_the_machine_is_not_a_zone(name: str):
    with pytest.raises(QueryError) as caught:
        ask(select="t", timezone=name)
    assert caught.value.error_code == "InvalidRESTParameterError"


def test_a_day_is_as_long_as_on_the_wall():
    """A day of the change of time has 23 or 25 hours: its rows are between its two midnights of the wall."""
    for day, hours in ((date(2024, 3, 31), 23), (date(2024, 10, 27), 25)):
        start = paris(day.year, day.month, day.day).astimezone(UTC)
        expected = [row["id"] for row in ROWS if row["t"] and start <= row["t"] < start + timedelta(hours=hours)]
        found = ask(refine=[f"t:{day:%Y/%m/%d}"], select="id", limit=100, timezone="Europe/Paris")
        assert [row["id"] for row in found.rows] == expected
