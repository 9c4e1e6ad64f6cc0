"""Versions that somebody keeps, and versions on their way out."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bocage.store.models import Version


class KeptVersion(models.Model):
    """Somebody decided that this version stays, whatever the rules of retention say."""

    version = models.OneToOneField(Version, models.CASCADE, related_name="kept")
    reason = models.CharField(_("reason"), max_length=500)
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.version} · {self.reason}"


class LeavingVersion(models.Model):
    """This version is removed from `leaves_at` on, unless somebody keeps it until then. `asked_by`: None when a rule asks."""

    version = models.OneToOneField(Version, models.CASCADE, related_name="leaving")
    by_hand = models.BooleanField(default=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    marked_at = models.DateTimeField()
    leaves_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.version} · {self.leaves_at:%Y-%m-%d}"
