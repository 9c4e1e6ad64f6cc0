"""A third table, for a corpus written without the others: a hundred venues, half of them dated around the changes of time."""

from __future__ import annotations

import json
import math
import random
import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import shapely

from bocage.access.viewer import OPERATOR
from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType as T
from bocage.query.requests import OdsqlRequest
from bocage.query.services import Page, records
from tests.query.table import TableRelation

Row = dict[str, Any]
Test = Callable[[Row], bool]
Value = Callable[[Row], Any]
PARIS, ADAK = ZoneInfo("Europe/Paris"), ZoneInfo("America/Adak")
FIELDS = (
    Field("id", T.STRING), Field("nom", T.STRING), Field("genre", T.STRING), Field("code", T.STRING), Field("n", T.INTEGER),
    Field("m", T.INTEGER), Field("x", T.NUMBER), Field("d", T.DATE), Field("t", T.DATETIME), Field("ok", T.BOOLEAN),
    Field("tags", T.ARRAY), Field("pt", T.GEOPOINT), Field("zone", T.GEOMETRY), Field("txt", T.STRING),
    Field("select", T.STRING), Field("2024", T.INTEGER), Field("Prix_é", T.NUMBER),
)  # fmt: skip
WORDS = [
    "école", "Maternelle", "piscine", "Île", "d'été", "cœur", "Hôpital", "parc", "Parc-relais", "vélo", "tramway", "gare", "100%",
    "Saint-Nazaire", "forêt", "ÉGLISE", "bibliothèque", "stade", "L'Orangerie", "a_b", "ici,là", "strasse", "हिन्दी",
]  # fmt: skip
GENRES = ["Sport", "Sport/Eau", "Sport/Eau/Piscine", "Sport/Balle", "Culture", "Culture/Livre", "Sports", None]
TURNS = [
    datetime(2024, 3, 31, tzinfo=UTC), datetime(2024, 10, 26, 22, tzinfo=UTC), datetime(2023, 12, 31, 22, tzinfo=UTC),
    datetime(2024, 2, 28, 23, tzinfo=UTC),
]  # fmt: skip


def _zone(kind: int, lon: float, lat: float) -> shapely.Geometry:
    box = shapely.box(lon - 0.02, lat - 0.01, lon + 0.02, lat + 0.01)
    return (
        box,
        shapely.MultiPolygon([box, shapely.box(lon + 0.1, lat, lon + 0.12, lat + 0.02)]),
        shapely.LineString([(lon, lat), (lon + 0.05, lat + 0.03)]),
        shapely.Point(lon, lat),
        box.difference(shapely.box(lon - 0.01, lat - 0.005, lon + 0.01, lat + 0.005)),
    )[kind]


def _rows(count: int = 100) -> list[Row]:
    dice = random.Random(7)

    def hole(value: Any) -> Any:
        return None if dice.random() < 0.12 else value

    rows = []
    for number in range(count):
        lon, lat = round(dice.uniform(-2.2, -0.8), 5), round(dice.uniform(46.8, 47.6), 5)
        turn = dice.choice(TURNS) + timedelta(minutes=15 * dice.randrange(20))
        other = datetime(2019, 1, 1, tzinfo=UTC) + timedelta(
            seconds=dice.randrange(6 * 365 * 86400), microseconds=123456
        )
        rows.append({
            "_row": number,
            "id": f"R{number:03}",
            "nom": hole(" ".join(dice.sample(WORDS, dice.randrange(1, 4)))),
            "genre": dice.choice(GENRES),
            "code": hole(f"{dice.choice([1004, 1005, 44003, 44004, 44015]):05}"),
            "n": hole(dice.choice([-7, -3, 0, 0, 1, 2, 3, 5, 8, 13, 20, 21, 40, 99, 100])),
            "m": hole(dice.randrange(0, 5)),
            "x": hole(round(dice.uniform(-50, 50), 2) if dice.random() < 0.7 else float(dice.randrange(-3, 4))),
            "d": hole(date(2023, 11, 1) + timedelta(days=dice.randrange(500))),
            "t": hole(turn if dice.random() < 0.6 else other),
            "ok": hole(dice.random() < 0.5),
            "tags": hole(dice.sample(["bus", "Vélo", "eau", "école", "a,b", "Zone/Nord"], dice.randrange(0, 4))),
            "pt": hole((lon, lat)),
            "zone": hole(_zone(number % 5, lon, lat)),
            "txt": hole(dice.choice(['{"k": "v"}', "pas json", "null", "[1,", "3.0", "", '"\\ud800"', '"\\ud83d\\ude00"'])),
            "select": hole(dice.choice(["A", "b", "C"])),
            "2024": hole(dice.randrange(0, 50)),
            "Prix_é": hole(dice.choice([1.5, 2.0, 9.99])),
        })  # fmt: skip
    return rows


