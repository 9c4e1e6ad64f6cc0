"""The features that a page is asked for: after which one they begin, and what a lookup tells of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.query.keyset import past
from bocage.query.lookups import looked_up
from bocage.query.lookups.limits import EPOCH
from bocage.query.paging import NUMBER
from bocage.query.plan import ROW_ID, Column, Compare, Constant, Output, Plan, Predicate, SortKey, all_of

if TYPE_CHECKING:
    from bocage.query.lookups import Found
    from bocage.query.relation import Relation

Mark = tuple[list[Any], int]
"""Keys and number of a feature."""


@dataclass(frozen=True)
class Sought:
    """`relation`: as the reader sees it. `plan`: of which the limit is one more than asked, to know whether there is a next page.
    `after`: identifier of the feature before the page, or empty."""

    relation: Relation
    plan: Plan
    after: str

    @cached_property
    def mark(self) -> Mark | None:
        """Of the feature before, when a lookup knows it."""
        wanted = mark_plan(self.plan.sort, self.after)
        found = looked_up(self.relation, wanted) if self.after else None
        near = found.kept(wanted) if found else None
        if near is None or near.num_rows != 1:
            return None
        *keys, row = near.to_pylist()[0].values()
        kinds = [key.expression.type for key in self.plan.sort]
        return [_named(value, kind) for value, kind in zip(keys, kinds, strict=True)], row

    @cached_property
    def found(self) -> Found | None:
        """The rows of the page; None when a lookup does not tell."""
        if self.after and self.mark is None:
            return None
        return looked_up(self.relation, dataclasses.replace(self.plan, condition=self.beyond(self.mark)))

    def beyond(self, mark: Mark | None) -> Predicate | None:
        beyond = None if mark is None else past(self.plan.sort, *mark)
        return all_of([one for one in (self.plan.condition, beyond) if one is not None])


def mark_plan(sort: Sequence[SortKey], after: str) -> Plan:
    """Keys and number of a feature."""
    keys = [Output(Field(f"k{rank}", key.expression.type), key.expression) for rank, key in enumerate(sort)]
    wanted = Compare("=", Column(ROW_ID, FieldType.STRING), Constant(after[:100], FieldType.STRING))
    return Plan((*keys, Output(Field("row", FieldType.INTEGER), NUMBER)), wanted, limit=1)


def _named(kept: Any, kind: FieldType) -> Any:
    """As a plan names it: lookups give instants in microseconds."""
    return EPOCH + timedelta(microseconds=kept) if kind == FieldType.DATETIME and kept is not None else kept
