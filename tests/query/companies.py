"""A second table, French and difficult: codes that look like numbers, empty texts, ligatures, negative and very large
numbers, days of leap and of ISO weeks, instants around the changes of time, paths, JSON that is none, places at the edge."""

# ruff: noqa: E501  rows read better whole

from __future__ import annotations

import math
import random
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import shapely
from babel import Locale

from bocage.access.viewer import OPERATOR
from bocage.catalog.annotations import Annotations
from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType as T
from bocage.query.requests import OdsqlRequest
from bocage.query.services import Page, records
from tests.query.table import TableRelation

Row = dict[str, Any]
Value = Callable[[Row], Any]
NANTES = (-1.5536, 47.2184)
PARIS = ZoneInfo("Europe/Paris")

FIELDS = (
    Field("siret", T.STRING, "SIRET"),
    Field("nom", T.STRING, "Dénomination"),
    Field("commune", T.STRING, "Code INSEE"),
    Field("effectif", T.INTEGER),
    Field("ca", T.NUMBER),
    Field("actif", T.BOOLEAN),
    Field("creation", T.DATE),
    Field("maj", T.DATETIME),
    Field("naf", T.ARRAY, annotations=Annotations(disjunctive=True)),
    Field("chemin", T.STRING, annotations=Annotations(separator="/")),
    Field("brut", T.STRING),
    Field("position", T.GEOPOINT),
    Field("zone", T.GEOMETRY),
    Field("year", T.INTEGER),
    Field("12", T.STRING),
    Field("Été à Noël", T.STRING),
)
NAMES = [
    "Boulangerie de l'Étang", "SARL Œuvres & Cie", "L’Atelier du Noël", "ETANG SUD", "", "Mairie de Saint-Denis",
    'Café "Chez Élise"', "Zoé\\Fils", "the Book of Secrets", "Star Wars collection", "café du port", "Ÿ d'Ay", "100% bio",
]  # fmt: skip
COMMUNES = ["01004", "2A004", "44109", "75056", "97411", "00000"]
NUMBERS = [0, 1, -1, -250, 12, 49, 50, 99, 100, 2**53 + 1, 2**63 - 1, -(2**63)]
DECIMALS = [0.0, 0.1, -0.1, 20.5, 1e15, -3.25, 19.99, 20.0, 100.0, 1e-9]
DAYS = [
    date(1900, 1, 1), date(2000, 2, 29), date(2020, 12, 31), date(2021, 1, 1), date(2021, 1, 4), date(2024, 2, 29),
    date(2024, 12, 30), date(1969, 12, 31), date(2023, 7, 14), date(2023, 7, 15),
]  # fmt: skip
INSTANTS = [
    datetime(2024, 3, 31, 0, 59, 59, tzinfo=UTC), datetime(2024, 3, 31, 1, 0, tzinfo=UTC), datetime(2024, 10, 27, 0, 30, tzinfo=UTC),
    datetime(2024, 10, 27, 1, 30, tzinfo=UTC), datetime(2023, 12, 31, 23, 30, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC),
    datetime(2024, 6, 30, 22, 0, tzinfo=UTC), datetime(1969, 7, 20, 20, 17, 40, tzinfo=UTC),
    datetime(2024, 6, 30, 21, 59, 59, 999999, tzinfo=UTC), datetime(2024, 2, 29, 12, 34, 56, 789000, tzinfo=UTC),
]  # fmt: skip
CODES = ["62.01Z", "10.71C", "84.11Z", "café", "Œuvre d'art", ""]
PATHS = ["Culture", "Culture/Musée", "Culture/Musée/Art", "Culturel", "Sport/Vélo", "Sport"]
TEXTS = [
    '{"a": [1, 2]}',
    "[1,",
    "12",
    "true",
    "null",
    "NaN",
    "[" * 400 + "]" * 400,
    "1e999",
    "simple texte",
    '"déjà"',
    "",
]
PLACES = [
    (-1.5536, 47.2184), (-1.5540, 47.2185), (-1.60, 47.25), (2.3522, 48.8566), (55.45, -20.88), (179.9, -17.0), (-179.9, -17.0), (0.0, 0.0),
]  # fmt: skip


