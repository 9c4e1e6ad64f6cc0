"""Kinds of organisations and roles, with the words shown for them."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrganizationKind(TextChoices):
    REGION = "region", _("Region")
    DEPARTMENT = "department", _("Department")
    EPCI = "epci", _("Intercommunal authority")
    COMMUNE = "commune", _("Commune")
    SYNDICATE = "syndicate", _("Syndicate")
    DELEGATE = "delegate", _("Delegate of a public service")
    PARTNER = "partner", _("Partner")
    ASSOCIATION = "association", _("Association")


class Ending(TextChoices):
    """How an organisation left its name."""

    RENAMED = "renamed", _("Renamed")
    MERGED = "merged", _("Joined another")


class Role(TextChoices):
    """From the least to the most; each role may all that the ones before it may."""

    MEMBER = "member", _("Member")
    CONTRIBUTOR = "contributor", _("Contributor")
    STEWARD = "steward", _("Data steward")
    COORDINATOR = "coordinator", _("Coordinator")
    ADMINISTRATOR = "administrator", _("Administrator")

    @property
    def rank(self) -> int:
        return list(Role).index(self)
