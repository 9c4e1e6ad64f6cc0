"""The catalogue: search, filters, pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bocage.access.standing import viewer_of
from bocage.catalog.vocabulary import Theme
from bocage.portal.catalogue_query import FACETS, LAST_PAGE, PAGE_SIZE, SORTS, CatalogueQuery
from bocage.portal.context import current_portal
from bocage.portal.paging import paging
from bocage.portal.selectors import cards
from bocage.query.catalogue import catalogue_search
from bocage.query.requests import FacetValue

SHOWN_FIRST = 7


@dataclass(frozen=True)
class FacetLink:
    name: str
    count: int
    active: bool
    address: str


@dataclass(frozen=True)
class FacetBox:
    """A facet as links: a few at first, the rest behind “show more”. Active values always come first."""

    name: str
    title: object
    first: list[FacetLink]
    rest: list[FacetLink]

    @property
    def active(self) -> list[FacetLink]:
        return [link for link in (*self.first, *self.rest) if link.active]


def _box(query: CatalogueQuery, name: str, values: Sequence[FacetValue]) -> FacetBox:
    links = [
        FacetLink(value.name, value.count, query.has(name, value.value), query.toggled(name, value.value).address())
        for value in values
    ]
    known = {value.value for value in values}
    links += [  # a filter that finds nothing any more can still be taken off
        FacetLink(value, 0, True, query.toggled(name, value).address())
        for value in query.refine.get(name, ())
        if value not in known
    ]
    links.sort(key=lambda link: not link.active)
    return FacetBox(name, FACETS[name], links[:SHOWN_FIRST], links[SHOWN_FIRST:])


def boxes(query: CatalogueQuery, found: Mapping[str, Sequence[FacetValue]]) -> list[FacetBox]:
    """The facets that have something to choose."""
    made = [_box(query, name, found.get(name, ())) for name in FACETS]
    return [box for box in made if box.first]


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    query = CatalogueQuery.read(request.GET)
    viewer = viewer_of(request.user)
    found = catalogue_search(
        viewer,
        text=query.text,
        refine=query.refine,
        sort=query.order,
        limit=PAGE_SIZE,
        offset=query.offset,
        selection=current_portal(request).selection,
    )
    facets = boxes(query, found.facets)
    context = {
        "query": query,
        "total": found.total,
        "cards": cards(viewer, found.slugs),
        "facets": facets,
        "active": [(box.title, link) for box in facets for link in box.active],
        "sorts": SORTS,
        "themes": Theme.choices,
        "paging": paging(found.total, query.page, PAGE_SIZE, lambda n: query.address(page=n), last_page=LAST_PAGE),
    }
    return render(request, "portal/catalogue.html", context)
