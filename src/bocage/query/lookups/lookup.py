"""A lookup: the rows of a version, and for each column that has an order, where its values stand in it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from bocage.query.compile import ROW
from bocage.store.sections import Sections, gathered, read_sections

Rows = npt.NDArray[np.uint32]
"""Numbers of rows."""
Bools = npt.NDArray[np.bool_]

ABSENT = 0xFFFFFFFF
"""Rank of a row that has no value: after all others, whichever the direction."""
ROWS, IDS = "rows", "ids"
HELD, FEW = 32 * 1024 * 1024, 2000
"""Bytes of the rows of a page that are held while they are shown, and how many are whatever they weigh."""
ID = "~id"
"""Column of the identifiers, which no field can be called."""

SAME = "same"
"""What a lookup says of the columns that are others: of a position, both ends of its bounds are itself."""


def order_section(name: str) -> str:
    return f"order {name}"


def rank_section(name: str) -> str:
    return f"rank {name}"


@dataclass(frozen=True)
class Index:
    """Of one column. `order`: the rows that have a value, by value, then by number. `rank`: of each row, which of the different
    values it has, from 0. `value`: of a row, as something that can be compared."""

    order: Rows
    rank: Rows
    value: Callable[[int], Any]

    def before(self, limit: Any, *, closed: bool, seen: Callable[[Any], Any] = lambda value: value) -> int:
        """How many rows have a value below `limit`, or equal to it when `closed`. `seen`: how values are to be compared."""
        bisect = bisect_right if closed else bisect_left
        return bisect(self.order, limit, key=lambda row: seen(self.value(int(row))))

    def rank_at(self, position: int) -> int:
        """Of the value at a position of the order; beyond the last, a rank that no value has."""
        return int(self.rank[self.order[position]]) if position < len(self.order) else self.ranks

    @property
    def sorts(self) -> bool:
        """Whether `ranks_of`, `start_of` and `end_of` can be asked."""
        return True

    def ranks_of(self, rows: Rows) -> Rows:
        """Numbers in the order of the values, the same for those that are equal."""
        return self.rank[rows]

    @cached_property
    def ranks(self) -> int:
        """How many different values there are."""
        return int(self.rank[self.order[-1]]) + 1 if len(self.order) else 0

    def start_of(self, position: int) -> int:
        """Position of the first row that has the same value."""
        rank = self.rank_at(position)
        return bisect_left(self.order, rank, hi=position, key=lambda row: int(self.rank[row]))

    def end_of(self, position: int) -> int:
        """Position after the last row that has the same value."""
        rank = self.rank_at(position)
        return bisect_right(self.order, rank, lo=position, key=lambda row: int(self.rank[row]))


class Lookup:
    def __init__(self, sections: Sections) -> None:
        self._sections = sections
        self._rows = sections.batches(ROWS)
        self._ids = sections.batches(IDS)
        self._starts = np.cumsum([0, *(batch.num_rows for batch in self._rows)])
        self._indexes: dict[str, Index | None] = {}
        self.coarse: dict[tuple[str, ...], Any] = {}
        """What `masked` makes of indexes, by field, mask and type."""

    @property
    def row_count(self) -> int:
        return int(self._starts[-1])

    @cached_property
    def _places(self) -> dict[str, int]:
        places = {name: place for place, name in enumerate(self._rows[0].schema.names)} if self._rows else {}
        return places | {name: places[other] for name, other in self._sections.said[SAME].items() if other in places}

    @cached_property
    def has_twins(self) -> bool:
        """Whether some rows are alike: their identifiers are then told apart by the number of those before them."""
        return any(pc.any(pc.match_substring(batch.column(0), "-")).as_py() for batch in self._ids)

    def index(self, name: str) -> Index | None:
        """None for a column that has no order."""
        if name not in self._indexes:
            self._indexes[name] = self._read(name)
        return self._indexes[name]

    def kind(self, name: str) -> pa.DataType | None:
        """Of a column; None when there is none of this name."""
        if name == ID:
            return pa.string()
        return self._rows[0].schema.field(self._places[name]).type if name in self._places else None

    def at_once(self, most: int) -> int:
        """Of how many rows, this many at most, whole ones may be held before they are sent: a few always may."""
        return min(most, max(FEW, HELD * self.row_count // max(1, self._weight)))

    @cached_property
    def _weight(self) -> int:
        """Bytes of all the rows."""
        return sum(batch.nbytes for batch in self._rows)

    def take(self, rows: Rows, names: Sequence[str]) -> pa.RecordBatch:
        """Rows, in the order of these numbers, with these columns and those of their numbers, `_row`, and identifiers."""
        return gathered(rows, self._starts, lambda rank, here: self._piece(rank, here, names))

    def _piece(self, rank: int, rows: Rows, names: Sequence[str]) -> pa.RecordBatch:
        here = pa.array(rows - np.uint32(self._starts[rank]))
        found = self._rows[rank].select([self._places[name] for name in names]).take(here)
        columns = [*found.columns, pa.array(rows.astype(np.int64)), self._ids[rank].column(0).take(here)]
        fields = [field.with_name(name) for field, name in zip(found.schema, names, strict=True)]
        return pa.record_batch(columns, schema=pa.schema([*fields, (ROW, pa.int64()), (ID, pa.string())]))

    @property
    def columns(self) -> list[str]:
        return list(self._places)

    def _read(self, name: str) -> Index | None:
        order = self._sections.batches(order_section(name))
        if not order:
            return None
        [rank] = self._sections.batches(rank_section(name))
        return Index(_numbers(order[0]), _numbers(rank), self._value_of(name))

    def _value_of(self, name: str) -> Callable[[int], Any]:
        place, batches = (0, self._ids) if name == ID else (self._places[name], self._rows)
        columns = [batch.column(place) for batch in batches]
        whole = pa.types.is_date(columns[0].type) or pa.types.is_timestamp(columns[0].type)
        starts = self._starts

        def value(row: int) -> Any:
            rank = int(np.searchsorted(starts, row, side="right")) - 1
            scalar = columns[rank][row - int(starts[rank])]
            return scalar.value if whole else scalar.as_py()

        return value


def _numbers(batch: pa.RecordBatch) -> Rows:
    found: Rows = batch.column(0).to_numpy(zero_copy_only=True)
    return found


def opened(content: pa.Buffer) -> Lookup:
    """Raises ValueError for what is no lookup."""
    return Lookup(read_sections(content))
