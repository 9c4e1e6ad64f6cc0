"""Writes on the catalogue. One transaction each; every one moves the revision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F

from bocage.access.audit.services import record
from bocage.access.audit.vocabulary import Kind
from bocage.access.rules import decide, decide_in
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog import tombstones
from bocage.catalog.annotations import Annotations
from bocage.catalog.models import Dataset, Revision
from bocage.catalog.standards import refuse_not_allowed, said_of_standards, with_default_licence
from bocage.organizations.models import Organization
from bocage.organizations.standards.selectors import standards_of


def touch_catalogue() -> None:
    """Say that the catalogue changed. Called inside the transaction that changes it."""
    if not Revision.objects.filter(pk=1).update(number=F("number") + 1):
        Revision.objects.get_or_create(pk=1, defaults={"number": 1})


@transaction.atomic
def create_dataset(*, viewer: Viewer, organization: Organization, slug: str, title: str, **metadata: Any) -> Dataset:
    """Create a dataset without data yet. Needs the right to publish in the organisation.

    Raises LicenceNotAllowed, ThemeNotAllowed for what the organisation, or one above it, does not allow."""
    decide_in(viewer, Action.PUBLISH, organization.pk).require()
    standards = standards_of(organization)
    refuse_not_allowed(standards, metadata)
    metadata = with_default_licence(standards, metadata)
    dataset = Dataset(organization=organization, slug=slug, title=title, **metadata)
    dataset.full_clean()
    dataset.save()
    tombstones.note_change(None, dataset)
    touch_catalogue()
    _tell(Kind.DATASET_MADE, viewer, dataset)
    return dataset


@transaction.atomic
def update_metadata(*, viewer: Viewer, dataset: Dataset, **metadata: Any) -> Dataset:
    """Change metadata, labels and descriptions of fields (in `schema`), or visibility.

    Raises LicenceNotAllowed, ThemeNotAllowed when these are said, and are not allowed (any more) where the dataset is."""
    decide(viewer, Action.MANAGE, dataset).require()
    if said_of_standards(metadata):
        refuse_not_allowed(standards_of(dataset.organization), metadata)
    # Read again: forms have already written their answers on the object given.
    before = Dataset.objects.select_related("organization").get(pk=dataset.pk) if tombstones.concern(metadata) else None
    for name, value in metadata.items():
        setattr(dataset, name, value)
    dataset.full_clean()
    dataset.save(update_fields=[*metadata, "metadata_updated_at"])
    if before is not None:
        tombstones.note_change(before, dataset)
    touch_catalogue()
    if before is not None and before.visibility != dataset.visibility:
        _tell(Kind.DATASET_VISIBILITY, viewer, dataset, before=before.visibility)
    return dataset


def _tell(kind: Kind, viewer: Viewer, dataset: Dataset, **facts: str) -> None:
    record(
        kind, viewer=viewer, organization=dataset.organization, dataset=dataset.uid, subject=dataset.slug,
        visibility=dataset.visibility, **facts,
    )  # fmt: skip


@transaction.atomic
def annotate_fields(*, viewer: Viewer, dataset: Dataset, annotations: Mapping[str, Annotations]) -> Dataset:
    """Say of these fields, whether a file holds them yet or not, what they are; the others keep what was said of them."""
    decide(viewer, Action.MANAGE, dataset).require()
    row = Dataset.objects.select_for_update().get(pk=dataset.pk)
    given = {name: one.as_dict() for name, one in annotations.items()}
    kept = {name: one for name, one in (row.field_settings | given).items() if one}
    return update_metadata(viewer=viewer, dataset=dataset, field_settings=kept)
