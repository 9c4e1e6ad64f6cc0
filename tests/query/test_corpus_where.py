"""Conditions over a difficult table: the rows that plain Python keeps."""

# ruff: noqa: E501  queries read better whole

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import shapely
import time_machine

from tests.query.companies import NANTES, ROWS, Row, ask, levenshtein, local, metres, some, texts_of, words

Test = Callable[[Row], bool]
LOIRE = "POLYGON((-1.7 47.1,-1.4 47.1,-1.4 47.3,-1.7 47.3,-1.7 47.1))"
LOIRE_SHAPE = shapely.box(-1.7, 47.1, -1.4, 47.3)
HOLE = "POLYGON((-1.7 47.1,-1.4 47.1,-1.4 47.3,-1.7 47.3,-1.7 47.1),(-1.61 47.24,-1.59 47.24,-1.59 47.26,-1.61 47.26,-1.61 47.24))"
FEATURE = (
    '{"type":"Feature","properties":{},"geometry":{"type":"MultiPolygon","coordinates":'
    "[[[[-1.7,47.1],[-1.4,47.1],[-1.4,47.3],[-1.7,47.3],[-1.7,47.1]]]]}}"
)
POINT_WKB = shapely.to_wkb(shapely.Point(*NANTES), hex=True)
LOIRE_WKB = shapely.to_wkb(LOIRE_SHAPE, hex=True, byte_order=0)
NOW = datetime(2024, 5, 6, 12, 34, 55, 450500, tzinfo=UTC)  # a Monday


def has(*asked: str) -> Test:
    """Every word, or beginning of one, is a word of some text of the row."""

    def test(row: Row) -> bool:
        found = {word for text in texts_of(row) for word in words(text)}
        return all(any(w.startswith(a[:-1]) if a.endswith("*") else w == a for w in found) for a in asked)

    return test


def near(text: str, *names: str) -> Test:
    """search(): mistyped words, the last one as a beginning too."""
    asked = words(text)

    def one(term: str, last: bool, found: set[str]) -> bool:
        errors = 2 if len(term) > 5 else 1 if len(term) > 2 else 0
        return any(levenshtein(term, word) <= errors or (last and word.startswith(term)) for word in found)

    def test(row: Row) -> bool:
        found = {word for value in texts_of(row, *names) for word in words(value)}
        return all(one(term, position == len(asked) - 1, found) for position, term in enumerate(asked))

    return test


def begins(text: str, *names: str) -> Test:
    return lambda row: any(value.startswith(text) for value in texts_of(row, *names))


def inside(shape: shapely.Geometry) -> Test:
    return some("position", lambda place: shapely.Point(*place).within(shape))


def paris(name: str, test: Callable[[datetime], bool]) -> Test:
    return some(name, lambda moment: test(local(moment)))


