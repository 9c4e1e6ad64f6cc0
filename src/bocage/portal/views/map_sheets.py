"""The map on paper at scale, and its address as a picture."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bocage.access.vocabulary import Visibility
from bocage.catalog.vocabulary import Licence
from bocage.kernel.clock import now
from bocage.kernel.public_address import public_address
from bocage.portal.map_settings import map_settings
from bocage.portal.map_shapes import shapes_of
from bocage.portal.map_styles import MapStyle
from bocage.portal.map_view import MapView
from bocage.portal.sheets import PAPERS, SCALES, Sheet
from bocage.portal.table_query import TableQuery
from bocage.portal.views.maps import style_of
from bocage.portal.views.sections import Subject, page_of, subject_of
from bocage.query.rendering import main_geometry


def _address(request: HttpRequest, subject: Subject, query: TableQuery, view: MapView | None, style: MapStyle) -> str:
    """Of the map as it is seen: made of what was understood of the request, of nothing else."""
    kept = style.kept(query.filters)
    path = reverse("portal:dataset_map", args=[subject.dataset.slug]) + kept
    if view is not None:
        path += f"{'&' if kept else '?'}view={view.text}"
    return public_address(request, path)


def _seen(request: HttpRequest, slug: str) -> tuple[Subject, TableQuery, MapView | None]:
    """Raises Http404 where there is no map."""
    subject = subject_of(request, slug)
    if subject.relation is None or main_geometry(subject.fields) is None:
        raise Http404
    return subject, TableQuery.read(subject.fields, request.GET), MapView.read(request.GET.get("view", ""))


@require_safe
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """A sheet of paper on the screen: title, map at a scale, legend, source; the browser prints it or makes a PDF of it."""
    subject, query, view = _seen(request, slug)
    query.request()  # what cannot be read filters nothing, and is not written on the sheet as if it did
    chosen = Sheet.read(request.GET, view, subject.dataset.bbox)
    style = style_of(request, subject)
    address = _address(request, subject, query, chosen.view, style)
    context = {
        "sheet": chosen,
        "query": query,
        "papers": PAPERS,
        "scales": SCALES,
        "filters": [control for control in query.active if not control.error],
        "licence": Licence(subject.dataset.licence),
        "today": now(),
        "address": address,
        "code": reverse("portal:dataset_map_code", args=[slug]) + "?" + address.partition("?")[2],
        "map_settings": map_settings(subject, query, style),
        "map_style": style,
        "kept": style.kept(query.filters),
        "map_shapes": shapes_of(subject.dataset.geometry_types),
    }
    return page_of(request, subject, "dataset_map", context, filters=query.filters, template="portal/map_sheet.html")


@require_safe
def code(request: HttpRequest, slug: str) -> HttpResponse:
    """The address of the map as a QR code."""
    from bocage.portal.qr import TooLong, qr_svg

    subject, query, view = _seen(request, slug)
    try:
        picture = qr_svg(_address(request, subject, query, view, style_of(request, subject)))
    except TooLong:
        return HttpResponse(_("This address is too long for a QR code."), status=414, content_type="text/plain")
    response = HttpResponse(picture, content_type="image/svg+xml")
    open_data = subject.dataset.visibility == Visibility.OPEN
    response["Cache-Control"] = "public, max-age=3600" if open_data else "private, no-store"
    return response
