"""An agreement: who lets whom use which data, what for, on which ground, until when."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bocage.access.agreements.rules import Parties, standing
from bocage.access.agreements.vocabulary import LegalBasis, Standing, State, Step
from bocage.kernel.clock import now
from bocage.kernel.ids import new_uid
from bocage.organizations.models import Organization


def new_agreement_uid() -> str:
    return new_uid("ag")


def today() -> date:
    """The day where the platform is: an agreement ends at midnight there."""
    return timezone.localdate(now())


class Agreements(models.QuerySet[Any]):
    def in_force(self) -> Agreements:
        """Those that open something today; the same as `rules.in_force`."""
        day = today()
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), state=State.SIGNED, starts_on__lte=day)

    def to_come(self) -> Agreements:
        """Those in force, and those that may be some day."""
        return self.exclude(state=State.ENDED).filter(Q(ends_on=None) | Q(ends_on__gte=today()))


class Agreement(models.Model):
    """Its rights are never copied anywhere: they follow from `state` and from the dates when somebody reads."""

    uid = models.CharField(max_length=32, unique=True, default=new_agreement_uid, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    producer = models.ForeignKey(Organization, models.PROTECT, related_name="agreements_given")
    consumers = models.ManyToManyField(Organization, related_name="agreements_received")
    purpose = models.TextField(_("what the data are for"), max_length=5_000)
    legal_basis = models.CharField(_("legal basis"), max_length=24, choices=LegalBasis.choices)
    obligations = models.TextField(_("obligations"), max_length=10_000, blank=True)
    starts_on = models.DateField(_("begins on"))
    ends_on = models.DateField(_("ends on (included)"), null=True, blank=True)
    document = models.URLField(_("address of the document"), max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFTED)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = Agreements.as_manager()

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="agreement_ends_after_it_begins", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} · {self.title}"

    @property
    def standing(self) -> Standing:
        return standing(State(self.state), self.starts_on, self.ends_on, today())

    def parties(self) -> Parties:
        """Two queries, unless `consumers` and `signatures` were fetched."""
        return Parties(
            self.producer_id,
            frozenset(one.pk for one in self.consumers.all()),
            frozenset(one.organization_id for one in self.signatures.all()),
        )


class AgreedDataset(models.Model):
    """`columns`: names of the only fields that exist for the consumers; none named: all. `rows`: a condition in ODSQL."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="datasets")
    dataset = models.CharField(max_length=32, db_index=True, help_text="uid")
    columns = models.JSONField(_("columns"), default=list, blank=True)
    rows = models.TextField(_("which rows"), blank=True, max_length=5_000)

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("pk",)
        constraints = (models.UniqueConstraint("agreement", "dataset", name="agreed_once"),)

    def __str__(self) -> str:
        return self.dataset


class Signature(models.Model):
    """`name`: of the person when they signed; accounts come and go."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="signatures")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=300)
    signed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("signed_at", "pk")
        constraints = (models.UniqueConstraint("agreement", "organization", name="signed_once"),)

    def __str__(self) -> str:
        return self.name


class AgreementEvent(models.Model):
    """What was done, never changed. `state`: after it."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="events")
    step = models.CharField(max_length=10, choices=Step.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=300)
    at = models.DateTimeField()
    note = models.TextField(blank=True, max_length=2_000)

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.step} · {self.name}"

    @property
    def told(self) -> str:
        return Step(self.step).told
