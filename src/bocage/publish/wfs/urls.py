"""Addresses of the Web Feature Service. They never change; a final slash means nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import re_path

from bocage.publish.wfs.views import wfs

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    re_path(r"^wfs/?$", wfs, name="wfs"),
    re_path(r"^wfs/organizations/(?P<organization>[^/]+)/?$", wfs, name="wfs-organization"),
    re_path(r"^wfs/(?P<dataset>[^/]+)/?$", wfs, name="wfs-dataset"),
]
