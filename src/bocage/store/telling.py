"""What the journal is told when a version goes, whatever removes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bocage.access.audit.services import record
from bocage.access.audit.vocabulary import Kind
from bocage.catalog.models import Dataset

if TYPE_CHECKING:
    from bocage.store.models import Version


def tell_removed(instance: Version, **_more: Any) -> None:
    dataset = Dataset.objects.filter(pk=instance.dataset_id).first()
    record(
        Kind.VERSION_DELETED,
        organization=dataset.organization_id if dataset else "",
        dataset=dataset.uid if dataset else "",
        version=instance.uid,
        number=instance.number,
        rows=instance.row_count,
    )
