"""Each sentence of the reference once more, written as people do: odd blanks, case, quotes, escapes, dates, time zones, nothing."""

# ruff: noqa: E501  queries read better whole

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import shapely
import time_machine

from bocage.query.errors import QueryError
from tests.query.companies import NANTES, ROWS, Row, ask, length_in, local, metres, of, some, words

pytestmark = pytest.mark.django_db
Test = Callable[[Row], bool]
NOW = datetime(2024, 3, 31, 0, 59, 59, tzinfo=UTC)
BOX = shapely.box(-1.7, 47.1, -1.4, 47.3)
WKT = "POLYGON((-1.7 47.1,-1.4 47.1,-1.4 47.3,-1.7 47.3,-1.7 47.1))"


def position_in(shape: shapely.Geometry) -> Test:
    return some("position", lambda place: shape.contains(shapely.Point(*place)))


def month(name: str, *months: int) -> Test:
    return some(name, lambda moment: moment.month in months)


def anything(test: Callable[[str], bool], *names: str) -> Test:
    return lambda row: any(row[name] is not None and test(row[name]) for name in names)


WHERE: list[tuple[str, Test]] = [
    ("ca > .5", some("ca", lambda v: v > 0.5)),
    ("ca>-.5 and ca<.5", some("ca", lambda v: -0.5 < v < 0.5)),
    ("ca>-.5and ca<.5", some("ca", lambda v: -0.5 < v < 0.5)),
    ("ca in [.1..20.5]", some("ca", lambda v: 0.1 <= v <= 20.5)),
    ("ca in[.1 to 20.5]", some("ca", lambda v: 0.1 <= v <= 20.5)),
    ("ca IN ].1 TO 20.5[", some("ca", lambda v: 0.1 < v < 20.5)),
    ("ca in [-3.25...5]", some("ca", lambda v: -3.25 <= v <= 0.5)),
    ("ca : [ 0 TO 20.5 ]", some("ca", lambda v: 0 <= v <= 20.5)),
    ("ca = 1e15", some("ca", lambda v: v == 1e15)),
    ("ca = .01e1", some("ca", lambda v: v == 0.1)),
    ("ca=0.10", some("ca", lambda v: v == 0.1)),
    ("effectif:12", some("effectif", lambda v: v == 12)),
    ("effectif\n=\t12", some("effectif", lambda v: v == 12)),
    ("effectif=12OR effectif=49", some("effectif", lambda v: v in (12, 49))),
    ("NOT effectif=12", lambda r: r["effectif"] != 12),
    ("not(effectif=12)", lambda r: r["effectif"] != 12),
    ("NOT NOT effectif=12", some("effectif", lambda v: v == 12)),
    ("not effectif > 10 and effectif is not null", some("effectif", lambda v: v <= 10)),
    ("not (effectif > 10 or ca > 10)", lambda r: not ((r["effectif"] or 0) > 10 or (r["ca"] or 0) > 10)),
    ("effectif>10 AND ca>10 OR actif", lambda r: ((r["effectif"] or 0) > 10 and (r["ca"] or 0) > 10) or r["actif"] is True),
    ("effectif>10 AND (ca>10 OR actif)", lambda r: (r["effectif"] or 0) > 10 and ((r["ca"] or 0) > 10 or r["actif"] is True)),
    ("(((effectif)))>10", some("effectif", lambda v: v > 10)),
    ("effectif!=12", some("effectif", lambda v: v != 12)),
    ("effectif<>12", some("effectif", lambda v: v != 12)),
    ("effectif > ca", lambda r: r["effectif"] is not None and r["ca"] is not None and r["effectif"] > r["ca"]),
    ("effectif * 2 = 24", some("effectif", lambda v: v == 12)),
    ("2*effectif+1=25", some("effectif", lambda v: v == 12)),
    ("effectif/0 is null", lambda r: True),
    ("effectif in (1,12 , 50)", some("effectif", lambda v: v in (1, 12, 50))),
    ("effectif IN (-1)", some("effectif", lambda v: v == -1)),
    ("effectif IN [1 .. 50]", some("effectif", lambda v: 1 <= v <= 50)),
    ("effectif IN [1 to 50[", some("effectif", lambda v: 1 <= v < 50)),
    ("effectif IN ]1..50]", some("effectif", lambda v: 1 < v <= 50)),
    ("not effectif in [1..50]", lambda r: r["effectif"] is None or not 1 <= r["effectif"] <= 50),
    ("actif", lambda r: r["actif"] is True),
    ("NOT actif", lambda r: r["actif"] is not True),
    ("actif IS TRUE", lambda r: r["actif"] is True),
    ("actif is not true", lambda r: r["actif"] is not True),
    ("actif is false", lambda r: r["actif"] is False),
    ("actif=TRUE", lambda r: r["actif"] is True),
    ("actif:false", lambda r: r["actif"] is False),
    ("actif is null", lambda r: r["actif"] is None),
    ("commune:44109", some("commune", lambda v: v == "44109")),
    ("commune=01004", some("commune", lambda v: v == "01004")),
    ('commune:"2A004"', some("commune", lambda v: v == "2A004")),
    ("commune IN ('01004',\"75056\")", some("commune", lambda v: v in ("01004", "75056"))),
    ("not commune in ('01004')", lambda r: r["commune"] != "01004"),
    ("`commune` = '44109'", some("commune", lambda v: v == "44109")),
    ("`12`=\"douze\"", some("12", lambda v: v == "douze")),
    ("`Été à Noël` : 'oui'", some("Été à Noël", lambda v: v == "oui")),
    ("nom=''", some("nom", lambda v: v == "")),
    ("nom = \"Boulangerie de l'Étang\"", some("nom", lambda v: v == "Boulangerie de l'Étang")),
    ("nom = 'Boulangerie de l\\'Étang'", some("nom", lambda v: v == "Boulangerie de l'Étang")),
    ('nom = "Café \\"Chez Élise\\""', some("nom", lambda v: v == 'Café "Chez Élise"')),
    ("nom = 'Café \"Chez Élise\"'", some("nom", lambda v: v == 'Café "Chez Élise"')),
    ("nom = 'Zoé\\\\Fils'", some("nom", lambda v: v == "Zoé\\Fils")),
    ("nom = '100% bio'", some("nom", lambda v: v == "100% bio")),
    ("nom = 'boulangerie de l\\'étang'", lambda r: False),
    ("lower(nom)='etang sud'", some("nom", lambda v: v == "ETANG SUD")),
    ("LOWER( nom ) = \"mairie de saint-denis\"", some("nom", lambda v: v == "Mairie de Saint-Denis")),
    ("length(nom)=0", some("nom", lambda v: v == "")),
    ("Length ( nom )>=10 and length(nom)<15", some("nom", lambda v: 10 <= len(v) < 15)),
    ("ifnull(nom,'rien')='rien'", lambda r: r["nom"] is None),
    ("ifnull(effectif,0)=0", lambda r: not r["effectif"]),
    ("ifnull(effectif, ca) > 50", lambda r: (r["ca"] if r["effectif"] is None else r["effectif"] or 0) is not None and (r["ca"] if r["effectif"] is None else r["effectif"]) > 50),
    ("nom like 'CAFE'", some("nom", lambda v: "cafe" in words(v))),
    ("nom LIKE \"star wars\"", some("nom", lambda v: {"star", "wars"} <= set(words(v)))),
    ("nom like 'wars star'", some("nom", lambda v: {"star", "wars"} <= set(words(v)))),
    ("nom like 'coll*'", some("nom", lambda v: any(w.startswith("coll") for w in words(v)))),
    ("not nom like 'cafe'", lambda r: r["nom"] is None or "cafe" not in words(r["nom"])),
    ("startswith(nom,'SARL')", some("nom", lambda v: v.startswith("SARL"))),
    ("startswith(nom,'sarl')", lambda r: False),
    ("StartsWith(*, 'ETANG S')", anything(lambda v: v.startswith("ETANG S"), "nom")),
    ("suggest(nom,'BOULANG')", some("nom", lambda v: any(w.startswith("boulang") for w in words(v)))),
    ("suggest(nom, 'boulamg')", lambda r: False),
    ("search(nom, 'boulamgerie')", some("nom", lambda v: "boulangerie" in words(v))),
    ("search( nom , chemin , 'musee' )", anything(lambda v: "musee" in words(v), "nom", "chemin")),
    ("'62.01Z' IN naf", some("naf", lambda v: "62.01Z" in v)),
    ("\"62.01Z\" in naf AND NOT 'café' in naf", some("naf", lambda v: "62.01Z" in v and "café" not in v)),
    ("naf='café'", some("naf", lambda v: "café" in v)),
    ("naf is null", lambda r: r["naf"] is None),
    ("creation=date'2020-12-31'", some("creation", lambda v: v == date(2020, 12, 31))),
    ("creation = date '2020/12/31'", some("creation", lambda v: v == date(2020, 12, 31))),
    ("creation = DATE\"20201231\"", some("creation", lambda v: v == date(2020, 12, 31))),
    ("creation='2020-12-31'", some("creation", lambda v: v == date(2020, 12, 31))),
    ("creation>date'2020'", some("creation", lambda v: v > date(2020, 1, 1))),
    ("creation >= date'2021-01-04'", some("creation", lambda v: v >= date(2021, 1, 4))),
    ("creation in [date'2020-12-31'..date'2021-01-04']", some("creation", lambda v: date(2020, 12, 31) <= v <= date(2021, 1, 4))),
    ("creation in [date'2020-12-31'..date'2021-01-04'[AND creation is not null", some("creation", lambda v: date(2020, 12, 31) <= v < date(2021, 1, 4))),
    ("creation:['2020-12-31' TO '2021-01-04']", some("creation", lambda v: date(2020, 12, 31) <= v <= date(2021, 1, 4))),
    ("creation:[20201231 TO 20210104]", some("creation", lambda v: date(2020, 12, 31) <= v <= date(2021, 1, 4))),
    ("creation < date'1970-01-01T00:00:00.000Z'", some("creation", lambda v: v < date(1970, 1, 1))),
    ("maj = date'2024-03-31T00:59:59Z'", some("maj", lambda v: v == NOW)),
    ("maj = date'2024-03-31T02:59:59+02:00'", some("maj", lambda v: v == NOW)),
    ("maj = date'2024-03-31 00:59:59'", some("maj", lambda v: v == NOW)),
    ("maj >= '2024-06-30T22:00:00+00:00'", some("maj", lambda v: v >= datetime(2024, 6, 30, 22, tzinfo=UTC))),
    ("maj > now()", some("maj", lambda v: v > NOW)),
    ("maj=now()", some("maj", lambda v: v == NOW)),
    ("maj in [now(years=-1)..now()]", some("maj", lambda v: datetime(2023, 3, 31, 0, 59, 59, tzinfo=UTC) <= v <= NOW)),
    ("maj >= now( year = 2024 , month=1, day=1, hour=0, minute=0, second=0)", some("maj", lambda v: v >= datetime(2024, 1, 1, tzinfo=UTC))),
    ("maj > now(days=-30,hours=+1)", some("maj", lambda v: v > NOW - timedelta(days=30) + timedelta(hours=1))),
    ("maj <= now(months=-1)", some("maj", lambda v: v <= datetime(2024, 2, 29, 0, 59, 59, tzinfo=UTC))),
    ("year(creation)=2020", some("creation", lambda v: v.year == 2020)),
    ("YEAR ( creation )>2020", some("creation", lambda v: v.year > 2020)),
    ("month(maj) in (3,10)", month("maj", 3, 10)),
    ("month(maj)IN[3..6]", month("maj", 3, 4, 5, 6)),
    ("minute(maj) = 0 and month(maj) = 1", some("maj", lambda v: v.minute == 0 and v.month == 1)),
    ("hour(maj)=22", some("maj", lambda v: v.hour == 22)),
    ("day(maj)=31 and second(maj)=59", some("maj", lambda v: v.day == 31 and v.second == 59)),
    ("date_format(creation,'yyyy')='2020'", some("creation", lambda v: v.year == 2020)),
    ("date_format(creation, 'MM/dd') = \"02/29\"", some("creation", lambda v: (v.month, v.day) == (2, 29))),
    ("within_distance(position,geom'POINT(-1.5536 47.2184)',.5km)", some("position", lambda p: metres(p, NANTES) <= 500)),
    ("within_distance(position, GEOM'POINT(-1.5536 47.2184)', 10 km)", some("position", lambda p: metres(p, NANTES) <= 10_000)),
    ("WITHIN_DISTANCE(position, geom\"POINT(-1.5536 47.2184)\", 6mi)", some("position", lambda p: metres(p, NANTES) <= 6 * 1609.344)),
    ("within_distance(position, geom'{\"type\":\"Point\",\"coordinates\":[-1.5536,47.2184]}', 20000ft)", some("position", lambda p: metres(p, NANTES) <= 20000 * 0.3048)),
    ("distance(position, geom'POINT(-1.5536 47.2184)', 5km)", some("position", lambda p: metres(p, NANTES) <= 5000)),
    ("in_bbox(position,47,-2,48,-1)", some("position", lambda p: -2 <= p[0] <= -1 and 47 <= p[1] <= 48)),
    ("in_bbox(position, 47.1, -1.7, 47.3, -1.4) and actif", lambda r: r["actif"] is True and r["position"] is not None and -1.7 <= r["position"][0] <= -1.4 and 47.1 <= r["position"][1] <= 47.3),
    (f"within(position, geom'{WKT}')", position_in(BOX)),
    (f"intersects(position,geom'{WKT}')", position_in(BOX)),
    (f"polygon(position, geom'{WKT}')", position_in(BOX)),
    (f"geometry(position, geom'{WKT}', Within)", position_in(BOX)),
    (f"disjoint(zone, geom'{WKT}')", some("zone", lambda z: z.disjoint(BOX))),
    (f"geometry(zone, geom'{WKT}', DISJOINT)", some("zone", lambda z: z.disjoint(BOX))),
    ("position is not null and zone is null", lambda r: r["position"] is not None and r["zone"] is None),
    ("true", lambda r: True),
    ("not true", lambda r: False),
    ("_size > 0", lambda r: True),
]  # fmt: skip


