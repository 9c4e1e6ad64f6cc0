"""Formats that hold typed values (Parquet, JSON, GeoPackage…): written back as the texts that mean the same in a schema."""

from __future__ import annotations

from bocage.capture.reading import Reading
from bocage.capture.sql import identifier
from bocage.capture.tables.rows_file import columns_of
from bocage.check.table import TextTable
from bocage.check.written import written
from bocage.store.engine import Workshop


def typed_table(reading: Reading, workshop: Workshop) -> TextTable:
    """The rows are counted from 1: there is no line of names. The geometry of the format is a column `geometry`, in GeoJSON."""
    if reading.geometry and reading.geometry.source == "native":
        workshop.need_spatial()
    types = dict(columns_of(workshop, f"({reading.sql}) AS reading"))
    columns = [(column.name, column.label or column.name) for column in reading.columns]
    if reading.geometry and reading.geometry.source == "native" and "geometry" in types:
        columns.append(("geometry", "geometry"))
    texts = ", ".join(
        f"{written(identifier(name), types.get(name, 'VARCHAR'))} AS c{place}"
        for place, (name, _) in enumerate(columns)
    )
    return TextTable(
        sql=f"SELECT row_number() OVER () AS row, {texts} FROM ({reading.sql}) AS reading",
        names=tuple(f"c{place}" for place in range(len(columns))),
        labels=tuple(label for _, label in columns),
        row_count=reading.row_estimate,
        header_row=None,
        format=reading.format,
    )
