"""The dataset here that a dataset of the portal becomes: created once, described again when the portal changes its description,
and never against what people have changed here since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.annotations import Annotations
from bocage.catalog.models import Dataset
from bocage.catalog.services import annotate_fields, create_dataset, update_metadata
from bocage.catalog.standards import allowed_licences, licence_is_allowed, themes_at_fault
from bocage.catalog.vocabulary import Licence
from bocage.kernel.ids import is_slug
from bocage.organizations.models import Organization
from bocage.organizations.standards.selectors import standards_of
from bocage.pipeline.moving.documents import SourceDataset, kept_metas, text
from bocage.pipeline.moving.errors import DatasetUnusable, IdentifierTaken, IdentifierUnusable
from bocage.pipeline.moving.mapping.fields import MappedFields, mapped_fields
from bocage.pipeline.moving.mapping.metadata import mapped_metadata
from bocage.pipeline.moving.mapping.vocabularies import plain
from bocage.pipeline.moving.models import MovedDataset
from bocage.store.staged import Notice

LONGEST_ID = 200


@dataclass(frozen=True)
class Destination:
    """Where datasets go. `publishers`: name on the portal → organisation, for those that the operator named; everything else
    goes to `organization`. `renamed`: identifier on the portal → here. `public`: identifiers that a stranger may read on
    the portal; None when the whole import is a stranger's."""

    organization: Organization
    publishers: Mapping[str, Organization] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    public: frozenset[str] | None = None

    def organization_of(self, source: SourceDataset) -> Organization:
        publisher = plain(text(source.default.get("publisher"), 300))
        named = {plain(name): organization for name, organization in self.publishers.items()}
        return named.get(publisher, self.organization)

    def slug_of(self, source: SourceDataset) -> str:
        """Raises IdentifierUnusable."""
        slug = self.renamed.get(source.id, source.id)
        if not is_slug(slug) or len(source.id) > LONGEST_ID:
            raise IdentifierUnusable(identifier=slug[:60])
        return slug

    def is_open(self, source: SourceDataset) -> bool:
        return source.visibility == "domain" and (self.public is None or source.id in self.public)


@dataclass(frozen=True)
class Placed:
    row: MovedDataset
    dataset: Dataset
    fields: MappedFields
    losses: tuple[Notice, ...]


def refuse_taken(destination: Destination, source: SourceDataset, row: MovedDataset | None) -> None:
    """Raise IdentifierUnusable, IdentifierTaken when the dataset cannot have its place here."""
    slug = destination.slug_of(source)
    if row is not None and row.dataset_id is not None:
        return
    holder = Dataset.objects.select_related("organization").filter(slug=slug).first()
    if holder is not None:
        raise IdentifierTaken(identifier=slug, organization=holder.organization.name)


@transaction.atomic
def place(portal: str, source: SourceDataset, destination: Destination) -> Placed:
    """The row of the journal and the dataset, together or not at all.

    Raises IdentifierUnusable, IdentifierTaken, DatasetUnusable."""
    row = (
        MovedDataset.objects.select_related("dataset__organization").filter(portal=portal, source_id=source.id).first()
    )
    refuse_taken(destination, source, row)
    row = row or MovedDataset(portal=portal, source_id=source.id)
    organization = row.dataset.organization if row.dataset else destination.organization_of(source)
    metadata = mapped_metadata(source, organization.name)
    fields = mapped_fields(source.fields)
    described, replaced = _within_standards(organization, metadata.values)
    values = described | {"primary_key": list(fields.key)}
    losses = [*metadata.losses, *replaced, *fields.losses, *told_of(destination, source)]
    try:
        if row.dataset is None:
            row.dataset = create_dataset(
                viewer=OPERATOR, organization=organization, slug=destination.slug_of(source), **_first(values)
            )
        else:
            losses += _described_again(row, row.dataset, values)
        losses += _annotated(row, row.dataset, fields.annotations)
    except ValidationError as error:
        raise DatasetUnusable(reasons=" ".join(error.messages)[:500]) from None
    row.written = row.written | values
    row.metas, row.gone_at = kept_metas(source.metas), None
    row.save()
    return Placed(row, row.dataset, fields, tuple(losses))


