"""Why a shape is not valid, and where: what GEOS says of it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from bocage.check.rules.geometry.shapes import Shapes
from bocage.check.rules.kept import kept_values

EXPLAINED = 1_000  # shapes of which the reason is looked for; all are refused


def invalid_shapes(shapes: Shapes) -> str:
    """The name of a table of the texts of invalid shapes; `note`: the reason and its place, `Self-intersection[-1.55 47.2]`."""
    rows = shapes.bench.workshop.execute(
        f"SELECT text, CASE WHEN row_number() OVER (ORDER BY id) <= {EXPLAINED} THEN ST_AsWKB(shape) END FROM {shapes.table} "
        f"WHERE shape IS NOT NULL AND COALESCE(TRY(ST_IsValid(shape)), FALSE) = FALSE"
    )
    return kept_values(shapes.bench.workshop, ((str(text), _reason(wkb)) for text, wkb in rows), "invalid")


def _reason(wkb: bytes | None) -> str | None:
    if wkb is None:
        return None
    shapely: Any = import_module("shapely")  # only once something is wrong
    try:
        return str(shapely.is_valid_reason(shapely.from_wkb(bytes(wkb))))
    except shapely.errors.GEOSException as broken:
        return str(broken).split(":")[-1].strip()[:200]
