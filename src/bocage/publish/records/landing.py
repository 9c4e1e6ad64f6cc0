"""The landing page of the catalogue, the classes it conforms to, its one collection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bocage.publish.ogc.documents import REL, Cell, Page, document, itself, link
from bocage.publish.ogc.negotiation import DOCUMENTS, HTML, JSON, OPENAPI, SCHEMA
from bocage.publish.records.answers import answered_with
from bocage.publish.records.documents import SPEC as RECORDS_SPEC
from bocage.publish.records.resource import CATALOGUE
from bocage.query.coordinates import CRS84_URI

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from bocage.publish.records.call import RecordsCall

SPEC = "http://www.opengis.net/spec/"
RECORDS_CLASSES = tuple(
    f"{RECORDS_SPEC}{one}"
    for one in (
        "record-core", "record-collection", "record-core-query-parameters", "record-api", "records-api", "sorting",
        "record-filter", "autodiscovery", "searchable-catalog", "searchable-catalog-sorting",
        "searchable-catalog-filtering", "json", "html", "oas30",
        # The name of the drafts, by which clients still decide.
        "core",
    )
)  # fmt: skip
CONFORMS_TO = (
    *(f"{SPEC}ogcapi-common-1/1.0/conf/{one}" for one in ("core", "landing-page", "json", "html", "oas30")),
    f"{SPEC}ogcapi-common-2/1.0/conf/collections",
    *(f"{SPEC}ogcapi-features-1/1.0/conf/{one}" for one in ("core", "oas30", "html", "geojson")),
    *(
        f"{SPEC}ogcapi-features-3/1.0/conf/{one}"
        for one in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *RECORDS_CLASSES,
    *(
        f"{SPEC}cql2/1.0/conf/{one}"
        for one in (
            "basic-cql2", "cql2-text", "cql2-json", "advanced-comparison-operators", "case-insensitive-comparison",
            "accent-insensitive-comparison", "basic-spatial-functions", "basic-spatial-functions-plus", "spatial-functions",
            "temporal-functions", "array-functions", "property-property", "arithmetic", "functions",
        )
    ),
)  # fmt: skip


def landing(call: RecordsCall) -> HttpResponseBase:
    title, lead = _title(call), _lead()
    items = call.catalogue("items")
    content = {
        "title": title,
        "description": lead,
        "links": [
            *itself(call, DOCUMENTS),
            link("service-desc", call.address("api"), OPENAPI.media_type, _("Description of the interface")),
            link("service-doc", call.address("api", f="html"), HTML.media_type, _("Documentation of the interface")),
            link("conformance", call.address("conformance"), JSON.media_type, _("Conformance")),
            link("data", call.address("collections"), JSON.media_type, _("Collections")),
            link(f"{REL}ogc-catalog", items, "application/geo+json", title),
            link("search", items, "application/geo+json", _("Records")),
        ],
    }
    links = [
        (_("Catalogue"), call.catalogue(f="html")),
        (_("Records"), call.catalogue("items", f="html")),
        (_("Documentation of the interface"), call.address("api", f="html")),
        (_("Conformance"), call.address("conformance", f="html")),
    ]
    facts = [
        (_("Address to give to QGIS (MetaSearch) or GeoNetwork"), Cell(call.catalogue())),
        (_("For older software (CSW 2.0.2)"), Cell(f"{call.own_root}/csw")),
    ]
    return answered_with(call, document(call, content, Page(title, lead, facts=facts, links=links)))


def _title(call: RecordsCall) -> str:
    return _("Catalogue of %(title)s") % {"title": call.door.title}


def _lead() -> str:
    return _("The datasets of this platform as metadata records, for the catalogues of geographic software.")


def above(call: RecordsCall, *steps: tuple[str, str]) -> list[tuple[str, str]]:
    """The trail of a page."""
    return [(_("Metadata records"), call.address()), *steps]


def conformance(call: RecordsCall) -> HttpResponseBase:
    content = {"conformsTo": list(CONFORMS_TO), "links": itself(call, DOCUMENTS)}
    page = Page(
        _("Conformance"),
        _("The parts of the standards that this interface follows."),
        trail=above(call),
        links=[(one, one) for one in CONFORMS_TO],
    )
    return answered_with(call, document(call, content, page))


def collections(call: RecordsCall) -> HttpResponseBase:
    content = {"links": itself(call, DOCUMENTS), "collections": [described(call)]}
    page = Page(_("Collections"), _lead(), above(call), links=[(_title(call), call.catalogue(f="html"))])
    return answered_with(call, document(call, content, page))


def collection(call: RecordsCall) -> HttpResponseBase:
    content = described(call)
    content["links"] = [*itself(call, DOCUMENTS), *content["links"]]
    links = [
        (_("Records"), call.catalogue("items", f="html")),
        (_("What filters may name"), call.catalogue("queryables", f="html")),
        (_("What the order may name"), call.catalogue("sortables", f="html")),
    ]
    facts = [(_("Address to give to QGIS (MetaSearch) or GeoNetwork"), Cell(call.catalogue()))]
    page = Page(_title(call), _lead(), above(call), facts, links=links)
    return answered_with(call, document(call, content, page))


def described(call: RecordsCall) -> dict[str, Any]:
    """The catalogue as a collection of records. It has no extent: that of data on request is told to nobody."""
    told: dict[str, Any] = {
        "id": CATALOGUE,
        "type": "Catalog",
        "itemType": "record",
        "title": _title(call),
        "description": _lead(),
        "conformsTo": [f"{RECORDS_SPEC}record-core", f"{RECORDS_SPEC}searchable-catalog"],
        "crs": [CRS84_URI],
        "language": {"code": "fr"},
        "recordsArrayName": "features",
        "defaultSortOrder": ["+created", "+id"],
        "links": _links(call),
    }
    if call.door.publisher is not None:
        told["contacts"] = [{"organization": call.door.publisher.name, "roles": ["publisher"]}]
    return told


def _links(call: RecordsCall) -> list[dict[str, str]]:
    return [
        link("collection", call.catalogue(), JSON.media_type, _title(call)),
        link("items", call.catalogue("items"), "application/geo+json", _("Records")),
        link("items", call.catalogue("items", f="html"), HTML.media_type, _("Records")),
        link(f"{REL}queryables", call.catalogue("queryables"), SCHEMA.media_type, _("What filters may name")),
        link(f"{REL}sortables", call.catalogue("sortables"), SCHEMA.media_type, _("What the order may name")),
        link("describedby", call.catalogue("schema"), SCHEMA.media_type, _("Fields")),
        link("alternate", f"{call.own_root}/catalog.jsonld", "application/ld+json", "DCAT-AP 3"),
    ]
