"""Organisations that become one, as the catalogue sees it: its datasets have another publisher."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from bocage.catalog.models import Dataset
from bocage.catalog.services import touch_catalogue
from bocage.kernel.clock import now
from bocage.organizations.merging import merge_organizations
from bocage.organizations.models import Organization


@transaction.atomic
def merge(*, into: Organization, merged: Sequence[Organization]) -> None:
    """`merged` join `into`. Datasets keep their identifiers and addresses; their metadata changed today. Raises CannotMerge."""
    moved = list(Dataset.objects.filter(organization__in=merged).values_list("pk", flat=True))
    merge_organizations(into=into, merged=merged)
    for start in range(0, len(moved), 500):
        Dataset.objects.filter(pk__in=moved[start : start + 500]).update(metadata_updated_at=now())
    touch_catalogue()
