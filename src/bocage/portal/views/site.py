"""For search engines."""

from __future__ import annotations

from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from bocage.portal.selectors import open_dataset_addresses

PAGES = ("home", "catalogue", "organizations", "schemas", "code_lists", "help", "licences", "accessibility", "legal")


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap(request: HttpRequest) -> HttpResponse:
    """Public pages and open datasets (sitemaps.org)."""
    root = request.build_absolute_uri("/").rstrip("/")
    lines = [f"<url><loc>{escape(root + reverse(f'portal:{page}'))}</loc></url>" for page in PAGES]
    for slug, changed_at in open_dataset_addresses():
        address = escape(root + reverse("portal:dataset", args=[slug]))
        lines.append(f"<url><loc>{address}</loc><lastmod>{changed_at.date().isoformat()}</lastmod></url>")
    body = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return HttpResponse(body + "\n".join(lines) + "\n</urlset>\n", content_type="application/xml")


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
        f"Sitemap: {request.build_absolute_uri(reverse('portal:sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
