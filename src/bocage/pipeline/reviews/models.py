"""Where a review is required, and what was proposed, compared and decided."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from bocage.catalog.models import Dataset
from bocage.kernel.ids import new_uid
from bocage.pipeline.reviews.vocabulary import Proposal, ReviewState
from bocage.store.models import Version

REASON_LENGTH = 2000


def new_review_uid() -> str:
    return new_uid("rv")


class ReviewRequirement(models.Model):
    """Versions of one dataset, or of every dataset of an organisation and of those below it, wait for a review. Lifted, it is kept:
    one may ask who was in charge when a version was published."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, null=True, blank=True, related_name="review_requirements")
    organization = models.ForeignKey(
        "organizations.Organization", models.CASCADE, null=True, blank=True, related_name="review_requirements"
    )
    required_at = models.DateTimeField()
    required_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(dataset=None, organization__isnull=False) | Q(dataset__isnull=False, organization=None),
                name="review_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=("dataset",), condition=Q(lifted_at=None), name="one_review_requirement_per_dataset"
            ),
            models.UniqueConstraint(
                fields=("organization",), condition=Q(lifted_at=None), name="one_review_requirement_per_organization"
            ),
        )

    def __str__(self) -> str:
        return f"{self.dataset or self.organization}"


class Review(models.Model):
    """One proposal, one comparison, one decision.

    `authors`: ids of the accounts that may not decide. `run` makes the version; None to restore `version`, which is otherwise
    the one that came of it. `base`: the published version with which it was compared, None before the first. `sha256` and
    `schema`: of what was shown; nothing else is published on this decision. `file`: where it is kept, below the data folder.
    `changes` as `Version.changes`; `profile` and `anomalies` as `VersionProfile`; `sample` see `looking`. `last_push`: the
    last line of the journal that is in it.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_review_uid, editable=False)
    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="reviews")
    kind = models.CharField(max_length=10, choices=Proposal.choices)
    state = models.CharField(max_length=10, choices=ReviewState.choices, default=ReviewState.WAITING)
    run = models.ForeignKey("pipeline.Run", models.SET_NULL, null=True, blank=True, related_name="reviews")
    version = models.ForeignKey(Version, models.SET_NULL, null=True, blank=True, related_name="+")
    base = models.ForeignKey(Version, models.SET_NULL, null=True, blank=True, related_name="+")
    base_number = models.PositiveIntegerField(null=True, blank=True)
    authors = models.JSONField(default=list, blank=True)
    comment = models.CharField(max_length=500, blank=True)
    filename = models.CharField(max_length=255, blank=True)
    file = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    schema = models.JSONField(default=list)
    row_count = models.BigIntegerField()
    changes = models.JSONField(default=dict)
    profile = models.JSONField(default=dict)
    anomalies = models.JSONField(default=list)
    sample = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)
    last_push = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("state", "created_at"), name="reviews_by_state"),)
        constraints = (
            models.UniqueConstraint(
                fields=("dataset", "kind"), condition=Q(state="waiting"), name="one_review_waits_per_kind"
            ),
        )

    def __str__(self) -> str:
        return f"{self.dataset.slug} · {self.state}"
