"""Organisations, and the pages that explain."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from bocage.access.standing import viewer_of
from bocage.catalog.vocabulary import Licence, Theme
from bocage.check.quality.showing import dimensions
from bocage.kernel.errors import NotFound
from bocage.organizations.selectors import organization_named, successor_of
from bocage.portal.catalogue_query import LAST_PAGE
from bocage.portal.context import current_portal
from bocage.portal.paging import paging
from bocage.portal.selectors import cards_of_organization, organization_by_id, organization_figures, organization_lines

PAGE_SIZE = 20


@require_safe
def organizations(request: HttpRequest) -> HttpResponse:
    lines = organization_lines(viewer_of(request.user), selection=current_portal(request).selection)
    with_data = [line for line in lines if line.datasets]
    without = [line for line in lines if not line.datasets]
    return render(request, "portal/organizations.html", {"with_data": with_data, "without": without})


@require_safe
def organization(request: HttpRequest, slug: str) -> HttpResponse:
    viewer = viewer_of(request.user)
    try:
        found = organization_named(slug)
    except NotFound:
        successor = successor_of(slug)
        if successor is None:
            raise
        return redirect("portal:organization", successor.slug, permanent=True)
    asked = request.GET.get("page", "1")
    page = min(int(asked), LAST_PAGE) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    figures = organization_figures(viewer, found)
    pages = paging(figures.datasets, max(1, page), PAGE_SIZE, lambda n: f"?page={n}", last_page=LAST_PAGE)
    context = {
        "organization": found,
        "figures": figures,
        "cards": cards_of_organization(viewer, found, limit=PAGE_SIZE, offset=(pages.page - 1) * PAGE_SIZE),
        "paging": pages,
    }
    return render(request, "portal/organization.html", context)


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/help.html", {"dimensions": dimensions()})


@require_safe
def licences(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/licences.html", {"licences": list(Licence)})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    publisher = organization_by_id(current_portal(request).organization_id)
    return render(request, "portal/legal.html", {"publisher": publisher})


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/site_map.html", {"themes": Theme.choices})
