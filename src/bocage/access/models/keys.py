"""Keys by which a program asks in the name of a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bocage.kernel.clock import now
from bocage.organizations.models import Organization

UNDO_WITHIN = timedelta(hours=1)
"""How long a revocation may be taken back: afterwards the key is dead for good."""
USE_RECORDED_EVERY = timedelta(minutes=10)


class ApiKey(models.Model):
    """A key of `owner`, who may do with it a part of what they may do themselves. The key itself is not kept: `digest`
    recognises it, `start` lets its owner recognise it."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_keys")
    name = models.CharField(_("name"), max_length=100)
    digest = models.CharField(
        max_length=64, unique=True, editable=False, help_text="SHA-256 of the key, in hexadecimal"
    )
    start = models.CharField(max_length=20, editable=False, help_text="first characters of the key")
    read_only = models.BooleanField(_("read only"), default=True)
    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="+", help_text="acts in this one only"
    )
    datasets = models.JSONField(default=list, blank=True, help_text="uids; not empty: nothing but these and open data")
    created_at = models.DateTimeField(default=now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.name} · {self.start}…"

    @property
    def expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= now()

    @property
    def use_due_at(self) -> datetime:
        """When that it is used is to be written again."""
        used: datetime | None = self.last_used_at
        return used + USE_RECORDED_EVERY if used is not None else self.created_at

    @property
    def alive(self) -> bool:
        """Whether it still opens something; its owner's account is another question."""
        return self.revoked_at is None and not self.expired
