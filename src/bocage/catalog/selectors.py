"""Reads of the catalogue, always given the viewer."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bocage.access.rules import visible_to
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset, Revision
from bocage.catalog.tombstones import raise_if_gone
from bocage.kernel.errors import NotFound


def dataset_for(viewer: Viewer, slug: str, action: Action = Action.READ) -> Dataset:
    """The dataset, with its organisation and steward. Raises NotFound, the same for absent and for hidden; DatasetGone, which
    is one, for what everybody could once read."""
    try:
        return (
            Dataset.objects.select_related("organization", "steward").filter(visible_to(viewer, action)).get(slug=slug)
        )
    except Dataset.DoesNotExist:
        if action == Action.READ:
            raise_if_gone(viewer, slug)
        raise NotFound(kind=_("The dataset"), name=slug) from None


def catalogue_revision() -> int:
    """Grows with every change of any dataset or organisation."""
    return Revision.objects.filter(pk=1).values_list("number", flat=True).first() or 0
