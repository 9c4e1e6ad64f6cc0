"""Every address of docs/developer/addresses.md, asked by every kind of person, about data of every visibility.

The page is compared with the URL map by tests/project; here each of its lines must have an expectation, so that an address
added tomorrow fails until somebody has thought about who may ask.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import transaction

from bocage.access.vocabulary import Visibility
from bocage.catalog.models import Dataset
from bocage.organizations.models import Membership
from bocage.pipeline.models import Draft
from bocage.publish.tiles.archiving import Archives
from bocage.publish.tiles.orders import orders
from bocage.store.models import Version
from tests.project.test_addresses import documented
from tests.security.conftest import Territory

HERE = {"member here", "contributor here", "steward here", "coordinator here", "administrator above", "operator"}
GROUP = HERE | {"member elsewhere", "coordinator elsewhere", "coordinator above"}
SIGNED_IN = GROUP | {"nobody"}
EVERYONE = SIGNED_IN | {"stranger", "suspended"}
PUBLISH = HERE - {"member here"}
MANAGE = PUBLISH - {"contributor here"}
ADMINISTER = MANAGE - {"steward here"}
ABOVE = {"administrator above", "operator"}
PARTIES = HERE | {"member elsewhere", "coordinator elsewhere"}
"""Those of the two organisations of the agreement."""
PROTECTING = {"contributor here"}
"""The data protection officer here."""
HELPED = PUBLISH | {"coordinator above"}
"""Those who ask for help here, and the team of the métropole."""
READERS = {Visibility.PRIVATE: HERE, Visibility.SHARED: GROUP, Visibility.REQUEST: HERE, Visibility.OPEN: EVERYONE}
KNOWING = READERS | {Visibility.REQUEST: EVERYONE}
"""Those who may know of a dataset, whether they read its data or not."""

Expectation = Callable[[str, Visibility], int]


def readers(viewer: str, visibility: Visibility) -> int:
    if viewer in READERS[visibility]:
        return 200
    return 403 if viewer in KNOWING[visibility] else 404


def knowing(viewer: str, visibility: Visibility) -> int:
    """What shows nothing of the data."""
    return 200 if viewer in KNOWING[visibility] else 404


def asking(viewer: str, visibility: Visibility) -> int:
    """Asking for the data: whoever has them is brought to them, and “nobody” to their request that waits."""
    if viewer not in SIGNED_IN:
        return 302
    if viewer not in KNOWING[visibility]:
        return 404
    return 302 if viewer in READERS[visibility] | {"nobody"} else 200


def answering(viewer: str, visibility: Visibility) -> int:
    """The request of “nobody”: refused by those who manage the dataset."""
    if viewer not in SIGNED_IN:
        return 302
    if viewer in MANAGE:
        return 302
    return 403 if viewer == "nobody" and viewer in KNOWING[visibility] else 404


def desk(allowed: set[str], done: int = 200) -> Expectation:
    """A page of the console about a dataset: sign in; absent for whoever may not see; refused to whoever may not act."""

    def expected(viewer: str, visibility: Visibility) -> int:
        if viewer not in SIGNED_IN:
            return 302
        if viewer not in KNOWING[visibility]:
            return 404
        return done if viewer in allowed else 403

    return expected


def proposal(viewer: str, _visibility: Visibility) -> int:
    """The proposal of the contributor here: absent for whoever does not publish, refused to whoever does not manage."""
    if viewer not in SIGNED_IN:
        return 302
    if viewer not in PUBLISH:
        return 404
    return 302 if viewer in MANAGE else 403


def nobody(_viewer: str, _visibility: Visibility) -> int:
    """A key opens it, and no account does."""
    return 401


def office(allowed: set[str], done: int = 200, refused: int = 403) -> Expectation:
    """A page of the console about something else."""

    def expected(viewer: str, _visibility: Visibility) -> int:
        if viewer not in SIGNED_IN:
            return 302
        return done if viewer in allowed else refused

    return expected


def office_or_absent(allowed: set[str]) -> Expectation:
    """A public page of something that only some may know of."""

    def expected(viewer: str, _visibility: Visibility) -> int:
        return 200 if viewer in allowed else 404

    return expected


def pen(done: int = 200, also: frozenset[str] = frozenset()) -> Expectation:
    """What changes the draft of a schema: its leader; refused to those who may read it, absent for everybody else."""

    def expected(viewer: str, _visibility: Visibility) -> int:
        if viewer not in SIGNED_IN:
            return 302
        if viewer in ADMINISTER | also:
            return done
        return 403 if viewer in HERE | COORDINATORS else 404

    return expected


def drawer(done: int = 200) -> Expectation:
    """A draft of an agreement: written by the coordinators here, absent for whoever is not of its producer."""

    def expected(viewer: str, _visibility: Visibility) -> int:
        if viewer not in SIGNED_IN:
            return 302
        if viewer not in HERE:
            return 404
        return done if viewer in ADMINISTER else 403

    return expected


def moderating(viewer: str, visibility: Visibility) -> int:
    """What is said of a dataset, put in order by its stewards."""
    if viewer not in KNOWING[visibility]:
        return 404
    return 302 if viewer in MANAGE else 403


def speaking(viewer: str, visibility: Visibility) -> int:
    """A word about a dataset: signed in, and knowing of it."""
    if viewer not in KNOWING[visibility]:
        return 404
    return 302 if viewer in SIGNED_IN else 403


def everyone(_viewer: str, _visibility: Visibility) -> int:
    return 200


OWN = {"contributor here"}
"""Whose draft it is."""
READS = {"member here"}
"""Whose key it is."""

DATASET_TABS = (
    "table/", "map/", "map/places/", "map/sheet/", "map/qr.svg", "chart/", "export/", "api/", "history/", "quality/",
)  # fmt: skip
DESCRIPTIONS = ("", "schema/", "discussions/")
THREAD = "/explore/dataset/<str:slug>/discussions/<str:uid>/"
FORMATS = (
    "csv", "json", "jsonl", "geojson", "parquet", "xlsx", "fgb", "kml", "jsonld", "n3", "rdfxml", "turtle",
)  # fmt: skip
SCHEMA = "/console/schemas/<str:owner>/<str:slug>/"
DRAFT = "/console/schemas/<str:owner>/<str:slug>/<str:number>/draft/"
COORDINATORS = ADMINISTER | {"coordinator elsewhere", "coordinator above"}
"""Those who may say a word of a schema that everybody sees."""
OGC = ("conformance", "functions", "api", "collections", "tileMatrixSets")
TILES = "/tiles/(?P<collection>[^/]+)"
TILE_PARTS = {
    "/(?P<zoom>[^/]+)/(?P<column>[^/]+)/(?P<row>[^/]+).mvt": "/0/0/0.mvt", ".json": ".json",
    **{f"{number}.{name}": f"{one}.{name}" for number, one in (("", ""), ("/(?P<number>[0-9]{1,10})", "/1"))
       for name in ("pmtiles", "fgb")},
}  # fmt: skip
DRAWN_PARTS = {
    "/tiles": "/tiles", "/tiles/(?P<grid>[^/]+)": "/tiles/LAMB93",
    "/tiles/(?P<grid>[^/]+)/(?P<matrix>[^/]+)/(?P<row>[^/]+)/(?P<column>[^/]+)": "/tiles/WebMercatorQuad/0/0/0",
    "/styles": "/styles", "/styles/(?P<style>[^/]+)": "/styles/default",
    "/styles/(?P<style>[^/]+)/metadata": "/styles/usual/metadata",
}  # fmt: skip
OGC_PARTS = ("", "/queryables", "/schema", "/sortables", "/items")
CATALOGUE = "collections/catalogue"
RECORDS_PARTS = (
    "", "conformance", "api", "collections",
    *(f"{CATALOGUE}{part}" for part in ("", "/queryables", "/sortables", "/schema", "/items")),
)  # fmt: skip
OGC_FORMATS = ("json", "jsonfg", "html", "csv", "fgb", "parquet")
API = ("/records", "/facets", "/exports", "/attachments", *(f"/exports/{name}" for name in FORMATS))
FIRST_VERSION = ("analyze", "download", "geocluster", "geopolygon", "geopreview", "boundingbox")

WINDOW = "crs=CRS:84&bbox=-2,47,0,48&width=9&height=9"
OLDER_TILE = "/".join(
    f"(?P<{one}>[^/]+)" for one in ("layer", "style", "tilematrixset", "tilematrix", "tilerow", "tilecol")
)
OLDER_SERVICES: dict[str, tuple[str, Expectation]] = {
    "api wfs": ("/wfs?service=WFS&request=GetCapabilities", everyone),
    "api wfs of an organization": ("/wfs/organizations/ici?service=WFS&request=GetCapabilities", everyone),
    "api wfs stored queries": ("/wfs?service=WFS&request=ListStoredQueries", everyone),
    "api wfs features": ("/wfs/{slug}?service=WFS&version=2.0.0&request=GetFeature", readers),
    "api wfs schema": ("/wfs?service=WFS&version=2.0.0&request=DescribeFeatureType&typeNames={slug}", readers),
    "/wms/?": ("/wms?service=WMS&request=GetCapabilities", everyone),
    "/wms/organizations/(?P<organization>[^/]+)/?": ("/wms/organizations/ici?service=WMS&request=GetCapabilities", everyone),
    "/wms/(?P<dataset>[^/]+)/?": (f"/wms/{{slug}}?service=WMS&request=GetMap&layers={{slug}}&styles=&{WINDOW}", readers),
    "wms information": (f"/wms?service=WMS&request=GetFeatureInfo&layers={{slug}}&query_layers={{slug}}&i=1&j=1&{WINDOW}", readers),
    "wms legend": ("/wms?service=WMS&request=GetLegendGraphic&layer={slug}", readers),
    "/wmts/?": ("/wmts?service=WMTS&request=GetCapabilities", everyone),
    "/wmts/organizations/(?P<organization>[^/]+)/?": ("/wmts/organizations/ici?service=WMTS&request=GetCapabilities", everyone),
    "/wmts/(?P<dataset>[^/]+)/?": (
        "/wmts/{slug}?service=WMTS&request=GetTile&layer={slug}&tilematrixset=LAMB93&tilematrix=0&tilerow=0&tilecol=0", readers),
    "/wmts/1.0.0/WMTSCapabilities.xml": ("/wmts/1.0.0/WMTSCapabilities.xml", everyone),
    f"/wmts/{OLDER_TILE}.png": (
        "/wmts/{slug}/default/WebMercatorQuad/0/0/0.png", readers),
}  # fmt: skip

ARCGIS = "/arcgis/rest/services/(?P<name>[^/]+)/FeatureServer"
ARCGIS_READ = ("", "/layers", "/0", "/0/query")
ARCGIS_WRITE = ("applyEdits", "addFeatures", "updateFeatures", "deleteFeatures")
"""Refusals have the status 200 there: tests/publish/geoservices looks into their envelope."""

READ: dict[str, tuple[str, Expectation]] = {
    **{f"/arcgis/rest/{part}/?": (f"/arcgis/rest/{part}", everyone) for part in ("info", "services")},
    **{f"{ARCGIS}{part}/?": (f"/arcgis/rest/services/{{slug}}/FeatureServer{part}", everyone) for part in ARCGIS_READ},
    **OLDER_SERVICES,
    **{f"/explore/dataset/<str:slug>/{tab}": (f"/explore/dataset/{{slug}}/{tab}", readers) for tab in DATASET_TABS},
    **{f"/explore/dataset/<str:slug>/{tab}": (f"/explore/dataset/{{slug}}/{tab}", knowing) for tab in DESCRIPTIONS},
    "/explore/dataset/<str:slug>/map/places/<str:identifier>/": (
        "/explore/dataset/{slug}/map/places/{record}/", readers),
    "/explore/dataset/<str:slug>/map/tiles/<int:zoom>/<int:column>/<int:row>.mvt": (
        "/explore/dataset/{slug}/map/tiles/0/0/0.mvt", readers),
    **{f"/qgis/<str:slug>.{suffix}": (f"/qgis/{{slug}}.{suffix}", readers) for suffix in ("qlr", "qgs")},
    **{f"api {part}": (f"/api/explore/v2.1/catalog/datasets/{{slug}}{part}", readers) for part in API},
    "api ": ("/api/explore/v2.1/catalog/datasets/{slug}", knowing),
    "//*api/+datasets/+1.0/+(?P<dataset_id>[^/]+)/+attachments/+(?P<attachment_id>[^/]+)/*": (
        "/api/datasets/1.0/{slug}/attachments/notice_txt/", readers),
    "api /attachments/notice_txt": ("/api/explore/v2.1/catalog/datasets/{slug}/attachments/notice_txt", readers),
    "/console/datasets/<str:slug>/documents/": ("/console/datasets/{slug}/documents/", desk(PUBLISH)),
    "//*api/+explore/+v2.1/+console/*": ("/api/explore/v2.1/console?run=1&dataset_id={slug}", everyone),
    "//*api/+(?:v2|explore/+v2.0)(?P<path>/.*)?": ("/api/v2/catalog/datasets/{slug}/exports/csv", readers),
    "//*explore/+dataset/+(?P<dataset_id>[^/]+)/+download/*": ("/explore/dataset/{slug}/download/?format=csv", readers),
    **{f"/ogc/{part}/?".replace("//", "/"): (f"/ogc/{part}", everyone) for part in ("", *OGC)},
    **{f"/ogc/collections/(?P<collection>[^/]+){part}/?": (f"/ogc/collections/{{slug}}{part}", readers) for part in OGC_PARTS},
    **{f"ogc items {name}": (f"/ogc/collections/{{slug}}/items?f={name}", readers) for name in OGC_FORMATS},
    **{f"{TILES}{part}": (f"/tiles/{{slug}}{path}", readers) for part, path in TILE_PARTS.items()},
    "/ogc/tileMatrixSets/(?P<grid>[^/]+)/?": ("/ogc/tileMatrixSets/LAMB93", everyone),
    **{f"/ogc/collections/(?P<collection>[^/]+){part}/?": (f"/ogc/collections/{{slug}}{path}", readers)
       for part, path in DRAWN_PARTS.items()},
    "/ogc/collections/(?P<collection>[^/]+)/items/(?P<identifier>[^/]+)/?": (
        "/ogc/collections/{slug}/items/{record}", readers),
    **{f"/records/{part}/?".replace("//", "/"): (f"/records/{part}", everyone) for part in RECORDS_PARTS},
    f"/records/{CATALOGUE}/items/(?P<identifier>[^/]+)/?": (f"/records/{CATALOGUE}/items/{{slug}}", knowing),
    "/explore/dataset/(?P<identifier>[^/]+)/iso19139.xml": ("/explore/dataset/{slug}/iso19139.xml", knowing),
    "api csw": ("/csw?service=CSW&request=GetRecordById&id={slug}", everyone),
    "//*api/+datasets/+1.0(?P<path>/.*)?": ("/api/datasets/1.0/{slug}/", knowing),
    "//*api/+records/+1.0(?P<path>/.*)?": ("/api/records/1.0/search/?dataset={slug}", readers),
    **{f"api 1.0 {part}": (f"/api/records/1.0/{part}/?dataset={{slug}}&clusterprecision=5", readers) for part in FIRST_VERSION},
    "/console/": ("/console/", office(SIGNED_IN)),
    "/console/publish/": ("/console/publish/?dataset={slug}", desk(PUBLISH)),
    "/console/publish/<str:uid>/": ("/console/publish/{draft}/", office(OWN, refused=404)),
    "/console/publish/<str:uid>/details/": ("/console/publish/{draft}/details/", office(OWN, done=302, refused=404)),
    "/console/datasets/<str:slug>/": ("/console/datasets/{slug}/", desk(PUBLISH)),
    "/console/datasets/<str:slug>/fields/": ("/console/datasets/{slug}/fields/", desk(PUBLISH)),
    "/console/datasets/<str:slug>/versions/": ("/console/datasets/{slug}/versions/", desk(PUBLISH)),
    "/console/datasets/<str:slug>/edits/": ("/console/datasets/{slug}/edits/", desk(PUBLISH)),
    "/console/datasets/<str:slug>/styles/": ("/console/datasets/{slug}/styles/", desk(PUBLISH)),
    "/console/datasets/<str:slug>/styles/new/": ("/console/datasets/{slug}/styles/new/", desk(MANAGE)),
    "/console/datasets/<str:slug>/styles/<str:identifier>/edit/": (
        "/console/datasets/{slug}/styles/absent/edit/", desk(MANAGE, 404)),
    "/console/datasets/<str:slug>/references/": ("/console/datasets/{slug}/references/", desk(PUBLISH)),
    "/console/references/": ("/console/references/", office(SIGNED_IN)),
    "/console/datasets/<str:slug>/pushes/": ("/console/datasets/{slug}/pushes/", desk(PUBLISH)),
    "/console/datasets/<str:slug>/source/": ("/console/datasets/{slug}/source/", desk(PUBLISH)),
    "/console/datasets/<str:slug>/runs/": ("/console/datasets/{slug}/runs/", desk(PUBLISH)),
    "/console/publish/<str:uid>/mapping/": ("/console/publish/{draft}/mapping/", office(OWN, refused=404)),
    "/console/datasets/<str:slug>/quality/": ("/console/datasets/{slug}/quality/", desk(PUBLISH)),
    "/console/datasets/<str:slug>/conformity/": ("/console/datasets/{slug}/conformity/", desk(PUBLISH)),
    "/console/datasets/<str:slug>/quarantine/": ("/console/datasets/{slug}/quarantine/", desk(PUBLISH)),
    "/console/datasets/<str:slug>/quarantine/<str:uid>/": ("/console/datasets/{slug}/quarantine/{aside}/", desk(PUBLISH)),
    "/console/datasets/<str:slug>/reports/<int:pk>/": ("/console/datasets/{slug}/reports/{report}/", desk(PUBLISH)),
    "/console/datasets/<str:slug>/reports/<int:pk>.csv": ("/console/datasets/{slug}/reports/{report}.csv", desk(PUBLISH)),
    "/console/adoption/": ("/console/adoption/", office(SIGNED_IN)),
    "/console/digest/": ("/console/digest/", office(SIGNED_IN)),
    "/console/notices/": ("/console/notices/", office(SIGNED_IN)),
    "/console/reviews/": ("/console/reviews/?side=all", office(SIGNED_IN)),
    "/console/reviews/<str:uid>/": ("/console/reviews/{review}/", office(PUBLISH, refused=404)),
    "/console/datasets/<str:slug>/review/": ("/console/datasets/{slug}/review/", desk(MANAGE)),
    "/console/organization/<str:slug>/review/": ("/console/organization/ici/review/", office(ADMINISTER)),
    "/console/help/": ("/console/help/", office(SIGNED_IN)),
    "/console/help/new/": ("/console/help/new/?organization=ici", office(PUBLISH)),
    "/console/help/<str:uid>/": ("/console/help/{help}/", office(HELPED, refused=404)),
    THREAD: ("/explore/dataset/{slug}/discussions/{discussion}/", knowing),
    "/console/schemas/": ("/console/schemas/", office(SIGNED_IN)),
    "/console/schemas/new/": ("/console/schemas/new/", office(COORDINATORS)),
    SCHEMA: ("/console/schemas/ici/velos/", office(SIGNED_IN)),
    DRAFT: ("/console/schemas/ici/velos/1.1.0/draft/", pen()),
    f"{DRAFT}json/": ("/console/schemas/ici/velos/1.1.0/draft/json/", pen()),
    f"{DRAFT}fields/new/": ("/console/schemas/ici/velos/1.1.0/draft/fields/new/", pen()),
    f"{DRAFT}fields/<int:rank>/": ("/console/schemas/ici/velos/1.1.0/draft/fields/0/", pen()),
    "/console/code-lists/": ("/console/code-lists/", office(SIGNED_IN)),
    "/console/code-lists/new/": ("/console/code-lists/new/", office(COORDINATORS)),
    "/console/code-lists/<str:name>/": ("/console/code-lists/couleurs/", office(SIGNED_IN)),
    "/console/keys/": ("/console/keys/", office(SIGNED_IN)),
    "/console/runs/": ("/console/runs/", office(SIGNED_IN)),
    "/console/runs/<str:uid>/": ("/console/runs/{run}/", office(PUBLISH, refused=404)),
    "/console/datasets/<str:slug>/access/": ("/console/datasets/{slug}/access/", desk(MANAGE)),
    "/console/datasets/<str:slug>/access/rules/": ("/console/datasets/{slug}/access/rules/?look=1", desk(MANAGE)),
    "/console/access-requests/": ("/console/access-requests/", office(SIGNED_IN)),
    "/console/access-requests/mine/": ("/console/access-requests/mine/", office(SIGNED_IN)),
    "/console/access-requests/ask/<str:slug>/": ("/console/access-requests/ask/{slug}/", asking),
    "/console/access-requests/<str:uid>/": (
        "/console/access-requests/{access_request}/", office(MANAGE | {"nobody"}, refused=404)),
    "/console/agreements/": ("/console/agreements/", office(SIGNED_IN)),
    "/console/agreements/new/": ("/console/agreements/new/", office(COORDINATORS)),
    "/console/agreements/<str:uid>/": ("/console/agreements/{agreement}/", office(PARTIES, refused=404)),
    "/console/agreements/<str:uid>/draft/": ("/console/agreements/{written}/draft/", drawer()),
    "/console/agreements/<str:uid>/document/": ("/console/agreements/{agreement}/document/", office(PARTIES, refused=404)),
    "/console/agreements/<str:uid>/odrl.<str:suffix>": (
        "/console/agreements/{agreement}/odrl.jsonld", office(PARTIES, refused=404)),
    "/console/journal/": ("/console/journal/", office(COORDINATORS | PROTECTING)),
    "/console/journal/mine/": ("/console/journal/mine/", office(SIGNED_IN)),
    "/console/journal/export/": ("/console/journal/export/", office(COORDINATORS | PROTECTING)),
    "/console/groups/": ("/console/groups/", office(SIGNED_IN)),
    "/console/groups/<str:uid>/": ("/console/groups/{group}/", office(ADMINISTER, refused=404)),
    "/console/directory/": ("/console/directory/", office(GROUP)),
    "/console/organizations/": ("/console/organizations/", office(COORDINATORS)),
    "/console/organization/<str:slug>/": ("/console/organization/ici/", office(ADMINISTER | {"coordinator above"})),
    "what an organisation is": ("/console/organization/ici/", office(ADMINISTER | {"coordinator above"})),
    "/console/organization/<str:slug>/new/": ("/console/organization/ici/new/", office(ADMINISTER)),
    "/console/organization/<str:slug>/several/": ("/console/organization/ici/several/", office(ADMINISTER)),
    "/console/organization/<str:slug>/standards/": (
        "/console/organization/ici/standards/", office(HERE | {"coordinator above"})),
    "/console/organization/<str:slug>/merger/": ("/console/organization/ici/merger/", office(ABOVE)),
    "/console/organization/<str:slug>/members/": ("/console/organization/ici/members/", office(ADMINISTER)),
    "/console/organization/<str:slug>/portal/new/": ("/console/organization/ici/portal/new/", office(ADMINISTER)),
    "/console/groups/<str:uid>/portal/new/": ("/console/groups/{group}/portal/new/", office(ADMINISTER, refused=404)),
    "/console/portals/": ("/console/portals/", office(SIGNED_IN)),
    **{
        f"/console/portal/<str:uid>/{part}": (f"/console/portal/{{portal}}/{part}", office(ADMINISTER))
        for part in ("", "selection/", "home/", "texts/")
    },
    "/console/portal/<str:uid>/home/<str:block>/": ("/console/portal/{portal}/home/mot/", office(ADMINISTER)),
    "/console/portal/<str:uid>/texts/<str:text>/": ("/console/portal/{portal}/texts/{proposal}/", office(ADMINISTER)),
    "/theme/<str:uid>/<str:name>": ("/theme/{portal}/{logo}", everyone),
    "/console/portal/<str:uid>/theme/": ("/console/portal/{portal}/theme/", office(ADMINISTER)),
    "/console/portal/<str:uid>/theme/sample.css": ("/console/portal/{portal}/theme/sample.css", office(ADMINISTER)),
    **{
        address: (address, everyone)
        for address in (
            "/", "/explore/", "/explore/feed.rss", "/explore/feed.atom", "/organizations/", "/help/", "/licences/",
            "/accessibility/", "/legal/", "/sitemap/", "/sitemap.xml", "/robots.txt", "/basemap/communes.geojson", "/healthz",
            "/adoption/", "/check/", "/schemas/", "/schemas/schemas.json", "/code-lists/",
            "/api/check/v1/schemas", "/api/check/v1/openapi.json",
        )
    },
    "/schemas/<str:owner>/<str:slug>/": ("/schemas/ici/velos/", everyone),
    "/schemas/<str:owner>/<str:slug>/compare/": ("/schemas/ici/velos/compare/", everyone),
    "/schemas/<str:owner>/<str:slug>/<str:number>/": ("/schemas/ici/velos/1.0.0/", everyone),
    "a draft of a schema": ("/schemas/ici/velos/1.1.0/", office_or_absent(HERE | COORDINATORS)),
    "the file of a draft": ("/schemas/ici/velos/1.1.0/schema.json", office_or_absent(HERE | COORDINATORS)),
    "/schemas/<str:owner>/<str:slug>/<str:number>/schema.json": ("/schemas/ici/velos/1.0.0/schema.json", everyone),
    "/schemas/<str:owner>/<str:slug>/<str:number>/package.zip": ("/schemas/ici/velos/1.0.0/package.zip", everyone),
    "/code-lists/<str:name>/": ("/code-lists/couleurs/", everyone),
    "/code-lists/<str:name>/<str:number>.jsonld": ("/code-lists/couleurs/1.jsonld", everyone),
    "/code-lists/<str:name>/<str:number>.ttl": ("/code-lists/couleurs/1.ttl", everyone),
    "/catalog.(?P<suffix>ttl|jsonld|rdf)": ("/catalog.ttl", everyone),
    "/organizations/(?P<slug>[-w]+)/catalog.(?P<suffix>ttl|jsonld|rdf)": ("/organizations/ici/catalog.ttl", everyone),
    "/console/digest/stop/<str:token>/": ("/console/digest/stop/{stop}/", everyone),
    "/organizations/<str:slug>/": ("/organizations/ici/", everyone),
    "/theme/<str:uid>.css": ("/theme/{portal}.css", everyone),
    "/theme/<str:uid>.svg": ("/theme/{portal}.svg", everyone),
}  # fmt: skip
WRITE: dict[str, tuple[str, dict[str, str], Expectation]] = {
    **{f"{ARCGIS}/0/{part}/?": (f"/arcgis/rest/services/{{slug}}/FeatureServer/0/{part}", {}, everyone) for part in ARCGIS_WRITE},
    "/console/organization/<str:slug>/members/<int:pk>/invite/": (
        "/console/organization/ici/members/{member}/invite/", {}, office(ADMINISTER, 302)),
    "/console/organization/<str:slug>/members/<int:pk>/account/<str:action>/": (
        "/console/organization/ici/members/{member}/account/suspend/", {}, office(ABOVE, 302)),
    "/console/organization/<str:slug>/second-factor/": (
        "/console/organization/ici/second-factor/", {"least": "steward"}, office(ADMINISTER, 302)),
    "/console/keys/": ("/console/keys/", {}, office(SIGNED_IN, 422)),
    "/console/keys/<int:pk>/revoke/": ("/console/keys/{key}/revoke/", {}, office(READS, 302, refused=404)),
    "/console/keys/<int:pk>/restore/": ("/console/keys/{key}/restore/", {}, office(READS, 302, refused=404)),
    "/console/publish/<str:uid>/discard/": ("/console/publish/{draft}/discard/", {}, office(OWN, 302, refused=404)),
    "/console/datasets/<str:slug>/": ("/console/datasets/{slug}/", {"title": "x"}, desk(MANAGE)),
    "/console/datasets/<str:slug>/fields/": ("/console/datasets/{slug}/fields/", {}, desk(MANAGE, 302)),
    "/console/datasets/<str:slug>/source/": (
        "/console/datasets/{slug}/source/", {"url": "https://example.org/a.csv", "rhythm": "1d"}, desk(PUBLISH, 302)),
    "/console/datasets/<str:slug>/versions/<int:number>/restore/": (
        "/console/datasets/{slug}/versions/1/restore/", {}, desk(MANAGE, 302)),
    "/console/datasets/<str:slug>/versions/<int:number>/keep/": (
        "/console/datasets/{slug}/versions/1/keep/", {"reason": "x"}, desk(MANAGE, 302)),
    "/console/datasets/<str:slug>/versions/<int:number>/release/": (
        "/console/datasets/{slug}/versions/1/release/", {}, desk(MANAGE, 302)),
    "/console/datasets/<str:slug>/versions/<int:number>/remove/": (
        "/console/datasets/{slug}/versions/1/remove/", {}, desk(MANAGE, 302)),
    "/console/datasets/<str:slug>/versions/<int:number>/cancel/": (
        "/console/datasets/{slug}/versions/1/cancel/", {}, desk(MANAGE, 302)),
    "/console/datasets/<str:slug>/documents/": ("/console/datasets/{slug}/documents/", {}, desk(MANAGE, 400)),
    "/console/datasets/<str:slug>/documents/<str:identifier>/rename/": (
        "/console/datasets/{slug}/documents/notice_txt/rename/", {"title": "x"}, desk(MANAGE, 302)),
    "/console/datasets/<str:slug>/documents/<str:identifier>/remove/": (
        "/console/datasets/{slug}/documents/notice_txt/remove/", {}, desk(MANAGE, 302)),
    "/console/datasets/<str:slug>/documents/<str:identifier>/put-back/": (
        "/console/datasets/{slug}/documents/notice_txt/put-back/", {}, desk(MANAGE, 302)),
    "//*api/+push/+1.0/+(?P<dataset>[^/]+)/+(?P<resource>[^/]+)/+push/*": ("/api/push/1.0/{slug}/realtime/push/", {}, nobody),
    "//*api/+push/+1.0/+(?P<dataset>[^/]+)/+(?P<resource>[^/]+)/+delete/*": (
        "/api/push/1.0/{slug}/realtime/delete/", {}, nobody),
    "/console/datasets/<str:slug>/edits/": ("/console/datasets/{slug}/edits/", {"do": "forbid"}, desk(MANAGE, 302)),
    "/console/datasets/<str:slug>/styles/": (
        "/console/datasets/{slug}/styles/", {"do": "default", "style": "usual"}, desk(MANAGE, 302)),
    "/console/datasets/<str:slug>/styles/import/": ("/console/datasets/{slug}/styles/import/", {}, desk(MANAGE, 302)),
    "/console/datasets/<str:slug>/styles/new/": (
        "/console/datasets/{slug}/styles/new/", {"choices": '{"kind": "one"}', "title": "x"}, desk(MANAGE, 302)),
    "/console/datasets/<str:slug>/styles/<str:identifier>/edit/": (
        "/console/datasets/{slug}/styles/absent/edit/", {"choices": "", "title": "x"}, desk(MANAGE, 404)),
    "/console/datasets/<str:slug>/pushes/": (
        "/console/datasets/{slug}/pushes/", {"name": "capteurs", "silence": ""}, desk(MANAGE)),
    "/console/datasets/<str:slug>/pushes/now/": ("/console/datasets/{slug}/pushes/now/", {}, desk(PUBLISH, 302)),
    "/console/datasets/<str:slug>/pushes/aside/": ("/console/datasets/{slug}/pushes/aside/", {}, desk(PUBLISH, 302)),
    "giving up pushed records": ("/console/datasets/{slug}/pushes/aside/", {"do": "drop"}, desk(MANAGE, 302)),
    "/console/datasets/<str:slug>/pushes/<str:uid>/key/": ("/console/datasets/{slug}/pushes/{address}/key/", {}, desk(MANAGE)),
    "/console/datasets/<str:slug>/pushes/<str:uid>/key/<int:pk>/revoke/": (
        "/console/datasets/{slug}/pushes/{address}/key/{push_key}/revoke/", {}, desk(MANAGE, 302)),
    "/console/datasets/<str:slug>/pushes/<str:uid>/pause/": (
        "/console/datasets/{slug}/pushes/{address}/pause/", {"paused": "1"}, desk(PUBLISH, 302)),
    "/console/datasets/<str:slug>/pushes/<str:uid>/close/": (
        "/console/datasets/{slug}/pushes/{address}/close/", {}, desk(MANAGE, 302)),
    "/console/datasets/<str:slug>/source/now/": ("/console/datasets/{slug}/source/now/", {}, desk(PUBLISH, 302)),
    "/console/datasets/<str:slug>/source/pause/": ("/console/datasets/{slug}/source/pause/", {"paused": "1"}, desk(PUBLISH, 302)),
    "/console/publish/<str:uid>/mapping/": ("/console/publish/{draft}/mapping/", {}, office(OWN, 200, refused=404)),
    "/console/datasets/<str:slug>/conformity/": ("/console/datasets/{slug}/conformity/", {}, desk(PUBLISH, 302)),
    "/console/datasets/<str:slug>/conformity/<int:pk>/remove/": (
        "/console/datasets/{slug}/conformity/{conformity}/remove/", {}, desk(MANAGE, 302)),
    "/console/datasets/<str:slug>/quarantine/<str:uid>/": ("/console/datasets/{slug}/quarantine/{aside}/", {}, desk(PUBLISH, 302)),
    "/console/datasets/<str:slug>/quarantine/<str:uid>/drop/": (
        "/console/datasets/{slug}/quarantine/{aside}/drop/", {}, desk(PUBLISH, 302)),
    "/console/digest/": ("/console/digest/", {}, office(SIGNED_IN, 302)),
    "/console/notices/read/": ("/console/notices/read/", {}, office(SIGNED_IN, 302)),
    "/console/notices/unread/": ("/console/notices/unread/", {"read": "2026-01-01T00:00:00Z"}, office(SIGNED_IN, 302)),
    "/console/reviews/<str:uid>/<str:action>/": (
        "/console/reviews/{review}/withdraw/", {}, office(PUBLISH, 302, refused=404)),
    "deciding on a proposal": ("/console/reviews/{review}/return/", {"reason": "x"}, proposal),
    "/console/datasets/<str:slug>/review/": ("/console/datasets/{slug}/review/", {"required": "1"}, desk(MANAGE, 302)),
    "/console/organization/<str:slug>/review/": (
        "/console/organization/ici/review/", {"required": "1"}, office(ADMINISTER, 302)),
    "/console/help/new/": (
        "/console/help/new/?organization=ici", {"helper": "region", "subject": "x", "text": "x"}, office(PUBLISH, 302)),
    "/console/help/<str:uid>/": ("/console/help/{help}/", {"text": "x"}, office(HELPED, 302, refused=404)),
    "/console/help/<str:uid>/<str:action>/": ("/console/help/{help}/close/", {}, office(HELPED, 302, refused=404)),
    "/explore/dataset/<str:slug>/discussions/": (
        "/explore/dataset/{slug}/discussions/", {"subject": "x", "text": "x"}, speaking),
    THREAD: ("/explore/dataset/{slug}/discussions/{discussion}/", {"text": "x"}, speaking),
    f"{THREAD}<str:action>/": ("/explore/dataset/{slug}/discussions/{discussion}/close/", {}, moderating),
    "/console/schemas/new/": ("/console/schemas/new/", {}, office(COORDINATORS)),
    "/console/schemas/<str:owner>/<str:slug>/adoption/": (
        "/console/schemas/ici/velos/adoption/", {"organization": "ici"}, office(ADMINISTER, 302)),
    "/console/schemas/<str:owner>/<str:slug>/<str:number>/<str:action>/": (
        "/console/schemas/ici/velos/1.0.0/retire/", {}, office(ADMINISTER, 302)),
    "/console/schemas/<str:owner>/<str:slug>/<str:number>/remarks/": (
        "/console/schemas/ici/velos/1.0.0/remarks/", {"body": "Bien."}, office(COORDINATORS, 302)),
    "/console/schemas/remarks/<int:pk>/settle/": (
        "/console/schemas/remarks/{remark}/settle/", {}, pen(302, frozenset({"steward here"}))),
    f"{DRAFT}": ("/console/schemas/ici/velos/1.1.0/draft/", {}, pen()),
    f"{DRAFT}json/": ("/console/schemas/ici/velos/1.1.0/draft/json/", {}, pen()),
    f"{DRAFT}fields/new/": ("/console/schemas/ici/velos/1.1.0/draft/fields/new/", {}, pen()),
    f"{DRAFT}fields/<int:rank>/": ("/console/schemas/ici/velos/1.1.0/draft/fields/0/", {}, pen()),
    f"{DRAFT}fields/<int:rank>/move/": (
        "/console/schemas/ici/velos/1.1.0/draft/fields/0/move/", {"to": "0"}, pen(302)),
    "/console/code-lists/new/": ("/console/code-lists/new/", {}, office(COORDINATORS)),
    "/console/code-lists/<str:name>/": ("/console/code-lists/couleurs/", {}, office(ADMINISTER)),
    "/console/runs/<str:uid>/cancel/": ("/console/runs/{run}/cancel/", {}, office(PUBLISH, 302, refused=404)),
    "/console/runs/<str:uid>/retry/": ("/console/runs/{run}/retry/", {}, office(PUBLISH, 302, refused=404)),
    "/console/datasets/<str:slug>/references/mark/": (
        "/console/datasets/{slug}/references/mark/", {"kind": "other", "key": "nom"}, desk(ADMINISTER, 302)),
    "/console/datasets/<str:slug>/references/unmark/": (
        "/console/datasets/{slug}/references/unmark/", {}, desk(ADMINISTER, 302)),
    "/console/datasets/<str:slug>/references/link/": (
        "/console/datasets/{slug}/references/link/", {"field": "quartier", "reference": "territoire"}, desk(MANAGE, 302)),
    "/console/datasets/<str:slug>/references/<int:pk>/remove/": (
        "/console/datasets/{slug}/references/{link}/remove/", {}, desk(MANAGE, 302)),
    "/console/datasets/<str:slug>/access/": ("/console/datasets/{slug}/access/", {}, desk(MANAGE)),
    "/console/datasets/<str:slug>/access/rules/": ("/console/datasets/{slug}/access/rules/", {}, desk(MANAGE)),
    "/console/datasets/<str:slug>/access/rules/<int:pk>/end/": (
        "/console/datasets/{slug}/access/rules/{rule}/end/", {}, desk(MANAGE, 302)),
    "/console/datasets/<str:slug>/access/<int:pk>/end/": ("/console/datasets/{slug}/access/{grant}/end/", {}, desk(MANAGE, 302)),
    "/console/access-requests/ask/<str:slug>/": ("/console/access-requests/ask/{slug}/", {}, asking),
    "/console/access-requests/<str:uid>/": (
        "/console/access-requests/{access_request}/", {"do": "refuse", "reason": "Non."}, answering),
    "/console/agreements/new/": ("/console/agreements/new/", {}, office(COORDINATORS)),
    "/console/agreements/<str:uid>/": ("/console/agreements/{written}/", {}, drawer()),
    "/console/agreements/<str:uid>/draft/": ("/console/agreements/{written}/draft/", {}, drawer()),
    "/console/agreements/<str:uid>/datasets/<str:dataset>/remove/": (
        "/console/agreements/{written}/datasets/da_x/remove/", {}, drawer(302)),
    "/console/agreements/<str:uid>/<str:action>/": (
        "/console/agreements/{agreement}/suspend/", {"organization": "ici", "note": "x"},
        lambda viewer, visibility: office(ADMINISTER, 302, refused=403 if viewer in PARTIES else 404)(viewer, visibility)),
    "/console/agreements/<str:uid>/document/": (
        "/console/agreements/{agreement}/document/", {},
        lambda viewer, visibility: office(ADMINISTER, 302, refused=403 if viewer in PARTIES else 404)(viewer, visibility)),
    "/console/agreements/<str:uid>/document/remove/": (
        "/console/agreements/{written}/document/remove/", {}, drawer(302)),
    "/console/journal/<str:slug>/officers/": (
        "/console/journal/ici/officers/", {"email": "nobody@example.org"}, office(ADMINISTER, 302)),
    "/console/journal/<str:slug>/officers/<int:pk>/end/": (
        "/console/journal/ici/officers/{officer}/end/", {}, office(ADMINISTER, 302)),
    "/console/groups/": ("/console/groups/", {}, office(COORDINATORS)),
    "/console/groups/<str:uid>/": ("/console/groups/{group}/", {}, office(ADMINISTER, refused=404)),
    "/console/groups/<str:uid>/dissolve/": ("/console/groups/{group}/dissolve/", {}, office(ADMINISTER, 302, refused=404)),
    "/console/groups/<str:uid>/members/<int:pk>/remove/": (
        "/console/groups/{group}/members/{member}/remove/", {}, office(ADMINISTER, 302, refused=404)),
    "/console/organization/<str:slug>/": ("/console/organization/ici/", {}, office(ADMINISTER, 302)),
    "what an organisation is": (
        "/console/organization/ici/", {"identity": "1", "name": "Ici", "kind": "commune", "slug": "ici"},
        office(ABOVE | {"coordinator above"}, 302)),
    "/console/organization/<str:slug>/standards/": (
        "/console/organization/ici/standards/", {"purged_by": "steward"}, office(ADMINISTER, 302)),
    "/console/organization/<str:slug>/new/": (
        "/console/organization/ici/new/", {"name": "Là", "kind": "association"}, office(ADMINISTER, 302)),
    "/console/organization/<str:slug>/several/": (
        "/console/organization/ici/several/", {"table": "nom\nLà", "create": "1"}, office(ADMINISTER, 302)),
    "/console/organization/<str:slug>/merger/": ("/console/organization/ici/merger/", {}, office(ABOVE)),
    "/console/organization/<str:slug>/members/": (
        "/console/organization/ici/members/", {"email": "x@example.org", "role": "member"}, office(ADMINISTER)),
    "/console/organization/<str:slug>/members/<int:pk>/role/": (
        "/console/organization/ici/members/{member}/role/", {"role": "steward"}, office(ADMINISTER, 302)),
    "/console/organization/<str:slug>/members/<int:pk>/remove/": (
        "/console/organization/ici/members/{member}/remove/", {}, office(ADMINISTER, 302)),
    "/console/organization/<str:slug>/portal/new/": ("/console/organization/ici/portal/new/", {}, office(ADMINISTER)),
    "/console/groups/<str:uid>/portal/new/": ("/console/groups/{group}/portal/new/", {}, office(ADMINISTER, refused=404)),
    **{
        f"/console/portal/<str:uid>/{part}": (f"/console/portal/{{portal}}/{part}", said, office(ADMINISTER, 302))
        for part, said in (
            ("", {"name": "Autre", "domain": "donnees.example.org", "language": "fr"}), ("close/", {}), ("reopen/", {}),
            ("logo/", {}), ("selection/", {"showing": "own"}), ("selection/choose/", {"dataset": "secret"}),
            ("selection/leave-out/", {"dataset": "secret"}), ("home/add/", {"kind": "text"}), ("home/usual/", {}),
            ("texts/", {"title": "Mot"}),
        )
    },
    "/console/portal/<str:uid>/home/<str:block>/": ("/console/portal/{portal}/home/mot/", {"title": "x"}, office(ADMINISTER, 302)),
    "/console/portal/<str:uid>/home/<str:block>/move/": ("/console/portal/{portal}/home/mot/move/", {}, office(ADMINISTER, 302)),
    "/console/portal/<str:uid>/home/<str:block>/remove/": (
        "/console/portal/{portal}/home/mot/remove/", {}, office(ADMINISTER, 302)),
    "/console/portal/<str:uid>/texts/<str:text>/": (
        "/console/portal/{portal}/texts/{proposal}/", {"title": "Mot"}, office(ADMINISTER, 302)),
    "/console/portal/<str:uid>/texts/<str:text>/drop/": (
        "/console/portal/{portal}/texts/{proposal}/drop/", {}, office(ADMINISTER, 302)),
    "/console/portal/<str:uid>/proposed/<str:text>/": (
        "/console/portal/{portal}/proposed/{offered}/", {"answer": "accept"}, office(ADMINISTER, 302)),
    "/console/portal/<str:uid>/theme/": ("/console/portal/{portal}/theme/", {"try": "1"}, office(ADMINISTER)),
}  # fmt: skip
ELSEWHERE = {
    "/metrics": "test_operations", "/readyz": "test_operations", "/language/": "test_forms",
    "//*api/+explore/+v2.1(?P<path>/.*)?": "the lines `api …` above",
    "/console/publish/<str:uid>/mapping/preview/": "tests/console/test_mapping",
    "//*api/+push/+1.0/+(?P<dataset>[^/]+)/+(?P<resource>[^/]+)/+(?P<record_id>[^/]+)/+delete/*": "tests/publish/push",
    **dict.fromkeys(
        ("/wfs/?", "/wfs/organizations/(?P<organization>[^/]+)/?", "/wfs/(?P<dataset>[^/]+)/?"),
        "the lines `api wfs` above: a request is posted there in XML, and only reads",
    ),
    "/csw/?": "the line `api csw` above: a request is posted there in XML, and only reads",
    "/api/check/v1/": "nothing is there",
    "/api/check/v1/validate": "tests/publish/check",
    "/api/check/v1/badge.svg": "tests/publish/check",
    "/api/check/v1/report/<uid>.<suffix>": "tests/publish/check", "/check/<str:uid>/": "tests/portal/test_checking",
    "/check/<str:uid>/mend/": "tests/portal/test_checking", "/check/<str:uid>/mended.csv": "tests/portal/test_checking",
    "/explore/dataset/<str:slug>/schemas/<path:name>/<str:number>.csv": "tests/pipeline/test_gate",
}  # fmt: skip
"""Tried in another way; the pages of accounts, in test_accounts."""


def test_every_address_has_an_expectation() -> None:
    routes = {route for route in documented() if not route.startswith("/accounts/")}
    assert routes - set(READ) - set(WRITE) - set(ELSEWHERE) == set()


def asked(client, method: str, address: str, data: dict[str, str] | None = None) -> int:
    """The status; what was done is undone, so that the next asks of the same world."""
    with transaction.atomic():
        answer = client.post(address, data or {}) if method == "post" else getattr(client, method)(address)
        if answer.streaming:
            for _piece in answer.streaming_content:
                pass
        transaction.set_rollback(True)
    return int(answer.status_code)


def about_data(visibility: Visibility, expectation: Expectation) -> bool:
    """Does the answer depend on the visibility of the dataset? What does not is asked once."""
    return visibility == Visibility.PRIVATE or any(
        expectation(viewer, visibility) != expectation(viewer, Visibility.PRIVATE) for viewer in EVERYONE
    )


WITNESS = "member here"
"""Asked about every visibility: the least of those who read what is private."""


def askers(visibility: Visibility, expectation: Expectation) -> list[str]:
    """Everybody about what is private. About what more may see: whoever it changes something for, whoever is still refused,
    and one witness for those who were let in already."""
    if not about_data(visibility, expectation):
        return []
    return [
        viewer
        for viewer in sorted(EVERYONE)
        if visibility == Visibility.PRIVATE
        or viewer == WITNESS
        or expectation(viewer, visibility) >= 400
        or expectation(viewer, visibility) != expectation(viewer, Visibility.PRIVATE)
    ]


def methods(viewer: str, visibility: Visibility) -> tuple[str, ...]:
    twice = viewer == "stranger" or (viewer == WITNESS and visibility == Visibility.PRIVATE)
    return ("get", "head") if twice else ("get",)


def make_archives() -> None:
    """As the worker does: a reader is given what there is."""
    for version in Version.objects.all():
        orders().ask(version.uid)
    while Archives().make_next(lambda: False):
        pass


@pytest.mark.parametrize("visibility", Visibility)
def test_who_reads_what(territory: Territory, names: dict[str, str], visibility: Visibility) -> None:
    Dataset.objects.update(visibility=visibility)
    assert set(territory.viewers) == EVERYONE
    make_archives()
    wrong = []
    for template, expectation in READ.values():
        address = template.format(**names)
        for viewer in askers(visibility, expectation):
            expected = expectation(viewer, visibility)
            for method in methods(viewer, visibility):
                found = asked(territory.viewers[viewer], method, address)
                if found != expected:
                    wrong.append((viewer, method, address, found, expected))
    assert wrong == []


@pytest.mark.parametrize("visibility", Visibility)
def test_who_changes_what(territory: Territory, names: dict[str, str], visibility: Visibility) -> None:
    Dataset.objects.update(visibility=visibility)
    wrong = []
    for template, data, expectation in WRITE.values():
        address = template.format(**names)
        for viewer in askers(visibility, expectation):
            expected, found = expectation(viewer, visibility), asked(territory.viewers[viewer], "post", address, data)
            if found != expected:
                wrong.append((viewer, address, found, expected))
    assert wrong == []


def test_a_change_is_never_a_visit(territory: Territory, names: dict[str, str]) -> None:
    """What only writes does not answer GET, whoever asks; what only reads does not answer POST."""
    for route in set(WRITE) - set(READ):
        assert asked(territory.viewers["operator"], "get", WRITE[route][0].format(**names)) == 405, route
    for route in (
        set(READ)
        - set(WRITE)
        - {"/console/publish/", "/console/publish/<str:uid>/details/", "/console/publish/<str:uid>/", "/check/"}
        - {"/console/digest/stop/<str:token>/"}
    ):
        if route.startswith(("//*", "api ", "/arcgis/")):  # the Explore API reads by POST too, and only reads
            continue
        if not route.startswith(("/healthz", "/explore/feed")):
            assert asked(territory.viewers["operator"], "post", READ[route][0].format(**names)) == 405, route


def test_the_answer_about_a_hidden_thing_is_the_answer_about_an_absent_one(
    territory: Territory, names: dict[str, str]
) -> None:
    """Same status, same headers, same words: only the name asked for differs."""
    for viewer in ("stranger", "coordinator elsewhere"):
        client = territory.viewers[viewer]
        for template, expectation in READ.values():
            if expectation is not readers and "/console/datasets/" not in template:
                continue
            hidden, absent = (client.get(template.format(**names | {"slug": slug})) for slug in ("secret", "absent"))
            assert hidden.status_code == absent.status_code, (viewer, template)
            assert plain(hidden).replace("secret", "absent") == plain(absent), (viewer, template)
            assert set(hidden.headers) == set(absent.headers)


TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


def plain(answer) -> str:
    return TOKEN.sub("", answer.content.decode()) + answer.headers.get("Location", "")


def test_identifiers_of_one_organisation_do_not_open_another(
    territory: Territory, names: dict[str, str], publish
) -> None:
    """A member, a version, a run, a draft of here, asked through an address of elsewhere by its coordinator."""
    client = territory.viewers["coordinator elsewhere"]
    publish(territory.elsewhere, "theirs", Visibility.PRIVATE)
    for action in ("role", "remove"):
        address = f"/console/organization/ailleurs/members/{names['member']}/{action}/"
        assert asked(client, "post", address, {"role": "member"}) == 404
    assert asked(client, "post", "/console/datasets/theirs/versions/2/restore/") == 404
    for number in ("0", "99999999999999999999999999"):
        assert asked(client, "post", f"/console/datasets/theirs/versions/{number}/restore/") == 404
        assert asked(client, "post", f"/console/organization/ailleurs/members/{number}/remove/") == 404
    for absent in ("a%00b", "..", "%2e%2e%2fetc", "é" * 500):
        assert asked(client, "get", f"/console/runs/{absent}/") == 404
        assert asked(client, "get", f"/console/publish/{absent}/") == 404
    assert Draft.objects.count() == 1
    assert Membership.objects.filter(pk=names["member"], role="member").exists()


def test_nobody_is_raised_above_the_one_who_raises(territory: Territory, names: dict[str, str]) -> None:
    """A coordinator neither makes an administrator, of themselves or of a friend, nor unmakes one."""
    client = territory.viewers["coordinator here"]
    me = Membership.objects.get(user=territory.people["coordinator here"])
    boss = Membership.objects.create(user=territory.people["nobody"], organization=territory.here, role="administrator")
    members = "/console/organization/ici/members/"
    assert asked(client, "post", f"{members}{me.pk}/role/", {"role": "administrator"}) == 403
    assert asked(client, "post", f"{members}{names['member']}/role/", {"role": "administrator"}) == 403
    assert asked(client, "post", members, {"email": "friend@example.org", "role": "administrator"}) == 403
    assert asked(client, "post", members, {"email": territory.people["nobody"].email, "role": "member"}) == 403
    assert asked(client, "post", f"{members}{boss.pk}/role/", {"role": "member"}) == 403
    assert asked(client, "post", f"{members}{boss.pk}/remove/") == 403


def test_a_role_taken_away_is_gone_at_the_next_request(territory: Territory, names: dict[str, str]) -> None:
    client = territory.viewers["member here"]
    assert client.get("/explore/dataset/secret/").status_code == 200
    Membership.objects.filter(user=territory.people["member here"]).delete()
    assert client.get("/explore/dataset/secret/").status_code == 404
    territory.people["coordinator here"].is_active = False
    territory.people["coordinator here"].save()
    assert territory.viewers["coordinator here"].get("/explore/dataset/secret/").status_code == 404
