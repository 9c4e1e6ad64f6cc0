"""The feed, by pages: one of the whole platform, one of each organisation (the national harvester ties a source to one)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.utils import translation
from django.views.decorators.http import require_safe
from rdflib import URIRef

import bocage
from bocage.access.viewer import ANONYMOUS
from bocage.access.vocabulary import Action
from bocage.catalog import tombstones
from bocage.catalog.models import Dataset, Tombstone
from bocage.catalog.selectors import catalogue_revision
from bocage.check.quality.dqv import last_measured
from bocage.kernel.etags import is_known
from bocage.kernel.public_address import public_root
from bocage.organizations.models import Organization
from bocage.organizations.selectors import successor_of
from bocage.publish.dcat.addresses import Addresses
from bocage.publish.dcat.beside import beside
from bocage.publish.dcat.catalogue import Page, add_datasets, add_page, catalogue_head
from bocage.publish.dcat.doors import Door, door_of
from bocage.publish.dcat.namespaces import SYNTAXES, written
from bocage.publish.dcat.service import add_service, served
from bocage.publish.dcat.tombstones import add_tombstones
from bocage.query.facts import all_as_seen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.http import HttpRequest

DATASETS_PER_PAGE = 100
# What a national catalogue shows of each dataset: the files that people open, not every syntax that exists.
FEED_FORMATS = ("csv", "xlsx", "json", "geojson", "shp", "parquet")


@require_safe
def catalogue(request: HttpRequest, suffix: str) -> HttpResponse:
    """`/catalog.{ttl,jsonld,rdf}`: everything that everyone may know of; at the host of a portal, what it shows
    of it. The datasets have the same names in all of them."""
    return _feed(request, suffix, None)


@require_safe
def organization(request: HttpRequest, slug: str, suffix: str) -> HttpResponse:
    """`/organizations/<slug>/catalog.{ttl,jsonld,rdf}`: what one organisation opened; not those below it, each of which has its
    own feed: the national catalogue gives all that a source names to one organisation, and a dataset of two sources to the last
    read. The feed of one that has another name answers under the old one too: harvesters follow no redirect."""
    found = Organization.objects.filter(slug=slug).first() or successor_of(slug)
    if found is None:
        raise Http404
    return _feed(request, suffix, found)


def _feed(request: HttpRequest, suffix: str, owner: Organization | None) -> HttpResponse:
    syntax, root = SYNTAXES[suffix], public_root(request)
    number = _page_number(request)
    door = Door(owner.name, owner) if owner else door_of(request.get_host())
    own_root = request.build_absolute_uri("/").rstrip("/") if door.has_domain else root
    etag = _etag(root, own_root, request.path, number, door.title, door.uid, door.selection.key)
    if is_known(request, etag):
        return HttpResponseNotModified(headers={"ETag": etag})
    datasets = _announced_datasets(owner).filter(door.selection.filter)
    total = datasets.count()
    last = max(1, -(-total // DATASETS_PER_PAGE))
    if number > last:
        raise Http404
    start = (number - 1) * DATASETS_PER_PAGE
    addresses = Addresses(root)
    node = f"{root}/organizations/{owner.slug}/" if owner else door.node(root)
    with translation.override("fr"):
        graph = catalogue_head(addresses, title=door.title, publisher=door.publisher, node=node)
        page = all_as_seen(ANONYMOUS, datasets[start : start + DATASETS_PER_PAGE])
        known = beside(ANONYMOUS, page, addresses)
        add_datasets(graph, page, addresses, wanted=FEED_FORMATS, beside=known, node=node)
        add_page(graph, Page(own_root + request.path, number, last, total))
        if number == 1:
            add_service(graph, URIRef(node or addresses.catalogue), addresses, served(datasets), door.publisher)
            add_tombstones(graph, _withdrawn(owner, door), addresses)
        body = written(graph, syntax)
    headers = {"ETag": etag, "Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
    return HttpResponse(body, content_type=syntax.content_type, headers=headers)


def _announced_datasets(owner: Organization | None) -> QuerySet[Dataset]:
    """Harvesters come without a session: what is told to everyone, in an order that new datasets do not move."""
    found = (
        Dataset.objects.visible_to(ANONYMOUS, Action.SEE)
        .filter(version_number__isnull=False)
        .select_related("organization")
    )
    if owner is not None:
        found = found.filter(organization=owner)
    return found.defer("schema").order_by("pk")


def _withdrawn(owner: Organization | None, door: Door) -> Iterable[Tombstone]:
    """Of a part of the catalogue: what its organisations withdrew. What a question would have kept is not known any more."""
    found = tombstones.announced(owner)
    kept = door.selection
    return found if kept.everything else [one for one in found if one.organization_id in kept.organizations]


def _page_number(request: HttpRequest) -> int:
    given = request.GET.get("page", "1")
    if not given.isascii() or not given.isdigit() or not 0 < len(given) < 8 or int(given) < 1:
        raise Http404
    return int(given)


def _etag(*parts: object) -> str:
    """The revision is read before the datasets: a change in between makes another one, never a stale match. The last score is
    part of it: scores are measured without any change of the catalogue."""
    identity = (bocage.__version__, catalogue_revision(), last_measured(), *parts)
    return f'"{hashlib.sha256(repr(identity).encode()).hexdigest()[:32]}"'
