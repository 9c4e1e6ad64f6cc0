"""Which portal answers at a host."""

from __future__ import annotations

from django.http.request import split_domain_port

from bocage.organizations.models import Portal

EVERY_HOST = "*"


def portal_at(host: str) -> Portal | None:
    """The open portal of this host (with or without port), else the one that answers every host; None before any is made.
    With its organisation. One query by a unique index, for each request: what is closed or renamed here is at once closed or
    renamed for every process."""
    name = split_domain_port(host)[0] or host.lower()
    known = Portal.objects.select_related("organization").filter(domain__in=(name, EVERY_HOST), closed_at=None)
    portals = {portal.domain: portal for portal in known}
    return portals.get(name) or portals.get(EVERY_HOST)
