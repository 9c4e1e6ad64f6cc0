"""Writes on portals, one transaction each. Who may is asked by the caller: rights are above this package."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from bocage.kernel.clock import now
from bocage.organizations.models import Organization, Portal, PortalLogo
from bocage.organizations.portals.blocks import Block, read_blocks, written
from bocage.organizations.portals.domains import read_domain, refuse_domain
from bocage.organizations.portals.doors import EVERY_HOST
from bocage.organizations.portals.errors import EveryHost, TooManyChosen
from bocage.organizations.portals.pictures import Picture
from bocage.organizations.portals.vocabulary import Showing

MOST_CHOSEN = 500


@transaction.atomic
def create_portal(
    *,
    organization: Organization,
    domain: str,
    name: str,
    asked: str,
    operator: bool = False,
    group: str = "",
    showing: Showing = Showing.BRANCH,
    **said: Any,
) -> Portal:
    """A portal of the organisation, or of the working group of uid `group` that it leads. `asked`: the host by which the
    platform is asked. Raises what `domains` raises, and ValidationError."""
    domain = read_domain(domain)
    refuse_domain(domain, organization, portal=None, asked=asked, operator=operator)
    portal = Portal(organization=organization, group=group, domain=domain, name=name.strip(), showing=showing, **said)
    portal.full_clean()
    portal.save()
    return portal


@transaction.atomic
def name_portal(
    *, portal: Portal, domain: str, name: str, tagline: str, language: str, asked: str, operator: bool = False
) -> Portal:
    """Its domain and its words. The portal of every host is moved by those who run the platform only.

    Raises what `domains` raises, and ValidationError."""
    portal = _locked(portal)
    domain = read_domain(domain)
    if domain != portal.domain:
        if portal.domain == EVERY_HOST and not operator:
            raise EveryHost
        refuse_domain(domain, portal.organization, portal=portal, asked=asked, operator=operator)
    portal.domain, portal.name, portal.tagline, portal.language = domain, name.strip(), tagline.strip(), language
    portal.full_clean()
    portal.save(update_fields=["domain", "name", "tagline", "language"])
    return portal


@transaction.atomic
def choose_what_it_shows(*, portal: Portal, showing: Showing, where: str = "") -> Portal:
    """`where`: checked by the caller, who knows the catalogue."""
    portal = _locked(portal)
    portal.showing, portal.where = showing, where.strip()
    portal.full_clean()
    portal.save(update_fields=["showing", "where"])
    return portal


@transaction.atomic
def add_chosen(*, portal: Portal, uid: str) -> Portal:
    """One more among the datasets chosen one by one. Raises TooManyChosen."""
    portal = _locked(portal)
    if uid not in portal.chosen:
        if len(portal.chosen) >= MOST_CHOSEN:
            raise TooManyChosen(most=MOST_CHOSEN)
        portal.chosen = [*portal.chosen, uid]
        portal.save(update_fields=["chosen"])
    return portal


@transaction.atomic
def remove_chosen(*, portal: Portal, uid: str) -> Portal:
    portal = _locked(portal)
    portal.chosen = [one for one in portal.chosen if one != uid]
    portal.save(update_fields=["chosen"])
    return portal


@transaction.atomic
def arrange(*, portal: Portal, change: Callable[[Sequence[Block]], Sequence[Block]]) -> Portal:
    """Change the blocks of the home page, as they are when the row is locked. Raises TooManyBlocks."""
    portal = _locked(portal)
    portal.blocks = written(change(read_blocks(portal.blocks)))
    portal.save(update_fields=["blocks"])
    return portal


@transaction.atomic
def back_to_usual(*, portal: Portal) -> Portal:
    """The home page that nobody arranged. What was accepted of proposals leaves with the rest."""
    portal = _locked(portal)
    portal.blocks = None
    portal.save(update_fields=["blocks"])
    portal.answers.filter(accepted=True).delete()
    return portal


@transaction.atomic
def set_logo(*, portal: Portal, picture: Picture | None) -> Portal:
    """`picture`: as `pictures.read_logo` gives it; None takes the logo away."""
    portal = _locked(portal)
    PortalLogo.objects.filter(portal=portal).delete()
    if picture is not None:
        PortalLogo.objects.create(portal=portal, media_type=picture.media_type, content=picture.content)
    portal.logo = picture.name if picture else ""
    portal.logo_width, portal.logo_height = (picture.width, picture.height) if picture else (0, 0)
    portal.save(update_fields=["logo", "logo_width", "logo_height"])
    return portal


@transaction.atomic
def close_portal(*, portal: Portal) -> Portal:
    """Its host answers as any other from now on; its name is kept for it, so that it can be reopened."""
    portal = _locked(portal)
    portal.closed_at = portal.closed_at or now()
    portal.save(update_fields=["closed_at"])
    return portal


@transaction.atomic
def reopen_portal(*, portal: Portal) -> Portal:
    portal = _locked(portal)
    portal.closed_at = None
    portal.save(update_fields=["closed_at"])
    return portal


def _locked(portal: Portal) -> Portal:
    """As the database has it now: forms have already written their answers on the object given."""
    return Portal.objects.select_for_update().get(pk=portal.pk)
