"""The first page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bocage.access.standing import viewer_of
from bocage.portal.context import current_portal
from bocage.portal.home_blocks import Home


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    shown = list(Home(viewer_of(request.user), current_portal(request)).shown())
    return render(request, "portal/home.html", {"blocks": shown})
