"""What was counted: one row for each dataset, whatever the years."""

from __future__ import annotations

from django.db import models

HALF_LIFE_DAYS = 30
CALLS_OF_A_DOWNLOAD = 10
"""As many calls of an interface weigh as much as one download."""


class DatasetUse(models.Model):
    """`score`: uses, of which half is forgotten every HALF_LIFE_DAYS, as it was on `counted_on`."""

    dataset = models.OneToOneField("catalog.Dataset", models.CASCADE, related_name="use", primary_key=True)
    downloads = models.BigIntegerField(default=0)
    calls = models.BigIntegerField(default=0)
    score = models.FloatField(default=0.0)
    since = models.DateField()
    counted_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.dataset_id}: {self.downloads} downloads, {self.calls} calls"


class CountedFile(models.Model):
    """A file of numbers whose sums were written: written once, whenever the process that did died."""

    name = models.CharField(max_length=60, unique=True)
    counted_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return self.name
