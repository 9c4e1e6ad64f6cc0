"""Portals beside the common one: that of a commune, and one on a subject. Browsers find names in `.localhost` by themselves."""

from __future__ import annotations

from dataclasses import dataclass

from bocage.demo.organizations import METROPOLE
from bocage.organizations.models import Organization, Portal
from bocage.organizations.portals.services import choose_what_it_shows, create_portal
from bocage.organizations.portals.vocabulary import Showing


@dataclass(frozen=True)
class Shown:
    """`where`: the question, where the portal shows what answers one."""

    domain: str
    organization: str
    name: str
    tagline: str
    showing: Showing
    where: str = ""


PORTALS = (
    Shown(
        "reze.localhost", "reze", "Rezé, données ouvertes",
        "Ce que la ville publie, et ce que la métropole et le département publient sur elle.", Showing.TERRITORY,
    ),
    Shown(
        "mobilites.localhost", METROPOLE, "Mobilités du bocage nantais",
        "Stationnement, vélo, bus, travaux : de quoi se déplacer et faire de bons services.", Showing.QUERY, 'theme_code = "mobilite"',
    ),
)  # fmt: skip


def load_portals() -> None:
    """Load what is missing."""
    for shown in PORTALS:
        if Portal.objects.filter(domain=shown.domain).exists():
            continue
        portal = create_portal(
            organization=Organization.objects.get(slug=shown.organization),
            domain=shown.domain,
            name=shown.name,
            tagline=shown.tagline,
            asked="localhost",
            operator=True,
        )
        choose_what_it_shows(portal=portal, showing=shown.showing, where=shown.where)
