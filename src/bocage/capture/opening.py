"""Open a file in a workshop: its format, its columns and their types, its geometry. What both verbs of capture share.

A file may be understood from all of its rows (`presume=False`), or from its head, for who writes all of it anyway: what was
presumed is then confirmed on what was written (`confirmed`), or the file is understood again with care.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bocage.capture.archives import containers
from bocage.capture.archives.containers import Unpacked
from bocage.capture.errors import EmptyFile, NoColumn, UnknownFormat
from bocage.capture.inference.column_types import TypedColumn
from bocage.capture.inference.columns import typed_columns
from bocage.capture.positions import geometry
from bocage.capture.positions.errors import CrsUnknown
from bocage.capture.positions.facts import FilePositions, TablePositions
from bocage.capture.positions.geometry import Candidate, Settled
from bocage.capture.positions.names import pairs
from bocage.capture.positions.search import SAMPLE
from bocage.capture.positions.tables import Table, with_shape
from bocage.capture.reading import FORMATS, Column, Format, PresumedWrongly, Presuming, Reading
from bocage.capture.sql import identifier, literal
from bocage.capture.understanding import Corrections, GeometryFound, Layer
from bocage.catalog.fields import Field
from bocage.kernel.errors import BocageError
from bocage.store.engine import Workshop
from bocage.store.staged import Notice

HEAD_BYTES = 1 << 16
# What other portals call the geometry of their exports: ours replaces the text that it was read from.
_TEXT_SOURCES = frozenset({"latlon_text", "lonlat_text", "wkt", "geojson"})
# The geometry of the format itself, among columns named after the fields: no field can have this name.
_NATIVE = "bocage:native"


class Source:
    """A file whose format is known. `unpacked`: what is inside; `corrections`: those that concern it."""

    def __init__(self, unpacked: Unpacked, kind: Format, corrections: Corrections) -> None:
        self.unpacked = unpacked
        self._kind = kind
        self._corrections = corrections
        self._reading: Reading | None = None

    @property
    def is_presumed(self) -> bool:
        """Was it last opened from its head alone?"""
        return self._reading is not None and self._reading.confirm is not None

    def read(self, workshop: Workshop, *, presume: bool) -> Reading:
        """Opened once, or once more when it was only presumed."""
        if self._reading is None or (self.is_presumed and not presume):
            kind = self._kind
            read = kind.presume if presume and isinstance(kind, Presuming) else kind.read
            self._reading = read(self.unpacked.path, workshop, self._corrections)
        return self._reading


@dataclass(frozen=True)
class Opened:
    """`rows`: the reading once typed, its columns named after their fields; `guarded`: the SQL of the same, that stops on a
    value whose type was presumed wrongly. `outputs`: the fields of the result, in order, each with its SQL over `relation`."""

    unpacked: Unpacked
    reading: Reading
    rows: Reading
    guarded: str
    outputs: tuple[tuple[Field, str], ...]
    candidate: Candidate | None
    settled: Settled
    geometry_fields: tuple[str, ...]
    doubts: tuple[Notice, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(field for field, _ in self.outputs)

    @property
    def geometry(self) -> GeometryFound | None:
        found = self.settled.found
        return replace(found, columns=("geometry",)) if found and found.source == "native" else found

    @property
    def notices(self) -> tuple[Notice, ...]:
        return (*self.unpacked.notices, *self.reading.notices, *self.doubts, *self.settled.notices)

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The choices inside: sheets of the workbook, else members of the archive."""
        return self.reading.layers or self.unpacked.layers

    @property
    def layer(self) -> str:
        return self.reading.layer or self.unpacked.layer

    @property
    def relation(self) -> str:
        return self._with_shape(self.rows.sql)

    def select(self) -> str:
        """The whole result, as a SELECT in the order of the file."""
        columns = ", ".join(f"{expression} AS {identifier(field.name)}" for field, expression in self.outputs)
        return f"SELECT {columns} FROM ({self._with_shape(self.guarded)}) AS relation"

    def _with_shape(self, sql: str) -> str:
        found = self.settled.found
        return with_shape(replace(Table.of(self.rows), sql=sql), found) if found else sql


def open_file(file: Path, *, filename: str, directory: Path, corrections: Corrections) -> Source:
    """`directory`: the workshop's own. Raises EmptyFile, UnknownFormat and what archives raise."""
    if file.stat().st_size == 0:
        raise EmptyFile
    source = bring(file, directory / "source")
    unpacked = containers.unpack(source, filename=filename, directory=directory / "unpacked", corrections=corrections)
    kind = recognise(unpacked.path, unpacked.filename)
    return Source(unpacked, kind, replace(corrections, layer=unpacked.inner_layer))


