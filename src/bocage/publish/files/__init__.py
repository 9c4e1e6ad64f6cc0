"""Whole files: the formats in which data leaves, their cache, their delivery. No standard's vocabulary here."""

from bocage.publish.files.flatgeobuf import FLATGEOBUF
from bocage.publish.files.formats import FORMATS, ExportFormat
from bocage.publish.files.geographic import KML, SHAPEFILE
from bocage.publish.files.gpx import Gpx
from bocage.publish.files.ov2 import Ov2
from bocage.publish.files.parquet import Parquet
from bocage.publish.files.rdf import N3, TURTLE, JsonLd, RdfXml
from bocage.publish.files.text import Csv, GeoJson, Json, JsonLines
from bocage.publish.files.workbook import Workbook

__all__ = ["FORMATS"]

_OURS: tuple[ExportFormat, ...] = (
    Csv(), Json(), JsonLines(), GeoJson(), Parquet(), Workbook(), SHAPEFILE, FLATGEOBUF, KML, Gpx(), Ov2(), JsonLd(), N3, RdfXml(),
    TURTLE,
)  # fmt: skip
for _format in _OURS:
    FORMATS.register(_format.name, _format)