@pytest.mark.parametrize(
    ("where", "test"), WHERE, ids=[f"{rank} {where[:60]}" for rank, (where, _test) in enumerate(WHERE)]
)
@time_machine.travel(NOW, tick=False)
def test_rows_kept(where, test):
    found = ask(select="siret", where=[where], limit=100)
    assert found.total_count == len(found.rows)
    assert [row["siret"] for row in found.rows] == [row["siret"] for row in ROWS if test(row)]


SELECT: list[tuple[str, str, Callable[[Row], Any]]] = [
    ("ca*.5", "ca*.5", of("ca", lambda v: v * 0.5)),
    ("ca  *  .5 as demi", "demi", of("ca", lambda v: v * 0.5)),
    ("( ca )", "( ca )", of("ca", lambda v: v)),
    ("- ca", "- ca", of("ca", lambda v: -v)),
    ("ca-1", "ca-1", of("ca", lambda v: v - 1)),
    ("ca / 0", "ca / 0", lambda r: None),
    ("`12` as `une douzaine`", "une douzaine", lambda r: r["12"]),
    ("LENGTH(nom)", "LENGTH(nom)", of("nom", len)),
    ("length( nom ) AS l", "l", of("nom", len)),
    ("lower(nom)", "lower(nom)", of("nom", str.lower)),
    ("ifnull(nom, \"-\")", "ifnull(nom, \"-\")", lambda r: "-" if r["nom"] is None else r["nom"]),
    ("ifnull(ca,.5)", "ifnull(ca,.5)", lambda r: 0.5 if r["ca"] is None else r["ca"]),
    ("Year(creation)", "Year(creation)", of("creation", lambda v: v.year)),
    ("hour(maj)", "hour(maj)", of("maj", lambda v: local(v).hour)),
    ("day(maj) as `day`", "day", of("maj", lambda v: local(v).day)),
    ("date_format(maj,'dd/MM/yyyy HH:mm:ss')", "date_format(maj,'dd/MM/yyyy HH:mm:ss')", of("maj", lambda v: f"{local(v):%d/%m/%Y %H:%M:%S}")),
    ("date_format(creation, \"yyyy-MM-dd'T'HH\") as d", "d", of("creation", lambda v: f"{v.isoformat()}T00")),
    ("date_format(creation, \"yyyy''\") as d", "d", of("creation", lambda v: f"{v.year}'")),
    ("date_format(maj, 'yyyy-DDD') as d", "d", of("maj", lambda v: f"{local(v).year}-{local(v).timetuple().tm_yday:03}")),
    ("date_format(maj, 'xxxx-ww-e') as d", "d", of("maj", lambda v: "{}-{:02}-{}".format(*local(v).isocalendar()))),
    ("distance(position,geom'POINT(-1.5536 47.2184)') as d", "d", lambda r: pytest.approx(length_in(r["position"]), abs=0.5) if r["position"] else None),
    ("'texte' as t", "t", lambda r: "texte"),
    ("12 as t", "t", lambda r: 12),
    ("now() as t", "t", lambda r: "2024-03-31T01:59:59+01:00"),
    ("now(years=-24, day=29, month=2) as t", "t", lambda r: "2000-02-29T01:59:59+01:00"),
    ("now(hours=1) as t", "t", lambda r: "2024-03-31T03:59:59+02:00"),
    ("now(sundays=1, hour=0) as t", "t", lambda r: "2024-04-07T00:59:59+02:00"),
]  # fmt: skip


