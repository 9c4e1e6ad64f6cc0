"""Where records are pushed to, with which key, and the journal of what was accepted and is not published yet."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bocage.catalog.models import Dataset
from bocage.kernel.ids import new_uid


def new_address_uid() -> str:
    return new_uid("pa")


class PushAddress(models.Model):
    """An address of a dataset to which records are pushed: `/api/push/1.0/{dataset}/{name}/push/`.

    `silence`: once nothing has come for so long, the address is said to be inactive. `records`: accepted since the beginning.
    `refusal` is BocageError.as_dict() of the last payload refused, for its steward.
    """

    uid = models.CharField(max_length=32, unique=True, default=new_address_uid, editable=False)
    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="push_addresses")
    name = models.CharField(_("name of the address"), max_length=60)
    paused = models.BooleanField(default=False)
    silence = models.DurationField(_("alert after"), null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    last_push_at = models.DateTimeField(null=True, blank=True)
    records = models.BigIntegerField(default=0)
    refused_at = models.DateTimeField(null=True, blank=True)
    refusal = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("dataset", "name"), name="one_push_address_per_name"),)

    def __str__(self) -> str:
        return f"{self.dataset.slug}/{self.name}"


class PushKey(models.Model):
    """Who holds the key may push. Only its SHA-256 is kept; `end` is what people recognise it by."""

    address = models.ForeignKey(PushAddress, models.CASCADE, related_name="keys")
    digest = models.CharField(max_length=64, unique=True)
    end = models.CharField(max_length=4)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"…{self.end}"


class PushQueue(models.Model):
    """What waits in the journal of a dataset, counted, and when it is to be published. Its row is the lock of the journal.

    `fault` is the error of the last publication, when it failed; the next one is then later. `seconds`: how long the last
    one took.
    """

    dataset = models.OneToOneField(Dataset, models.CASCADE, related_name="push_queue")
    pushes = models.PositiveIntegerField(default=0)
    records = models.PositiveIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    published_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(default=0.0)

    def __str__(self) -> str:
        return f"{self.dataset.slug}: {self.pushes}"


class Push(models.Model):
    """One payload that was acknowledged. The journal is read in the order of `pk`, and a line leaves it in the transaction
    that publishes it.

    `lines`: one JSON object by record, {"o": "p" to put or "d" to delete, "r": {field: value}}, as `fitting` writes them.
    `fitted`: the layout of the version that they were made to fit, empty before the first version. `aside`: why it can no
    longer be published, the layout having changed since; nothing of it is lost, its steward decides.
    """

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="pushes")
    address = models.ForeignKey(PushAddress, models.SET_NULL, null=True, related_name="pushes")
    at = models.DateTimeField()
    lines = models.BinaryField()
    records = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    fitted = models.CharField(max_length=64, blank=True)
    aside = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=("dataset", "id")),)

    def __str__(self) -> str:
        return f"{self.dataset_id}: {self.records}"
