"""Where data comes from, when, and what happened: sources, and the runs that bring a version from each."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bocage.catalog.models import Dataset
from bocage.kernel.ids import new_uid
from bocage.pipeline.edits.models import EditPolicy, EditsAwaiting
from bocage.pipeline.moving.models import MovedDataset
from bocage.pipeline.pushes.models import Push, PushAddress, PushKey, PushQueue
from bocage.pipeline.references.models import LinkState, ReferenceChange, ReferenceEffect
from bocage.pipeline.retention.models import KeptVersion, LeavingVersion
from bocage.pipeline.reviews.models import Review, ReviewRequirement
from bocage.pipeline.vocabulary import RunStatus
from bocage.store.models import Version

__all__ = [
    "Draft",
    "EditPolicy",
    "EditsAwaiting",
    "Heartbeat",
    "KeptVersion",
    "LeavingVersion",
    "LinkState",
    "MovedDataset",
    "Push",
    "PushAddress",
    "PushKey",
    "PushQueue",
    "ReferenceChange",
    "ReferenceEffect",
    "Review",
    "ReviewRequirement",
    "Run",
    "Source",
]


def new_source_uid() -> str:
    return new_uid("so")


def new_run_uid() -> str:
    return new_uid("ru")


class Source(models.Model):
    """Where the data of a dataset comes from: one file dropped by a person, or a URL polled on a schedule.

    `corrections` (capture.Corrections.as_dict()) is replayed at every update. `seen` remembers ETag, Last-Modified and
    the content hash of the last delivery, so that an unchanged file makes no version. `followed_by`: who chose the address.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_source_uid, editable=False)
    dataset = models.OneToOneField(Dataset, models.CASCADE, related_name="capture_source")
    kind = models.CharField(max_length=20, help_text="a connector: file, url")
    url = models.URLField(_("address"), max_length=2000, blank=True)
    corrections = models.JSONField(default=dict, blank=True)
    seen = models.JSONField(default=dict, blank=True)
    every = models.DurationField(_("polled every"), null=True, blank=True)
    next_due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    paused = models.BooleanField(default=False)
    followed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return self.url or self.kind


class Run(models.Model):
    """One attempt to make a version: claimed by optimistic update, under a lease that expires if its worker dies.

    `attempt` counts from 1; a transient fault puts the run back to waiting with a later `due_at`.
    `file` is the path, below the data folder, of a dropped file not yet published; empty for a URL.
    `log` is a list of {"at", "step", "message", "fields"}; `counts` {"rows", "bytes", …}.
    `error` is BocageError.as_dict() of the fault, shown to the steward.
    `conformity` records what was applied, as `Draft.conformity`; empty when the dataset follows no schema.
    `quarantine`: uid of the quarantine whose mended rows this run publishes again; empty for a delivery.
    `pushed`: it publishes what waits in the journal of pushed records.
    Stopped at REVIEW, it is carried out again, with the same `file`, once a person has accepted what it read: see `reviews`.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_run_uid, editable=False)
    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="runs")
    source = models.ForeignKey(Source, models.SET_NULL, null=True, blank=True, related_name="runs")
    status = models.CharField(max_length=12, choices=RunStatus.choices, default=RunStatus.WAITING, db_index=True)
    file = models.CharField(max_length=500, blank=True)
    filename = models.CharField(max_length=255, blank=True)
    corrections = models.JSONField(default=dict, blank=True)
    conformity = models.JSONField(default=dict, blank=True)
    quarantine = models.CharField(max_length=32, blank=True)
    pushed = models.BooleanField(default=False)
    comment = models.CharField(max_length=500, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(db_index=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_owner = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    cancel_requested = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    step = models.CharField(max_length=40, blank=True)
    log = models.JSONField(default=list, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    warnings = models.JSONField(default=list, blank=True)
    error = models.JSONField(default=dict, blank=True)
    version = models.ForeignKey(Version, models.SET_NULL, null=True, blank=True, related_name="runs")

    class Meta:
        ordering = ("-created_at",)
        indexes = (
            models.Index(fields=("status", "due_at")),
            models.Index(fields=("-created_at", "-id"), name="runs_latest_first"),
        )

    def __str__(self) -> str:
        return f"{self.dataset.slug} · {self.status}"


class Heartbeat(models.Model):
    """The worker says that it lives; `/readyz` and the console look at it."""

    worker = models.CharField(max_length=64, unique=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker


def new_draft_uid() -> str:
    return new_uid("dr")


class Draft(models.Model):
    """A file dropped and not yet published: its owner looks at what was understood, corrects, then publishes or leaves it.

    Its folder, `incoming/<uid>` below the data folder, holds the file and what was understood of it. `dataset` is None for
    a dataset to be created. Drafts expire: see `pipeline.drafts`.

    `conformity`: the schema that its dataset will follow, {"schema": name, "version": number, "mapping":
    ColumnMappings.as_dict(), "policy", "contract"}; empty keeps what the dataset has.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_draft_uid, editable=False)
    organization = models.ForeignKey("organizations.Organization", models.CASCADE, related_name="+")
    dataset = models.ForeignKey(Dataset, models.CASCADE, null=True, blank=True, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    filename = models.CharField(max_length=255)
    size_bytes = models.BigIntegerField(default=0)
    corrections = models.JSONField(default=dict, blank=True)
    conformity = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.filename
