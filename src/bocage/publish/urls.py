"""Addresses of the machine interfaces. They never change."""

from __future__ import annotations

from django.urls import include, path, re_path

from bocage.publish.check import urls as check
from bocage.publish.dcat import views as dcat
from bocage.publish.explore import console, dispatch, older_addresses
from bocage.publish.push import views as push
from bocage.publish.tiles import urls as tiles

SYNTAX = r"(?P<suffix>ttl|jsonld|rdf)"
PUSH = r"^/*api/+push/+1\.0/+(?P<dataset>[^/]+)/+(?P<resource>[^/]+)"

urlpatterns = [
    path("tiles/", include(tiles.plain)),
    path("api/check/v1/", check.urlpatterns),
    re_path(rf"^catalog\.{SYNTAX}$", dcat.catalogue, name="dcat"),
    re_path(rf"^organizations/(?P<slug>[-\w]+)/catalog\.{SYNTAX}$", dcat.organization, name="dcat-organization"),
    re_path(r"^/*api/+explore/+v2\.1/+console/*$", console.console, name="explore-console"),
    re_path(r"^/*api/+explore/+v2\.1(?P<path>/.*)?$", dispatch.explore, name="explore"),
    re_path(r"^/*api/+(?:v2|explore/+v2\.0)(?P<path>/.*)?$", dispatch.explore_2_0, name="explore-2-0"),
    re_path(
        r"^/*api/+datasets/+1\.0/+(?P<dataset_id>[^/]+)/+attachments/+(?P<attachment_id>[^/]+)/*$",
        older_addresses.attachment,
        name="explore-attachment",
    ),
    path("", include("bocage.publish.first_version.urls")),
    path("", include("bocage.publish.ogc.urls")),
    path("", include("bocage.publish.geoservices.urls")),
    path("", include("bocage.publish.records.urls")),
    path("", include("bocage.publish.csw.urls")),
    path("", include("bocage.publish.wfs.urls")),
    path("", include("bocage.publish.wms.urls")),
    path("", include("bocage.publish.wmts.urls")),
    path("", include("bocage.publish.projects.urls")),
    path("", include(tiles.urlpatterns)),
    path("", include("bocage.publish.styles.urls")),
    re_path(rf"{PUSH}/+push/*$", push.push, name="push"),
    re_path(rf"{PUSH}/+delete/*$", push.delete, name="push-delete"),
    re_path(rf"{PUSH}/+(?P<record_id>[^/]+)/+delete/*$", push.delete_record, name="push-delete-record"),
]
