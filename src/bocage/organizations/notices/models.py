"""What people were told, and how often they want a message about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

FACT_LENGTH = 300
ADDRESS_LENGTH = 300


class Rhythm(models.TextChoices):
    """How often the unread notices of a person are mailed."""

    DAILY = "daily", _("every day when there is something new")
    WEEKLY = "weekly", _("every Monday")
    NEVER = "never", _("never")


class Notice(models.Model):
    """`facts`: name → short string, words or identifiers (see `kinds`). `address`: path of the page where one may act.
    `mark`: digest of what is told, so that the same thing is not told twice in a row."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    code = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    address = models.CharField(max_length=ADDRESS_LENGTH, blank=True)
    mark = models.CharField(max_length=32, editable=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(fields=("recipient", "created_at"), name="notices_of_a_person"),
            models.Index(fields=("recipient",), condition=Q(read_at=None), name="notices_unread"),
            models.Index(fields=("created_at",), name="notices_by_age"),
        )

    def __str__(self) -> str:
        return f"{self.code} · {self.recipient_id}"


class NoticeSetting(models.Model):
    """How often a person wants their notices by e-mail; a person without a row: every day. `sent_at`: the last message."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_setting")
    rhythm = models.CharField(max_length=10, choices=Rhythm.choices, default=Rhythm.DAILY)
    sent_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user} · {self.rhythm}"
