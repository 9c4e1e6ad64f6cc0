"""The representations of features, and the names by which clients ask for them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bocage.publish.ows.errors import invalid

GML = "application/gml+xml; version=3.2"
NAMES: dict[str, str] = {
    "application/gml+xml; version=3.2": "gml", "text/xml; subtype=gml/3.2": "gml", "text/xml; subtype=gml/3.2.1": "gml",
    "gml32": "gml", "gml3.2": "gml", "gml": "gml", "text/xml": "gml", "application/xml": "gml", "application/gml+xml": "gml",
    "application/json": "geojson", "application/geo+json": "geojson", "geojson": "geojson", "json": "geojson",
    "text/csv": "csv", "csv": "csv", "application/vnd.flatgeobuf": "fgb", "flatgeobuf": "fgb", "fgb": "fgb",
    "shape-zip": "shp", "application/zip": "shp", "shp": "shp", "application/vnd.google-earth.kml+xml": "kml", "kml": "kml",
    "application/vnd.apache.parquet": "parquet", "parquet": "parquet",
}  # fmt: skip
LISTED = (
    GML, "text/xml; subtype=gml/3.2", "application/geo+json", "application/json", "text/csv", "SHAPE-ZIP",
    "application/vnd.flatgeobuf", "application/vnd.apache.parquet", "application/vnd.google-earth.kml+xml",
)  # fmt: skip


def format_named(written: str) -> str:
    """Raises OwsError."""
    plain = "; ".join(one.strip() for one in written.lower().split(";"))
    found = NAMES.get(plain.replace('"', "") or GML)
    if found is None:
        raise invalid("outputFormat", written, _("one of %(names)s") % {"names": ", ".join(LISTED)})
    return found
