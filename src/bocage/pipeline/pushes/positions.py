"""From which columns the geometry of a version was made, so that pushed records have theirs too.

A version does not say it. Every likely way is tried on rows of the version: the one that makes the same shapes is the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bocage.capture.positions.names import names_a_place, pairs, text_order
from bocage.capture.positions.tables import SHAPE, Table, with_shape
from bocage.capture.understanding import GeometryFound
from bocage.catalog.vocabulary import FieldType
from bocage.pipeline.pushes.layout import Layout
from bocage.store.engine import EngineError, literal, quoted
from bocage.store.layout import version_path

if TYPE_CHECKING:
    from bocage.store.engine import Workshop
    from bocage.store.models import Version

ROWS_TRIED = 200
MOST_TRIED = 24
KEPT = "positions"
"""Where the provenance of a version made by pushes remembers it."""


def found_in(version: Version, layout: Layout, workshop: Workshop) -> GeometryFound | None:
    """None when the version has no geometry, or one that no other column tells."""
    main = version.geometry.get("column")
    if not main:
        return None
    if KEPT in version.provenance:
        return _from_dict(version.provenance[KEPT])
    ways = _likely(layout, str(version.geometry.get("original_crs") or "OGC:CRS84"))
    return next((way for way in ways if _makes_the_same(way, version, layout, workshop, main)), None)


def as_dict(found: GeometryFound | None) -> dict[str, Any]:
    return {"source": found.source, "columns": list(found.columns), "crs": found.crs} if found else {}


def _from_dict(data: dict[str, Any]) -> GeometryFound | None:
    return GeometryFound(data["source"], tuple(data["columns"]), data["crs"]) if data else None


def _likely(layout: Layout, crs: str) -> Iterator[GeometryFound]:
    columns = [one for one in layout.columns if not one.type.is_geographic]
    labels = [one.field.label or one.name for one in columns]
    tried = 0
    for pair in pairs(labels):
        yield GeometryFound("latlon", (columns[pair.y].name, columns[pair.x].name), crs)
        tried += 1
    texts = [
        one.name
        for one, label in zip(columns, labels, strict=True)
        if one.type in (FieldType.STRING, FieldType.OBJECT, FieldType.ARRAY)
        and (text_order(label) or names_a_place(label))
    ]
    for name in texts:
        for source in ("latlon_text", "lonlat_text", "geojson", "wkt"):
            if (tried := tried + 1) <= MOST_TRIED:
                yield GeometryFound(source, (name,), crs)


def _makes_the_same(way: GeometryFound, version: Version, layout: Layout, workshop: Workshop, main: str) -> bool:
    shape = quoted(main)
    rows = f"SELECT * FROM read_parquet({literal(str(version_path(version)))}) WHERE {shape} IS NOT NULL LIMIT {ROWS_TRIED}"
    numbers = frozenset(one.name for one in layout.columns if one.type in (FieldType.INTEGER, FieldType.NUMBER))
    sql = with_shape(Table(rows, numbers), way)
    same = f"ST_AsWKB({SHAPE}) IS NOT DISTINCT FROM ST_AsWKB({shape})"
    try:
        [(whole,)] = workshop.execute(f"SELECT coalesce(bool_and({same}), false) FROM ({sql}) AS tried")
    except EngineError:
        return False  # what is written there is of another kind
    return bool(whole)
