"""Kinds of reference layers."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReferenceKind(TextChoices):
    BOUNDARIES = "boundaries", _("Boundaries of authorities")
    ADDRESSES = "addresses", _("Addresses")
    ROADS = "roads", _("Roads")
    PARCELS = "parcels", _("Parcels")
    OTHER = "other", _("Another reference")
