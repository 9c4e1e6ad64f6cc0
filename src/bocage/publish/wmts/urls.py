"""Addresses of the Web Map Tile Service. They never change; a final slash means nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import re_path

from bocage.publish.wmts.views import described, tile, wmts

if TYPE_CHECKING:
    from django.urls import URLPattern

PLACE = "/".join(rf"(?P<{name}>[^/]+)" for name in ("layer", "style", "tilematrixset", "tilematrix", "tilerow"))

urlpatterns: list[URLPattern] = [
    re_path(r"^wmts/?$", wmts, name="wmts"),
    re_path(r"^wmts/1\.0\.0/WMTSCapabilities\.xml$", described, name="wmts-capabilities"),
    re_path(r"^wmts/organizations/(?P<organization>[^/]+)/?$", wmts, name="wmts-organization"),
    re_path(r"^wmts/(?P<dataset>[^/]+)/?$", wmts, name="wmts-dataset"),
    re_path(rf"^wmts/{PLACE}/(?P<tilecol>[^/]+)\.png$", tile, name="wmts-tile"),
]
