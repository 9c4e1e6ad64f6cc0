"""What datasets point to and what points to them, as one reader may be told of it on the page of a dataset and in its metadata.

Neither end is told to who does not read it, nor a link by a column that does not exist for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from bocage.access.restrictions import restrictions_for
from bocage.access.rules import visible_to
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.catalog.references.models import ReferenceLink

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bocage.access.restrictions import Restriction
    from bocage.access.viewer import Viewer

MOST_TOLD = 20
"""Datasets that use one reference: thousands may."""


@dataclass(frozen=True)
class Relation:
    """`other`: the dataset at the other end. `fields`: names of the columns that point, in the dataset to which they belong."""

    other: Dataset
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Relations:
    """Of one dataset. `more`: `used_by` is a part of what could be told."""

    points_to: Sequence[Relation] = ()
    used_by: Sequence[Relation] = ()
    more: bool = False


NONE = Relations()


def relations_of(viewer: Viewer, datasets: Sequence[Dataset]) -> Mapping[int, Relations]:
    """By primary key, for those that have any; a fixed number of statements. The caller may read the datasets, or is told nothing
    of those that they may not."""
    known = _readable(viewer).filter(pk__in=[one.pk for one in datasets])
    pointing = list(_pointing(viewer, known))
    pointed = list(_pointed(viewer, known))
    limits = restrictions_for(viewer, [link.dataset for link in (*pointing, *pointed)])
    points_to = _gathered(
        (link.dataset_id, link.reference.dataset, link.field) for link in pointing if not _hidden(limits, link)
    )
    used_by = _gathered(
        (link.reference.dataset_id, link.dataset, link.field) for link in pointed if not _hidden(limits, link)
    )
    return {pk: _relations(points_to.get(pk, ()), used_by.get(pk, ())) for pk in dict.fromkeys((*points_to, *used_by))}


def _relations(points_to: Sequence[Relation], used_by: Sequence[Relation]) -> Relations:
    return Relations(points_to, used_by[:MOST_TOLD], more=len(used_by) > MOST_TOLD)


def _gathered(ends: Iterable[tuple[int, Dataset, str]]) -> dict[int, list[Relation]]:
    """By primary key of the one of which it is told: one line for each dataset at the other end, in their order."""
    found: dict[int, dict[int, tuple[Dataset, list[str]]]] = defaultdict(dict)
    for pk, other, field in ends:
        found[pk].setdefault(other.pk, (other, []))[1].append(field)
    return {pk: [Relation(other, tuple(fields)) for other, fields in others.values()] for pk, others in found.items()}


def _pointing(viewer: Viewer, known: QuerySet[Dataset]) -> QuerySet[ReferenceLink]:
    found = ReferenceLink.objects.filter(dataset__in=known, reference__dataset__in=_readable(viewer))
    return _with_ends(found).order_by("reference__dataset__title", "field", "pk")


def _pointed(viewer: Viewer, known: QuerySet[Dataset]) -> QuerySet[ReferenceLink]:
    """The first of each reference by title: each dataset has few columns that point to the same one."""
    found = ReferenceLink.objects.filter(reference__dataset__in=known, dataset__in=_readable(viewer))
    order = ("dataset__title", "field", "pk")
    rank = Window(RowNumber(), partition_by=F("reference_id"), order_by=order)
    return _with_ends(found.annotate(rank=rank).filter(rank__lte=2 * MOST_TOLD)).order_by(*order)


def _with_ends(links: QuerySet[ReferenceLink]) -> QuerySet[ReferenceLink]:
    return links.select_related("dataset", "reference__dataset").defer("dataset__schema", "reference__dataset__schema")


def _hidden(limits: Mapping[str, Restriction], link: ReferenceLink) -> bool:
    return limits[link.dataset.uid].hides(link.field)


def _readable(viewer: Viewer) -> QuerySet[Dataset]:
    return Dataset.objects.filter(visible_to(viewer, Action.READ))
