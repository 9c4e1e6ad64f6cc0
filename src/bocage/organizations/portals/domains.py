"""The name under which a portal answers: written as one, nobody else's, and answered by the platform."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from bocage.organizations.models import Organization, Portal
from bocage.organizations.portals.doors import EVERY_HOST
from bocage.organizations.portals.errors import (
    DomainNotAnswered,
    DomainOfOthers,
    DomainOfPlatform,
    DomainTaken,
    EveryHost,
    InvalidDomain,
    PlatformNameless,
)

LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
LONGEST = 253
RESERVED = (".localhost", ".test", ".example", ".invalid")
"""Names that nobody has outside (RFC 6761)."""
LOCAL = ("localhost", "127.0.0.1", "::1")
"""Names by which a machine is asked itself, whoever it belongs to."""


def read_domain(given: str) -> str:
    """`Données.Ville.fr ` → `xn--donnes-dva.ville.fr`, the name that browsers send. Raises InvalidDomain."""
    text = given.strip().lower().removesuffix(".")
    if text == EVERY_HOST:
        return text
    try:
        name = text.encode("idna").decode("ascii")
    except UnicodeError:
        raise InvalidDomain(domain=given.strip()[:LONGEST]) from None
    labels = name.split(".")
    numeric = labels[-1].isdigit()  # an address of a machine, not a name
    if len(name) > LONGEST or len(labels) < 2 or numeric or not all(LABEL.fullmatch(label) for label in labels):
        raise InvalidDomain(domain=given.strip()[:LONGEST])
    return name


def refuse_domain(
    domain: str, organization: Organization, *, portal: Portal | None, asked: str, operator: bool = False
) -> None:
    """Unless `organization` may have this name, as `read_domain` gives it. `portal`: the one that takes it, when it exists.
    `asked`: the host by which the platform is asked now: it is its name when it was given no other.

    Raises EveryHost, DomainTaken, DomainOfPlatform, PlatformNameless, DomainOfOthers, DomainNotAnswered."""
    if portal is not None and portal.domain == domain:
        return
    if domain == EVERY_HOST and not operator:
        raise EveryHost
    if Portal.objects.filter(domain=domain).exists():
        raise DomainTaken(domain=domain)
    if domain == EVERY_HOST:
        return
    _refuse_the_platform(domain, organization, asked, operator=operator)
    _refuse_neighbours(domain, organization, portal, operator=operator)
    if not validate_host(domain, settings.ALLOWED_HOSTS or [".localhost"]):
        raise DomainNotAnswered(domain=domain)


def platform_names(asked: str) -> frozenset[str]:
    """The host of BOCAGE_PUBLIC_URL; without one, the host asked, when no portal has it."""
    public = urlsplit(settings.BOCAGE.public_url).hostname
    if public:
        return frozenset({public, *LOCAL})
    host = split_domain_port(asked)[0]
    known = Portal.objects.filter(domain=host).exists()
    return frozenset(LOCAL if known else {host, *LOCAL})


def _refuse_the_platform(domain: str, organization: Organization, asked: str, *, operator: bool) -> None:
    """Its name is nobody's; those below and above it are its owner's: the organisation of the portal of every host."""
    names = platform_names(asked)
    if domain in names:
        raise DomainOfPlatform(domain=domain)
    if not settings.BOCAGE.public_url and not operator and not domain.endswith(RESERVED):
        raise PlatformNameless(domain=domain)
    near = next((name for name in sorted(names - {*LOCAL}) if _nested(domain, name)), None)
    if near is None or operator:
        return
    common = Portal.objects.select_related("organization").filter(domain=EVERY_HOST).first()
    if common is None or not _within(organization, common.organization):
        raise DomainOfPlatform(domain=domain)


def _refuse_neighbours(domain: str, organization: Organization, portal: Portal | None, *, operator: bool) -> None:
    """A name below, or above, that of a portal of somebody else: visitors would take one for the other."""
    if operator:
        return
    others = Portal.objects.exclude(pk=portal.pk if portal else 0).select_related("organization")
    above = _above(domain)
    for other in [*others.filter(domain__in=above), *others.filter(domain__endswith=f".{domain}")[:100]]:
        upper, lower = (
            (other.organization, organization) if other.domain in above else (organization, other.organization)
        )
        if not _within(lower, upper):
            raise DomainOfOthers(domain=domain, other=other.domain, owner=other.organization.name)


def _above(domain: str) -> Collection[str]:
    """`a.b.fr` → `b.fr`, `fr`."""
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(1, len(labels))]


def _nested(one: str, other: str) -> bool:
    return one.endswith(f".{other}") or other.endswith(f".{one}")


def _within(organization: Organization, above: Organization) -> bool:
    return organization.pk == above.pk or bool(above.path and organization.path.startswith(above.path))
