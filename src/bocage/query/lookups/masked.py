"""Columns whose mask keeps the order: the order of the values is that of what is shown, in which several of them are one.

    masked_indexes(seen) -> {name: mask}; coarse(lookup, name, mask) -> Coarse | None

A condition, or an order, is of the value that the reader is shown. Wherever a value is compared its mask is put on first, and two
values that are shown as one have the same rank: nothing that is found tells them apart. Pseudonyms have no order.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from bocage.access.vocabulary import Mask
from bocage.catalog.vocabulary import FieldType
from bocage.query.lookups.limits import EPOCH, EPOCH_DAY, KINDS
from bocage.query.lookups.lookup import ABSENT, Index, Rows
from bocage.query.masks import masked_field
from bocage.query.restricted import RestrictedRelation

if TYPE_CHECKING:
    from bocage.access.restrictions import Masked
    from bocage.catalog.fields import Field
    from bocage.query.lookups.lookup import Lookup
    from bocage.query.relation import Relation

Shown = Callable[[Any], Any]
"""A value of an index → the one that the reader is shown, as `masks.masked_sql` makes it. Raises OverflowError, ValueError."""
MOST = 4_000  # places are numbered in 16 bits
"""Different values that are shown: each is looked for by halving, once."""
DIGITS = 15
"""Of a step with a fraction, which the engine reads as a decimal: no more are surely the number that Python reads."""
LEAST = -(2**63)


@dataclass(frozen=True)
class Veil:
    """Of a field: its mask, and what it makes of a value. Names a kept index."""

    name: str
    mask: str
    to: str
    type: FieldType
    shown: Shown

    @property
    def key(self) -> tuple[str, ...]:
        return self.name, self.mask, self.to, self.type.value


def masked_indexes(seen: Relation) -> Mapping[str, Veil]:
    """The fields of a reader whose masks keep the order of the values."""
    if not isinstance(seen, RestrictedRelation):
        return {}
    masks = {one.field: one for one in seen.limits.masks}
    there = {field.name for field in seen.fields}
    veils = (
        _veil(field, masks[field.name]) for field in seen.whole.fields if field.name in masks and field.name in there
    )
    return {one.name: one for one in veils if one is not None}


def coarse(lookup: Lookup, veil: Veil) -> Coarse | None:
    """The index of a column as it is shown. None where the engine may show something else of one of its values."""
    if veil.key not in lookup.coarse:
        lookup.coarse[veil.key] = _coarse(lookup, veil)
    found: Coarse | None = lookup.coarse[veil.key]
    return found


@dataclass(frozen=True)
class Coarse(Index):
    """`value`: as it is shown. `rank` stays that of the values that are kept: between two places where what is shown changes, it
    tells the same."""

    @cached_property
    def _edges(self) -> Rows | None:
        """Where each value that is shown begins in the order."""
        found, position, count = [], 0, len(self.order)
        while position < count:
            found.append(position)
            if len(found) > MOST:
                return None
            position = self._after(position)
        return np.array(found, np.uint32)

    def _after(self, position: int) -> int:
        """Of the rows that are shown as this one, the end: twice as far at each step, then by halving."""
        here, step, count = self.value(int(self.order[position])), 1, len(self.order)
        while position + step < count and self.value(int(self.order[position + step])) == here:
            position, step = position + step, 2 * step
        low, high = position + 1, min(position + step, count)
        while low < high:
            middle = (low + high) // 2
            if self.value(int(self.order[middle])) == here:
                low = middle + 1
            else:
                high = middle
        return low

    @property
    def sorts(self) -> bool:
        return self._edges is not None

    def ranks_of(self, rows: Rows) -> Rows:
        """Of what is shown; that of the place where it begins."""
        ranks = self.rank[rows]
        there = ranks != ABSENT
        return np.where(there, self._places[np.where(there, ranks, 0)], np.uint32(ABSENT))

    @cached_property
    def _places(self) -> Rows:
        """Of each value that is kept, which of those that are shown it is."""
        edges = self._known_edges
        first = self.rank[self.order[edges]].astype(np.int64)
        counts = np.diff(first, append=self.ranks) if len(edges) else np.ones(1, np.int64)
        return np.repeat(np.arange(max(1, len(edges)), dtype=np.uint16), counts)

    def start_of(self, position: int) -> int:
        edges = self._known_edges
        return int(edges[np.searchsorted(edges, position, side="right") - 1])

    def end_of(self, position: int) -> int:
        edges = self._known_edges
        after = int(np.searchsorted(edges, position, side="right"))
        return int(edges[after]) if after < len(edges) else len(self.order)

    @property
    def _known_edges(self) -> Rows:
        assert self._edges is not None  # noqa: S101  asked before
        return self._edges


def _coarse(lookup: Lookup, veil: Veil) -> Coarse | None:
    """The ends of the order are enough to know that nothing overflows in between."""
    index, kind = lookup.index(veil.name), lookup.kind(veil.name)
    if index is None or kind is None or not KINDS[veil.type](kind):
        return None
    try:
        for row in (index.order[0], index.order[-1]) if len(index.order) else ():
            veil.shown(index.value(int(row)))
    except (OverflowError, ValueError):
        return None
    return Coarse(index.order, index.rank, lambda row: veil.shown(index.value(row)))


# --- Masks -------------------------------------------------------------------------------------------------------------


def _veil(field: Field, masked: Masked) -> Veil | None:
    """As `masks.masked_sql`."""
    if masked_field(field, masked) is None:
        return None
    shown: Shown | None = None
    if masked.mask == Mask.TRUNCATE:
        shown = _truncated(int(masked.to))
    elif masked.mask == Mask.ROUND:
        shown = _rounded_down(int(masked.to)) if field.type == FieldType.INTEGER else _rounded(float(masked.to))
    elif masked.mask == Mask.PERIOD:
        shown = _day_of(masked.to) if field.type == FieldType.DATE else _instant_of(masked.to)
    return shown and Veil(field.name, masked.mask, masked.to, field.type, shown)


def _truncated(size: int) -> Shown:
    return lambda value: value[:size]


def _rounded_down(step: int) -> Shown:
    def shown(value: int) -> int:
        found = value - value % step
        if found < LEAST:
            raise OverflowError(value)
        return found

    return shown


def _rounded(step: float) -> Shown | None:
    """Raises, when it is asked, for what is infinite."""
    written = repr(step)
    if "e" not in written and len(written.replace(".", "")) > DIGITS:
        return None
    return lambda value: math.floor(value / step) * step


def _day_of(period: str) -> Shown:
    return lambda value: (_first(EPOCH_DAY + timedelta(days=value), period) - EPOCH_DAY).days


def _instant_of(period: str) -> Shown:
    """Microseconds."""

    def shown(value: int) -> int:
        day = (EPOCH + timedelta(microseconds=value)).astimezone(UTC).date()
        first = datetime.combine(_first(day, period), datetime.min.time(), UTC)
        return (first - EPOCH) // timedelta(microseconds=1)

    return shown


def _first(day: date, period: str) -> date:
    return day.replace(day=1) if period == "month" else day.replace(month=1, day=1)
