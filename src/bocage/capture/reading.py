"""What a format gives: the file as an SQL relation in a workshop, everything still as it was written.

Formats are kinds: ours live in `capture/formats/`, one module each, and register in FORMATS; an installed package adds its
own through the entry-point group `bocage.formats`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Protocol, runtime_checkable

from bocage.capture.understanding import Corrections, GeometryFound, Layer
from bocage.catalog.vocabulary import FieldType
from bocage.kernel.registry import Registry
from bocage.store.engine import Workshop
from bocage.store.staged import Notice


@dataclass(frozen=True)
class Column:
    """One column of the relation. `name`: its name in the relation's SQL; `label`: what the file calls it ("" when nothing);
    `type`: the type that the format itself guarantees (a GeoPackage integer), None for text whose type must be inferred."""

    name: str
    label: str
    type: FieldType | None = None


@dataclass(frozen=True)
class Reading:
    """`sql`: a SELECT whose rows come in the order of the file; columns of `type` None are VARCHAR, exactly as written.

    `geometry` (source "native"): the relation has one more column, `geometry`, of SQL type GEOMETRY, in `geometry.crs`,
    x y order; it is not in `columns`.

    `confirm`: set by `Presuming`; given the number of rows written from all of `sql`, what there is to tell, in the place of
    `notices`. Raises PresumedWrongly.
    """

    format: str
    sql: str
    columns: tuple[Column, ...]
    geometry: GeometryFound | None = None
    layers: tuple[Layer, ...] = ()
    layer: str = ""
    encoding: str = ""
    delimiter: str = ""
    header_line: int | None = None
    notices: tuple[Notice, ...] = ()
    row_estimate: int | None = None
    # Line of the file (or of the sheet) that holds a row of the relation, counted from 0; None: the row number is all we know.
    line_of: Callable[[int], int] | None = field(default=None, compare=False, repr=False)
    confirm: Callable[[int], tuple[Notice, ...]] | None = field(default=None, compare=False, repr=False)


class Format(Protocol):
    """A kind of file. `label` is shown to people ("CSV", "GeoPackage"); `extensions` are hints, lower case, with the dot."""

    name: str
    label: str
    extensions: tuple[str, ...]
    last_resort: bool  # asked only once every other format has said no

    def recognises(self, head: bytes, filename: str) -> bool:
        """From the first 64 kB of the file (and its name as a hint): is it mine? Formats with a signature come first."""

    def read(self, file: Path, workshop: Workshop, corrections: Corrections) -> Reading:
        """Open the file in the workshop. Raises a BocageError that says what, where and how to mend it."""


@runtime_checkable
class Presuming(Protocol):
    """A format that can be opened from its head, by whoever reads the whole of it anyway."""

    def presume(self, file: Path, workshop: Workshop, corrections: Corrections) -> Reading:
        """As `read`; but where the rest of the file is not like its head, reading it is an error of the engine."""


class PresumedWrongly(Exception):
    """The file is not like its head: what was read is worth nothing, begin again with care."""


# The order in which a file is offered to the formats: those with a signature first, any text last.
FORMAT_MODULES = (
    "parquet", "geopackage", "flatgeobuf", "shapefile", "excel", "kml", "geojson", "json_records", "csv",
)  # fmt: skip

FORMATS: Registry[Format] = Registry("bocage.formats")
FORMATS.fill_when_asked(lambda: [import_module(f"bocage.capture.formats.{module}") for module in FORMAT_MODULES])