def understand(source: Source, *, workshop: Workshop, corrections: Corrections, presume: bool = False) -> Opened:
    """Columns, types and geometry. `presume`: from the head of the file, to be confirmed.

    Raises NoColumn, UnknownType, ValueDoesNotFit, what the format raises and what geometry raises."""
    reading = source.read(workshop, presume=presume)
    if pairs([column.label for column in reading.columns]):
        workshop.expect_spatial()
    typed, doubts = typed_columns(workshop, reading, corrections, presume=presume)
    rows = _typed(reading, typed)
    candidate = geometry.propose(workshop, rows, [(_column(one), one.field) for one in typed], corrections)
    settled = _settle(workshop, rows, candidate, corrections, presume=presume)
    kept, added = _outputs(settled.found, typed)
    if not kept and not added:
        raise NoColumn
    return Opened(
        unpacked=source.unpacked,
        reading=reading,
        rows=rows,
        guarded=_typed_sql(reading, typed, guarded=True),
        outputs=(*((one.field, identifier(one.field.name)) for one in kept), *added),
        candidate=candidate,
        settled=settled,
        geometry_fields=tuple(field.name for field, _ in added),
        doubts=tuple(doubts),
    )


def confirmed(opened: Opened, written: Path, row_count: int, *, workshop: Workshop, corrections: Corrections) -> Opened:
    """What was understood from the head, once all of it is written. Raises PresumedWrongly."""
    reading = opened.reading
    if reading.confirm:
        reading = replace(reading, notices=reading.confirm(row_count))
    candidate, settled = opened.candidate, opened.settled
    if candidate and not candidate.is_native:
        try:
            settled = geometry.settle(
                workshop, candidate, _positions(opened, candidate, written, workshop), corrections
            )
        except BocageError as error:
            raise PresumedWrongly from error
        if _written_as(settled.found) != _written_as(opened.settled.found):
            raise PresumedWrongly
    return replace(opened, reading=reading, settled=settled)


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


def provenance(file: Path, filename: str, opened: Opened, digest: str) -> dict[str, Any]:
    """Where the data come from: kept with the version. `digest`: SHA-256 of the file."""
    return {
        "filename": filename,
        "format": opened.reading.format,
        "encoding": opened.reading.encoding,
        "delimiter": opened.reading.delimiter,
        "layer": opened.layer,
        "sha256": digest,
        "size": file.stat().st_size,
    }


def _column(one: TypedColumn) -> Column:
    return Column(one.field.name, one.column.label, one.field.type)


def _typed(reading: Reading, typed: Sequence[TypedColumn]) -> Reading:
    """The reading with typed columns, named after their fields."""
    native = reading.geometry and replace(reading.geometry, columns=(_NATIVE,))
    sql, columns = _typed_sql(reading, typed), tuple(_column(one) for one in typed)
    return replace(reading, sql=sql, columns=columns, geometry=native)


def _typed_sql(reading: Reading, typed: Sequence[TypedColumn], *, guarded: bool = False) -> str:
    expressions = [f"{(guarded and one.guarded) or one.expression} AS {identifier(one.field.name)}" for one in typed]
    native = [f"geometry AS {identifier(_NATIVE)}"] if reading.geometry else []
    return f"SELECT {', '.join([*expressions, *native]) or 'NULL'} FROM ({reading.sql}) AS reading"


def _settle(
    workshop: Workshop, rows: Reading, candidate: Candidate | None, corrections: Corrections, *, presume: bool
) -> Settled:
    """What the format itself holds is looked at as a whole at once: it may refuse the file."""
    if candidate is None:
        return Settled()
    workshop.need_spatial()
    table = Table.of(rows)
    if presume and not candidate.is_native:
        with suppress(CrsUnknown):
            return geometry.settle(workshop, candidate, TablePositions(workshop, table.head(SAMPLE)), corrections)
    return geometry.settle(workshop, candidate, TablePositions(workshop, table), corrections)


def _outputs(
    found: GeometryFound | None, typed: Sequence[TypedColumn]
) -> tuple[list[TypedColumn], list[tuple[Field, str]]]:
    """The columns that stay, and those of the geometry: `geo_shape`, `geo_point_2d`. A text column of that very name, from
    which the geometry was read, gives way to it."""
    if found is None:
        return list(typed), []
    sources = found.columns if found.source in _TEXT_SOURCES else ()
    added = geometry.geometry_columns(found, {one.field.name for one in typed if one.field.name not in sources})
    replaced = {field.name for field, _ in added}
    return [one for one in typed if one.field.name not in replaced], added


def _positions(opened: Opened, candidate: Candidate, written: Path, workshop: Workshop) -> TablePositions:
    """Where to look for what the head presumed: in the file written, as far as it keeps the columns."""
    source = Table.of(opened.rows)
    kept = {field.name for field in opened.fields} - set(opened.geometry_fields)
    found = opened.settled.found
    if found:
        shape = opened.geometry_fields[0]
        return FilePositions(workshop, source, written, shape=shape, written=found, kept=kept)
    if kept.issuperset(candidate.found.columns):
        source = replace(source, sql=f"SELECT * FROM read_parquet({literal(str(written))})")
    return TablePositions(workshop, source)


def _written_as(found: GeometryFound | None) -> tuple[Any, ...] | None:
    """What decides of the columns of the file, and of their values."""
    if found is None:
        return None
    return found.source, found.columns, found.crs, geometry.has_only_points(found)
