"""FlatGeobuf 3, read by GDAL once its framing has been checked. The rows come in the order of the file."""

from __future__ import annotations

import os
from pathlib import Path

from bocage.capture.geographic.flatgeobuf_header import SIGNATURE, read_header
from bocage.capture.inference.physical_types import typed_columns
from bocage.capture.positions.errors import DamagedFile
from bocage.capture.reading import FORMATS, Reading
from bocage.capture.sql import identifier, literal
from bocage.capture.tables.rows_file import check_geometry, columns_of, damaged, write_rows
from bocage.capture.understanding import Corrections, GeometryFound
from bocage.store.engine import EngineError, Workshop

LABEL = "FlatGeobuf"
# GDAL's fast path for this format reads outside its memory at a record without shape; this asks for its ordinary one.
os.environ["OGR_FLATGEOBUF_STREAM_BASE_IMPL"] = "YES"
FEATURE_ID = "OGC_FID"  # made by GDAL, not in the file


class FlatGeobuf:
    name = "flatgeobuf"
    label = LABEL
    extensions: tuple[str, ...] = (".fgb",)
    last_resort = False

    def recognises(self, head: bytes, filename: str) -> bool:
        return head.startswith(SIGNATURE)

    def read(self, file: Path, workshop: Workshop, corrections: Corrections) -> Reading:
        """Raises DamagedFile, CrsNotSupported, BadGeometry."""
        workshop.need_spatial()
        header = read_header(file)
        source = f"ST_Read({literal(str(file))}, allowed_drivers := ['FlatGeobuf'])"
        try:
            described = [pair for pair in columns_of(workshop, source) if pair[0] != FEATURE_ID]
            shapes = [name for name, kind in described if kind.startswith("GEOMETRY")]
            columns = typed_columns([pair for pair in described if pair[0] not in shapes])
            geometry = [f"CAST({identifier(shape)} AS GEOMETRY) AS geometry" for shape in shapes[:1]]
            relation = write_rows(workshop, f"SELECT {', '.join([*columns.select, *geometry])} FROM {source}")
        except EngineError as error:
            raise damaged(error, LABEL) from None
        [(read,)] = workshop.execute(f"SELECT count(*) FROM {relation}")
        if read != header.features:
            raise DamagedFile(format=LABEL, detail=f"{read} / {header.features}")
        checked = check_geometry(workshop, relation) if geometry else []
        return Reading(
            format=self.name,
            sql=f"SELECT * FROM {relation}",
            columns=columns.columns,
            geometry=GeometryFound("native", ("geometry",), crs=header.crs) if geometry else None,
            notices=(*columns.notices, *checked),
            row_estimate=read,
        )


FORMATS.register(FlatGeobuf.name, FlatGeobuf())
