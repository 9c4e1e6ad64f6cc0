"""Reads of the styles that the keepers of a dataset wrote, whoever may know of them: `query.styles` says who."""

from __future__ import annotations

from bocage.catalog.models import Dataset
from bocage.catalog.styles.drawings import Drawing, drawing_of
from bocage.catalog.styles.errors import StyleRefused
from bocage.catalog.styles.models import Style, StyleChange
from bocage.catalog.styles.services import USUAL
from bocage.catalog.styles.usual import usual_rules


def written_drawings(dataset: Dataset, identifier: str | None = None, *, default_too: bool = False) -> list[Drawing]:
    """What the keepers wrote, in the order of identifiers. `identifier`: of the only one that is wanted, `default_too` with the one
    that draws the dataset. A document that another release can no longer read is left out."""
    found = Style.objects.filter(dataset_id=dataset.pk)
    if identifier is not None:
        named = found.filter(identifier=identifier)
        found = named | found.filter(is_default=True) if default_too else named
    return [one for one in (_read(style, dataset) for style in found) if one is not None]


def usual_drawing(dataset: Dataset, title: str) -> Drawing:
    """`dataset`: with the facts that exist for the reader. `title`: of the style that nobody wrote."""
    return Drawing(USUAL, title, usual_rules(dataset.geometry_types))


def _read(style: Style, dataset: Dataset) -> Drawing | None:
    try:
        return drawing_of(style, dataset.geometry_types)
    except StyleRefused:
        return None


def last_change(dataset: Dataset) -> StyleChange | None:
    """The one that would be undone."""
    return StyleChange.objects.filter(dataset=dataset).first()
