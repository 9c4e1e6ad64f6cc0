"""The landing page, the classes it conforms to, the functions of filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bocage.kernel.public_address import public_address
from bocage.publish.ogc.documents import REL, Cell, Page, above, document, itself, link
from bocage.publish.ogc.negotiation import DOCUMENTS, GEOJSON, HTML, JSON, OPENAPI
from bocage.publish.styles.formats import CONFORMS_TO as STYLES
from bocage.publish.tiles.formats import CONFORMS_TO as TILES
from bocage.publish.tiles.matrix_sets import SCHEMES
from bocage.publish.validators import validated
from bocage.query.cql2.functions import FUNCTIONS

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from bocage.publish.ogc.call import Call

SPEC = "http://www.opengis.net/spec/"
CONFORMS_TO = (
    *(f"{SPEC}ogcapi-common-1/1.0/conf/{one}" for one in ("core", "landing-page", "json", "html", "oas30")),
    *(f"{SPEC}ogcapi-common-2/1.0/conf/{one}" for one in ("collections",)),
    *(f"{SPEC}ogcapi-features-1/1.0/conf/{one}" for one in ("core", "oas30", "html", "geojson")),
    f"{SPEC}ogcapi-features-2/1.0/conf/crs",
    *(
        f"{SPEC}ogcapi-features-3/1.0/conf/{one}"
        for one in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *(
        f"{SPEC}ogcapi-features-4/1.0/conf/{one}"
        for one in ("create-replace-delete", "update", "features", "optimistic-locking-etags")
    ),
    # The present draft says in Common what is not of features alone.
    *(
        f"{SPEC}ogcapi-common-5/1.0/conf/{one}"
        for one in ("create-replace-delete", "update", "optimistic-locking-etags")
    ),
    *(
        f"{SPEC}ogcapi-features-5/1.0/conf/{one}"
        for one in ("schemas", "core-roles-features", "queryables", "sortables", "returnables-and-receivables")
    ),
    *(
        f"{SPEC}cql2/1.0/conf/{one}"
        for one in (
            "basic-cql2", "cql2-text", "cql2-json", "advanced-comparison-operators", "case-insensitive-comparison",
            "accent-insensitive-comparison", "basic-spatial-functions", "basic-spatial-functions-plus", "spatial-functions",
            "temporal-functions", "array-functions", "property-property", "arithmetic", "functions",
            # The names of the draft, by which QGIS decides whether to send its filters.
            "basic-spatial-operators", "spatial-operators", "temporal-operators", "array-operators",
        )
    ),
    f"{SPEC}json-fg-1/1.0/conf/core",
    *TILES,
    *STYLES,
)  # fmt: skip


def landing(call: Call) -> HttpResponseBase:
    title = _("OGC API of the platform")
    lead = _(
        "The data of this platform for geographic software: layers are opened, filtered and downloaded from this address."
    )
    content = {
        "title": title,
        "description": lead,
        "links": [
            *itself(call, DOCUMENTS),
            link("service-desc", call.address("api"), OPENAPI.media_type, _("Description of the interface")),
            link("service-doc", call.address("api", f="html"), HTML.media_type, _("Documentation of the interface")),
            link("conformance", call.address("conformance"), JSON.media_type, _("Conformance")),
            link("data", call.address("collections"), JSON.media_type, _("Collections")),
            link(f"{REL}functions", call.address("functions"), JSON.media_type, _("Functions of filters")),
            link(SCHEMES, call.address("tileMatrixSets"), JSON.media_type, _("Grids of tiles")),
            link(f"{REL}ogc-catalog", _records(call), GEOJSON.media_type, _("Metadata records")),
        ],
    }
    links = [
        (_("Collections"), call.address("collections", f="html")),
        (_("Documentation of the interface"), call.address("api", f="html")),
        (_("Conformance"), call.address("conformance", f="html")),
        (_("Functions of filters"), call.address("functions", f="html")),
        (_("Grids of tiles"), call.address("tileMatrixSets", f="html")),
        (_("Metadata records"), f"{_records(call)}?f=html"),
    ]
    facts = [(_("Address to give to QGIS, GDAL or ArcGIS"), Cell(call.address()))]
    page = Page(title, lead, facts=facts, links=links)
    return validated(call, call.key("landing", get_language()), lambda: document(call, content, page), open_data=True)


def _records(call: Call) -> str:
    """What the datasets are, for catalogues: an interface of its own, beside."""
    return public_address(call.request, "/records/collections/catalogue/items")


def conformance(call: Call) -> HttpResponseBase:
    content = {"conformsTo": list(CONFORMS_TO), "links": itself(call, DOCUMENTS)}
    page = Page(
        _("Conformance"),
        _("The parts of the standards that this interface follows."),
        trail=above(call),
        links=[(one, one) for one in CONFORMS_TO],
    )
    return validated(call, call.key("conformance"), lambda: document(call, content, page), open_data=True)


def functions(call: Call) -> HttpResponseBase:
    """The standard functions need no mention: these are the others."""
    content = {
        "functions": [
            {
                "name": name,
                "arguments": [{"type": list(kinds)} for kinds in one.arguments],
                "returns": [one.returns],
            }
            for name, one in sorted(FUNCTIONS.items())
        ],
        "links": itself(call, DOCUMENTS),
    }
    facts = [
        (f"{name}({', '.join(' | '.join(kinds) for kinds in one.arguments)})", Cell(one.returns))
        for name, one in sorted(FUNCTIONS.items())
    ]
    page = Page(_("Functions of filters"), _("Beside those of CQL2 itself."), above(call), facts)
    return validated(call, call.key("functions", get_language()), lambda: document(call, content, page), open_data=True)
