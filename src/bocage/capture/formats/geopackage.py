"""GeoPackage (OGC 12-128): layers of shapes and tables of attributes, read by GDAL.

What a hostile or damaged file could do is checked before, with SQLite itself: GDAL reads what it can of a damaged file and
says nothing, and a layer that is a view may compute without end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from urllib.parse import quote

from bocage.capture.inference.physical_types import typed_columns
from bocage.capture.positions import crs
from bocage.capture.positions.errors import DamagedFile, LayerAbsent, NoLayer
from bocage.capture.positions.notices import OTHER_LAYERS, listed, notice
from bocage.capture.reading import FORMATS, Reading
from bocage.capture.sql import identifier, literal
from bocage.capture.tables.rows_file import check_geometry, columns_of, damaged, write_rows
from bocage.capture.understanding import Corrections, GeometryFound, Layer
from bocage.store.engine import EngineError, Workshop
from bocage.store.staged import Notice

LABEL = "GeoPackage"
CHECK_SECONDS = 60.0
MOST_LAYERS = 500
_TABLES = """
    SELECT c.table_name, g.column_name, upper(s.organization), s.organization_coordsys_id, s.definition, s.srs_name
    FROM gpkg_contents AS c
    JOIN sqlite_master AS m ON m.name = c.table_name AND m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%'
    LEFT JOIN gpkg_geometry_columns AS g ON g.table_name = c.table_name
    LEFT JOIN gpkg_spatial_ref_sys AS s ON s.srs_id = g.srs_id
    WHERE c.data_type IN ('features', 'attributes', 'aspatial') ORDER BY c.rowid LIMIT ?"""


@dataclass(frozen=True)
class Table:
    """One layer. `geometry`: its geometry column, "" for a table of attributes; `crs`: "" when not declared."""

    name: str
    rows: int
    geometry: str
    crs: str


class GeoPackage:
    name = "geopackage"
    label = LABEL
    extensions: tuple[str, ...] = (".gpkg",)
    last_resort = False

    def recognises(self, head: bytes, filename: str) -> bool:
        """An SQLite file whose application id is GPKG or GP10…, or whose name says so."""
        return head.startswith(b"SQLite format 3\x00") and (head[68:70] == b"GP" or filename.lower().endswith(".gpkg"))

    def read(self, file: Path, workshop: Workshop, corrections: Corrections) -> Reading:
        """Raises DamagedFile, NoLayer, LayerAbsent, CrsNotSupported, BadGeometry."""
        workshop.need_spatial()
        tables = layers_of(file)
        table, notices = _chosen(tables, corrections.layer)
        return _reading(file, table, tables, workshop, notices)


def _chosen(tables: list[Table], wanted: str) -> tuple[Table, list[Notice]]:
    names = [table.name for table in tables]
    if not tables:
        raise NoLayer(format=LABEL)
    if wanted and wanted not in names:
        raise LayerAbsent(layer=wanted, layers=listed(names))
    chosen = tables[names.index(wanted)] if wanted else tables[0]
    if len(tables) == 1 or wanted:
        return chosen, []
    return chosen, [notice(OTHER_LAYERS, layer=chosen.name, others=listed(names[1:]))]


def _reading(file: Path, table: Table, tables: list[Table], workshop: Workshop, notices: list[Notice]) -> Reading:
    source = f"ST_Read({literal(str(file))}, layer := {literal(table.name)}, allowed_drivers := ['GPKG'])"
    try:
        described = columns_of(workshop, source)
        shapes = [name for name, kind in described if kind.startswith("GEOMETRY")]
        columns = typed_columns([(name, kind) for name, kind in described if name not in shapes])
        geometry = [f"CAST({identifier(shapes[0])} AS GEOMETRY) AS geometry"] if shapes and table.geometry else []
        relation = write_rows(workshop, f"SELECT {', '.join([*columns.select, *geometry])} FROM {source}")
    except EngineError as error:
        raise damaged(error, LABEL) from None
    [(read,)] = workshop.execute(f"SELECT count(*) FROM {relation}")
    if read != table.rows:
        raise DamagedFile(format=LABEL, detail=f"{read} / {table.rows}")
    checked = check_geometry(workshop, relation) if geometry else []
    return Reading(
        format=GeoPackage.name,
        sql=f"SELECT * FROM {relation}",
        columns=columns.columns,
        geometry=GeometryFound("native", ("geometry",), crs=table.crs) if geometry else None,
        layers=tuple(Layer(each.name, each.rows) for each in tables),
        layer=table.name,
        notices=(*notices, *columns.notices, *checked),
        row_estimate=read,
    )


def layers_of(file: Path) -> list[Table]:
    """The tables that GeoPackage declares, after a check of the whole file. Raises DamagedFile, CrsNotSupported."""
    try:
        with _opened(file) as database:
            [(answer,)] = database.execute("PRAGMA quick_check(1)").fetchall()
            if answer != "ok":
                raise DamagedFile(format=LABEL, detail=str(answer)[:200])
            rows = database.execute(_TABLES, (MOST_LAYERS,)).fetchall()
            return [
                Table(name, _count(database, name), shape or "", _crs(organization, code, definition, label))
                for name, shape, organization, code, definition, label in rows
            ]
    except sqlite3.Error as error:
        raise DamagedFile(format=LABEL, detail=str(error)) from None


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    """Read-only, without journal, without trust in what the schema calls, and stopped after CHECK_SECONDS."""
    address = f"file:{quote(str(file.resolve()))}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as database:
        database.execute("PRAGMA trusted_schema = OFF")
        stop = monotonic() + CHECK_SECONDS
        database.set_progress_handler(lambda: monotonic() > stop, 100_000)
        yield database


def _count(database: sqlite3.Connection, table: str) -> int:
    [(count,)] = database.execute(f"SELECT count(*) FROM {identifier(table)}").fetchall()
    return int(count)


def _crs(organization: str | None, code: int | None, definition: str | None, name: str | None) -> str:
    """Canonical code; "" for the "undefined" systems of the standard (-1, 0). Raises CrsNotSupported."""
    if organization in ("EPSG", "OGC", "CRS") and code is not None and int(code) > 0:
        return crs.canonical(f"EPSG:{int(code)}") if organization == "EPSG" else crs.CRS84
    if not organization or organization == "NONE" or code in (-1, 0):
        return ""
    if found := crs.from_name(name or ""):
        return found
    return crs.parse(definition or name or organization)


FORMATS.register(GeoPackage.name, GeoPackage())
