"""A person asks for data that are given on request."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bocage.access.models.grants import Grant
from bocage.access.requests.vocabulary import Duration, State
from bocage.kernel.ids import new_uid
from bocage.organizations.models import Organization


def new_request_uid() -> str:
    return new_uid("ar")


class AccessRequest(models.Model):
    """`title`: of the dataset, when it was asked for: whoever asked may know no more of it afterwards. `organization`: for which it
    was asked; none: for the person alone. `due_on`: the day promised for the answer, which a later setting does not move."""

    uid = models.CharField(max_length=32, unique=True, default=new_request_uid, editable=False)
    dataset = models.CharField(max_length=32, db_index=True, help_text="uid")
    title = models.CharField(max_length=300)
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="access_requests")
    organization = models.ForeignKey(Organization, models.CASCADE, null=True, blank=True, related_name="+")
    purpose = models.TextField(_("what the data are for"), max_length=3_000)
    months = models.PositiveSmallIntegerField(_("for how long"), choices=Duration.choices, default=Duration.YEAR)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED, db_index=True)
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    answer = models.TextField(_("answer"), max_length=3_000, blank=True)
    grant = models.ForeignKey(Grant, models.SET_NULL, null=True, blank=True, related_name="requests")

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("-asked_at", "-pk")
        constraints = (
            models.UniqueConstraint("asker", "dataset", name="asked_once", condition=Q(state=State.ASKED)),
            models.CheckConstraint(name="refused_with_a_reason", condition=~Q(state=State.REFUSED) | ~Q(answer="")),
        )
        indexes = (models.Index(fields=("state", "due_on"), name="requests_late"),)

    def __str__(self) -> str:
        return f"{self.title} · {self.asker}"

    @property
    def waits(self) -> bool:
        return self.state == State.ASKED
