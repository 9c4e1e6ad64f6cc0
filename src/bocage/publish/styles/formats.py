"""The representations of a style."""

from __future__ import annotations

from bocage.catalog.styles.models import Encoding
from bocage.publish.ogc.negotiation import HTML, Format

MAPLIBRE = Format(
    "mapbox",
    "application/vnd.mapbox.style+json",
    "MapLibre",
    ("application/json", "application/vnd.maplibre.style+json"),
)
SLD = Format(
    "sld10",
    "application/vnd.ogc.sld+xml;version=1.0",
    "SLD 1.0",
    ("application/sld+xml", "application/xml", "text/xml"),
)
STYLESHEETS = (MAPLIBRE, SLD)
STYLE = (*STYLESHEETS, HTML)

SENT = {
    "application/vnd.mapbox.style+json": Encoding.MAPLIBRE,
    "application/vnd.maplibre.style+json": Encoding.MAPLIBRE,
    "application/json": Encoding.MAPLIBRE,
    "application/vnd.ogc.sld+xml": Encoding.SLD,
    "application/vnd.ogc.se+xml": Encoding.SLD,
    "application/sld+xml": Encoding.SLD,
    "application/xml": Encoding.SLD,
    "text/xml": Encoding.SLD,
}
"""Media types in which a style may be sent."""

SPEC = "http://www.opengis.net/spec/ogcapi-styles-1/1.0/conf/"
CONFORMS_TO = tuple(f"{SPEC}{one}" for one in ("core", "html", "manage-styles", "mapbox-styles", "sld-10", "sld-11"))
