"""Addresses of the machine interfaces. They never change."""

from __future__ import annotations

from django.urls import re_path

from bocage.publish.explore import dispatch

urlpatterns = [
    re_path(r"^/*api/+explore/+v2\.1(?P<path>/.*)?$", dispatch.explore, name="explore"),
    re_path(r"^/*explore/+dataset/+(?P<dataset_id>[^/]+)/+download/*$", dispatch.download, name="explore-download"),
]