ROWS = _rows()
VENUES = TableRelation(key="tests venues", rows=tuple(ROWS), fields=FIELDS, identity=("id",))


def ask(**clauses: Any) -> Page:
    return records(OPERATOR, VENUES, OdsqlRequest(**clauses))


# What plain Python makes of the rows ----------------------------------------------------------------------------------


def some(name: str, test: Callable[[Any], bool]) -> Test:
    return lambda row: row[name] is not None and test(row[name])


def of(made: Callable[..., Any], *names: str) -> Value:
    """Nothing as soon as one of the fields has nothing."""
    return lambda row: None if any(row[name] is None for name in names) else made(*(row[name] for name in names))


def folded(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.lower().replace("œ", "oe").replace("ß", "ss"))
    return "".join(c for c in plain if unicodedata.category(c)[0] != "M")


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", folded(text))


def texts(row: Row, *names: str) -> list[str]:
    found: list[str] = []
    for name in names or ("id", "nom", "genre", "code", "txt", "select", "tags"):
        value = row[name]
        found += value if isinstance(value, list) else [] if value is None else [value]
    return found


def known(row: Row, *names: str) -> list[str]:
    return [word for text in texts(row, *names) for word in words(text)]


def errors(one: str, other: str) -> int:
    """Letters added, left out, replaced, or two neighbours swapped."""
    table = [[max(i, j) if 0 in (i, j) else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            replaced = table[i - 1][j - 1] + (one[i - 1] != other[j - 1])
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, replaced)
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


def searched(text: str, *names: str) -> Test:
    asked = words(text)

    def is_found(word: str, last: bool, there: Iterable[str]) -> bool:
        allowed = 2 if len(word) > 5 else 1 if len(word) > 2 else 0
        return any(errors(one, word) <= allowed or (last and one.startswith(word)) for one in there)

    def test(row: Row) -> bool:
        there = set(known(row, *names))
        return all(is_found(word, rank == len(asked) - 1, there) for rank, word in enumerate(asked))

    return test


def suggested(text: str, *names: str) -> Test:
    return lambda row: all(any(one.startswith(word) for one in known(row, *names)) for word in words(text))


def whole(text: str, *names: str) -> Test:
    """Every word is there; `word*` begins one."""

    def test(row: Row) -> bool:
        there = known(row, *names)
        return all(
            any(one.startswith(folded(asked[:-1])) for one in there)
            if asked.endswith("*")
            else set(words(asked)) <= set(there)
            for asked in text.split()
        )

    return test


def begins(text: str, *names: str) -> Test:
    return lambda row: any(one.startswith(text) for one in texts(row, *names))


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    (x1, y1), (x2, y2) = ([math.radians(side) for side in place] for place in (one, other))
    half = math.sin((y2 - y1) / 2) ** 2 + math.cos(y1) * math.cos(y2) * math.sin((x2 - x1) / 2) ** 2
    return 2 * 6371008.8 * math.asin(math.sqrt(half))


def as_json(text: str) -> Any:
    """What is no JSON, or half a character, is itself."""
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()
    except ValueError:
        return text
    return found


def ranked(value: Any) -> tuple[bool, Any]:
    """Sorts nothing last."""
    return value is None, 0 if value is None else value
