"""Reads of the catalogue, always given the viewer."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bocage.access.rules import decide, visible_to
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.errors import DataOnRequest
from bocage.catalog.models import Dataset, Revision
from bocage.catalog.tombstones import raise_if_gone
from bocage.kernel.errors import NotFound


def dataset_for(viewer: Viewer, slug: str, action: Action = Action.READ) -> Dataset:
    """The dataset, with its organisation. Raises NotFound, the same for absent and for hidden; DatasetGone, which
    is one, for what everybody once knew of; DataOnRequest to read what the viewer may only know of."""
    asked = Action.SEE if action == Action.READ else action
    allowed = Dataset.objects.select_related("organization").filter(visible_to(viewer, asked), slug=slug)
    found = next(iter(allowed.order_by()), None)
    if found is None and asked == Action.SEE:
        raise_if_gone(viewer, slug)
    if found is None:
        raise NotFound(kind=_("The dataset"), name=slug)
    if action == Action.READ:
        require_readable(viewer, found)
    return found


def require_readable(viewer: Viewer, dataset: Dataset) -> None:
    """For a dataset of which the viewer knows. Raises DataOnRequest: how to ask, to whom."""
    if not decide(viewer, Action.READ, dataset):
        contact = dataset.contact_email or dataset.organization.email
        raise DataOnRequest(
            slug=dataset.slug, title=dataset.title, publisher=dataset.organization.name, contact=contact
        )


def catalogue_revision() -> int:
    """Grows with every change of any dataset or organisation."""
    return Revision.objects.filter(pk=1).values_list("number", flat=True).first() or 0
