"""Addresses of the Web Map Service. They never change; a final slash means nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import re_path

from bocage.publish.wms.views import wms

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    re_path(r"^wms/?$", wms, name="wms"),
    re_path(r"^wms/organizations/(?P<organization>[^/]+)/?$", wms, name="wms-organization"),
    re_path(r"^wms/(?P<dataset>[^/]+)/?$", wms, name="wms-dataset"),
]
