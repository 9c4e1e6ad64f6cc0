"""For search engines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from xml.sax.saxutils import escape

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from bocage.kernel.public_address import public_root
from bocage.organizations.models import Organization
from bocage.portal.context import OWN_PAGES, Door, current_portal
from bocage.portal.selectors import open_dataset_addresses, open_dataset_count

PAGES = ("home", "catalogue", "organizations", "schemas", "code_lists", "help", "licences", "accessibility", "legal")
DATASETS_AT_ONCE = 20_000
"""Of the 50,000 addresses that a site map may hold: the first one has the other pages too."""
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap(request: HttpRequest) -> HttpResponse:
    """Public pages and open datasets (sitemaps.org): one site map, or beyond DATASETS_AT_ONCE an index of several, which are at
    `?part=1` and on. That of a portal: its own pages, and the datasets that it shows, under the addresses that they have
    whichever the door."""
    door = current_portal(request)
    parts = max(1, -(-open_dataset_count(door.selection) // DATASETS_AT_ONCE))
    if "part" not in request.GET and parts > 1:
        address = _own_root(request, door) + reverse("portal:sitemap")
        return _xml("sitemapindex", (f"<sitemap><loc>{address}?part={n + 1}</loc></sitemap>" for n in range(parts)))
    asked = request.GET.get("part", "1")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 6 and 1 <= int(asked) <= parts):
        raise Http404
    part, root = int(asked) - 1, public_root(request)
    datasets = open_dataset_addresses(start=part * DATASETS_AT_ONCE, count=DATASETS_AT_ONCE, selection=door.selection)
    lines = [_url(root + reverse("portal:dataset", args=[slug]), changed_at) for slug, changed_at in datasets]
    return _xml("urlset", lines if part else [*_pages(request, door), *lines])


def _pages(request: HttpRequest, door: Door) -> list[str]:
    if door.has_domain:
        root = _own_root(request, door)
        return [_url(root + reverse(f"portal:{page}")) for page in PAGES if page in OWN_PAGES]
    root = public_root(request)
    slugs = Organization.objects.order_by("pk").values_list("slug", flat=True)[:DATASETS_AT_ONCE]
    pages = [reverse(f"portal:{page}") for page in PAGES]
    return [_url(root + path) for path in (*pages, *(reverse("portal:organization", args=[slug]) for slug in slugs))]


def _own_root(request: HttpRequest, door: Door) -> str:
    """Scheme and host of the door, without a final slash. A portal was found by the host of the request: it is its name."""
    return request.build_absolute_uri("/").rstrip("/") if door.has_domain else public_root(request)


def _url(address: str, changed_at: datetime | None = None) -> str:
    changed = f"<lastmod>{changed_at.date().isoformat()}</lastmod>" if changed_at else ""
    return f"<url><loc>{escape(address)}</loc>{changed}</url>"


def _xml(kind: str, lines: Iterable[str]) -> HttpResponse:
    body = "\n".join(
        ('<?xml version="1.0" encoding="UTF-8"?>', f'<{kind} xmlns="{NAMESPACE}">', *lines, f"</{kind}>\n")
    )
    return HttpResponse(body, content_type="application/xml")


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """Pages may be read by search engines; endless combinations of filters and the back office may not."""
    lines = [
        "User-agent: *",
        "Disallow: /console/",
        "Disallow: /accounts/",
        "Disallow: /api/",
        "Disallow: /explore/?",
        "Disallow: /explore/dataset/*/table/?",
        "Disallow: /explore/dataset/*/chart/?",
        f"Sitemap: {_own_root(request, current_portal(request))}{reverse('portal:sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
