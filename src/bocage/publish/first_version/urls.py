"""Addresses of the first version. They never change; any number of slashes is accepted, without a redirect."""

from __future__ import annotations

from django.urls import re_path

from bocage.publish.first_version import door

urlpatterns = [
    re_path(r"^/*api/+datasets/+1\.0(?P<path>/.*)?$", door.datasets, name="datasets-1-0"),
    re_path(r"^/*api/+records/+1\.0(?P<path>/.*)?$", door.records, name="records-1-0"),
    re_path(r"^/*explore/+dataset/+(?P<dataset_id>[^/]+)/+download/*$", door.download, name="explore-download"),
]
