"""Addresses of the files for QGIS."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from bocage.publish.projects import views

urlpatterns = [
    path("qgis/<str:slug>.qlr", csrf_exempt(views.layer_file), name="qgis-layer"),
    path("qgis/<str:slug>.qgs", csrf_exempt(views.project_file), name="qgis-project"),
]
