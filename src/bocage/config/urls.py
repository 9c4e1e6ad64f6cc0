"""Every address. The ones that never change are listed in docs/developer/addresses.md."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
]
