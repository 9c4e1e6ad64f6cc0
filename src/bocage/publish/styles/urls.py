"""Addresses of styles. They never change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import re_path
from django.views.decorators.csrf import csrf_exempt

from bocage.publish.ogc import parameters as p
from bocage.publish.ogc.negotiation import DOCUMENTS
from bocage.publish.ogc.urls import ONE, view
from bocage.publish.styles import styles
from bocage.publish.styles.formats import STYLE
from bocage.publish.styles.writing import ALLOWED, METHODS, written

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase
    from django.urls import URLPattern

STYLES = rf"{ONE}/styles"
_read = view(styles.style, STYLE, p.DOCUMENT)


@csrf_exempt  # no cookie changes anything here: a forged request would need the key
def style(request: HttpRequest, collection: str, style: str) -> HttpResponseBase:
    if request.method in METHODS:
        return written(request, collection, style)
    response = _read(request, collection, style=style)
    if request.method == "OPTIONS" or response.status_code == 405:
        response["Allow"] = ALLOWED
    if request.method == "OPTIONS":
        response["Access-Control-Allow-Methods"] = ALLOWED
        response["Access-Control-Allow-Headers"] += ", Content-Type"
    return response


urlpatterns: list[URLPattern] = [
    re_path(rf"{STYLES}/?$", view(styles.styles, DOCUMENTS, p.DOCUMENT), name="ogc-styles"),
    re_path(rf"{STYLES}/(?P<style>[^/]+)/?$", style, name="ogc-style"),
    re_path(
        rf"{STYLES}/(?P<style>[^/]+)/metadata/?$",
        view(styles.metadata, DOCUMENTS, p.DOCUMENT),
        name="ogc-style-metadata",
    ),
]
