"""Addresses of the catalogue. They never change; a final slash means nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.urls import re_path
from django.views.decorators.csrf import csrf_exempt

from bocage.publish.ogc import parameters as p
from bocage.publish.ogc.call import Subject
from bocage.publish.ogc.door import answered
from bocage.publish.ogc.negotiation import DOCUMENTS, HTML, OPENAPI, SCHEMAS, Format, wanted
from bocage.publish.records import api, items, landing, schemas
from bocage.publish.records import parameters as rp
from bocage.publish.records.call import RecordsCall
from bocage.publish.records.resource import CATALOGUE
from bocage.query.record_table import FIELDS

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase
    from django.urls import URLPattern

    from bocage.access.viewer import Viewer

HERE = rf"^records/collections/{CATALOGUE}"
NAMES = tuple(one.name for one in FIELDS)


def view(
    operation: Callable[..., HttpResponseBase],
    formats: Sequence[Format],
    known: Sequence[p.Parameter] = rp.DOCUMENT,
    others: Sequence[str] = (),
    form: Format | None = None,
) -> Callable[..., HttpResponseBase]:
    """The view of an operation. `others`: names of queryables that are parameters too. `form`: the only representation."""

    @csrf_exempt
    def answer(request: HttpRequest, **segments: Any) -> HttpResponseBase:
        def operate(viewer: Viewer) -> HttpResponseBase:
            chosen = form or wanted(request, request.GET.get("f", "").strip(), formats)
            given = p.read(request.GET, known, others)
            return operation(RecordsCall(request, viewer, Subject(viewer, ""), given, chosen), **segments)

        return answered(request, operate)

    return answer


urlpatterns: list[URLPattern] = [
    re_path(r"^records/?$", view(landing.landing, DOCUMENTS), name="records"),
    re_path(r"^records/conformance/?$", view(landing.conformance, DOCUMENTS), name="records-conformance"),
    re_path(r"^records/api/?$", view(api.description, (OPENAPI, HTML)), name="records-api"),
    re_path(r"^records/collections/?$", view(landing.collections, DOCUMENTS), name="records-collections"),
    re_path(rf"{HERE}/?$", view(landing.collection, DOCUMENTS), name="records-catalogue"),
    re_path(rf"{HERE}/queryables/?$", view(schemas.queryables, SCHEMAS), name="records-queryables"),
    re_path(rf"{HERE}/sortables/?$", view(schemas.sortables, SCHEMAS), name="records-sortables"),
    re_path(rf"{HERE}/schema/?$", view(schemas.schema, SCHEMAS), name="records-schema"),
    re_path(rf"{HERE}/items/?$", view(items.items, items.ITEMS, rp.ITEMS, NAMES), name="records-items"),
    re_path(rf"{HERE}/items/(?P<identifier>[^/]+)/?$", view(items.item, items.ITEM), name="records-item"),
    re_path(
        r"^explore/dataset/(?P<identifier>[^/]+)/iso19139\.xml$",
        view(items.item, (items.ISO,), (p.LANG,), form=items.ISO),
        name="iso19139",
    ),
]