@pytest.mark.parametrize(("select", "key", "value"), SELECT, ids=[select[:60] for select, _key, _value in SELECT])
@time_machine.travel(NOW, tick=False)
def test_values_in_paris(select, key, value):
    found = ask(select=select, limit=100, timezone="Europe/Paris")
    assert list(found.rows) == [{key: value(row)} for row in ROWS]


GROUPS: list[tuple[str, str, Callable[[Row], Any]]] = [
    ("commune", "commune", lambda r: r["commune"]),
    ("`commune` as c", "c", lambda r: r["commune"]),
    ("lower(nom)", "lower(nom)", of("nom", str.lower)),
    ("year( creation )", "year( creation )", of("creation", lambda v: v.year)),
    ("date_format(creation,'yyyy') as an", "an", of("creation", lambda v: f"{v.year}")),
    ("ifnull(commune,'?')", "ifnull(commune,'?')", lambda r: "?" if r["commune"] is None else r["commune"]),
    ("RANGE(effectif,*,0,100)", "RANGE(effectif,*,0,100)", of("effectif", lambda v: "[*, -1]" if v < 0 else "[0, 99]" if v < 100 else ...)),
    ("range( effectif , 0 , 50 , * )", "range( effectif , 0 , 50 , * )", of("effectif", lambda v: ... if v < 0 else "[0, 49]" if v < 50 else "[50, *]")),
    ("range(ca, *, .1, 20.5, *)", "range(ca, *, .1, 20.5, *)", of("ca", lambda v: "[*, 0.1[" if v < 0.1 else "[0.1, 20.5[" if v < 20.5 else "[20.5, *[")),
    ("actif", "actif", lambda r: r["actif"]),
]  # fmt: skip


