"""The signed document of an agreement, in the database: it is small, there is one, and a backup has it with the rest."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from bocage.access.models.agreements import Agreement


class AgreementDocument(models.Model):
    """`content` is never read in a list: defer it."""

    agreement = models.OneToOneField(Agreement, models.CASCADE, related_name="attached")
    filename = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return self.filename
