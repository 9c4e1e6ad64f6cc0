"""The geometry of a reading: where it is, in which reference system, whether all of it can be read; and its columns.

What the format itself holds ("native") comes first; else shapes written in a column (GeoJSON, WKT), else positions (latitude and
longitude, one column of text, x and y). Nothing doubtful is corrected in silence: it is told, and a person decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bocage.capture import crs
from bocage.capture.geo_errors import CrsUnknown, OutsideTheWorld
from bocage.capture.geo_notices import CRS_INFERRED, CRS_OVERRIDDEN, EMPTY, OUTSIDE, SWAPPED, UNPARSABLE, notice
from bocage.capture.position_search import SOURCES, asked_for, search
from bocage.capture.position_sql import in_crs84, in_france, point_inside, present, source_geometry, text_of
from bocage.capture.reading import Column, Reading
from bocage.capture.rows_file import columns_of
from bocage.capture.sql import identifier, literal
from bocage.capture.understanding import Corrections, GeometryFound
from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.store.engine import Workshop
from bocage.store.staged import Notice, StagedGeometry

OGC_NAMES = {
    "POINT": "Point", "LINESTRING": "LineString", "POLYGON": "Polygon", "MULTIPOINT": "MultiPoint",
    "MULTILINESTRING": "MultiLineString", "MULTIPOLYGON": "MultiPolygon", "GEOMETRYCOLLECTION": "GeometryCollection",
}  # fmt: skip
_TYPES = "list(DISTINCT CAST(ST_GeometryType(g) AS VARCHAR)) FILTER (g IS NOT NULL)"
_MOST = 0.9  # a share that makes a suspicion
_USABLE = 0.5  # below this share of readable positions, a column found by its name alone is not a position


@dataclass(frozen=True)
class _Facts:
    """Of a whole file. `present`: rows where something is written; `parsed`: of these, read; `located`: of these, on Earth."""

    rows: int
    present: int
    parsed: int
    located: int
    first_outside: int | None
    types: tuple[str, ...]
    french: int
    french_if_swapped: int
    example: str


def find_geometry(
    workshop: Workshop, reading: Reading, fields: Sequence[tuple[Column, Field]], corrections: Corrections
) -> tuple[GeometryFound | None, list[Notice]]:
    """What to publish as geometry, None when there is none or when it is refused, and what is doubtful.

    Raises CrsNotSupported, CrsUnknown, OutsideTheWorld, GeometryColumnUnknown, GeometryColumnsMissing."""
    if corrections.geometry_source == "none":
        return None, []
    asked = corrections.geometry_source in SOURCES or bool(corrections.geometry_columns)
    found, notices = reading.geometry, list[Notice]()
    if asked:
        found = asked_for(workshop, reading, fields, corrections)
    elif found is None:
        found, notices = search(workshop, reading, fields)
    if found is None:
        return None, []
    try:
        located, more = _with_crs(workshop, reading, found, corrections)
    except CrsUnknown:
        if asked or found.source == "native":
            raise
        return None, []  # numbers that only have the names of positions: no reason to refuse the file
    facts = _facts(workshop, reading, located)
    if located.source != "native" and not asked and facts.located < _USABLE * facts.present:
        return None, []
    if located.source == "native" and facts.parsed > facts.located:
        raise OutsideTheWorld(crs=located.crs, record=facts.first_outside, count=facts.parsed - facts.located)
    if facts.located == 0 and located.source != "native" and not asked:
        return None, []
    return replace(located, types=facts.types), [*notices, *more, *_doubts(located, facts)]


def geometry_columns(
    found: GeometryFound, workshop: Workshop, reading: Reading, taken: set[str]
) -> list[tuple[Field, str]]:
    """The fields to add and the SQL of each, over the columns of the reading: GEOMETRY, CRS84, two dimensions."""
    shape = in_crs84(source_geometry(found), found.crs)
    if found.types == ("Point",) or not found.types:
        return [(Field(_free("geo_point_2d", taken), FieldType.GEOPOINT, label="Geo Point"), shape)]
    return [
        (Field(_free("geo_shape", taken), FieldType.GEOMETRY, label="Geo Shape"), shape),
        (Field(_free("geo_point_2d", taken), FieldType.GEOPOINT, label="Geo Point"), point_inside(shape)),
    ]


def summarise(workshop: Workshop, parquet: Path, column: str, found: GeometryFound) -> StagedGeometry:
    """Types and bounding box (CRS84) of the geometry column of a finished file."""
    source = f"read_parquet({literal(str(parquet))})"
    quoted = identifier(column)
    if not dict(columns_of(workshop, source))[column].startswith("GEOMETRY"):  # a file where every shape is missing
        quoted = f"ST_GeomFromWKB({quoted})"
    [(types, west, south, east, north)] = workshop.execute(
        f"SELECT {_TYPES}, min(ST_XMin(g)), min(ST_YMin(g)), max(ST_XMax(g)), max(ST_YMax(g)) "
        f"FROM (SELECT {quoted} AS g FROM {source})"
    )
    bbox = None if west is None else (max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0))
    return StagedGeometry(column, _ogc(types), bbox, found.crs)


def _with_crs(
    workshop: Workshop, reading: Reading, found: GeometryFound, corrections: Corrections
) -> tuple[GeometryFound, list[Notice]]:
    """The system: the one corrected, else declared, else the one that the coordinates fit."""
    if corrections.crs:
        chosen = crs.check(workshop, crs.parse(corrections.crs))
        told = found.crs and chosen != found.crs and found.source == "native"
        notices = [notice(CRS_OVERRIDDEN, declared=found.crs, crs=chosen)] if told else []
        return replace(found, crs=chosen), notices
    if found.crs not in ("", crs.CRS84):
        return replace(found, crs=crs.check(workshop, found.crs)), []
    bounds, degrees = _bounds(workshop, reading, found)
    if bounds is None or (found.crs == crs.CRS84 and degrees >= _USABLE):
        return replace(found, crs=crs.CRS84), []
    likely = crs.from_bounds(bounds)
    if likely is None:
        raise CrsUnknown
    return replace(found, crs=likely), [notice(CRS_INFERRED, crs=likely)]


def _bounds(workshop: Workshop, reading: Reading, found: GeometryFound) -> tuple[crs.Bounds | None, float]:
    """Where nearly all coordinates are, in their own system (the odd zero or typing error does not count), and the share of
    them that may be degrees."""
    [(degrees, west, east, south, north)] = workshop.execute(f"""
        SELECT avg(CASE WHEN x BETWEEN -180 AND 180 AND y BETWEEN -90 AND 90 THEN 1 ELSE 0 END),
            quantile_cont(x, 0.02), quantile_cont(x, 0.98), quantile_cont(y, 0.02), quantile_cont(y, 0.98)
        FROM (SELECT ST_XMin(g) AS x, ST_YMin(g) AS y FROM (SELECT {source_geometry(found)} AS g FROM ({reading.sql})))
        WHERE isfinite(x) AND isfinite(y)""")
    return (None, 0.0) if degrees is None else ((west, south, east, north), degrees)


def _facts(workshop: Workshop, reading: Reading, found: GeometryFound) -> _Facts:
    written = "g0 IS NOT NULL AND NOT ST_IsEmpty(g0)" if found.source == "native" else present(found.columns)
    shown = "''" if found.source == "native" else _shown(found.columns)
    [row] = workshop.execute(f"""
        SELECT count(*), count(*) FILTER (written), count(*) FILTER (written AND g0 IS NOT NULL), count(g),
            min(r) FILTER (written AND g0 IS NOT NULL AND g IS NULL), {_TYPES},
            count(*) FILTER ({in_france("ST_XMin(g)", "ST_YMin(g)")}),
            count(*) FILTER ({in_france("ST_YMin(g)", "ST_XMin(g)")}),
            any_value(shown) FILTER (written AND g0 IS NULL)
        FROM (SELECT *, {in_crs84("g0", found.crs)} AS g, {written} AS written, {shown} AS shown FROM (
            SELECT *, {source_geometry(found)} AS g0, row_number() OVER () AS r FROM ({reading.sql})))""")
    rows, filled, parsed, located, outside, types, french, swapped, example = row
    return _Facts(rows, filled, parsed, located, outside, _ogc(types), french, swapped, (example or "")[:60])


def _shown(columns: Sequence[str]) -> str:
    return "concat_ws(' ; ', " + ", ".join(text_of(column) for column in columns) + ")"


def _doubts(found: GeometryFound, facts: _Facts) -> list[Notice]:
    columns = ", ".join(found.columns)
    notices = []
    if facts.present > facts.parsed:
        notices.append(notice(UNPARSABLE, count=facts.present - facts.parsed, columns=columns, example=facts.example))
    if facts.parsed > facts.located:
        notices.append(notice(OUTSIDE, count=facts.parsed - facts.located, columns=columns))
    if facts.rows > facts.present:
        notices.append(notice(EMPTY, count=facts.rows - facts.present))
    few, most = facts.french <= (1 - _MOST) * facts.located, facts.french_if_swapped >= _MOST * facts.located
    if facts.located and few and most and found.crs == crs.CRS84:
        notices.append(notice(SWAPPED, columns=columns))
    return notices


def _ogc(types: Sequence[str] | None) -> tuple[str, ...]:
    """`POINT Z`, `MULTIPOLYGON`… → OGC names, in a fixed order."""
    names = {OGC_NAMES.get(kind.partition(" ")[0].upper(), "Geometry") for kind in types or ()}
    return tuple(name for name in (*OGC_NAMES.values(), "Geometry") if name in names)


def _free(name: str, taken: set[str]) -> str:
    """A name that nobody has yet; from now on it is taken."""
    candidate, rank = name, 1
    while candidate in taken:
        rank += 1
        candidate = f"{name}_{rank}"
    taken.add(candidate)
    return candidate