@pytest.mark.parametrize(("group_by", "key", "value"), GROUPS, ids=[group for group, _key, _value in GROUPS])
def test_groups(group_by, key, value):
    found = ask(select="count(*) as n", group_by=group_by, limit=1000)
    counted = Counter(value(row) for row in ROWS)
    del counted[...]  # outside of the bounds: in no group
    assert {row[key]: row["n"] for row in found.rows} == counted
    assert found.total_count == len(counted)
    shown = [row[key] for row in found.rows]
    assert None not in shown[:-1], "nothing is last"


ERRORS: list[tuple[dict[str, Any], str]] = [
    ({"where": ["ca = 1.5.5"]}, "ODSQL syntax exception: unexpected .5 at position 8 in ca = 1.5.5. Clause(s) containing the error(s): where."),
    ({"where": ["ca = 5."]}, "ODSQL syntax exception: unexpected . at position 6 in ca = 5.. Clause(s) containing the error(s): where."),
    ({"where": ["effectif == 12"]}, "ODSQL syntax exception: unexpected = at position 10 in effectif == 12. Clause(s) containing the error(s): where."),
    ({"where": ["nom not in ('a')"]}, "ODSQL syntax exception: unexpected not at position 4 in nom not in ('a'). Clause(s) containing the error(s): where."),
    ({"where": ["effectif > 1 && ca < 2"]}, "ODSQL syntax exception: unexpected & at position 13 in effectif > 1 && ca < 2. Clause(s) containing the error(s): where."),
    ({"where": ["nome = 'x'"]}, "ODSQL query is malformed: Unknown field: nome. Clause(s) containing the error(s): where."),
    ({"where": ["NOM = 'x'"]}, "ODSQL query is malformed: Unknown field: NOM. Clause(s) containing the error(s): where."),
    ({"select": "nom, nome"}, "ODSQL query is malformed: Unknown field: nome. Clause(s) containing the error(s): select."),
    ({"select": "nom,"}, "ODSQL syntax exception: unexpected end of query at position 4 in nom,. Clause(s) containing the error(s): select."),
    ({"select": "nom n"}, "ODSQL syntax exception: unexpected n at position 4 in nom n. Clause(s) containing the error(s): select."),
    ({"select": "if(actif,1,2)"}, "ODSQL syntax exception: unexpected ( at position 2 in if(actif,1,2). Clause(s) containing the error(s): select."),
    ({"select": "sum(nom)"}, "ODSQL query is malformed: StatAggregation only supports numeric or date expression."),
    ({"group_by": "nope"}, "ODSQL query is malformed: Unknown field: nope. Clause(s) containing the error(s): group_by."),
    ({"group_by": "position"}, "Aggregation on geo point field is not possible"),
    ({"order_by": "nope desc"}, "ODSQL query is malformed: Unknown field: nope. Clause(s) containing the error(s): order_by."),
    ({"order_by": "nom ascending"}, "ODSQL syntax exception: unexpected ascending at position 4 in nom ascending. Clause(s) containing the error(s): order_by."),
    ({"refine": ["nope:1"]}, "ODSQL query is malformed: Unknown field: nope. Clause(s) containing the error(s): refine."),
]  # fmt: skip


@pytest.mark.parametrize(("clauses", "message"), ERRORS, ids=[str(clauses)[:70] for clauses, _message in ERRORS])
def test_errors_word_for_word(clauses, message):
    with pytest.raises(QueryError) as caught:
        ask(**clauses)
    assert getattr(caught.value, "api_message", "") == message


def test_the_size_of_a_row_is_that_of_what_its_reader_sees():
    found = ask(select="_size, siret", where=["nom is not null"], order_by="siret", limit=100).rows
    longest = max(found, key=lambda row: row["_size"])
    assert all(row["_size"] >= len(row["siret"]) for row in found)
    assert ask(select="siret", order_by="_size desc", where=["nom is not null"], limit=1).rows == [
        {"siret": longest["siret"]}
    ]