def _rows(count: int = 96) -> list[Row]:
    dice = random.Random(2026)

    def hole(values: list[Any]) -> Any:
        return None if dice.random() < 0.12 else dice.choice(values)

    rows: list[Row] = []
    for number in range(count):
        place, corner = hole(PLACES), hole(PLACES[:4])
        rows.append({
            "_row": number,
            "siret": f"{21440109 + number * 7919:09}{number:05}",
            "nom": hole(NAMES),
            "commune": hole(COMMUNES),
            "effectif": hole(NUMBERS),
            "ca": hole(DECIMALS),
            "actif": hole([True, False]),
            "creation": hole(DAYS),
            "maj": hole(INSTANTS),
            "naf": None if dice.random() < 0.1 else dice.sample(CODES, dice.randrange(0, 4)),
            "chemin": hole(PATHS),
            "brut": hole(TEXTS),
            "position": place,
            "zone": corner and shapely.box(corner[0] - 0.05, corner[1] - 0.05, corner[0] + 0.05, corner[1] + 0.05),
            "year": hole([2020, 2021]),
            "12": hole(["douze", "treize"]),
            "Été à Noël": hole(["oui", "non"]),
        })  # fmt: skip
    return rows


ROWS = _rows()
COMPANIES = TableRelation(key="tests companies", rows=tuple(ROWS), fields=FIELDS, identity=("siret",))


def ask(**clauses: Any) -> Page:
    return records(OPERATOR, COMPANIES, OdsqlRequest(**clauses))


def some(name: str, test: Callable[[Any], bool]) -> Callable[[Row], bool]:
    """The field has a value and the value passes."""
    return lambda row: row[name] is not None and test(row[name])


def of(name: str, found: Callable[[Any], Any]) -> Callable[[Row], Any]:
    """What is made of the value; nothing of nothing."""
    return lambda row: None if row[name] is None else found(row[name])


def local(moment: datetime) -> datetime:
    return moment.astimezone(PARIS)


def words(text: str) -> list[str]:
    """Lower case, no accents, letters and digits: written anew, for the oracle."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in plain).split()


def texts_of(row: Row, *names: str) -> list[str]:
    """Texts of these fields, or of all."""
    chosen = [field for field in FIELDS if field.type in (T.STRING, T.ARRAY) and (not names or field.name in names)]
    found: list[str] = []
    for field in chosen:
        value = row[field.name]
        found += value if isinstance(value, list) else [value] if value is not None else []
    return found


def levenshtein(one: str, other: str) -> int:
    """Typing errors: letters added, left out, replaced, or two neighbours swapped."""
    table = [[i + j if i * j == 0 else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            cost = one[i - 1] != other[j - 1]
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + cost)
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    (x1, y1), (x2, y2) = ([math.radians(v) for v in p] for p in (one, other))
    half = math.sin((y2 - y1) / 2) ** 2 + math.cos(y1) * math.cos(y2) * math.sin((x2 - x1) / 2) ** 2
    return 2 * 6371008.7714 * math.asin(min(1.0, math.sqrt(half)))


def pixels(place: tuple[float, float], zoom: int) -> tuple[float, float]:
    """On the Web Mercator plane."""
    across = 256 * 2**zoom
    slope = math.log(math.tan(math.pi / 4 + math.radians(place[1]) / 2))
    return (place[0] + 180) / 360 * across, (0.5 - slope / (2 * math.pi)) * across


def whole(found: Callable[[int], int]) -> Callable[[int], int | None]:
    """Whole numbers are of 64 bits; beyond, they are missing."""
    return lambda value: found(value) if -(2**63) <= found(value) < 2**63 else None


def length_in(place: Any) -> Any:
    return None if place is None else metres(place, NANTES)


def token(name: str, moment: datetime, lang: str) -> str:
    """What a symbol of date_format stands for, written anew."""
    year, week, weekday = moment.isocalendar()
    names = Locale.parse(lang)
    return {
        "yy": f"{moment.year % 100:02}", "YY": f"{moment.year % 100:02}", "yyyy": f"{moment.year}", "YYYY": f"{moment.year}",
        "xx": f"{year % 100:02}", "xxxx": f"{year}", "w": f"{week}", "ww": f"{week:02}", "e": f"{weekday}",
        "E": names.days["stand-alone"]["abbreviated"][weekday - 1], "EEEE": names.days["stand-alone"]["wide"][weekday - 1],
        "D": f"{moment.timetuple().tm_yday}", "DDD": f"{moment.timetuple().tm_yday:03}", "M": f"{moment.month}",
        "MM": f"{moment.month:02}", "MMM": names.months["stand-alone"]["abbreviated"][moment.month],
        "MMMM": names.months["stand-alone"]["wide"][moment.month], "d": f"{moment.day}", "dd": f"{moment.day:02}",
        "H": f"{moment.hour}", "HH": f"{moment.hour:02}", "m": f"{moment.minute}", "mm": f"{moment.minute:02}",
        "s": f"{moment.second}", "ss": f"{moment.second:02}",
    }[name]  # fmt: skip


def known(rows: list[Row], name: str) -> list[Any]:
    return [row[name] for row in rows if row[name] is not None]
