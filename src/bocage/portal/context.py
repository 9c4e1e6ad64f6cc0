"""Which portal a request came to, and what every page says of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from bocage.kernel.public_address import public_address
from bocage.organizations.models import Portal
from bocage.organizations.portals.blocks import Block, read_blocks
from bocage.organizations.portals.doors import EVERY_HOST, portal_at
from bocage.organizations.rules import DEFAULT_THEME, contrast
from bocage.query.selection import Selection, selection_of

DEFAULT_UID = "default"
LOGO_HEIGHT, LOGO_WIDTH = 40, 240
"""The box in which a logo is shown, in pixels."""
OWN_PAGES = frozenset({"home", "catalogue", "organizations", "sitemap_page", "legal"})
"""Pages that say something else at each door. All the others are pages of the one catalogue, whichever the door."""


@dataclass(frozen=True)
class Logo:
    """Address and size of the picture as shown."""

    address: str
    width: int
    height: int


@dataclass(frozen=True)
class Door:
    """The portal as pages show it. `theme` is complete; `portal` is None before any portal is made."""

    uid: str
    name: str
    tagline: str
    theme: tuple[tuple[str, str], ...]
    portal: Portal | None = None

    @property
    def organization_id(self) -> int | None:
        return self.portal.organization_id if self.portal else None

    @property
    def language(self) -> str:
        """For visitors who ask for none that the platform speaks."""
        return self.portal.language if self.portal else settings.LANGUAGE_CODE

    @property
    def has_domain(self) -> bool:
        """It answers at a host of its own, beside the platform's."""
        return self.portal is not None and self.portal.domain != EVERY_HOST

    @cached_property
    def selection(self) -> Selection:
        """What it shows of the catalogue; asked for once, by the pages that list datasets."""
        return selection_of(self.portal)

    @property
    def blocks(self) -> tuple[Block, ...]:
        return read_blocks(self.portal.blocks if self.portal else None)

    @property
    def logo(self) -> Logo | None:
        if self.portal is None or not self.portal.logo:
            return None
        width, height = self.portal.logo_width or 1, self.portal.logo_height or 1
        scale = min(LOGO_HEIGHT / height, LOGO_WIDTH / width)
        address = reverse("portal:logo", args=[self.uid, self.portal.logo])
        return Logo(address, max(1, round(width * scale)), max(1, round(height * scale)))

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
    return Door(portal.uid, portal.name, portal.tagline, _legible(portal.theme), portal)


def current_portal(request: HttpRequest) -> Door:
    """The portal whose domain is the host of the request, else the one that answers every host. One query a request."""
    kept = getattr(request, "_bocage_portal", None)
    if isinstance(kept, Door):
        return kept
    door = door_of(portal_at(request.get_host()))
    request._bocage_portal = door  # type: ignore[attr-defined]  # noqa: SLF001  kept for the length of the request
    return door


def theme_color_for_browser(door: Door) -> str:
    """The colour phones paint around the page: the header's, unless it would hide the text of the bar."""
    theme = dict(door.theme)
    header = theme["color-header"]
    return header if contrast(header, theme["color-on-header"]) >= 4.5 else theme["color-paper"]


def canonical_address(request: HttpRequest, door: Door) -> str:
    """Where the page is at home: a page of the one catalogue, below the address of the platform whichever the door; a page that
    is the door's own, at the door. Empty for what is not a public page, and for one of the many cuts of the catalogue."""
    match = request.resolver_match
    if match is None or match.app_name != "portal":
        return ""
    if match.url_name in OWN_PAGES:
        if request.META.get("QUERY_STRING"):
            return ""
        if door.has_domain:
            return request.build_absolute_uri(request.path)
    return public_address(request, request.path)


def portal(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `portal`, for every page."""
    door = current_portal(request)
    return {
        "portal": door,
        "browser_color": theme_color_for_browser(door),
        "canonical": canonical_address(request, door),
    }
