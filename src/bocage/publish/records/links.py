"""Where the data of a dataset are to be had: files, services, pages, in the words that catalogues of geographic software know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.urls import is_valid_path
from django.utils.translation import gettext as _

from bocage.access.vocabulary import Visibility
from bocage.catalog.vocabulary import Licence
from bocage.publish.dcat.distributions import offered

if TYPE_CHECKING:
    from bocage.catalog.models import Dataset
    from bocage.publish.dcat.addresses import Addresses
    from bocage.store.models import Attachment

FILES = ("csv", "xlsx", "json", "geojson", "shp", "fgb", "parquet")
"""Formats in which people open data, not every syntax that exists."""
ISO_MEDIA_TYPE = "application/vnd.iso.19139+xml"


class Role(StrEnum):
    """What a link is for; the value is the relation of links on the web (RFC 8288, IANA)."""

    PAGE = "describes"
    ASK = "service-doc"
    FILE = "enclosure"
    SERVICE = "service"
    DOCUMENT = "related"
    LICENCE = "license"


@dataclass(frozen=True)
class Link:
    """`protocol`: as catalogues of geographic software name it (GeoNetwork, pycsw, MetaSearch). `name`: of the layer in a
    service, of the file otherwise."""

    role: Role
    href: str
    media_type: str
    title: str
    protocol: str
    name: str = ""


PAGE_PROTOCOL, FILE_PROTOCOL = "WWW:LINK-1.0-http--link", "WWW:DOWNLOAD-1.0-http--download"


@dataclass(frozen=True)
class Service:
    """`path`: of the platform, `{slug}` being the dataset. `geographic`: only for datasets that are on a map."""

    title: str
    protocol: str
    path: str
    media_type: str = "application/json"
    geographic: bool = True


SERVICES = (
    Service("OGC API – Features", "OGC API - Features", "/ogc/collections/{slug}", geographic=False),
    Service("WFS 2.0", "OGC:WFS", "/wfs/{slug}", "application/xml"),
    Service("WMS 1.3.0", "OGC:WMS", "/wms/{slug}", "application/xml"),
    Service("WMTS 1.0.0", "OGC:WMTS", "/wmts/{slug}", "application/xml"),
    Service("TileJSON", "WWW:LINK-1.0-http--tilejson", "/tiles/{slug}.json"),
    Service("GeoServices REST", "ESRI:ArcGIS:FeatureServer", "/arcgis/rest/services/{slug}/FeatureServer"),
    Service("Explore API 2.1", "WWW:LINK-1.0-http--rest", "/api/explore/v2.1/catalog/datasets/{slug}", geographic=False),
)  # fmt: skip


def links_of(dataset: Dataset, addresses: Addresses, documents: Sequence[Attachment] = ()) -> list[Link]:
    """`dataset`: as one reader may know it; to whoever does not read its data, where to ask for them."""
    found = [Link(Role.PAGE, addresses.dataset(dataset.slug), "text/html", dataset.title, PAGE_PROTOCOL)]
    if dataset.version_number is not None:
        found += [*_files(dataset, addresses), *_services(dataset, addresses)]
    elif dataset.visibility == Visibility.REQUEST:
        asking = _("Ask for the data")
        found.append(Link(Role.ASK, addresses.access(dataset.slug), "text/html", asking, PAGE_PROTOCOL))
    found += [_document(dataset, one, addresses) for one in documents]
    if url := Licence(dataset.licence).url:
        found.append(Link(Role.LICENCE, url, "text/html", str(Licence(dataset.licence).label), PAGE_PROTOCOL))
    return found


def _files(dataset: Dataset, addresses: Addresses) -> list[Link]:
    return [
        Link(Role.FILE, addresses.export(dataset.slug, kind.name), kind.media_type.partition(";")[0],
             _("%(title)s (%(format)s)") % {"title": dataset.title, "format": kind.name},
             FILE_PROTOCOL, f"{dataset.slug}.{kind.name}")
        for kind in offered(dataset, FILES)
    ]  # fmt: skip


def _services(dataset: Dataset, addresses: Addresses) -> list[Link]:
    return [
        Link(Role.SERVICE, addresses.root + one.path.format(slug=quote(dataset.slug, safe="@")), one.media_type,
             one.title, one.protocol, dataset.slug)
        for one in _offered()
        if dataset.is_geographic or not one.geographic
    ]  # fmt: skip


@cache
def _offered() -> tuple[Service, ...]:
    """Those that this platform answers."""
    return tuple(one for one in SERVICES if is_valid_path(one.path.format(slug="x")))


def _document(dataset: Dataset, document: Attachment, addresses: Addresses) -> Link:
    href = addresses.attachment(dataset.slug, document.identifier)
    return Link(Role.DOCUMENT, href, document.media_type, document.title, FILE_PROTOCOL, document.title)
