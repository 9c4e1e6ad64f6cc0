"""The journal of what was copied from other portals."""

from __future__ import annotations

from django.db import models

from bocage.catalog.models import Dataset
from bocage.pipeline.moving.vocabulary import MoveState


class MovedDataset(models.Model):
    """A dataset of another portal, and what has become of it here.

    `portal`: origin of its address. `seen`: what was copied last: {"document": digest of its description, "data": mark of its
    data, "format", "etag", "attachments"}. `written`: the metadata that we wrote, so that what people changed here since is left
    to them. `metas`: all that the portal says of it, whether we have a place for it or not.
    `losses`: list of Notice.as_dict(), what could not be kept. `comparison`: Comparison.as_dict(). `error`: of the last try.
    """

    portal = models.CharField(max_length=300)
    source_id = models.CharField(max_length=200)
    dataset = models.ForeignKey(Dataset, models.SET_NULL, null=True, blank=True, related_name="moved_from")
    state = models.CharField(max_length=10, choices=MoveState.choices, default=MoveState.WAITING)
    seen = models.JSONField(default=dict, blank=True)
    written = models.JSONField(default=dict, blank=True)
    metas = models.JSONField(default=dict, blank=True)
    losses = models.JSONField(default=list, blank=True)
    comparison = models.JSONField(default=dict, blank=True)
    error = models.JSONField(default=dict, blank=True)
    copied_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True, help_text="since when the portal no longer has it")

    class Meta:
        ordering = ("portal", "source_id")
        constraints = (models.UniqueConstraint(fields=("portal", "source_id"), name="one_row_per_moved_dataset"),)

    def __str__(self) -> str:
        return f"{self.portal} · {self.source_id}"
