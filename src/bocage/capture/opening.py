"""Open a file in a workshop: its format, its columns and their types, its geometry. What both verbs of capture share."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bocage.capture import containers, geometry
from bocage.capture.column_types import TypedColumn
from bocage.capture.columns import pairs, typed_columns
from bocage.capture.containers import Unpacked
from bocage.capture.errors import EmptyFile, NoColumn, UnknownFormat
from bocage.capture.reading import FORMATS, Format, Reading
from bocage.capture.sql import identifier
from bocage.capture.understanding import Corrections, GeometryFound, Layer
from bocage.catalog.fields import Field
from bocage.store.engine import Workshop
from bocage.store.staged import Notice

HEAD_BYTES = 1 << 16
# What other portals call the geometry of their exports: ours replaces the text that it was read from.
_TEXT_SOURCES = frozenset({"latlon_text", "lonlat_text", "wkt", "geojson"})


@dataclass(frozen=True)
class Source:
    """A file opened in a workshop, nothing understood yet."""

    unpacked: Unpacked
    reading: Reading


@dataclass(frozen=True)
class Opened:
    """`outputs`: the fields of the result, in order, each with its SQL expression over `reading.sql`; `guards`: for the
    fields whose type is only presumed, the expression that stops on a value that does not fit."""

    unpacked: Unpacked
    reading: Reading
    outputs: tuple[tuple[Field, str], ...]
    guards: dict[str, str]
    geometry: GeometryFound | None
    geometry_fields: tuple[str, ...]
    notices: tuple[Notice, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(field for field, _ in self.outputs)

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The choices inside: sheets of the workbook, else members of the archive."""
        return self.reading.layers or self.unpacked.layers

    @property
    def layer(self) -> str:
        return self.reading.layer or self.unpacked.layer

    def select(self) -> str:
        """The whole result, as a SELECT in the order of the file."""
        columns = ", ".join(
            f"{self.guards.get(field.name) or expression} AS {identifier(field.name)}"
            for field, expression in self.outputs
        )
        return f"SELECT {columns} FROM ({self.reading.sql}) AS relation"


def open_file(file: Path, *, filename: str, directory: Path, workshop: Workshop, corrections: Corrections) -> Source:
    """`directory`: the workshop's own. Raises EmptyFile, UnknownFormat and what the format raises."""
    if file.stat().st_size == 0:
        raise EmptyFile
    source = bring(file, directory / "source")
    unpacked = containers.unpack(source, filename=filename, directory=directory / "unpacked", corrections=corrections)
    inner = _inner(corrections, unpacked)
    reading = recognise(unpacked.path, unpacked.filename).read(unpacked.path, workshop, inner)
    return Source(unpacked, reading)


def understand(source: Source, *, workshop: Workshop, corrections: Corrections, presume: bool = False) -> Opened:
    """Types and geometry. `presume`: see `infer`. Raises NoColumn, UnknownType, ValueDoesNotFit and what geometry raises."""
    reading = source.reading
    typed, doubts = typed_columns(workshop, reading, corrections, presume=presume)
    found, places = _find_geometry(workshop, reading, typed, corrections)
    added = _geometry_outputs(found, workshop, reading, typed)
    replaced = {field.name for field, _ in added}
    kept = [one for one in typed if one.field.name not in replaced]
    outputs = [*((one.field, one.expression) for one in kept), *added]
    if not outputs:
        raise NoColumn
    return Opened(
        unpacked=source.unpacked,
        reading=reading,
        outputs=tuple(outputs),
        guards={one.field.name: one.guarded for one in kept if one.guarded},
        geometry=found,
        geometry_fields=tuple(field.name for field, _ in added),
        notices=(*source.unpacked.notices, *reading.notices, *doubts, *places),
    )


def bring(file: Path, target: Path) -> Path:
    """The file inside the workshop's folder, under a name of ours: a link where the disk allows it, else a copy."""
    try:
        os.link(file, target)
    except OSError:
        shutil.copyfile(file, target)
    return target


def recognise(file: Path, filename: str) -> Format:
    """The first format that says the file is its own. Raises UnknownFormat, EmptyFile."""
    with file.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if not head:
        raise EmptyFile
    # Text is read as a table when nothing else knows it, whatever the order in which the modules were imported.
    kinds = sorted((FORMATS.get(name) for name in FORMATS), key=lambda kind: kind.last_resort)
    for kind in kinds:
        if kind.recognises(head, filename):
            return kind
    raise UnknownFormat(filename=filename, formats=", ".join(kind.label for kind in kinds))


def provenance(file: Path, filename: str, opened: Opened) -> dict[str, Any]:
    """Where the data come from: kept with the version."""
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {
        "filename": filename,
        "format": opened.reading.format,
        "encoding": opened.reading.encoding,
        "delimiter": opened.reading.delimiter,
        "layer": opened.layer,
        "sha256": digest,
        "size": file.stat().st_size,
    }


def _inner(corrections: Corrections, unpacked: Unpacked) -> Corrections:
    """The layer asked for was the member of the archive: the format inside must not look for it."""
    members = {layer.name for layer in unpacked.layers}
    return replace(corrections, layer="") if corrections.layer in members else corrections


def _find_geometry(
    workshop: Workshop, reading: Reading, typed: list[TypedColumn], corrections: Corrections
) -> tuple[GeometryFound | None, list[Notice]]:
    if corrections.geometry_source == "none":
        return None, []
    return geometry.find_geometry(workshop, reading, pairs(typed), corrections)


def _geometry_outputs(
    found: GeometryFound | None, workshop: Workshop, reading: Reading, typed: list[TypedColumn]
) -> list[tuple[Field, str]]:
    """`geo_shape`, `geo_point_2d`: a text column of that very name, from which the geometry was read, gives way to it."""
    if found is None:
        return []
    sources = found.columns if found.source in _TEXT_SOURCES else ()
    taken = {one.field.name for one in typed if one.column.name not in sources}
    return geometry.geometry_columns(found, workshop, reading, taken)
