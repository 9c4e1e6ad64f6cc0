"""Which portal a request came to, and what every page says of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from bocage.organizations.models import Portal
from bocage.organizations.rules import DEFAULT_THEME, contrast

EVERY_HOST = "*"
DEFAULT_UID = "default"


@dataclass(frozen=True)
class Door:
    """The portal as pages show it. `theme` is complete; `organization_id` is None before any portal is made."""

    uid: str
    name: str
    tagline: str
    theme: tuple[tuple[str, str], ...]
    organization_id: int | None = None

    @property
    def version(self) -> str:
        """Changes with the look: part of the address of the style sheet and of the landscape."""
        return hashlib.sha256(json.dumps(self.theme).encode()).hexdigest()[:12]

    @property
    def stylesheet(self) -> str:
        return f"{reverse('portal:theme', args=[self.uid])}?v={self.version}"

    @property
    def landscape(self) -> str:
        return f"{reverse('portal:landscape', args=[self.uid])}?v={self.version}"


def _legible(theme: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """The default tokens and those of `theme` that are known: what is stored is never trusted to be CSS."""
    known = {
        token: value
        for token, value in theme.items()
        if token in DEFAULT_THEME and isinstance(value, str) and _is_color(value)
    }
    return tuple(sorted((DEFAULT_THEME | known).items()))


def _is_color(value: str) -> bool:
    return len(value) == 7 and value[0] == "#" and all(c in "0123456789abcdefABCDEF" for c in value[1:])


def door_of(portal: Portal | None) -> Door:
    """The portal as shown, or the plain one that a platform without a portal has."""
    if portal is None:
        return Door(DEFAULT_UID, _("Territorial data"), _("The data of our territory, open and alive."), _legible({}))
    return Door(portal.uid, portal.name, portal.tagline, _legible(portal.theme), portal.organization_id)


def current_portal(request: HttpRequest) -> Door:
    """The portal whose domain is the host of the request, else the one that answers every host. One query a request."""
    kept = getattr(request, "_bocage_portal", None)
    if isinstance(kept, Door):
        return kept
    host = request.get_host().rsplit(":", 1)[0].lower()
    portals = {portal.domain: portal for portal in Portal.objects.filter(domain__in=(host, EVERY_HOST))}
    door = door_of(portals.get(host) or portals.get(EVERY_HOST))
    request._bocage_portal = door  # type: ignore[attr-defined]  # noqa: SLF001  kept for the length of the request
    return door


def theme_color_for_browser(door: Door) -> str:
    """The colour phones paint around the page: the header's, unless it would hide the text of the bar."""
    theme = dict(door.theme)
    header = theme["color-header"]
    return header if contrast(header, theme["color-on-header"]) >= 4.5 else theme["color-paper"]


def portal(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `portal`, for every page."""
    door = current_portal(request)
    return {"portal": door, "browser_color": theme_color_for_browser(door)}
