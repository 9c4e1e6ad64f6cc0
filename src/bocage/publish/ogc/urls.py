"""Addresses of the OGC API. They never change; a final slash means nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.urls import re_path
from django.views.decorators.csrf import csrf_exempt

from bocage.publish.ogc import api, collections, items, landing, schemas
from bocage.publish.ogc import parameters as p
from bocage.publish.ogc.call import Call, subject_for
from bocage.publish.ogc.door import answered
from bocage.publish.ogc.editable import editable
from bocage.publish.ogc.negotiation import DOCUMENTS, HTML, ITEM, ITEMS, OPENAPI, SCHEMAS, Format, wanted

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase
    from django.urls import URLPattern

    from bocage.access.viewer import Viewer

ONE = r"^ogc/collections/(?P<collection>[^/]+)"


def view(
    operation: Callable[..., HttpResponseBase],
    formats: Sequence[Format],
    known: Sequence[p.Parameter],
    *,
    by_field: bool = False,
) -> Callable[..., HttpResponseBase]:
    """The view of an operation. `by_field`: the names of the fields are parameters too."""

    @csrf_exempt
    def answer(request: HttpRequest, collection: str = "", **segments: Any) -> HttpResponseBase:
        def operate(viewer: Viewer) -> HttpResponseBase:
            subject = subject_for(viewer, collection)
            if collection:
                _ = subject.relation  # hidden and absent are told before anything else
            form = wanted(request, request.GET.get("f", "").strip(), formats)
            given = p.read(request.GET, known, {one.name for one in subject.fields} if by_field else ())
            return operation(Call(request, viewer, subject, given, form), **segments)

        return answered(request, operate)

    return answer


urlpatterns: list[URLPattern] = [
    re_path(r"^ogc/?$", view(landing.landing, DOCUMENTS, p.DOCUMENT), name="ogc"),
    re_path(r"^ogc/conformance/?$", view(landing.conformance, DOCUMENTS, p.DOCUMENT), name="ogc-conformance"),
    re_path(r"^ogc/functions/?$", view(landing.functions, DOCUMENTS, p.DOCUMENT), name="ogc-functions"),
    re_path(r"^ogc/api/?$", view(api.description, (OPENAPI, HTML), p.DOCUMENT), name="ogc-api"),
    re_path(r"^ogc/collections/?$", view(collections.collections, DOCUMENTS, p.COLLECTIONS), name="ogc-collections"),
    re_path(rf"{ONE}/?$", view(collections.collection, DOCUMENTS, p.DOCUMENT), name="ogc-collection"),
    re_path(rf"{ONE}/queryables/?$", view(schemas.queryables, SCHEMAS, p.DOCUMENT), name="ogc-queryables"),
    re_path(rf"{ONE}/schema/?$", view(schemas.schema, SCHEMAS, p.DOCUMENT), name="ogc-schema"),
    re_path(rf"{ONE}/sortables/?$", view(schemas.sortables, SCHEMAS, p.DOCUMENT), name="ogc-sortables"),
    re_path(rf"{ONE}/items/?$", editable(view(items.items, ITEMS, p.ITEMS, by_field=True)), name="ogc-items"),
    re_path(rf"{ONE}/items/(?P<identifier>[^/]+)/?$", editable(view(items.item, ITEM, p.ITEM)), name="ogc-item"),
]
