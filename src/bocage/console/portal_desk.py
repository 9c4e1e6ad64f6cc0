"""What the pages about a portal have in common."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.translation import gettext as _

from bocage.access.rules import decide_in
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.kernel.public_address import public_address
from bocage.organizations.models import Portal
from bocage.organizations.portals.doors import EVERY_HOST
from bocage.organizations.selectors import portal_of
from bocage.query.catalogue import catalogue_search

FOUND = 20
"""Datasets offered at once by a search."""


def kept_portal(viewer: Viewer, uid: str) -> Portal:
    """The portal, which the viewer keeps: whoever administers its organisation. Raises NotFound, AccessDenied."""
    portal = portal_of(uid)
    decide_in(viewer, Action.ADMINISTER, portal.organization_id).require()
    return portal


def portal_address(request: HttpRequest, portal: Portal) -> str:
    """Where visitors find it: by the scheme and the port of this request."""
    if portal.domain == EVERY_HOST:
        return public_address(request, "/")
    port = split_domain_port(request.get_host())[1]
    return f"{request.scheme}://{portal.domain}{f':{port}' if port else ''}/"


def about(request: HttpRequest, portal: Portal, tab: str, **more: Any) -> dict[str, Any]:
    """Context of a page of a portal. `address_unknown`: identities follow the door, until the platform knows its address."""
    return {
        "edited": portal,
        "tab": tab,
        "address": portal_address(request, portal),
        "address_unknown": not settings.BOCAGE.public_url,
        **more,
    }


def found_datasets(viewer: Viewer, text: str) -> list[Dataset]:
    """The first ones that the words find, of which the viewer knows."""
    if not text:
        return []
    slugs = catalogue_search(viewer, text=text, limit=FOUND).slugs
    known = (
        Dataset.objects.visible_to(viewer, Action.SEE).select_related("organization").in_bulk(slugs, field_name="slug")
    )
    return [known[slug] for slug in slugs if slug in known]


def words_asked(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:100]


def done() -> str:
    return _("Saved. Everyone sees it from now on.")
