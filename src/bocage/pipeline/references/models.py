"""What was found when a reference changed, and how each link stands."""

from __future__ import annotations

from django.db import models

from bocage.catalog.models import Dataset, ReferenceLayer, ReferenceLink
from bocage.store.models import Version


class ReferenceChange(models.Model):
    """One move of the published version of a reference, compared with the version that was looked at before.

    `before` is None for the first one looked at: nothing is compared. Numbers of keys. `examples`: state → the first keys in that
    state, [[key, label]]. `number` and `before_number` outlive the versions."""

    reference = models.ForeignKey(ReferenceLayer, models.CASCADE, related_name="changes")
    version = models.ForeignKey(Version, models.SET_NULL, null=True, related_name="+")
    before = models.ForeignKey(Version, models.SET_NULL, null=True, related_name="+")
    number = models.PositiveIntegerField()
    before_number = models.PositiveIntegerField(null=True)
    gone = models.BigIntegerField(default=0)
    added = models.BigIntegerField(default=0)
    renamed = models.BigIntegerField(default=0)
    redrawn = models.BigIntegerField(default=0)
    examples = models.JSONField(default=dict)
    found_at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("reference", "-id"), name="reference_changes_latest"),)

    def __str__(self) -> str:
        return f"{self.reference.dataset.slug} {self.before_number} → {self.number}"


class ReferenceEffect(models.Model):
    """What a change did to one dataset that points to the reference. Numbers of rows: `gone` point to a key that is no more,
    `renamed` and `redrawn` to one whose name or shape is another."""

    change = models.ForeignKey(ReferenceChange, models.CASCADE, related_name="effects")
    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="+")
    field = models.CharField(max_length=200)
    gone = models.BigIntegerField(default=0)
    renamed = models.BigIntegerField(default=0)
    redrawn = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("-gone", "-renamed", "-redrawn", "pk")

    def __str__(self) -> str:
        return f"{self.dataset.slug}.{self.field}"


class LinkState(models.Model):
    """How a link stood when it was last counted. Numbers of rows of the dataset that points: `filled` have a value, `lost` have one
    that the reference does not hold. `examples`: [[value, rows]] of these."""

    link = models.OneToOneField(ReferenceLink, models.CASCADE, related_name="state")
    version = models.ForeignKey(Version, models.SET_NULL, null=True, related_name="+")
    reference_version = models.ForeignKey(Version, models.SET_NULL, null=True, related_name="+")
    row_count = models.BigIntegerField(default=0)
    filled = models.BigIntegerField(default=0)
    lost = models.BigIntegerField(default=0)
    examples = models.JSONField(default=list)
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.link} · {self.lost}"
