"""Portals, their logos, and the words that a portal proposes to those below it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bocage.kernel.ids import new_uid
from bocage.organizations.portals.vocabulary import Language, Showing


def new_portal_uid() -> str:
    return new_uid("po")


def new_proposal_uid() -> str:
    return new_uid("pp")


class Portal(models.Model):
    """A door on the common catalogue: domain, name, look, and what it shows. `theme` holds the tokens that differ from the
    default. `group`: uid of the working group whose portal it is, led by `organization`; groups are above this package."""

    uid = models.CharField(max_length=32, unique=True, default=new_portal_uid, editable=False)
    organization = models.ForeignKey("organizations.Organization", models.CASCADE, related_name="portals")
    group = models.CharField(max_length=32, blank=True, editable=False, help_text="uid")
    domain = models.CharField(max_length=253, unique=True, help_text=_("Host name; “*” answers every other host."))
    name = models.CharField(_("name"), max_length=120)
    tagline = models.CharField(_("tagline"), max_length=200, blank=True)
    theme = models.JSONField(default=dict, blank=True)
    language = models.CharField(
        _("language by default"), max_length=5, choices=Language.choices, default=Language.FRENCH
    )
    logo = models.CharField(max_length=80, blank=True, editable=False, help_text="digest and suffix of its picture")
    logo_width = models.PositiveIntegerField(default=0, editable=False, help_text="pixels")
    logo_height = models.PositiveIntegerField(default=0, editable=False, help_text="pixels")
    showing = models.CharField(_("what it shows"), max_length=12, choices=Showing.choices, default=Showing.EVERYTHING)
    chosen = models.JSONField(default=list, blank=True, help_text="uids of datasets, when they are chosen one by one")
    where = models.TextField(_("question"), blank=True, max_length=2_000, help_text="ODSQL on the catalogue")
    blocks = models.JSONField(null=True, blank=True, default=None, help_text="see portals.blocks; null: the usual page")
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return self.name


class PortalLogo(models.Model):
    """The bytes of a logo, beside the portal so that finding the portal of a host stays cheap."""

    portal = models.OneToOneField(Portal, models.CASCADE, related_name="picture")
    media_type = models.CharField(max_length=20)
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.portal_id} · {self.media_type}"


class Proposal(models.Model):
    """Words written once by `portal`, proposed to the portals of the organisations below. `edition` grows with each change.
    `about_territory`: followed by the datasets that speak of the commune of the portal that takes them."""

    uid = models.CharField(max_length=32, unique=True, default=new_proposal_uid, editable=False)
    portal = models.ForeignKey(Portal, models.CASCADE, related_name="proposals")
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), max_length=10_000, blank=True)
    about_territory = models.BooleanField(_("followed by the datasets that speak of the commune"), default=False)
    edition = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("-changed_at", "-pk")

    def __str__(self) -> str:
        return self.title


class ProposalAnswer(models.Model):
    """What a portal said of the `edition` of a proposal. Its words are then kept in a block of its home page."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="answers")
    portal = models.ForeignKey(Portal, models.CASCADE, related_name="answers")
    accepted = models.BooleanField()
    edition = models.PositiveIntegerField()
    answered_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint("proposal", "portal", name="one_answer_per_portal"),)

    def __str__(self) -> str:
        return f"{self.portal_id} · {self.proposal_id} · {self.accepted}"
