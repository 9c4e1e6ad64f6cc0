"""Addresses of GeoServices. They never change; a final slash means nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import re_path

from bocage.publish.geoservices import editing, queries, services
from bocage.publish.geoservices.door import view

if TYPE_CHECKING:
    from django.urls import URLPattern

ROOT = r"^arcgis/rest"
ONE = rf"{ROOT}/services/(?P<name>[^/]+)/FeatureServer"

urlpatterns: list[URLPattern] = [
    re_path(rf"{ROOT}/info/?$", view(services.info), name="arcgis-info"),
    re_path(rf"{ROOT}/services/?$", view(services.services), name="arcgis"),
    re_path(rf"{ONE}/?$", view(services.service), name="arcgis-service"),
    re_path(rf"{ONE}/layers/?$", view(services.layers), name="arcgis-layers"),
    re_path(rf"{ONE}/0/?$", view(services.layer), name="arcgis-layer"),
    re_path(rf"{ONE}/0/query/?$", view(queries.answer, also="geojson"), name="arcgis-query"),
    re_path(rf"{ONE}/0/applyEdits/?$", view(editing.apply_edits, writes=True), name="arcgis-apply-edits"),
    re_path(rf"{ONE}/0/addFeatures/?$", view(editing.add_features, writes=True), name="arcgis-add"),
    re_path(rf"{ONE}/0/updateFeatures/?$", view(editing.update_features, writes=True), name="arcgis-update"),
    re_path(rf"{ONE}/0/deleteFeatures/?$", view(editing.delete_features, writes=True), name="arcgis-delete"),
]
