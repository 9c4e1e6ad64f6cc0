"""Requests for help and the messages exchanged."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bocage.catalog.models import Dataset
from bocage.governance.help.vocabulary import HelpState
from bocage.governance.texts import SUBJECT_LENGTH, TEXT_LENGTH
from bocage.kernel.ids import new_uid


def new_help_uid() -> str:
    return new_uid("he")


class HelpRequest(models.Model):
    """`organization` asks, `helper` answers. `dataset`: what it is about, if it is about one; naming it gives the helpers no
    right on it. `last_at`: of the last message."""

    uid = models.CharField(max_length=32, unique=True, default=new_help_uid, editable=False)
    organization = models.ForeignKey("organizations.Organization", models.CASCADE, related_name="help_asked")
    helper = models.ForeignKey("organizations.Organization", models.CASCADE, related_name="help_given")
    dataset = models.ForeignKey(Dataset, models.SET_NULL, null=True, blank=True, related_name="help_requests")
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH)
    state = models.CharField(max_length=10, choices=HelpState.choices, default=HelpState.OPEN)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    last_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-last_at", "-pk")
        indexes = (
            models.Index(fields=("helper", "state", "last_at"), name="help_queue"),
            models.Index(fields=("organization", "last_at"), name="help_of_an_organization"),
        )

    def __str__(self) -> str:
        return self.subject


class HelpMessage(models.Model):
    """`helping`: written for the team that was asked."""

    request = models.ForeignKey(HelpRequest, models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    helping = models.BooleanField(default=False)
    text = models.TextField(max_length=TEXT_LENGTH)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=("author", "at"), name="help_messages_of_a_person"),)

    def __str__(self) -> str:
        return f"{self.request} · {self.pk}"
