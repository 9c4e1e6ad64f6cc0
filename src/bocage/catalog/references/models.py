"""Which datasets are references, and which columns of others point to them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bocage.catalog.references.vocabulary import ReferenceKind

FIELD_LENGTH = 200


class ReferenceLayer(models.Model):
    """A dataset on which others lean. `key`: name of the field by which they point to one of its rows; `label`: name of the field
    that names that row to people, empty when none does."""

    dataset = models.OneToOneField("catalog.Dataset", models.CASCADE, related_name="reference_layer")
    kind = models.CharField(_("kind"), max_length=12, choices=ReferenceKind.choices)
    key = models.CharField(_("key column"), max_length=FIELD_LENGTH)
    label = models.CharField(_("column of names"), max_length=FIELD_LENGTH, blank=True)
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("kind", "dataset__title")

    def __str__(self) -> str:
        return f"{self.dataset.slug} · {self.kind}"


class ReferenceLink(models.Model):
    """The values of `field`, in `dataset`, are keys of `reference`."""

    dataset = models.ForeignKey("catalog.Dataset", models.CASCADE, related_name="reference_links")
    field = models.CharField(max_length=FIELD_LENGTH)
    reference = models.ForeignKey(ReferenceLayer, models.CASCADE, related_name="links")
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("dataset__title", "field")
        constraints = (
            models.UniqueConstraint(fields=("dataset", "field", "reference"), name="one_link_per_field_and_reference"),
        )

    def __str__(self) -> str:
        return f"{self.dataset.slug}.{self.field} → {self.reference.dataset.slug}"
