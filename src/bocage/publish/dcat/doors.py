"""Whose catalogue it is: portals are doors on one catalogue, whose identities do not change with the door."""

from __future__ import annotations

from dataclasses import dataclass

from bocage.organizations.models import Organization, Portal

EVERY_HOST = "*"


@dataclass(frozen=True)
class Door:
    """`publisher`: who answers for the catalogue as a whole; None on a platform without any organisation."""

    title: str
    publisher: Organization | None


def door_of(host: str) -> Door:
    """The portal that answers at `host` (with or without port), else the one that answers every host; before any, the first
    organisation under the name of the host."""
    name = host.rsplit(":", 1)[0].lower()
    known = Portal.objects.select_related("organization").filter(domain__in=(name, EVERY_HOST))
    portals = {portal.domain: portal for portal in known}
    portal = portals.get(name) or portals.get(EVERY_HOST)
    if portal is not None:
        return Door(portal.name, portal.organization)
    first = Organization.objects.order_by("pk").first()
    return Door(host, first)
