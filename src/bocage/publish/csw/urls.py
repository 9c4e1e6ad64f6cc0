"""The address of the catalogue for older software. It never changes; a final slash means nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import re_path

from bocage.publish.csw.views import csw

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [re_path(r"^csw/?$", csw, name="csw")]
