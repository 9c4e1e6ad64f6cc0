"""A file as it was written: every column text, every row numbered as the person sees it, structure faults told, not mended.

What `check` and mappings read. Nothing is inferred, left out or completed, unlike `capture.services.stage`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bocage.capture.archives import containers
from bocage.capture.errors import EmptyFile
from bocage.capture.formats.csv import DelimitedText
from bocage.capture.formats.excel import Workbook
from bocage.capture.opening import bring, recognise
from bocage.capture.text_csv import delimited_table
from bocage.capture.text_typed import typed_table
from bocage.capture.text_workbook import workbook_table
from bocage.capture.understanding import Corrections
from bocage.check.table import StructureFault, TextTable
from bocage.kernel.ids import new_uid
from bocage.store.engine import Workshop


def text_table(
    file: Path, *, filename: str, workshop: Workshop, directory: Path, corrections: Corrections = Corrections()
) -> TextTable:
    """`directory`: the workshop's own; what is made on the way stays there. `filename`: a hint, never trusted alone.

    A file that holds nothing gives an empty table with a `source-error`. Raises the errors of `capture` for what cannot be
    read at all (unknown format, mixed encodings, too many columns, a row without end…)."""
    folder = directory / new_uid("text")
    folder.mkdir(parents=True)
    try:
        table = _read(file, filename, workshop, folder, corrections)
    except EmptyFile:
        table = nothing()
    return replace(table, provenance=table.provenance | {"filename": filename})


def nothing() -> TextTable:
    return TextTable(
        sql="SELECT NULL::BIGINT AS row WHERE false",
        names=(),
        labels=(),
        row_count=0,
        header_row=None,
        faults=(StructureFault("source-error"),),
    )


def _read(file: Path, filename: str, workshop: Workshop, folder: Path, corrections: Corrections) -> TextTable:
    if file.stat().st_size == 0:
        raise EmptyFile
    brought = bring(file, folder / "source")
    unpacked = containers.unpack(brought, filename=filename, directory=folder / "unpacked", corrections=corrections)
    kind = recognise(unpacked.path, unpacked.filename)
    corrections = replace(corrections, layer=unpacked.inner_layer)
    if isinstance(kind, DelimitedText):
        return delimited_table(unpacked.path, workshop, folder, corrections)
    if isinstance(kind, Workbook):
        return workbook_table(unpacked.path, workshop, folder, corrections)
    return typed_table(kind.read(unpacked.path, workshop, corrections), workshop)
