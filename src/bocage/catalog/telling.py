"""What the journal is told when a dataset goes, whatever removes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bocage.access.audit.services import record
from bocage.access.audit.vocabulary import Kind

if TYPE_CHECKING:
    from bocage.catalog.models import Dataset


def tell_removed(instance: Dataset, **_more: Any) -> None:
    record(
        Kind.DATASET_DELETED,
        organization=instance.organization_id,
        dataset=instance.uid,
        subject=instance.slug,
        title=instance.title,
        visibility=instance.visibility,
    )
