"""A small table with every type and many holes, as Python rows (the oracle) and as a relation (the engine)."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import shapely

from bocage.access.restrictions import Restriction
from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType as T

FIELDS = (
    Field("code", T.STRING, "Code INSEE"),
    Field("nom", T.STRING, "Nom"),
    Field("pop", T.INTEGER),
    Field("surface", T.NUMBER),
    Field("ouvert", T.BOOLEAN),
    Field("jour", T.DATE),
    Field("maj", T.DATETIME),
    Field("tags", T.ARRAY),
    Field("centre", T.GEOPOINT),
    Field("contour", T.GEOMETRY),
    Field("meta", T.OBJECT),
)
NAMES = ["Nantes", "Orvault", "Rezé", "Saint-Herblain", "La Chapelle-sur-Erdre", "Élancourt", "nantes", "Couëron 44"]
ARROW = {
    T.STRING: pa.string(), T.INTEGER: pa.int64(), T.NUMBER: pa.float64(), T.BOOLEAN: pa.bool_(), T.DATE: pa.date32(),
    T.DATETIME: pa.timestamp("us", "UTC"), T.ARRAY: pa.list_(pa.string()), T.GEOPOINT: pa.binary(),
    T.GEOMETRY: pa.binary(), T.OBJECT: pa.string(),
}  # fmt: skip


def _rows(count: int = 80) -> list[dict[str, Any]]:
    dice = random.Random(44)

    def hole(value: Any) -> Any:
        return None if dice.random() < 0.15 else value

    rows = []
    for number in range(count):
        x, y = round(dice.uniform(-2, 0), 4), round(dice.uniform(46, 48), 4)
        rows.append({
            "_row": number,
            "code": f"44{number:03}",
            "nom": hole(dice.choice(NAMES)),
            "pop": hole(dice.randrange(0, 60)),
            "surface": hole(dice.choice([0.0, 1.5, 2.25, -3.5, 20.0, 39.9])),
            "ouvert": hole(dice.random() < 0.5),
            "jour": hole(date(2023, 1, 1) + timedelta(days=dice.randrange(900))),
            "maj": hole(datetime(2023, 12, 30, tzinfo=UTC) + timedelta(minutes=dice.randrange(10_000))),
            "tags": hole(dice.sample(["eau", "vélo", "école", "mobilité/bus", "mobilité/tram"], dice.randrange(0, 4))),
            "centre": hole((x, y)),
            "contour": hole(shapely.box(x, y, x + 0.1, y + 0.1)),
            "meta": hole('{"a": [1, 2]}'),
        })  # fmt: skip
    return rows


ROWS = _rows()


def arrow(rows: list[dict[str, Any]], fields: tuple[Field, ...] = FIELDS) -> pa.Table:
    """Geometry as WKB: the relation makes it GEOMETRY."""

    def physical(kind: T, value: Any) -> Any:
        if value is not None and kind == T.GEOPOINT:
            return shapely.to_wkb(shapely.Point(*value))
        return shapely.to_wkb(value) if value is not None and kind == T.GEOMETRY else value

    columns = {"_row": pa.array([row["_row"] for row in rows], pa.int64())}
    for field in fields:
        columns[field.name] = pa.array([physical(field.type, row[field.name]) for row in rows], ARROW[field.type])
    return pa.table(columns)


@dataclass(frozen=True)
class TableRelation:
    """Rows held in memory, read through the real engine. `hidden`: fields that no viewer may see."""

    key: str = "tests table"
    rows: tuple[dict[str, Any], ...] = tuple(ROWS)
    hidden: frozenset[str] = frozenset()
    identity: tuple[str, ...] = ("code",)
    fields: tuple[Field, ...] = FIELDS
    prefixes: tuple[str, ...] = ()
    versions: tuple[Any, ...] = ()
    measures: tuple[Field, ...] = ()
    words: str = "words"
    limits: Restriction | None = None

    __hash__ = object.__hash__

    def restriction(self, viewer: Any) -> Restriction:
        return self.limits or Restriction(self.hidden)

    def row_count(self, viewer: Any) -> int | None:
        return len(self.rows) if [row["_row"] for row in self.rows] == list(range(len(self.rows))) else None

    def source(self, session: Any, viewer: Any) -> str:
        table = session.resident(self.key, lambda: arrow(list(self.rows), self.fields))
        places = [field.name for field in self.fields if field.type.is_geographic]
        if not places:
            return table
        shapes = ", ".join(f'ST_GeomFromWKB("{name}") AS "{name}"' for name in places)
        bounds = ", ".join(
            f'ST_{side}(ST_GeomFromWKB("{name}")) AS "_{name}_{side.lower()}"'
            for name in places
            for side in ("XMin", "YMin", "XMax", "YMax")
        )
        return f"(SELECT * REPLACE ({shapes}), {bounds} FROM {table})"


TABLE = TableRelation()
