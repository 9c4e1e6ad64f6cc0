"""The map of a dataset: the page, the list of the places in view, one place, filtered tiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bocage.access.vocabulary import Visibility
from bocage.kernel.etags import is_known
from bocage.kernel.ids import SLUG_LENGTH
from bocage.kernel.public_address import public_address
from bocage.portal.map_settings import map_settings
from bocage.portal.map_shapes import shapes_of
from bocage.portal.map_styles import MapStyle
from bocage.portal.map_view import Box, MapView
from bocage.portal.paging import paging
from bocage.portal.places import LAST_PAGE, PAGE_SIZE, conditions, place_of, places_in, unplaced
from bocage.portal.table_facets import count_facets
from bocage.portal.table_query import TableQuery
from bocage.portal.views.sections import page_of, subject_of
from bocage.query.rendering import main_geometry
from bocage.query.tiles import WEB_MERCATOR_QUAD, Asked, TileQuery

if TYPE_CHECKING:
    from typing import Any

    from bocage.portal.views.sections import Subject
    from bocage.query.relation import Relation

TILE = "application/vnd.mapbox-vector-tile"


@require_safe
def map_page(request: HttpRequest, slug: str) -> HttpResponse:
    subject = subject_of(request, slug)
    if subject.relation is None or main_geometry(subject.fields) is None:
        return page_of(request, subject, "dataset_map")
    query = TableQuery.read(subject.fields, request.GET)
    asked = query.request()
    count_facets(subject.viewer, subject.relation, query, asked)
    view = MapView.read(request.GET.get("view", ""))
    style = style_of(request, subject)
    context = {
        "drawn": True,
        "query": query,
        "filters": [(control, query.without(control)) for control in query.active],
        "without_words": query.address(q=None),
        "view": view,
        "map_settings": map_settings(subject, query, style),
        "map_style": style,
        "kept": style.kept(query.filters),
        "address": public_address(request, request.get_full_path()),
        "unplaced": unplaced(subject.viewer, subject.relation, asked),
        "map_shapes": shapes_of(subject.dataset.geometry_types),
        **_listed(request, subject, query, view.around if view else None),
    }
    return page_of(request, subject, "dataset_map", context, filters=query.filters)


def style_of(request: HttpRequest, subject: Subject) -> MapStyle:
    return MapStyle.of(subject, request.GET.get("style", "")[:SLUG_LENGTH])


@require_safe
def places(request: HttpRequest, slug: str) -> HttpResponse:
    """The list alone: `bbox` (west,south,east,north), `page`, and the filters of the table."""
    subject = subject_of(request, slug)
    query = TableQuery.read(subject.fields, request.GET)
    context = {"dataset": subject.dataset, **_listed(request, subject, query, Box.read(request.GET.get("bbox", "")))}
    return _kept(subject, render(request, "portal/parts/map_list.html", context))


@require_safe
def place(request: HttpRequest, slug: str, identifier: str) -> HttpResponse:
    """One place with all that the reader may know of it: a page, or the inside of a popup."""
    subject = subject_of(request, slug)
    described = place_of(subject.viewer, _relation(subject), identifier)
    query = TableQuery.read(subject.fields, request.GET)
    context = {"described": described, "place": described.place, "filters": query.filters, "dataset": subject.dataset}
    if "popup" in request.GET:
        return _kept(subject, render(request, "portal/parts/map_popup.html", context))
    return page_of(request, subject, "dataset_map", context, filters=query.filters, template="portal/place.html")


@require_safe
def filtered_tile(request: HttpRequest, slug: str, zoom: int, column: int, row: int) -> HttpResponse:
    """A vector tile of the rows that the table would show, with their identifiers and the values by which they are drawn."""
    subject = subject_of(request, slug)
    relation = _relation(subject)
    asked = TableQuery.read(subject.fields, request.GET).request()
    drawn_by = style_of(request, subject).fields if "style" in request.GET else ()
    query = TileQuery(
        WEB_MERCATOR_QUAD, zoom, column, row,
        condition=lambda scope: conditions(asked, scope), properties=lambda scope: tuple(scope.fields[one] for one in drawn_by),
    )  # fmt: skip
    wanted = Asked(subject.viewer, relation, query)
    validator = f'"{wanted.etag}"'
    if is_known(request, validator):
        response = HttpResponse(status=304)
        del response["Content-Type"]
    else:
        response = HttpResponse(wanted.tile().content, content_type=TILE)
    response["ETag"] = validator
    return _kept(subject, response)


def _listed(request: HttpRequest, subject: Subject, query: TableQuery, box: Box | None) -> dict[str, Any]:
    """What the list shows. `box` None: everywhere."""
    number = min(query.page, LAST_PAGE)
    found = places_in(subject.viewer, _relation(subject), query.request(), box, number)
    here = reverse("portal:dataset_map", args=[subject.dataset.slug])
    steps = paging(
        found.total,
        number,
        PAGE_SIZE,
        lambda page: here + query.address(page=str(page), bbox=None),
        last_page=LAST_PAGE,
    )
    return {"places": found.places, "total": found.total, "paging": steps, "list_filters": query.filters, "boxed": box}


def _relation(subject: Subject) -> Relation:
    """Raises Http404 where there is nothing to draw."""
    if subject.relation is None or main_geometry(subject.fields) is None:
        raise Http404
    return subject.relation


def _kept(subject: Subject, response: HttpResponse) -> HttpResponse:
    """By nobody but the reader, unless everybody may read it."""
    open_data = subject.dataset.visibility == Visibility.OPEN and subject.whole
    response["Cache-Control"] = "no-cache" if open_data else "private, no-store"
    return response