def _within_standards(organization: Organization, values: dict[str, Any]) -> tuple[dict[str, Any], list[Notice]]:
    """The same description with what the organisation, or one above it, does not allow replaced or left out, and told."""
    standards, found, told = standards_of(organization), dict(values), []
    licence = str(values.get("licence", ""))
    if licence and not licence_is_allowed(standards, licence):
        chosen = allowed_licences(standards)[0]
        found["licence"] = chosen.value
        words = {"licence": str(Licence(licence).label), "chosen": str(chosen.label)}
        told.append(Notice("licence-not-allowed", words | {"authors": standards.authors("licences")}))
    if wrong := themes_at_fault(standards, values.get("themes", ())):
        found["themes"] = [code for code in values["themes"] if code not in wrong]
        words = {"themes": ", ".join(str(theme.label) for theme in wrong)}
        told.append(Notice("theme-not-allowed", words | {"authors": standards.authors("themes")}))
    return found, told


def _first(values: dict[str, Any]) -> dict[str, Any]:
    """Private until its data is here."""
    return values | {"visibility": Visibility.PRIVATE}


def told_of(destination: Destination, source: SourceDataset) -> list[Notice]:
    told = []
    if source.id in destination.renamed:
        told.append(Notice("renamed", {"before": source.id}))
    if not source.has_data:
        told.append(Notice("no-data"))
    if source.visibility != "domain":
        told.append(Notice("restricted-private"))
    elif not destination.is_open(source):
        told.append(Notice("not-public"))
    if source.alternative_exports:
        titles = ", ".join(one.title or one.id for one in source.alternative_exports)
        told.append(Notice("alternative-exports", {"titles": titles[:300]}))
    return told


def _described_again(row: MovedDataset, dataset: Dataset, values: dict[str, Any]) -> list[Notice]:
    """What the portal changed; what was changed here since stays, and is told."""
    changed, left = {}, []
    for name, value in values.items():
        here = getattr(dataset, name)
        if here == value:
            continue
        if name == "primary_key" and not dataset.version_number:
            continue
        if name in row.written and here != row.written[name]:
            left.append(name)
        else:
            changed[name] = value
    if changed:
        update_metadata(viewer=OPERATOR, dataset=dataset, **changed)
    return [Notice("edited-here", {"names": ", ".join(left)})] if left else []


def _annotated(row: MovedDataset, dataset: Dataset, given: Mapping[str, Annotations]) -> list[Notice]:
    """The same, for what is said of the fields."""
    before = row.written.get("annotations", {})
    now = {name: one.as_dict() for name, one in given.items()}
    names = {*now, *before}
    left = [
        name for name in names if dataset.field_settings.get(name, {}) not in (before.get(name, {}), now.get(name, {}))
    ]
    fresh = {
        name: given.get(name, Annotations())
        for name in names
        if name not in left and now.get(name, {}) != dataset.field_settings.get(name, {})
    }
    if fresh:
        annotate_fields(viewer=OPERATOR, dataset=dataset, annotations=fresh)
    row.written = row.written | {"annotations": now}
    return [Notice("edited-here", {"names": ", ".join(sorted(left))[:300]})] if left else []


def label_fields(row: MovedDataset, dataset: Dataset, fields: MappedFields) -> None:
    """Labels and descriptions that the portal changed since the version was published; those edited here stay."""
    before = row.written.get("labels", {})
    now = {one.name: [one.label, one.description] for one in fields.fields}
    schema = []
    for entry in dataset.schema:
        here, given = [entry.get("label", ""), entry.get("description", "")], now.get(entry["name"])
        if given and given != here and before.get(entry["name"], here) == here:
            schema.append(entry | {"label": given[0], "description": given[1]})
        else:
            schema.append(entry)
    if schema != dataset.schema:
        update_metadata(viewer=OPERATOR, dataset=dataset, schema=schema)
    row.written = row.written | {"labels": now}


def open_if_public(placed: Placed, destination: Destination, source: SourceDataset) -> list[Notice]:
    """The first time, once the data is here. Later the visibility is ours: it is closed when the portal closes it, never opened."""
    dataset, row = placed.dataset, placed.row
    wanted = Visibility.OPEN if destination.is_open(source) else Visibility.PRIVATE
    first, before = row.copied_at is None, row.written.get("visibility")
    row.written = row.written | {"visibility": wanted.value}
    closes = wanted is Visibility.PRIVATE and dataset.visibility == before
    if (first and before is None) or closes:
        if dataset.visibility != wanted:
            update_metadata(viewer=OPERATOR, dataset=dataset, visibility=wanted.value)
    elif before not in (None, wanted.value):
        return [Notice("visibility-left")]
    return []
