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
    group, words = (GEOGRAPHIC_ROWS_PER_GROUP, GEOGRAPHIC_DICTIONARY) if geometry else (ROWS_PER_GROUP, DICTIONARY)
    [(row_count,)] = workshop.execute(
        f"COPY ({select}) TO {literal(str(path))} ({WRITING}, ROW_GROUP_SIZE {group}, DICTIONARY_SIZE_LIMIT {words})"
    )
    summary = None
    if geometry:
        column, crs = str(geometry["column"]), str(geometry.get("original_crs") or "OGC:CRS84")
        summary = replace(summarise(workshop, path, column, GeometryFound("native", (column,))), original_crs=crs)
    return StagedFile(path, int(row_count), tuple(fields), summary, provenance)
