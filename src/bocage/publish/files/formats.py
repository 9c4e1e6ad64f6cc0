"""The formats of an export: what the engine must render, and how the texts become a file.

A format never sees a row: it receives Arrow batches and yields bytes. Errors known beforehand are raised before the
first yield. Installed packages add formats through the entry-point group `bocage.export_formats`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bocage.kernel.registry import Registry

if TYPE_CHECKING:
    from bocage.catalog.fields import Field
    from bocage.publish.files.reference_systems import ReferenceSystem
    from bocage.query.rendering import Rendering
    from bocage.query.reprojection import Part
    from bocage.query.services import Stream


@dataclass(frozen=True)
class Options:
    """What a client may ask of a format; each reads what concerns it and ignores the rest, as real links require."""

    title: str = ""
    address: str = ""  # the page of the dataset: names of RDF begin with it
    use_labels: bool = False
    delimiter: str = ";"
    list_separator: str = ","
    quote_all: bool = False
    with_bom: bool = True
    parquet_compression: str = ""
    system: ReferenceSystem | None = None  # of the coordinates; None: longitude and latitude on WGS 84
    name_field: str = ""
    description_fields: str = ""
    use_extension: bool = True

    def titles(self, columns: Sequence[Field]) -> list[str]:
        """The heads of the columns: technical names, or labels when asked."""
        return [(column.label or column.name) if self.use_labels else column.name for column in columns]


class ExportFormat(Protocol):
    """One way out. `geographic`: offered only for datasets that have a position or a shape."""

    @property
    def name(self) -> str: ...

    @property
    def media_type(self) -> str: ...

    @property
    def geographic(self) -> bool: ...

    @property
    def reprojects(self) -> Part:
        """What of a row follows the system that the client asks for; "" for formats that are on WGS 84 by definition."""

    def rendering(self, options: Options, /) -> Rendering | None:
        """How the engine writes a row; None: Arrow columns as they are."""

    def chunks(self, stream: Stream, options: Options, /) -> Iterator[bytes]:
        """The file, piece by piece."""


FORMATS: Registry[ExportFormat] = Registry("bocage.export_formats")
