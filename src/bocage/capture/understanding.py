"""What Bocage understood of a file, and what a person corrected. Both are plain data: shown on a page, kept with the
source, replayed at every update."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from bocage.catalog.fields import Field
from bocage.store.staged import Notice


@dataclass(frozen=True)
class Layer:
    """A choice inside a container: member of a zip, sheet of a workbook, layer of a GeoPackage. `rows` when cheap to know."""

    name: str
    rows: int | None = None


@dataclass(frozen=True)
class GeometryFound:
    """Where the geometry is. `source`: native, latlon, latlon_text, lonlat_text, wkt, geojson.

    `columns`: the source columns read ([lat, lon] for latlon, in that order). `crs`: `OGC:CRS84`, `EPSG:2154`…
    """

    source: str
    columns: tuple[str, ...]
    crs: str = "OGC:CRS84"
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Understanding:
    """The result of `inspect`. `fields` are the fields that publishing as is would give (geometry included)."""

    format: str
    filename: str
    fields: tuple[Field, ...]
    layers: tuple[Layer, ...] = ()
    layer: str = ""
    encoding: str = ""
    delimiter: str = ""
    header_line: int | None = None  # 1-based line of the file that holds the names; None when the format has no lines
    geometry: GeometryFound | None = None
    notices: tuple[Notice, ...] = ()
    preview: tuple[dict[str, Any], ...] = ()  # first rows, JSON-ready, by field name
    row_estimate: int | None = None

    def as_dict(self) -> dict[str, Any]:
        return dataclasses.asdict(self) | {"fields": [f.as_dict() for f in self.fields]}


@dataclass(frozen=True)
class FieldCorrection:
    """What a person changed on one field; None leaves what was understood. `keep=False` drops the field."""

    label: str | None = None
    type: str | None = None
    keep: bool = True


@dataclass(frozen=True)
class Corrections:
    """Everything a person may correct. Empty values leave what was understood.

    `declared`: Field.as_dict() of every column of this very file, from a source that describes them: nothing is understood, see
    `capture.declared`. It says nothing of the next file that a person drops."""

    layer: str = ""
    encoding: str = ""
    delimiter: str = ""
    header_line: int | None = None
    fields: dict[str, FieldCorrection] = field(default_factory=dict)  # by the field's technical name
    geometry_source: str = ""  # "none" refuses the geometry that was found
    geometry_columns: tuple[str, ...] = ()
    crs: str = ""
    declared: tuple[dict[str, Any], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Corrections:
        fields = {name: FieldCorrection(**value) for name, value in data.get("fields", {}).items()}
        columns = tuple(data.get("geometry_columns", ()))
        declared = tuple(data.get("declared", ()))
        return cls(**(data | {"fields": fields, "geometry_columns": columns, "declared": declared}))
