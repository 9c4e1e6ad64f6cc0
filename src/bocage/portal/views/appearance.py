"""The look of a portal: style sheet of its colours, picture of its landscape, outlines under its maps."""

from __future__ import annotations

from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from bocage.kernel.etags import is_known
from bocage.organizations.models import Portal, PortalLogo
from bocage.portal.basemap import communes_geojson
from bocage.portal.context import DEFAULT_UID, Door, door_of
from bocage.portal.landscape import draw

A_DAY = 86_400


def _door(uid: str) -> Door:
    if uid == DEFAULT_UID:
        return door_of(None)
    portal = Portal.objects.filter(uid=uid).first()
    if portal is None:
        raise Http404
    return door_of(portal)


@require_safe
@cache_control(public=True, max_age=A_DAY)
def theme(request: HttpRequest, uid: str) -> HttpResponse:
    """The colours of a portal. Its address carries their hash: a browser may keep it."""
    tokens = "".join(f"--{token}:{value};" for token, value in _door(uid).theme)
    return HttpResponse(f"@layer theme{{:root{{{tokens}}}}}\n", content_type="text/css; charset=utf-8")


@lru_cache(maxsize=64)
def _picture(uid: str, header: str, accent: str) -> str:
    return draw(uid, header, accent)


@require_safe
@cache_control(public=True, max_age=A_DAY)
def landscape(request: HttpRequest, uid: str) -> HttpResponse:
    """The picture of the home page."""
    colors = dict(_door(uid).theme)
    picture = _picture(uid, colors["color-header"], colors["color-accent"])
    return HttpResponse(picture, content_type="image/svg+xml")


@require_safe
@cache_control(public=True, max_age=3600)
def communes(request: HttpRequest) -> HttpResponse:
    """Outlines of the communes, drawn under maps that have no other base; empty when the platform has none."""
    return HttpResponse(communes_geojson(), content_type="application/geo+json")


@require_safe
def logo(request: HttpRequest, uid: str, name: str) -> HttpResponse:
    """The picture of a portal, under its digest: what this address gives never changes."""
    kept = PortalLogo.objects.filter(portal__uid=uid, portal__logo=name).first()
    if kept is None:
        raise Http404
    etag = f'"{name}"'
    headers = {"ETag": etag, "Cache-Control": "public, max-age=31536000, immutable"}
    if is_known(request, etag):
        return HttpResponseNotModified(headers=headers)
    headers |= {"X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin"}
    return HttpResponse(bytes(kept.content), content_type=kept.media_type, headers=headers)
