"""Rows made by us, written as capture writes a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bocage.capture.positions.geometry import summarise
from bocage.capture.services import (
    DICTIONARY,
    GEOGRAPHIC_DICTIONARY,
    GEOGRAPHIC_ROWS_PER_GROUP,
    ROWS_PER_GROUP,
    WRITING,
)
from bocage.capture.understanding import GeometryFound
from bocage.kernel.ids import new_uid
from bocage.store.engine import literal
from bocage.store.staged import StagedFile

if TYPE_CHECKING:
    from bocage.catalog.fields import Field
    from bocage.store.engine import Workshop


def stage_select(
    select: str,
    *,
    workshop: Workshop,
    directory: Path,
    fields: Sequence[Field],
    geometry: dict[str, Any],
    provenance: dict[str, Any],
) -> StagedFile:
    """The rows of `select`, one column by field, in its order. `geometry`: as `Version.geometry`, empty when there is none."""
    path = directory / f"{new_uid('staged')}.parquet"
    write_rows(select, path, workshop=workshop, geometry=geometry)
    return staged_file(path, workshop=workshop, fields=fields, geometry=geometry, provenance=provenance)


def group_rows(geometry: dict[str, Any]) -> int:
    """Rows of a full group of such a file."""
    return GEOGRAPHIC_ROWS_PER_GROUP if geometry else ROWS_PER_GROUP


def write_rows(select: str, path: Path, *, workshop: Workshop, geometry: dict[str, Any]) -> None:
    """As a file of the warehouse is written."""
    words = GEOGRAPHIC_DICTIONARY if geometry else DICTIONARY
    workshop.execute(
        f"COPY ({select}) TO {literal(str(path))} "
        f"({WRITING}, ROW_GROUP_SIZE {group_rows(geometry)}, DICTIONARY_SIZE_LIMIT {words})"
    )


def staged_file(
    path: Path, *, workshop: Workshop, fields: Sequence[Field], geometry: dict[str, Any], provenance: dict[str, Any]
) -> StagedFile:
    """A file that is written, with what its footer says."""
    summary = None
    if geometry:
        column, crs = str(geometry["column"]), str(geometry.get("original_crs") or "OGC:CRS84")
        summary = replace(summarise(workshop, path, column, GeometryFound("native", (column,))), original_crs=crs)
    [(row_count,)] = workshop.execute(f"SELECT count(*) FROM read_parquet({literal(str(path))})")
    return StagedFile(path, int(row_count), tuple(fields), summary, provenance)
