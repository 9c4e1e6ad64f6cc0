"""The first page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bocage.access.standing import viewer_of
from bocage.catalog.vocabulary import Theme
from bocage.portal.selectors import cards, key_figures, organization_lines
from bocage.query.catalogue import catalogue_search

LATEST = 6
ORGANIZATIONS = 12


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request.user)
    newest = catalogue_search(viewer, sort="modified", limit=LATEST)
    counts = {value.value: value.count for value in newest.facets.get("theme", ())}
    organizations = organization_lines(viewer, with_data_only=True)
    context = {
        "latest": cards(viewer, newest.slugs),
        "themes": [(code, label, counts[code]) for code, label in Theme.choices if counts.get(code)],
        "figures": key_figures(viewer),
        "organizations": sorted(organizations, key=lambda line: -line.datasets)[:ORGANIZATIONS],
        "organizations_total": len(organizations),
    }
    return render(request, "portal/home.html", context)
