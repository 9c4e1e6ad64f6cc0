"""Parquet and GeoParquet (1.0, 1.1, and the geometry type of Parquet itself): types kept, read in place by the engine."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bocage.capture.inference.physical_types import typed_columns
from bocage.capture.positions import crs
from bocage.capture.positions.errors import DamagedFile
from bocage.capture.reading import FORMATS, Reading
from bocage.capture.sql import identifier, literal
from bocage.capture.tables.rows_file import check_geometry, columns_of, crs_of_type, damaged, write_rows
from bocage.capture.understanding import Corrections, GeometryFound
from bocage.store.engine import EngineError, Workshop

LABEL = "Parquet"
MAGIC = b"PAR1"


@dataclass(frozen=True)
class Shape:
    """The main geometry column. `sql`: expression of type GEOMETRY; `crs`: canonical, "" when said to be unknown."""

    column: str
    sql: str
    crs: str


class Parquet:
    name = "parquet"
    label = LABEL
    extensions: tuple[str, ...] = (".parquet", ".geoparquet", ".pq")
    last_resort = False

    def recognises(self, head: bytes, filename: str) -> bool:
        return head.startswith(MAGIC)

    def read(self, file: Path, workshop: Workshop, corrections: Corrections) -> Reading:
        """Raises DamagedFile, CrsNotSupported, BadGeometry, TooManyColumns."""
        try:
            return _reading(file, workshop)
        except EngineError as error:
            raise damaged(error, LABEL) from None


def _reading(file: Path, workshop: Workshop) -> Reading:
    source = f"read_parquet({literal(str(file))})"
    metadata = _geo_metadata(workshop, file)
    if metadata:
        workshop.need_spatial()
    described = columns_of(workshop, source)
    shape = _shape(described, metadata)
    if shape:
        workshop.need_spatial()
    kept = [(name, kind) for name, kind in described if shape is None or name != shape.column]
    columns = typed_columns([(name, "GEOMETRY" if kind.startswith("GEOMETRY") else kind) for name, kind in kept])
    select = ", ".join([*columns.select, *([f"{shape.sql} AS geometry"] if shape else [])])
    relation = write_rows(workshop, f"SELECT {select or 'NULL'} FROM {source}")
    [(rows,)] = workshop.execute(f"SELECT count(*) FROM {relation}")
    return Reading(
        format=Parquet.name,
        sql=f"SELECT * FROM {relation}",
        columns=columns.columns,
        geometry=GeometryFound("native", ("geometry",), crs=shape.crs) if shape else None,
        notices=(*columns.notices, *(check_geometry(workshop, relation) if shape else ())),
        row_estimate=rows,
    )


def _geo_metadata(workshop: Workshop, file: Path) -> dict[str, Any]:
    """The `geo` key of GeoParquet; empty when there is none. Raises DamagedFile when it is not what the standard says."""
    found = workshop.execute(
        f"SELECT decode(value) FROM parquet_kv_metadata({literal(str(file))}) WHERE decode(key) = 'geo'"
    )
    if not found:
        return {}
    try:
        metadata = json.loads(found[0][0])
    except ValueError:
        raise DamagedFile(format="GeoParquet", detail="geo") from None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("columns"), dict):
        raise DamagedFile(format="GeoParquet", detail="geo")
    return metadata


def _shape(described: list[tuple[str, str]], metadata: dict[str, Any]) -> Shape | None:
    types = dict(described)
    main = metadata.get("primary_column")
    if not isinstance(main, str) or main not in types:
        main = next((name for name, kind in described if kind.startswith("GEOMETRY")), None)
    if main is None:
        return None
    declared = metadata.get("columns", {}).get(main)
    if types[main].startswith("GEOMETRY"):
        sql = f"CAST({identifier(main)} AS GEOMETRY)"
    elif types[main] == "BLOB":
        sql = f"ST_GeomFromWKB({identifier(main)})"
    else:
        raise DamagedFile(format="GeoParquet", detail=f"{main}: {types[main]}")
    return Shape(main, sql, _crs(declared, types[main]))


def _crs(declared: Any, sql_type: str) -> str:
    """GeoParquet: no `crs` member means CRS84, `null` means unknown. Raises CrsNotSupported."""
    if isinstance(declared, dict):
        if "crs" not in declared:
            return crs.CRS84
        return crs.from_projjson(declared["crs"]) if declared["crs"] is not None else ""
    known = crs_of_type(sql_type)
    if known is None:
        return ""
    return crs.from_projjson(json.loads(known)) if known.startswith("{") else crs.parse(known)


FORMATS.register(Parquet.name, Parquet())
