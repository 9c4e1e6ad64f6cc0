"""Reads of the styles of a dataset. Whoever asks has looked at what the viewer sees of it, and says it here."""

from __future__ import annotations

from collections.abc import Collection

from bocage.catalog.models import Dataset
from bocage.catalog.styles.drawings import Drawing, drawing_of
from bocage.catalog.styles.errors import StyleRefused
from bocage.catalog.styles.models import Style
from bocage.catalog.styles.services import USUAL
from bocage.catalog.styles.usual import usual_rules

DEFAULT = "default"
"""Identifier of the style that draws the dataset, if its keepers wrote one."""


def drawings_for(dataset: Dataset, shown: Collection[str], title: str, identifier: str | None = None) -> list[Drawing]:
    """The styles that a reader may know of, the one that draws the dataset first. `dataset`: with the facts that exist for the
    reader; `shown`: names of the fields of which they see the values as they are; `title`: of the style that nobody wrote, which
    always is among them; `identifier`: of the only other one that is wanted.

    A document that another release can no longer read is left out."""
    every = {field["name"] for field in Dataset.objects.only("schema").get(pk=dataset.pk).schema}
    wanted = {} if identifier is None else {"identifier": identifier}
    found = [_read(one) for one in Style.objects.filter(dataset_id=dataset.pk, **wanted)]
    known = [one for one in found if one is not None and one.is_for(shown, every)]
    known.append(Drawing(USUAL, title, usual_rules(dataset.geometry_types)))
    return sorted(known, key=lambda one: (one.identifier != DEFAULT, one.identifier == USUAL, one.identifier))


def _read(style: Style) -> Drawing | None:
    try:
        return drawing_of(style)
    except StyleRefused:
        return None
