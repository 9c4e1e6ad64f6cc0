"""What capture hands to the store: a finished Parquet file in the staging area, and what is known of it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bocage.catalog.fields import Field


@dataclass(frozen=True)
class Notice:
    """Something doubtful or done on the way, told to the person: stable code, the fields of the sentence, where.

    The sentence itself is made at display time, in the reader's language, from `capture.notices`.
    """

    code: str
    fields: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


@dataclass(frozen=True)
class StagedGeometry:
    """`column`: the main geometry of the file; `types`: OGC names found; `bbox`: west, south, east, north, CRS84."""

    column: str
    types: tuple[str, ...]
    bbox: tuple[float, float, float, float] | None
    original_crs: str = "OGC:CRS84"


@dataclass(frozen=True)
class StagedFile:
    """A complete Parquet file (GeoParquet when `geometry`), not yet published.

    Columns are exactly `fields`, in order, in these physical types:
    string VARCHAR · integer BIGINT · number DOUBLE or DECIMAL · boolean BOOLEAN · date DATE ·
    datetime TIMESTAMPTZ (UTC) ·
    geopoint and geojson GEOMETRY in OGC:CRS84 (lon lat) · array VARCHAR[] · object JSON text (VARCHAR).
    Rows are in the order of the source file.
    """

    path: Path
    row_count: int
    fields: tuple[Field, ...]
    geometry: StagedGeometry | None = None
    provenance: dict[str, Any] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
