"""Styles that the keepers of a dataset wrote."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bocage.kernel.ids import SLUG_LENGTH

TITLE_LENGTH = 200


class Encoding(models.TextChoices):
    """The format in which a style was sent."""

    MAPLIBRE = "maplibre", "MapLibre"
    SLD = "sld", "SLD"


class Style(models.Model):
    """A style of a dataset, as it was sent. The one called `default` draws the dataset where nothing else is asked."""

    dataset = models.ForeignKey("catalog.Dataset", models.CASCADE, related_name="styles")
    identifier = models.CharField(max_length=SLUG_LENGTH)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH, blank=True)
    encoding = models.CharField(max_length=10, choices=Encoding.choices)
    content = models.TextField(help_text="the document, read again whenever it is asked for")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("identifier",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("dataset", "identifier"), name="one_style_per_identifier")
        ]

    def __str__(self) -> str:
        return f"{self.dataset_id} {self.identifier}"
