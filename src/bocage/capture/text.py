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
from bocage.capture.reading import Format
from bocage.capture.text_csv import Presumed, delimited_table, presumed_table
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


def presumed(
    file: Path, *, filename: str, workshop: Workshop, directory: Path, corrections: Corrections = Corrections()
) -> Presumed | None:
    """The table of a text in columns, for who reads all of it anyway and asks then whether it `holds`. None for other files, and
    for those that are faulty from their head on: `text_table` reads them. Raises the same errors."""
    folder = directory / new_uid("text")
    folder.mkdir(parents=True)
    try:
        path, kind, known = _brought(file, filename, folder, corrections)
        found = presumed_table(path, workshop, folder, known) if isinstance(kind, DelimitedText) else None
    except EmptyFile:
        return None
    if found is None:
        return None
    return replace(found, table=replace(found.table, provenance=found.table.provenance | {"filename": filename}))


def _read(file: Path, filename: str, workshop: Workshop, folder: Path, corrections: Corrections) -> TextTable:
    path, kind, known = _brought(file, filename, folder, corrections)
    if isinstance(kind, DelimitedText):
        return delimited_table(path, workshop, folder, known)
    if isinstance(kind, Workbook):
        return workbook_table(path, workshop, folder, known)
    return typed_table(kind.read(path, workshop, known), workshop)


def _brought(file: Path, filename: str, folder: Path, corrections: Corrections) -> tuple[Path, Format, Corrections]:
    """What is inside the file, its format, and the corrections that concern it."""
    if file.stat().st_size == 0:
        raise EmptyFile
    brought = bring(file, folder / "source")
    unpacked = containers.unpack(brought, filename=filename, directory=folder / "unpacked", corrections=corrections)
    kind = recognise(unpacked.path, unpacked.filename)
    return unpacked.path, kind, replace(corrections, layer=unpacked.inner_layer)
