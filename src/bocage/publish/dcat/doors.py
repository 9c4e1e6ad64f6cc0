"""Whose catalogue it is: portals are doors on one catalogue, whose identities do not change with the door."""

from __future__ import annotations

from dataclasses import dataclass

from bocage.organizations.models import Organization
from bocage.organizations.portals.doors import EVERY_HOST, portal_at
from bocage.query.selection import EVERYTHING, Selection, selection_of


@dataclass(frozen=True)
class Door:
    """`publisher`: who answers for the catalogue as a whole; None on a platform without any organisation. `selection`: what is
    listed. `uid`: of the portal. `has_domain`: it answers at a host of its own, where its pages follow one another."""

    title: str
    publisher: Organization | None
    selection: Selection = EVERYTHING
    uid: str = ""
    has_domain: bool = False

    def node(self, root: str) -> str:
        """What names the catalogue: a part of the common one is another catalogue, under the same platform. Empty for the
        whole."""
        return "" if self.selection.everything else f"{root}/explore/#{self.uid}"


def door_of(host: str) -> Door:
    """The portal that answers at `host` (with or without port), else the one that answers every host; before any, the first
    organisation under the name of the host."""
    portal = portal_at(host)
    if portal is not None:
        return Door(
            portal.name, portal.organization, selection_of(portal), portal.uid, has_domain=portal.domain != EVERY_HOST
        )
    first = Organization.objects.order_by("pk").first()
    return Door(host, first)
