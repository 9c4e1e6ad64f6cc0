"""The feed, by pages: one of the whole platform, one of each organisation (the national harvester ties a source to one)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.utils import translation
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

import bocage
from bocage.access.viewer import ANONYMOUS
from bocage.catalog.models import Dataset
from bocage.catalog.selectors import catalogue_revision
from bocage.kernel.public_address import public_root
from bocage.organizations.models import Organization
from bocage.publish.dcat.addresses import Addresses
from bocage.publish.dcat.catalogue import Page, catalogue_graph, main_publisher
from bocage.publish.dcat.namespaces import SYNTAXES, written

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

DATASETS_PER_PAGE = 100
# What a national catalogue shows of each dataset: the files that people open, not every syntax that exists.
FEED_FORMATS = ("csv", "xlsx", "json", "geojson", "shp", "parquet")


@require_safe
def catalogue(request: HttpRequest, suffix: str) -> HttpResponse:
    """`/catalog.{ttl,jsonld,rdf}`: everything that is open."""
    return _feed(request, suffix, None)


@require_safe
def organization(request: HttpRequest, slug: str, suffix: str) -> HttpResponse:
    """`/organizations/<slug>/catalog.{ttl,jsonld,rdf}`: what one organisation opened."""
    found = Organization.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    return _feed(request, suffix, found)


def _feed(request: HttpRequest, suffix: str, owner: Organization | None) -> HttpResponse:
    syntax, root = SYNTAXES[suffix], public_root(request)
    number = _page_number(request)
    etag = _etag(root, request.path, number)
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified(headers={"ETag": etag})
    datasets = _open_datasets(owner)
    total = datasets.count()
    last = max(1, -(-total // DATASETS_PER_PAGE))
    if number > last:
        raise Http404
    start = (number - 1) * DATASETS_PER_PAGE
    address = root + request.path
    with translation.override("fr"):
        graph = catalogue_graph(
            list(datasets[start : start + DATASETS_PER_PAGE]),
            Addresses(root),
            title=owner.name if owner else root.split("//")[-1],
            publisher=owner or main_publisher(),
            page=Page(address, number, last, total),
            wanted=FEED_FORMATS,
            served=datasets.values_list("slug", flat=True) if number == 1 else (),
            node=f"{root}/organizations/{owner.slug}/" if owner else "",
        )
        body = written(graph, syntax)
    headers = {"ETag": etag, "Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
    return HttpResponse(body, content_type=syntax.content_type, headers=headers)


def _open_datasets(owner: Organization | None) -> QuerySet[Dataset]:
    """Harvesters come without a session: open data, in an order that new datasets do not move."""
    found = Dataset.objects.visible_to(ANONYMOUS).filter(version_number__isnull=False).select_related("organization")
    if owner is not None:
        found = found.filter(organization=owner)
    return found.defer("schema").order_by("pk")


def _page_number(request: HttpRequest) -> int:
    given = request.GET.get("page", "1")
    if not given.isascii() or not given.isdigit() or not 0 < len(given) < 8 or int(given) < 1:
        raise Http404
    return int(given)


def _etag(*parts: object) -> str:
    """The revision is read before the datasets: a change in between makes another one, never a stale match."""
    identity = (bocage.__version__, catalogue_revision(), *parts)
    return f'"{hashlib.sha256(repr(identity).encode()).hexdigest()[:32]}"'
