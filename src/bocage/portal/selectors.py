"""What the public pages show, read in a constant number of queries, always for a viewer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, Max, Q, QuerySet, Sum, When

from bocage.access.restrictions import uncounted
from bocage.access.rules import visible_to
from bocage.access.viewer import ANONYMOUS, Viewer
from bocage.access.vocabulary import Action, Visibility
from bocage.catalog.models import Dataset
from bocage.catalog.vocabulary import Theme
from bocage.kernel.clock import now
from bocage.organizations.models import Organization
from bocage.portal.freshness import Freshness, freshness_of
from bocage.portal.markdown import excerpt
from bocage.query.facts import all_as_seen
from bocage.query.selection import EVERYTHING, Selection
from bocage.store.models import Version

FORMATS = ("CSV", "JSON", "XLSX", "Parquet")
GEOGRAPHIC_FORMATS = ("GeoJSON",)


@dataclass(frozen=True)
class Card:
    """A dataset in a list."""

    dataset: Dataset
    excerpt: str
    themes: tuple[tuple[str, str], ...]
    formats: tuple[str, ...]
    freshness: Freshness
    visibility: Visibility

    @property
    def is_open(self) -> bool:
        return self.visibility == Visibility.OPEN


def card_of(dataset: Dataset) -> Card:
    return Card(
        dataset=dataset,
        excerpt=excerpt(dataset.description),
        themes=tuple((code, str(Theme(code).label)) for code in dataset.themes if code in Theme.values),
        formats=FORMATS + (GEOGRAPHIC_FORMATS if dataset.is_geographic else ()) if dataset.version_number else (),
        freshness=freshness_of(dataset),
        visibility=Visibility(dataset.visibility),
    )


def _listed(viewer: Viewer) -> QuerySet[Dataset]:
    """Datasets of which the viewer may know, without the columns that no list shows."""
    known = Dataset.objects.filter(visible_to(viewer, Action.SEE))
    return known.select_related("organization").defer("schema", "primary_key")


def _cards(viewer: Viewer, datasets: Iterable[Dataset]) -> list[Card]:
    return [card_of(dataset) for dataset in all_as_seen(viewer, datasets)]


CHANGED_AT = Case(
    When(visibility=Visibility.REQUEST, then=F("metadata_updated_at")),
    default=F("data_updated_at"),
)
"""The last change that every reader may know of: when data given on request were updated is for those who have them."""


def _rows(viewer: Viewer) -> Sum:
    """Rows that the viewer reads, of the datasets of which everybody sees every row: the others would be known by difference."""
    return Sum("row_count", filter=visible_to(viewer, Action.READ) & ~Q(uid__in=uncounted()))


def cards(viewer: Viewer, slugs: Sequence[str]) -> list[Card]:
    """The datasets of these slugs, in this order; one query. A slug the viewer may not see is left out."""
    found = {dataset.slug: dataset for dataset in _listed(viewer).filter(slug__in=slugs)}
    return _cards(viewer, (found[slug] for slug in slugs if slug in found))


@dataclass(frozen=True)
class KeyFigures:
    datasets: int
    organizations: int
    rows: int
    versions_this_month: int


def key_figures(viewer: Viewer, selection: Selection = EVERYTHING) -> KeyFigures:
    """What the viewer may know of at a door, in numbers, and how much they may read; two queries."""
    known = Dataset.objects.filter(visible_to(viewer, Action.SEE), selection.filter)
    of_whom = Count("organization", distinct=True)
    totals = known.aggregate(datasets=Count("pk"), organizations=of_whom, rows=_rows(viewer))
    readable = Dataset.objects.filter(visible_to(viewer, Action.READ), selection.filter)
    month = now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    versions = Version.objects.filter(created_at__gte=month, dataset__in=readable.order_by()).count()
    return KeyFigures(totals["datasets"], totals["organizations"], totals["rows"] or 0, versions)


@dataclass(frozen=True)
class OrganizationLine:
    """An organisation and what the viewer may know of it."""

    organization: Organization
    datasets: int
    rows: int
    updated_at: datetime | None


def organization_lines(
    viewer: Viewer, *, with_data_only: bool = False, selection: Selection = EVERYTHING
) -> list[OrganizationLine]:
    """Every organisation with the figures of what the viewer may know of at a door; two queries. Of a door that does not show
    everything, those of which it shows something, and those of which it would."""
    totals = {
        line["organization_id"]: line
        for line in Dataset.objects.filter(visible_to(viewer, Action.SEE), selection.filter)
        .order_by()
        .values("organization_id")
        .annotate(datasets=Count("pk"), rows=_rows(viewer), updated_at=Max(CHANGED_AT))
    }
    organizations = Organization.objects.all()
    if with_data_only:
        organizations = organizations.filter(pk__in=totals)
    elif not selection.everything:
        organizations = organizations.filter(pk__in={*totals, *selection.organizations})
    return [_line(one, totals.get(one.pk)) for one in organizations]


def _line(organization: Organization, totals: Mapping[str, Any] | None) -> OrganizationLine:
    if totals is None:
        return OrganizationLine(organization, 0, 0, None)
    return OrganizationLine(organization, totals["datasets"], totals["rows"] or 0, totals["updated_at"])


def cards_of_organization(viewer: Viewer, organization: Organization, *, limit: int, offset: int = 0) -> list[Card]:
    """Its datasets of which the viewer may know, the most recently updated first."""
    known = _listed(viewer).filter(organization=organization).order_by(CHANGED_AT.desc(nulls_last=True), "title")
    return _cards(viewer, known[offset : offset + limit])


def territory_names(codes: Sequence[str]) -> list[tuple[str, str]]:
    """(INSEE code, name) in the order given; the name is empty for a commune that has no organisation here."""
    names = dict(Organization.objects.filter(insee_code__in=codes).values_list("insee_code", "name"))
    return [(code, names.get(code, "")) for code in codes]


def related(viewer: Viewer, dataset: Dataset, *, limit: int = 3) -> list[Card]:
    """Other datasets of the same organisation; one query."""
    others = _listed(viewer).filter(~Q(pk=dataset.pk), organization=dataset.organization_id)
    return _cards(viewer, others.order_by(CHANGED_AT.desc(nulls_last=True), "title")[:limit])


def organization_figures(viewer: Viewer, organization: Organization) -> OrganizationLine:
    """The figures of what the viewer may know of one organisation; one query."""
    known = Dataset.objects.filter(visible_to(viewer, Action.SEE), organization=organization)
    found = known.aggregate(datasets=Count("pk"), rows=_rows(viewer), updated_at=Max(CHANGED_AT))
    return _line(organization, found)


def highlighted(viewer: Viewer, uids: Iterable[str], selection: Selection = EVERYTHING) -> dict[str, Card]:
    """The datasets of these uids that the viewer may know of and that the door shows, by uid."""
    found = _listed(viewer).filter(selection.filter, uid__in=list(uids))
    return {card.dataset.uid: card for card in _cards(viewer, found)}


def open_dataset_addresses(*, start: int, count: int, selection: Selection = EVERYTHING) -> list[tuple[str, datetime]]:
    """(slug, last change that everybody may know of) of what everybody may know of, for search engines; one query."""
    found = Dataset.objects.visible_to(ANONYMOUS, Action.SEE).filter(selection.filter)
    rows = found.order_by("pk").values_list("slug", "metadata_updated_at", CHANGED_AT)[start : start + count]
    return [(slug, max(filter(None, moments))) for slug, *moments in rows]


def open_dataset_count(selection: Selection = EVERYTHING) -> int:
    return Dataset.objects.visible_to(ANONYMOUS, Action.SEE).filter(selection.filter).count()


def organization_by_id(pk: int | None) -> Organization | None:
    """The organisation behind a portal, if it has one."""
    return Organization.objects.filter(pk=pk).first() if pk is not None else None


def checkable_schemas() -> list[tuple[str, str]]:
    """(name, title) of the table schemas in force, by title; one query."""
    from bocage.check.models import Schema
    from bocage.check.vocabulary import SchemaLanguage, SchemaStatus

    in_force = Schema.objects.filter(language=SchemaLanguage.TABLE, versions__status=SchemaStatus.ADOPTED)
    return list(in_force.order_by("title").distinct().values_list("name", "title"))