NUMBERS: list[tuple[str, Test]] = [
    ("effectif=12", some("effectif", lambda v: v == 12)),
    ("effectif = -1", some("effectif", lambda v: v == -1)),
    ("effectif=+12", some("effectif", lambda v: v == 12)),
    ("effectif > -2 AND effectif < +2", some("effectif", lambda v: -2 < v < 2)),
    ("effectif = 9007199254740993", some("effectif", lambda v: v == 2**53 + 1)),
    ("effectif = 9007199254740992", lambda r: False),
    ("effectif >= 9223372036854775807", some("effectif", lambda v: v == 2**63 - 1)),
    ("effectif < -9223372036854775807", some("effectif", lambda v: v == -(2**63))),
    ("effectif = 9223372036854775808", lambda r: False),
    ("effectif < 9223372036854775808", some("effectif", lambda v: True)),
    ("effectif >= -9223372036854775809", some("effectif", lambda v: True)),
    ("effectif in [9223372036854775807..99999999999999999999]", some("effectif", lambda v: v == 2**63 - 1)),
    ("effectif < 1e999", some("effectif", lambda v: True)),
    ("ca < 99999999999999999999", some("ca", lambda v: True)),
    ("effectif IN [-1..1]", some("effectif", lambda v: -1 <= v <= 1)),
    ("effectif in]-1 TO 49[", some("effectif", lambda v: -1 < v < 49)),
    ("effectif in [ 49 .. 50 ]", some("effectif", lambda v: 49 <= v <= 50)),
    ("effectif in(0,-1,'12')", some("effectif", lambda v: v in (0, -1, 12))),
    ("not effectif in (0, 1)", lambda r: r["effectif"] not in (0, 1)),
    ("effectif * 2 = 100", some("effectif", lambda v: v * 2 == 100)),
    ("effectif+1>effectif", some("effectif", lambda v: v < 2**63 - 1)),
    ("-effectif = 250", some("effectif", lambda v: v == -250)),
    ("ca = 0.1", some("ca", lambda v: v == 0.1)),
    ("ca=1e15", some("ca", lambda v: v == 1e15)),
    ("ca > 19.98 and ca < 20.01", some("ca", lambda v: 19.98 < v < 20.01)),
    ("ca / effectif = 0", lambda r: None not in (r["ca"], r["effectif"]) and r["effectif"] != 0 and r["ca"] == 0),
    ("ca / 0 is null", lambda r: True),
    ("ca - ca = 0", some("ca", lambda v: True)),
    ("1 - 2 * 3 = -5", lambda r: True),
    ("(1 - 2) * 3 = -3 and actif", lambda r: r["actif"] is True),
    ("ca != 0", some("ca", lambda v: v != 0)),
    ("not ca = 0", lambda r: r["ca"] != 0),
    ("ifnull(effectif, -5) < 0", lambda r: (-5 if r["effectif"] is None else r["effectif"]) < 0),
    ("effectif:12", some("effectif", lambda v: v == 12)),
    ("year = 2020", some("year", lambda v: v == 2020)),
    ("`year` = 2020 and year(creation) < 2020", lambda r: r["year"] == 2020 and r["creation"] is not None and r["creation"].year < 2020),
    ("effectif>1and ca>1or actif", lambda r: ((r["effectif"] or 0) > 1 and (r["ca"] or 0) > 1) or r["actif"] is True),
]  # fmt: skip
TEXTS: list[tuple[str, Test]] = [
    ("siret = '" + ROWS[3]["siret"] + "'", lambda r: r["siret"] == ROWS[3]["siret"]),
    ("siret = " + ROWS[3]["siret"], lambda r: r["siret"] == ROWS[3]["siret"]),
    ("commune = 01004", some("commune", lambda v: v == "01004")),
    ("commune = 1004", lambda r: False),
    ("commune in ('2A004', 75056, 00000)", some("commune", lambda v: v in ("2A004", "75056", "00000"))),
    ('commune:"2A004"', some("commune", lambda v: v == "2A004")),
    ("nom = ''", some("nom", lambda v: v == "")),
    ("nom is not null and not nom = ''", some("nom", lambda v: v != "")),
    ("nom = 'Boulangerie de l\\'Étang'", some("nom", lambda v: v == "Boulangerie de l'Étang")),
    ('nom = "Boulangerie de l\'Étang"', some("nom", lambda v: v == "Boulangerie de l'Étang")),
    ('nom = "Caf\\u00e9 \\"Chez Élise\\""', some("nom", lambda v: v == 'Café "Chez Élise"')),
    ("nom = 'Zoé\\\\Fils'", some("nom", lambda v: v == "Zoé\\Fils")),
    ("nom = 'zoé\\\\fils'", lambda r: False),
    ("nom = 'the book'", lambda r: False),
    ("nom < 'A'", some("nom", lambda v: v < "A")),
    ("nom in ['M'..'T']", some("nom", lambda v: "M" <= v <= "T")),
    ("length(nom) = 0", some("nom", lambda v: not v)),
    ("length(nom) > length(commune)", lambda r: None not in (r["nom"], r["commune"]) and len(r["nom"]) > len(r["commune"])),
    ("lower(nom) = 'étang sud' or lower(nom) = 'etang sud'", some("nom", lambda v: v == "ETANG SUD")),
    ("lower('JAZZ') = 'jazz'", lambda r: True),
    ("`12` = 'douze'", some("12", lambda v: v == "douze")),
    ("`Été à Noël`='oui'", some("Été à Noël", lambda v: v == "oui")),
    ("nom IS NULL", lambda r: r["nom"] is None),
    ("'62.01Z' in naf", some("naf", lambda v: "62.01Z" in v)),
    ("'' IN naf", some("naf", lambda v: "" in v)),
    ("naf = \"Œuvre d'art\"", some("naf", lambda v: "Œuvre d'art" in v)),
    ("naf in ('62.01Z', 'café')", some("naf", lambda v: bool({"62.01Z", "café"} & set(v)))),
    ("not naf = 'café'", lambda r: "café" not in (r["naf"] or [])),
    ("naf != 'café'", some("naf", lambda v: "café" not in v)),
    ("true in naf", lambda r: False),
    ("15 in naf", lambda r: False),
    ("naf is null", lambda r: r["naf"] is None),
    ("chemin = 'Culture'", some("chemin", lambda v: v == "Culture")),
    ("actif", lambda r: r["actif"] is True),
    ("actif:FALSE", lambda r: r["actif"] is False),
    ("actif is not TRUE", lambda r: r["actif"] is not True),
    ("NOT actif", lambda r: r["actif"] is not True),
    ("not(actif or nom is null)and effectif>0", lambda r: r["actif"] is not True and r["nom"] is not None and (r["effectif"] or 0) > 0),
    ("actif or not actif", lambda r: True),
    ("null = null or actif", lambda r: r["actif"] is True),
]  # fmt: skip
WORDS: list[tuple[str, Test]] = [
    ('"etang"', has("etang")),
    ("'ÉTANG'", has("etang")),
    ('"cafe elise"', has("cafe", "elise")),
    ('"caf*"', has("caf*")),
    ('"star wars"', has("star", "wars")),
    ('"wars star"', has("star", "wars")),
    ('"star"and not"wars"', lambda r: has("star")(r) and not has("wars")(r)),
    ('"dog" or "book"', has("book")),
    ('"62.01Z"', has("62", "01z")),
    ('"saint-denis"', has("saint", "denis")),
    ("nom like 'etang'", some("nom", lambda v: "etang" in words(v))),
    ("nom like '%Étang%'", some("nom", lambda v: "etang" in words(v))),
    ("nom like 'l etang'", some("nom", lambda v: {"l", "etang"} <= set(words(v)))),
    ("nom LIKE 'collect*'", some("nom", lambda v: any(w.startswith("collect") for w in words(v)))),
    ("not nom like 'cafe'", lambda r: "cafe" not in words(r["nom"] or "")),
    ("naf like 'art'", some("naf", lambda v: any("art" in words(x) for x in v))),
    ('search("etng")', near("etng")),
    ('search(nom, "bok of secret")', near("bok of secret", "nom")),
    ('search(nom, "bulangeri")', near("bulangeri", "nom")),
    ('search(nom, "co")', near("co", "nom")),
    ('search(nom, "se")', near("se", "nom")),
    ('search(nom, naf, "cafee")', near("cafee", "nom", "naf")),
    ('search(*, "musee")', near("musee")),
    ('search(nom, "wrs star")', near("wrs star", "nom")),
    ('search(nom, "colectoin")', near("colectoin", "nom")),
    ('suggest(nom, "sec")', some("nom", lambda v: any(w.startswith("sec") for w in words(v)))),
    ('suggest("SECRET")', has("secret*")),
    ('suggest(nom, "ecrets")', lambda r: False),
    ('suggest(*, "musé")', has("muse*")),
    ('startswith(nom, "Caf")', begins("Caf", "nom")),
    ('startswith(nom, "caf")', begins("caf", "nom")),
    ('startswith(siret, "2144")', begins("2144", "siret")),
    ('startswith(commune, "2A")', begins("2A", "commune")),
    ('startswith("Culture/")', begins("Culture/")),
    ('startswith(*, "62")', begins("62")),
    ('startswith(nom, "%")', begins("%", "nom")),
    ('startswith(nom, "the Book")', begins("the Book", "nom")),
]
DATES: list[tuple[str, Test]] = [
    ("creation = date'2000-02-29'", some("creation", lambda v: v == date(2000, 2, 29))),
    ("creation = date'2000/02/29'", some("creation", lambda v: v == date(2000, 2, 29))),
    ('creation = date"2000/2/29"', some("creation", lambda v: v == date(2000, 2, 29))),
    ("creation = DATE '2000-02-29'", some("creation", lambda v: v == date(2000, 2, 29))),
    ("creation = '2000-02-29'", some("creation", lambda v: v == date(2000, 2, 29))),
    ("creation = 20000229", some("creation", lambda v: v == date(2000, 2, 29))),
    ("creation < date'1970'", some("creation", lambda v: v.year < 1970)),
    ("creation >= date'2021-01'", some("creation", lambda v: v >= date(2021, 1, 1))),
    ("creation:['2020-12-31' TO '2021-01-04']", some("creation", lambda v: date(2020, 12, 31) <= v <= date(2021, 1, 4))),
    ("creation:[20201231 TO 20210104[", some("creation", lambda v: date(2020, 12, 31) <= v < date(2021, 1, 4))),
    ("creation in ]date'2020-12-31'..date'2021-01-04']", some("creation", lambda v: date(2020, 12, 31) < v <= date(2021, 1, 4))),
    ("creation in (date'2023-07-14', date'1900-01-01')", some("creation", lambda v: v in (date(2023, 7, 14), date(1900, 1, 1)))),
    ("month(creation)=2 and day(creation)=29", some("creation", lambda v: (v.month, v.day) == (2, 29))),
    ("date_format(creation, 'xxxx-ww') = '2025-01'", some("creation", lambda v: v.isocalendar()[:2] == (2025, 1))),
    ("date_format(creation, 'DDD') = '060'", some("creation", lambda v: v.timetuple().tm_yday == 60)),
    ("creation > maj", lambda r: None not in (r["creation"], r["maj"]) and datetime.combine(r["creation"], time.min, UTC) > local(r["maj"]).replace(tzinfo=UTC)),
    ("maj = date'2024-01-01T00:00:00Z'", some("maj", lambda v: v == datetime(2024, 1, 1, tzinfo=UTC))),
    ("maj >= date'2024-01-01'", paris("maj", lambda v: v.year >= 2024)),
    ("maj < date'2024-03-31T03:00'", some("maj", lambda v: v < datetime(2024, 3, 31, 1, tzinfo=UTC))),
    ("maj >= date'2024-03-31T01:00:00+00:00'", some("maj", lambda v: v >= datetime(2024, 3, 31, 1, tzinfo=UTC))),
    ("maj < date'1970-01-01T00:00:00.000Z'", some("maj", lambda v: v.year < 1970)),
    ("maj in [date'2024-07-01 00:00'..date'2024-08-01 00:00'[AND actif", lambda r: r["actif"] is True and paris("maj", lambda v: (v.year, v.month) == (2024, 7))(r)),
    ("maj >= date'2024-06-30T21:59:59.999999Z' and maj < date'2024-06-30T22:00Z'", some("maj", lambda v: v.microsecond == 999999)),
    ("hour(maj) = 2", paris("maj", lambda v: v.hour == 2)),
    ("hour(maj) = 1 and month(maj) = 3", paris("maj", lambda v: (v.hour, v.month) == (1, 3))),
    ("day(maj) = 1 and month(maj) = 1", paris("maj", lambda v: (v.day, v.month) == (1, 1))),
    ("second(maj) = 59 and minute(maj) = 59", paris("maj", lambda v: (v.minute, v.second) == (59, 59))),
    ("date_format(maj, 'yyyy-MM-dd HH:mm') = '2024-03-31 03:00'", paris("maj", lambda v: v.strftime("%Y-%m-%d %H:%M") == "2024-03-31 03:00")),
    ("year(date'2020-05-01') = year", some("year", lambda v: v == 2020)),
]  # fmt: skip


