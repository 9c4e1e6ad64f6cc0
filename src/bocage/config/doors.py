"""What the journal is told of the request: by which door it came, and from where if the settings keep that."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from allauth.core.internal.ratelimit import get_ip
from django.conf import settings

from bocage.access.audit.circumstances import Circumstances, during
from bocage.access.audit.vocabulary import Door

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

DOORS = (
    (r"api/explore/.*/exports(/|$)", Door.EXPORT),
    (r"api/records/1\.0/download|explore/dataset/[^/]+/download", Door.EXPORT),
    (r"api/.*/attachments/", Door.FILE),
    (r"api/push/", Door.PUSH),
    (r"(api|sensorthings|open311|mcp)/", Door.API),
    (r"tiles/", Door.TILES),
    (r"explore/dataset/[^/]+/map/tiles/", Door.TILES),
    (r"(ogc|wfs|wms|wmts)(/|$)", Door.MAP_SERVICE),
    (r"arcgis/", Door.MAP_SERVICE),
    (r"explore/embed/|embed/", Door.EMBED),
    (r"(organizations/[^/]+/)?catalog\.", Door.FEED),
    (r"console(/|$)", Door.CONSOLE),
    (r"explore(/|$)|$", Door.PAGE),
)
"""The first that the path begins with, however many slashes it has."""

_COMPILED = [(re.compile(pattern), door) for pattern, door in DOORS]


def door_of(path: str) -> Door:
    plain = re.sub(r"/+", "/", path).lstrip("/")
    return next((door for pattern, door in _COMPILED if pattern.match(plain)), Door.OTHER)


class SayCircumstances:
    """Around every view, and everything that a view does before its answer is sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with during(Circumstances(door_of(request.path), origin_of(request), request)):
            return self.get_response(request)


def origin_of(request: HttpRequest) -> str:
    """Nothing, unless BOCAGE_JOURNAL_ADDRESSES says otherwise. A pseudonym is the same for the same address as long as the secret
    of the platform is."""
    kept = settings.BOCAGE.journal_addresses
    if kept == "none":
        return ""
    address = str(get_ip(request) or "")
    if kept == "clear":
        return address[:64]
    return hmac.new(settings.SECRET_KEY.encode(), address.encode(), hashlib.sha256).hexdigest()[:16]
