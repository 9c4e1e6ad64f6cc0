"""Reads of references and links. Both ends of a link are told to those who may read them, and to nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bocage.access.rules import visible_to
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.catalog.references.models import ReferenceLayer, ReferenceLink
from bocage.kernel.errors import NotFound

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.references.vocabulary import ReferenceKind


def references_for(viewer: Viewer, *, kind: ReferenceKind | None = None, text: str = "") -> QuerySet[ReferenceLayer]:
    """The references whose data the viewer may read, by kind then title; to be paged by the caller. `text`: part of a title."""
    found = ReferenceLayer.objects.filter(dataset__in=_readable(viewer)).select_related("dataset__organization")
    if kind is not None:
        found = found.filter(kind=kind)
    if text:
        found = found.filter(Q(dataset__title__icontains=text) | Q(dataset__slug=text))
    return found


def reference_for(viewer: Viewer, slug: str) -> ReferenceLayer:
    """The reference of this identifier. Raises NotFound, the same for absent, hidden, and not a reference."""
    found = references_for(viewer).filter(dataset__slug=slug).first()
    if found is None:
        raise NotFound(kind=_("The reference"), name=slug[:100])
    return found


def layer_of(dataset: Dataset) -> ReferenceLayer | None:
    """What this dataset is as a reference, None when it is none. The caller may read the dataset."""
    found = ReferenceLayer.objects.filter(dataset=dataset).first()
    if found is not None:
        found.dataset = dataset
    return found


def links_from(viewer: Viewer, dataset: Dataset) -> QuerySet[ReferenceLink]:
    """To what a dataset points, among what the viewer may read. The caller may read the dataset."""
    links = ReferenceLink.objects.filter(dataset=dataset, reference__dataset__in=_readable(viewer))
    return links.select_related("reference__dataset__organization").order_by("field", "pk")


def links_to(viewer: Viewer, reference: ReferenceLayer) -> QuerySet[ReferenceLink]:
    """What points to a reference, among what the viewer may read; to be paged by the caller, who may read the reference."""
    links = ReferenceLink.objects.filter(reference=reference, dataset__in=_readable(viewer))
    return links.select_related("dataset__organization").order_by("dataset__title", "field", "pk")


def _readable(viewer: Viewer) -> QuerySet[Dataset]:
    return Dataset.objects.filter(visible_to(viewer, Action.READ))
