"""Every address. docs/developer/addresses.md lists them, and a test reads that page."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from bocage.config import accounts, health, metrics, second_factor

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("accounts/email/", accounts.closed),
    path("accounts/2fa/authenticate/", second_factor.authenticate),
    path("accounts/2fa/needed/", second_factor.second_factor, name="second_factor"),
    path("accounts/identity/", include("bocage.config.oidc.urls")),
    path("accounts/", include("allauth.urls")),
    path("console/", include("bocage.console.urls")),
    path("", include("bocage.publish.urls")),
    path("", include("bocage.portal.urls")),
]

handler400 = "bocage.portal.faults.bad_request"

if settings.BOCAGE.demo:
    urlpatterns.append(path("", include("bocage.demo.urls")))
