"""Formats offered for download, and what each is for."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class ExportFormat:
    """`code` is the end of the export address of the Explore API."""

    code: str
    title: str
    media_type: str
    purpose: Promise | str
    geographic_only: bool = False


EXPORT_FORMATS = (
    ExportFormat(
        "xlsx",
        "Excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _("Opens in a spreadsheet. Dates and numbers are ready to use."),
    ),
    ExportFormat("csv", "CSV", "text/csv", _("Text with one line per row, read by every tool.")),
    ExportFormat(
        "geojson", "GeoJSON", "application/geo+json", _("For maps: QGIS, web maps, uMap."), geographic_only=True
    ),
    ExportFormat(
        "shp",
        "Shapefile",
        "application/zip",
        _("For desktop GIS. One kind of shape, 50,000 rows at most."),
        geographic_only=True,
    ),
    ExportFormat(
        "kml", "KML", "application/vnd.google-earth.kml+xml", _("For Google Earth and phones."), geographic_only=True
    ),
    ExportFormat(
        "gpx", "GPX", "application/gpx+xml", _("For walkers, cyclists and their devices."), geographic_only=True
    ),
    ExportFormat(
        "fgb",
        "FlatGeobuf",
        "application/vnd.flatgeobuf",
        _("Large layers, read by pieces from their address."),
        geographic_only=True,
    ),
    ExportFormat("json", "JSON", "application/json", _("For web developers.")),
    ExportFormat(
        "jsonl", "JSON Lines", "application/x-ndjson", _("One JSON object per line: large files, read as a stream.")
    ),
    ExportFormat(
        "jsonld", "JSON-LD", "application/ld+json", _("Linked data: also in Turtle, N3 and RDF/XML through the API.")
    ),
    ExportFormat(
        "parquet", "Parquet", "application/vnd.apache.parquet", _("Compact and typed: Python, R, DuckDB, data science.")
    ),
)


def formats_for(*, geographic: bool) -> list[ExportFormat]:
    return [one for one in EXPORT_FORMATS if geographic or not one.geographic_only]
