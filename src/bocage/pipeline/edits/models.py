"""Which datasets may be edited feature by feature, and those that have just been."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from bocage.catalog.models import Dataset


class EditPolicy(models.Model):
    """The keepers of a dataset let its contributors edit it feature by feature. No row: nobody does, and this is the default.

    `conditional`: a change says which state of the feature it was made from (If-Match), or is refused."""

    dataset = models.OneToOneField(Dataset, models.CASCADE, related_name="edit_policy")
    conditional = models.BooleanField(default=False)
    allowed_at = models.DateTimeField()
    allowed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return self.dataset.slug


class EditsAwaiting(models.Model):
    """A dataset edited since the worker last looked at it: see `awaiting`. `edits`: how many versions since the row was made;
    `since`: when it was made, or last looked at."""

    dataset = models.OneToOneField(Dataset, models.CASCADE, related_name="edits_awaiting")
    since = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    edits = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.dataset.slug
