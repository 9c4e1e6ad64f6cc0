"""Styles that the keepers of a dataset wrote."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bocage.kernel.ids import SLUG_LENGTH

TITLE_LENGTH = 200


class Encoding(models.TextChoices):
    """The format in which a style was sent, or that it was chosen in a form (`choices`)."""

    MAPLIBRE = "maplibre", "MapLibre"
    SLD = "sld", "SLD"
    CHOICES = "choices", _("Chosen in a form")


class Style(models.Model):
    """A style of a dataset, as it was sent. `is_default`: it draws the dataset where nothing else is asked."""

    dataset = models.ForeignKey("catalog.Dataset", models.CASCADE, related_name="styles")
    identifier = models.CharField(max_length=SLUG_LENGTH)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH, blank=True)
    encoding = models.CharField(max_length=10, choices=Encoding.choices)
    content = models.TextField(help_text="the document, read again whenever it is asked for")
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("identifier",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("dataset", "identifier"), name="one_style_per_identifier"),
            models.UniqueConstraint(
                fields=("dataset",), condition=models.Q(is_default=True), name="one_default_style_per_dataset"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset_id} {self.identifier}"


class StyleChange(models.Model):
    """What the styles of a dataset were before a change, so that it can be undone: the last ones are kept, the newest is undone
    first.

    `before`: identifier → what the style was, as `STATE` names it, or null where there was none; of the styles that changed."""

    dataset = models.ForeignKey("catalog.Dataset", models.CASCADE, related_name="style_changes")
    before = models.JSONField()
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.dataset_id} {', '.join(self.before)}"


STATE = ("title", "encoding", "content", "is_default")
