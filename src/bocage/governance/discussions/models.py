"""Discussions and their remarks."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bocage.catalog.models import Dataset
from bocage.governance.texts import SUBJECT_LENGTH, TEXT_LENGTH
from bocage.kernel.ids import new_uid

REASON_LENGTH = 300


def new_discussion_uid() -> str:
    return new_uid("ds")


class Discussion(models.Model):
    """`last_at`: of the last remark that is not hidden. Closed, it is read and not written any more."""

    uid = models.CharField(max_length=32, unique=True, default=new_discussion_uid, editable=False)
    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="discussions")
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-last_at", "-pk")
        indexes = (models.Index(fields=("dataset", "last_at"), name="discussions_of_a_dataset"),)

    def __str__(self) -> str:
        return self.subject


class Remark(models.Model):
    """`hidden_at`: taken out of sight by a steward, who says why. `linked`: addresses in it are links."""

    discussion = models.ForeignKey(Discussion, models.CASCADE, related_name="remarks")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(max_length=TEXT_LENGTH)
    linked = models.BooleanField(default=False)
    at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    hidden_reason = models.CharField(max_length=REASON_LENGTH, blank=True)

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=("author", "at"), name="remarks_of_a_person"),)

    def __str__(self) -> str:
        return f"{self.discussion} · {self.pk}"