def at(**parts: int) -> datetime:
    return local(NOW).replace(**parts)


MOMENTS: list[tuple[str, datetime]] = [
    ("now()", NOW),
    ("now(year=2000)", at(year=2000)),
    ("now(years=-1)", at(year=2023)),
    ("now(year=2001, months=-1)", at(year=2001, month=4)),
    ("now(day=31,month=2)", at(month=2, day=29)),
    ("now(month=2,day=31)", at(month=2, day=29)),
    ("now(day=99)", at(day=31)),
    ("NOW( DAYS = -1 )", at(day=5)),
    ("now(days=-36)", at(month=3, day=31)),
    ("now(hours=+2)", NOW + timedelta(hours=2)),
    ("now(hour=0, minute=0, second=0, microsecond=0)", at(hour=0, minute=0, second=0, microsecond=0)),
    ("now(minutes=-90)", NOW - timedelta(minutes=90)),
    ("now(seconds=10, microseconds=-500)", NOW + timedelta(seconds=10, microseconds=-500)),
    ("now(weeks=1)", at(day=13)),
    ("now(weekday=0)", at()),
    ("now(weekday=6)", at(day=12)),
    ("now(mondays=+1)", at(day=13)),
    ("now(mondays=-1)", at(month=4, day=29)),
    ("now(tuesdays=1)", at(day=7)),
    ("now(wednesdays=2)", at(day=15)),
    ("now(thursdays=-1)", at(day=2)),
    ("now(fridays=1)", at(day=10)),
    ("now(saturdays=1)", at(day=11)),
    ("now(sundays=-1)", at(day=5)),
    ("now(days=-1, days=1)", at(day=7)),
    ("now(months=1,day=31)", at(month=6, day=30)),
    ("now(years=-4, month=2, day=29)", at(year=2020, month=2, day=29)),
]
PLACES: list[tuple[str, Test]] = [
    ("within_distance(position, geom'POINT(-1.5536 47.2184)', 1km)", some("position", lambda v: metres(v, NANTES) <= 1000)),
    ("within_distance(position, GEOM'POINT(-1.5536 47.2184)', 0.05 km)", some("position", lambda v: metres(v, NANTES) <= 50)),
    ("within_distance(position,geom'POINT(-1.5536 47.2184)',40yd)", some("position", lambda v: metres(v, NANTES) <= 40 * 0.9144)),
    ("within_distance(position, geom'POINT(-1.5536 47.2184)', 100ft)", some("position", lambda v: metres(v, NANTES) <= 30.48)),
    ("within_distance(position, geom'POINT(-1.5536 47.2184)', 3500cm)", some("position", lambda v: metres(v, NANTES) <= 35)),
    ("within_distance(position, geom'POINT(-1.5536 47.2184)', 40000mm)", some("position", lambda v: metres(v, NANTES) <= 40)),
    ("within_distance(position, geom'POINT(-1.5536 47.2184)', 3mi)", some("position", lambda v: metres(v, NANTES) <= 3 * 1609.344)),
    (f"within_distance(position, geom'{POINT_WKB}', 10m)", some("position", lambda v: metres(v, NANTES) <= 10)),
    ("within_distance(position, geom'POINT(180 -17)', 50km)", some("position", lambda v: metres(v, (180, -17)) <= 50_000)),
    ("within_distance(position, geom'POINT(0 0)', 20100km)", some("position", lambda v: True)),
    ("distance(position, geom'POINT(-1.5536 47.2184)', 8km)", some("position", lambda v: metres(v, NANTES) <= 8000)),
    ("not within_distance(position, geom'POINT(-1.5536 47.2184)', 8km)", lambda r: r["position"] is None or metres(r["position"], NANTES) > 8000),
    ("in_bbox(position, 47.1, -1.7, 47.3, -1.4)", inside(LOIRE_SHAPE)),
    ("in_bbox(position, 47.3, -1.4, 47.1, -1.7)", inside(LOIRE_SHAPE)),
    ("in_bbox(position, 47.3, -1.7, 47.1, -1.4)", inside(LOIRE_SHAPE)),
    ("in_bbox(position, -18, 179, -16, -179)", some("position", lambda v: abs(v[0]) > 179)),
    ("in_bbox(position, -90, -180, 90, 180)", some("position", lambda v: True)),
    (f"within(position, geom'{LOIRE}')", inside(LOIRE_SHAPE)),
    (f"within(position, geom'{HOLE}')", some("position", lambda v: inside(LOIRE_SHAPE)({"position": v}) and v != (-1.60, 47.25))),
    (f"within(position, geom'{LOIRE_WKB}')", inside(LOIRE_SHAPE)),
    (f"within(position, geom'{FEATURE}')", inside(LOIRE_SHAPE)),
    (f"disjoint(position, geom'{LOIRE}')", some("position", lambda v: not shapely.Point(*v).within(LOIRE_SHAPE))),
    (f"intersects(zone, geom'{LOIRE}')", some("zone", lambda v: v.intersects(LOIRE_SHAPE))),
    (f"within(zone, geom'{LOIRE}')", some("zone", lambda v: v.within(LOIRE_SHAPE))),
    (f"disjoint(zone, geom'{LOIRE}')", some("zone", lambda v: v.disjoint(LOIRE_SHAPE))),
    (f"geometry(zone, geom'{LOIRE}', DISJOINT)", some("zone", lambda v: v.disjoint(LOIRE_SHAPE))),
    (f"geometry(zone, geom'{LOIRE}')", some("zone", lambda v: v.intersects(LOIRE_SHAPE))),
    (f"polygon(position,geom'{LOIRE}')", inside(LOIRE_SHAPE)),
    ("intersects(zone, geom'LINESTRING(-2 47.2, 3 47.2)')", some("zone", lambda v: v.intersects(shapely.LineString([(-2, 47.2), (3, 47.2)])))),
    ("intersects(zone, geom'MULTIPOINT((-1.55 47.22), (2.35 48.85))')", some("zone", lambda v: v.intersects(shapely.MultiPoint([(-1.55, 47.22), (2.35, 48.85)])))),
    ("position is null and zone is not null", lambda r: r["position"] is None and r["zone"] is not None),
]  # fmt: skip
ALL = [*NUMBERS, *TEXTS, *WORDS, *PLACES]


