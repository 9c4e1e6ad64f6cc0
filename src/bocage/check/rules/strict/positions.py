"""Positions that cannot be where they say. Errors.

`strict.swapped-position` (code `swapped-position`, note: the position the right way round): out of the territory as written,
inside it once longitude and latitude change places. `strict.outside-territory` (code `outside-territory`, field `territory`):
out of the producer's boundary, or box. `strict.outside-commune` (code `outside-commune`, field `commune_column`, note: the name
of the commune that the row names): out of the boundary of that commune. The territory is that of the producer
(`Bench.producer`: `bbox`, `boundary_wkt`, `name`), France when nothing is known of it; boundaries of communes come from the
resource `communes` (`code`, `nom`, `wkt` in CRS84).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bocage.check.rules.custom.columns import readable
from bocage.check.rules.custom.gps import in_france
from bocage.check.rules.kept import kept_values
from bocage.check.rules.kinds import RULES, Bench, Cell, Test
from bocage.check.rules.position import position_of
from bocage.check.schema import SchemaField
from bocage.check.verdict import Family
from bocage.store.engine import literal

TOLERANCE = 0.003  # degrees, some 300 m: boundaries are simplified, and what stands on one belongs to both
_LON = re.compile(r"^(x_?)?(lon|long|lng|longitude)(_wgs84)?$|^x_?long$|(^|_)longitude$", re.IGNORECASE)
_LAT = re.compile(r"^(y_?)?(lat|latitude)(_wgs84)?$|^y_?lat$|(^|_)latitude$", re.IGNORECASE)
_COMMUNE = re.compile(r"(^|_)(code_?)?(commune_?)?insee(_?commune)?($|_)|^code_commune", re.IGNORECASE)
COMMUNES = "communes"


@dataclass(frozen=True)
class Position:
    """Where a row says it is: SQL doubles in degrees, the SQL text shown, and the column that is told."""

    lon: str
    lat: str
    shown: str
    there: str
    cell: Cell

    def family(self, code: str, rule: str, **fields: Any) -> Family:
        return Family(code, rule, label=self.cell.field.name, place=self.cell.place, fields=fields)


def tells_positions(fields: Iterable[SchemaField]) -> bool:
    """Has a table with these fields positions that `positions` finds, when the file has all of them?"""
    known = list(fields)
    return any(one.type == "geopoint" for one in known) or number_pair(known) is not None


def number_pair(fields: Iterable[SchemaField]) -> tuple[SchemaField, SchemaField] | None:
    """The two fields of numbers that say a longitude and a latitude, if they are the only ones."""
    numbers = [one for one in fields if one.type == "number"]
    lons = [one for one in numbers if _LON.search(one.name)]
    lats = [one for one in numbers if _LAT.search(one.name)]
    return (lons[0], lats[0]) if len(lons) == 1 and len(lats) == 1 else None


def positions(bench: Bench) -> Iterator[Position]:
    """Columns of geopoints, then a pair of columns of numbers."""
    for cell in bench.cells.values():
        if cell.field.type == "geopoint":
            lon, lat = position_of(cell)
            yield Position(lon, lat, cell.text, f"({readable(cell)})", cell)
    pair = number_pair(cell.field for cell in bench.cells.values())
    if pair is not None:
        east, north = (bench.cells[one.name] for one in pair)
        lon, lat = (f"CAST({cell.value} AS DOUBLE)" for cell in (east, north))
        both = f"concat({east.text}, ',', {north.text})"
        yield Position(lon, lat, both, f"({readable(east)} AND {readable(north)})", east)


def _in_box(bench: Bench, lon: str, lat: str) -> str:
    """SQL boolean: in the box of the producer, or in France."""
    box = bench.producer.get("bbox")
    if not box:
        return in_france(lon, lat)
    west, south, east, north = (float(one) for one in box)
    parallels = f"{lat} BETWEEN {south - TOLERANCE} AND {north + TOLERANCE}"
    return f"({lon} BETWEEN {west - TOLERANCE} AND {east + TOLERANCE} AND {parallels})"


def _swapped(bench: Bench, position: Position) -> str:
    right, wrong = _in_box(bench, position.lon, position.lat), _in_box(bench, position.lat, position.lon)
    return f"({position.there} AND NOT {right} AND {wrong})"


class SwappedPositions:
    name = "strict.swapped-position"

    def tests(self, bench: Bench, params: Mapping[str, Any]) -> Sequence[Test | Family]:
        return [
            Test(
                one.family("swapped-position", self.name),
                _swapped(bench, one),
                one.shown,
                f"concat({one.lat}, ',', {one.lon})",
            )
            for one in positions(bench)
        ]


class OutsideTerritory:
    name = "strict.outside-territory"

    def tests(self, bench: Bench, params: Mapping[str, Any]) -> Sequence[Test | Family]:
        territory = str(bench.producer.get("name") or ("" if bench.producer.get("bbox") else "France"))
        return [
            Test(
                one.family("outside-territory", self.name, territory=territory),
                f"{one.there} AND NOT {_swapped(bench, one)} AND ({self._outside(bench, one)})",
                one.shown,
            )
            for one in positions(bench)
        ]

    def _outside(self, bench: Bench, one: Position) -> str:
        out = f"NOT {_in_box(bench, one.lon, one.lat)}"
        boundary = bench.producer.get("boundary_wkt")
        if not boundary:
            return out
        bench.workshop.need_spatial()
        outline = f"ST_Buffer(ST_GeomFromText({literal(str(boundary))}), {TOLERANCE})"
        return f"{out} OR {_outside_outline(bench, one, outline)}"


def _outside_outline(bench: Bench, one: Position, outline: str) -> str:
    """SQL boolean, true where the position is out of one outline: decided on the distinct positions, once."""
    key = _key(one)
    sql = (
        f"WITH outline AS MATERIALIZED (SELECT {outline} AS shape), "
        f"places AS (SELECT DISTINCT {key} AS key, {one.lon} AS lon, {one.lat} AS lat FROM ({bench.table.sql}) AS t "
        f"WHERE {one.there}) "
        f"SELECT key FROM places, outline WHERE NOT ST_Intersects(shape, ST_Point(lon, lat))"
    )
    out = kept_values(bench.workshop, iter([(str(row[0]), None) for row in bench.workshop.execute(sql)]), "outside")
    return f"{key} IN (SELECT value FROM {out})"


def _key(one: Position, commune: str = "''") -> str:
    return f"concat({one.lon}, ' ', {one.lat}, ' ', {commune})"


class OutsideCommune:
    name = "strict.outside-commune"

    def tests(self, bench: Bench, params: Mapping[str, Any]) -> Sequence[Test | Family]:
        codes = [cell for name, cell in bench.cells.items() if _COMMUNE.search(name) and cell.field.type == "string"]
        if not codes or COMMUNES not in bench.resources or "wkt" not in self._columns(bench):
            return []
        found = list(positions(bench))
        if found:
            bench.workshop.need_spatial()
        return [self._test(bench, one, codes[0]) for one in found]

    def _columns(self, bench: Bench) -> list[str]:
        described = bench.workshop.execute(f"DESCRIBE SELECT * FROM ({bench.resources[COMMUNES]}) AS c")
        return [str(row[0]) for row in described]

    def _test(self, bench: Bench, one: Position, commune: Cell) -> Test:
        key = _key(one, commune.text)
        # Boundaries are read once, and only those that the file names.
        sql = (
            f"WITH places AS MATERIALIZED (SELECT DISTINCT {key} AS key, {commune.text} AS code, {one.lon} AS lon, "
            f"{one.lat} AS lat FROM ({bench.table.sql}) AS t WHERE {one.there} AND NOT {_swapped(bench, one)}), "
            f"outlines AS MATERIALIZED (SELECT code, nom, ST_Buffer(ST_GeomFromText(wkt), {TOLERANCE}) AS shape "
            f"FROM ({bench.resources[COMMUNES]}) AS c WHERE wkt IS NOT NULL AND code IN (SELECT code FROM places)) "
            f"SELECT key, any_value(nom) FROM places JOIN outlines USING (code) "
            f"GROUP BY key, lon, lat HAVING NOT bool_or(ST_Intersects(shape, ST_Point(lon, lat)))"
        )
        out = kept_values(
            bench.workshop, iter([(str(key), name) for key, name in bench.workshop.execute(sql)]), "elsewhere"
        )
        return Test(
            one.family("outside-commune", self.name, commune_column=commune.field.name),
            f"{one.there} AND {key} IN (SELECT value FROM {out})",
            one.shown,
            f"(SELECT min(note) FROM {out} WHERE value = {key})",
        )


for _rule in (SwappedPositions, OutsideTerritory, OutsideCommune):
    RULES.register(_rule.name, _rule())
