"""What everybody knew of and is no more. Kept by the transaction that takes it away, whatever way it goes: closed to the public,
given another identifier, removed. A tombstone ends when everybody may know of its identifier again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bocage.access.vocabulary import ANNOUNCED, Action
from bocage.catalog.errors import DatasetGone
from bocage.catalog.models import Dataset, Tombstone
from bocage.kernel.clock import now

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.organizations.models import Organization

REMEMBERED = timedelta(days=90)
"""Catalogues that harvest us once a month have read it twice. The page says it for ever."""
MOST_ANNOUNCED = 500


def concern(changed: Collection[str]) -> bool:
    """Whether a change of these fields may close a dataset to the public."""
    return not {"visibility", "slug"}.isdisjoint(changed)


def note_change(before: Dataset | None, after: Dataset) -> None:
    """Keep what the public loses, forget what it gets back. `before`: as the database had it; None: it is new."""
    if before is not None and _was_public(before) and (before.slug != after.slug or not _was_public(after)):
        _keep(before, replaced_by=after if before.slug != after.slug else None)
    if after.visibility in ANNOUNCED:
        Tombstone.objects.filter(slug=after.slug).delete()


def remember_removed(*, instance: Dataset, **_signal: Any) -> None:
    """Receiver of `pre_delete`: inside the transaction that removes."""
    before = Dataset.objects.select_related("organization").filter(pk=instance.pk).first()
    if before is not None and _was_public(before):
        _keep(before, replaced_by=None)


def raise_if_gone(viewer: Viewer, slug: str) -> None:
    """Raises DatasetGone when `slug`, of which the viewer may not know, was once told to everyone."""
    found = Tombstone.objects.filter(slug=slug).first()
    if found is None:
        return
    key = found.replaced_by_id
    successor = Dataset.objects.visible_to(viewer, Action.SEE).filter(pk=key).first() if key is not None else None
    raise DatasetGone(
        slug=found.slug,
        title=found.title,
        publisher=found.publisher,
        contact=found.contact_email,
        withdrawn_at=found.withdrawn_at,
        replacement=successor.slug if successor else "",
    )


def announced(organization: Organization | None) -> list[Tombstone]:
    """What the feed still says, the last withdrawn first. `organization`: only what it published."""
    back = Dataset.objects.filter(visibility__in=ANNOUNCED).values("slug")
    found = Tombstone.objects.filter(withdrawn_at__gte=now() - REMEMBERED).exclude(slug__in=back)
    if organization is not None:
        found = found.filter(organization=organization)
    return list(found.select_related("replaced_by").order_by("-withdrawn_at", "pk")[:MOST_ANNOUNCED])


def _was_public(dataset: Dataset) -> bool:
    """With data, open or on request: what the feed told to everyone."""
    return dataset.visibility in ANNOUNCED and dataset.version_number is not None


def _keep(dataset: Dataset, *, replaced_by: Dataset | None) -> None:
    Tombstone.objects.update_or_create(
        slug=dataset.slug,
        defaults={
            "title": dataset.title,
            "publisher": dataset.organization.name,
            "organization": dataset.organization,
            "contact_email": dataset.contact_email or dataset.organization.email,
            "replaced_by": replaced_by,
            "withdrawn_at": now(),
        },
    )