@pytest.mark.parametrize(("where", "test"), ALL, ids=[where[:90] for where, _ in ALL])
def test_rows_kept(where, test):
    page = ask(select="siret", where=[where], limit=100)
    assert [row["siret"] for row in page.rows] == [row["siret"] for row in ROWS if test(row)]
    assert page.total_count == len(page.rows)


@pytest.mark.parametrize(("where", "test"), DATES, ids=[where for where, _ in DATES])
def test_rows_kept_by_dates_in_paris(where, test):
    page = ask(select="siret", where=[where], timezone="Europe/Paris", limit=100)
    assert [row["siret"] for row in page.rows] == [row["siret"] for row in ROWS if test(row)]


@pytest.mark.parametrize(("written", "moment"), MOMENTS, ids=[written for written, _ in MOMENTS])
def test_now_with_every_argument(written, moment):
    with time_machine.travel(NOW, tick=False):
        row = ask(select=f"{written} as n", timezone="Europe/Paris", limit=1).rows[0]
        assert row["n"] == moment.astimezone(ZoneInfo("Europe/Paris")).isoformat()
        kept = ask(select="siret", where=[f"maj < {written}"], timezone="Europe/Paris", limit=100).rows
    assert [row["siret"] for row in kept] == [r["siret"] for r in ROWS if r["maj"] is not None and r["maj"] < moment]


def test_few_conditions_keep_all_or_nothing():
    kept = [sum(test(row) for row in ROWS) for _, test in [*ALL, *DATES]]
    assert sum(0 < count < len(ROWS) for count in kept) > 0.8 * len(kept)
