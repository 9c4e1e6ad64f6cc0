"""GetCapabilities, in the words of 1.3.0 or of 1.1.1: what this service does, and the layers that the caller may see on a map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bocage.kernel.public_address import public_address
from bocage.publish.ows.painting import PNG
from bocage.publish.ows.service import XLINK, abstract_of, title_of
from bocage.publish.ows.styling import offered
from bocage.publish.ows.systems import CODES
from bocage.publish.ows.xml import declared, document, element, texts
from bocage.publish.wms.asked import MOST_LAYERS as MOST_TOGETHER
from bocage.publish.wms.asked import MOST_PIXELS, NEWEST, OLDEST, is_older
from bocage.publish.wms.images import SWATCH
from bocage.publish.wms.information import FORMATS as INFORMATION
from bocage.query.styles import DEFAULT

if TYPE_CHECKING:
    from django.http import HttpResponse

    from bocage.catalog.models import Dataset
    from bocage.publish.ows.call import Call
    from bocage.publish.ows.xml import Element

NAMESPACES = {
    "": "http://www.opengis.net/wms",
    "xlink": XLINK,
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
SCHEMA = "http://www.opengis.net/wms http://schemas.opengis.net/wms/1.3.0/capabilities_1_3_0.xsd"
WORLD = (-180.0, -90.0, 180.0, 90.0)


def capabilities(call: Call) -> HttpResponse:
    older = is_older(call)
    parts = (_service(call, older=older), _capability(call, older=older))
    if older:
        root = declared(element("WMT_MS_Capabilities", *parts, version=OLDEST), {"xlink": XLINK})
        return document(root, "application/vnd.ogc.wms_xml")
    root = element("WMS_Capabilities", *parts, version=NEWEST, xsi__schemaLocation=SCHEMA)
    return document(declared(root, NAMESPACES), "text/xml")


def _service(call: Call, *, older: bool) -> Element:
    bounds = [("LayerLimit", MOST_TOGETHER), ("MaxWidth", MOST_PIXELS), ("MaxHeight", MOST_PIXELS)]
    return element(
        "Service",
        element("Name", "OGC:WMS" if older else "WMS"),
        element("Title", title_of(call, "WMS")),
        element("Abstract", abstract_of(call)),
        _link(public_address(call.request, "/")),
        element("Fees", "none"),
        element("AccessConstraints", "none"),
        *([] if older else [element(name, str(most)) for name, most in bounds]),
    )


def _link(address: str) -> Element:
    return element("OnlineResource", xlink__type="simple", xlink__href=address)


def _capability(call: Call, *, older: bool) -> Element:
    xml = "application/vnd.ogc.wms_xml" if older else "text/xml"
    legend = () if not older else (_operation(call, "GetLegendGraphic", (PNG,)),)
    return element(
        "Capability",
        element(
            "Request",
            _operation(call, "GetCapabilities", (xml,)),
            _operation(call, "GetMap", (PNG,)),
            _operation(call, "GetFeatureInfo", INFORMATION),
            *legend,
        ),
        element("Exception", element("Format", "application/vnd.ogc.se_xml" if older else "XML")),
        _root(call, older=older),
    )


def _operation(call: Call, name: str, formats: tuple[str, ...]) -> Element:
    get = element("Get", _link(call.operations))
    return element(name, *texts("Format", formats), element("DCPType", element("HTTP", get)))


def _root(call: Call, *, older: bool) -> Element:
    """What the layers inherit: the reference systems."""
    systems = [*CODES, *([] if older else ["CRS:84"])]
    return element(
        "Layer",
        element("Title", title_of(call, "WMS")),
        *texts("SRS" if older else "CRS", systems),
        *_bounds(WORLD, older=older),
        *(_layer(call, one, older=older) for one in call.layers),
    )


def _layer(call: Call, seen: Dataset, *, older: bool) -> Element:
    words = texts("Keyword", seen.keywords)
    attribution = element("Attribution", element("Title", seen.organization.name))
    return element(
        "Layer",
        element("Name", seen.slug),
        element("Title", seen.title),
        element("Abstract", seen.description) if seen.description else None,
        element("KeywordList", *words) if words else None,
        *_bounds(tuple(seen.bbox) if seen.bbox else WORLD, older=older),
        attribution,
        *_styles(call, seen),
        queryable="1",
    )


def _styles(call: Call, seen: Dataset) -> list[Element]:
    """The default one; all of them at the address of one dataset, where few documents are read."""
    by_default = _style(call, seen, DEFAULT, _("By default"))
    return [by_default, *(_style(call, seen, one.identifier, one.title) for one in offered(call))]


def _style(call: Call, seen: Dataset, name: str, title: str) -> Element:
    version = f"version={NEWEST}&service=WMS&request=GetLegendGraphic&format=image/png&layer={seen.slug}&style={name}"
    legend = element(
        "LegendURL", element("Format", PNG), _link(f"{call.operations}{version}"), width=str(SWATCH), height=str(SWATCH)
    )
    return element("Style", element("Name", name), element("Title", title), legend)


def _bounds(box: tuple[float, ...], *, older: bool) -> list[Element]:
    west, south, east, north = (float(one) for one in box)
    if older:
        sides = {"minx": str(west), "miny": str(south), "maxx": str(east), "maxy": str(north)}
        return [element("LatLonBoundingBox", **sides), element("BoundingBox", SRS="EPSG:4326", **sides)]
    geographic = element(
        "EX_GeographicBoundingBox",
        element("westBoundLongitude", str(west)),
        element("eastBoundLongitude", str(east)),
        element("southBoundLatitude", str(south)),
        element("northBoundLatitude", str(north)),
    )
    swapped = element("BoundingBox", CRS="EPSG:4326", minx=str(south), miny=str(west), maxx=str(north), maxy=str(east))
    return [geographic, swapped]
