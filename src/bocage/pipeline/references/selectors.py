"""Who points to a reference, to what a dataset points, what changes did: as one reader may know it.

A number of rows is told to those who read the whole of both ends: it was counted on everything that they hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from bocage.access.restrictions import Restriction, restriction_for, restrictions_for
from bocage.access.rules import visible_to
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset, ReferenceLayer, ReferenceLink
from bocage.catalog.references import selectors as catalog
from bocage.pipeline.references.measuring import Count, KeyChange, measure, side_of, side_of_version
from bocage.pipeline.references.models import LinkState, ReferenceChange, ReferenceEffect
from bocage.pipeline.references.settling import dependants_of
from bocage.pipeline.reviews import keeping
from bocage.pipeline.reviews.models import Review
from bocage.pipeline.reviews.vocabulary import Proposal, ReviewState
from bocage.store.layout import version_path
from bocage.store.selectors import current_version

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer

CHANGES_SHOWN = 10
EFFECTS_SHOWN = 50
FORESEEN_ROWS = 2_000_000
FORESEEN_DEPENDANTS = 200
"""What may be compared while a page waits."""


@dataclass(frozen=True)
class LinkShown:
    """`state` is None when it was not counted yet, or is none of the reader's business; `field` is empty when it does not exist
    for them."""

    link: ReferenceLink
    field: str
    state: LinkState | None


@dataclass(frozen=True)
class ChangeShown:
    """`effects`: on the datasets of which the reader sees everything; `more`: how many are not listed."""

    change: ReferenceChange
    effects: Sequence[ReferenceEffect]
    more: int = 0


@dataclass(frozen=True)
class Foreseen:
    """What a version that waits for its review would do. `effects`: (link, count), those with something to tell."""

    review: Review
    change: KeyChange
    effects: Sequence[tuple[ReferenceLink, Count]]
    too_large: bool = False


def states_from(viewer: Viewer, dataset: Dataset) -> list[LinkShown]:
    """To what a dataset points, by the fields that exist for the reader, who reads the dataset."""
    own = restriction_for(viewer, dataset)
    links = [one for one in catalog.links_from(viewer, dataset).select_related("state") if not own.hides(one.field)]
    limits = restrictions_for(viewer, [link.reference.dataset for link in links])
    return [_shown(link, own, limits[link.reference.dataset.uid]) for link in links]


def links_to(viewer: Viewer, layer: ReferenceLayer) -> QuerySet[ReferenceLink]:
    """What points to a reference, with its state; to be paged, then given to `shown_to`."""
    return catalog.links_to(viewer, layer).select_related("state")


def shown_to(viewer: Viewer, layer: ReferenceLayer, links: Iterable[ReferenceLink]) -> list[LinkShown]:
    """The links of one page, with the numbers that the reader may know."""
    listed = list(links)
    own = restriction_for(viewer, layer.dataset)
    limits = restrictions_for(viewer, [link.dataset for link in listed])
    return [_shown(link, limits[link.dataset.uid], own) for link in listed]


def _shown(link: ReferenceLink, pointing: Restriction, pointed: Restriction) -> LinkShown:
    whole = not pointing and not pointed
    field = "" if pointing.hides(link.field) else link.field
    return LinkShown(link, field, getattr(link, "state", None) if whole else None)


def changes_of(viewer: Viewer, layer: ReferenceLayer) -> list[ChangeShown]:
    """The last changes, newest first, without the first version looked at. The caller reads the whole of the reference."""
    changes = layer.changes.exclude(before_number=None).select_related("version")[:CHANGES_SHOWN]
    return [_change(viewer, change) for change in changes]


def _change(viewer: Viewer, change: ReferenceChange) -> ChangeShown:
    seen = Dataset.objects.filter(visible_to(viewer, Action.READ))
    effects = change.effects.filter(dataset__in=seen).select_related("dataset__organization")
    listed = list(effects[: EFFECTS_SHOWN + 1])
    limits = restrictions_for(viewer, [one.dataset for one in listed])
    whole = [one for one in listed[:EFFECTS_SHOWN] if not limits[one.dataset.uid]]
    more = effects.count() - EFFECTS_SHOWN if len(listed) > EFFECTS_SHOWN else 0
    return ChangeShown(change, whole, more)


def foreseen_for(viewer: Viewer, layer: ReferenceLayer) -> list[Foreseen]:
    """What the versions of a reference that wait for a review would do to the datasets of which the reader sees everything.
    The caller reads the whole of the reference."""
    waiting = Review.objects.filter(dataset=layer.dataset, state=ReviewState.WAITING).select_related("version")
    return [_foreseen(viewer, layer, review) for review in waiting.defer("profile", "sample")]


def _foreseen(viewer: Viewer, layer: ReferenceLayer, review: Review) -> Foreseen:
    current = current_version(layer.dataset)
    path = _file_of(review, layer)
    links = list(catalog.links_to(viewer, layer).order_by("pk")[: FORESEEN_DEPENDANTS + 1])
    largest = max(review.row_count, current.row_count if current else 0)
    if current is None or not path.is_file() or largest > FORESEEN_ROWS or len(links) > FORESEEN_DEPENDANTS:
        return Foreseen(review, KeyChange(), (), too_large=True)
    limits = restrictions_for(viewer, [link.dataset for link in links])
    dependants = dependants_of(layer, [link for link in links if not limits[link.dataset.uid]])
    before, after = side_of_version(layer, current), side_of(layer, path, review.schema)
    change, counts = measure(before, after, [one.pointing for one in dependants])
    touched = [
        (one.link, count)
        for one, count in zip(dependants, counts, strict=True)
        if count.gone or count.renamed or count.redrawn
    ]
    return Foreseen(review, change, sorted(touched, key=lambda one: -one[1].gone))


def _file_of(review: Review, layer: ReferenceLayer) -> Path:
    """What is proposed: a file that waits, or an earlier version."""
    if review.kind == Proposal.RESTORE and review.version is not None:
        review.version.dataset = layer.dataset
        return version_path(review.version)
    return keeping.path_of(review)
