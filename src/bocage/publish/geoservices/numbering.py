"""The rows of a dataset with a whole number each, the OBJECTID that every client of this interface works by.

Where keepers allow edits and one number identifies a feature, it is that number: the same in every version. Elsewhere it is the
place of the row in its version, among those that the reader sees: no number tells of a row that is kept from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.pipeline.edits.policies import policy_of
from bocage.query.relation import DatasetRelation
from bocage.query.rendering import name as quoted
from bocage.query.restricted import RestrictedRelation, seen_by

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.query.relation import Relation
    from bocage.store.engine import Session

USUAL = "OBJECTID"


@dataclass(frozen=True)
class Numbered(RestrictedRelation):
    """What the reader sees, and its numbers. `number`: the field of the numbers. `own`: it is a field of the dataset."""

    number: str = USUAL
    own: bool = False

    @property
    def key(self) -> str:
        """Of its own: what is made of its rows has a column more."""
        return f"{super().key}.numbered-{self.number}"

    @property
    def rows_key(self) -> str:
        return f"{super().rows_key}.numbered-{self.number}"

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        seen = tuple(shown for shown, _columns in self._columns if not self._is_measure(shown))
        return seen if self.own else (Field(self.number, FieldType.INTEGER), *seen)

    def source(self, session: Session, viewer: Viewer) -> str:
        rows = super().source(session, viewer)
        if self.own:
            return rows
        place = "row_number() OVER (ORDER BY _row)" if self.limits.keeps_rows else "_row + 1"
        return f"(SELECT {place} AS {quoted(self.number)}, * FROM {rows} AS numbered)"


def numbered(viewer: Viewer, relation: DatasetRelation) -> Numbered:
    """Raises AccessDenied."""
    limits = relation.restriction(viewer)
    fields = {field.name: field for field in seen_by(viewer, relation).fields}
    masked = {one.field for one in limits.masks}
    key = list(relation.dataset.primary_key)
    stable = len(key) == 1 and key[0] in fields and key[0] not in masked and fields[key[0]].type == FieldType.INTEGER
    if stable and not limits.cells and policy_of(relation.dataset) is not None:
        return Numbered(relation, limits, number=key[0], own=True)
    return Numbered(relation, limits, number=_free(relation))


def _free(relation: Relation) -> str:
    """A name that no column has, shown or not: which ones there are must not be told by the choice."""
    taken = {field.name.lower() for field in relation.fields}
    names = (USUAL, *(f"{USUAL}_{rank}" for rank in range(1, len(taken) + 2)))
    return next(one for one in names if one.lower() not in taken)
