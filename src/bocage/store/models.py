"""Versions: one immutable Parquet file and one row each; and the pointer that says which one is published."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from bocage.catalog.models import Dataset
from bocage.kernel.ids import new_uid


def new_version_uid() -> str:
    return new_uid("v")


FILENAME_LENGTH = 150
TITLE_LENGTH = 200


class Version(models.Model):
    """A whole, immutable, dated state of a dataset. Never updated after creation, but for `changes`, computed later."""

    uid = models.CharField(max_length=32, unique=True, default=new_version_uid, editable=False)
    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, help_text="of the Parquet file")
    size_bytes = models.BigIntegerField()
    row_count = models.BigIntegerField()
    schema = models.JSONField(default=list, help_text="list of Field.as_dict()")
    geometry = models.JSONField(
        default=dict, blank=True, help_text="column, types, bbox [w,s,e,n] CRS84, original_crs; empty when none"
    )
    provenance = models.JSONField(
        default=dict, blank=True, help_text="how the file was read: name, format, encoding, delimiter, sha256, url…"
    )
    warnings = models.JSONField(default=list, blank=True, help_text="list of Warning.as_dict()")
    changes = models.JSONField(
        null=True, blank=True, help_text="against the version before: added, removed, changed, key; null until known"
    )
    comment = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(db_index=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("dataset", "number"), name="one_version_per_number"),)

    def __str__(self) -> str:
        return f"{self.dataset.slug} v{self.number}"


class Head(models.Model):
    """The pointer: the version of a dataset that everybody reads. Publishing and rolling back move it, nothing else."""

    dataset = models.OneToOneField(Dataset, models.CASCADE, related_name="head")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return str(self.version)


class Attachment(models.Model):
    """A document joined to a dataset: a manual, a picture, a licence. Its bytes are found by their hash (`store.layout`).

    Removed ones wait, so that a mistake can be undone; see `documents`."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="attachments")
    identifier = models.CharField(max_length=FILENAME_LENGTH, help_text="of the document in its dataset; in addresses")
    title = models.CharField(max_length=TITLE_LENGTH)
    filename = models.CharField(max_length=FILENAME_LENGTH)
    media_type = models.CharField(max_length=100)
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("dataset", "identifier"), name="one_attachment_per_identifier"),)

    def __str__(self) -> str:
        return self.title
