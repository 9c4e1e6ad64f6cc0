"""The file of the next version, made of the row groups of the one before that hold nothing of what changes, as they are, and of
those that do, written again: what an edit costs follows what it changes, not how large the table is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, groupby
from pathlib import Path
from typing import TYPE_CHECKING

from bocage.kernel.ids import new_uid
from bocage.pipeline.edits.extents import extents_of
from bocage.pipeline.pushes.merging import OPERATIONS, rows_before
from bocage.pipeline.pushes.staging import group_rows, write_rows
from bocage.pipeline.pushes.typed import names_of
from bocage.store.engine import quoted
from bocage.store.layout import version_path
from bocage.store.row_changes import RowChanges
from bocage.store.row_groups import NotJoinable, Piece, join, rows_of_groups

if TYPE_CHECKING:
    from bocage.pipeline.edits.sight import Sight
    from bocage.store.engine import Workshop

BEFORE = "as_they_were"
"""The records of the version that have the keys of the operations, under a name of the workshop; `_at`: their place."""

MOST_WRITTEN = 0.5
"""Of the rows: beyond, the whole table is written again, by one statement."""


@dataclass(frozen=True)
class Splicing:
    """Of one batch. OPERATIONS (whole records, one by key) and BEFORE are in the workshop."""

    sight: Sight
    shop: Workshop
    directory: Path

    @cached_property
    def changes(self) -> RowChanges:
        """Rows that the operations leave as they are are not among them."""
        key = ", ".join(map(quoted, self.sight.whole.key))
        others = [quoted(one.name) for one in self.sight.whole.columns if one.name not in self.sight.whole.key]
        differs = " OR ".join(f"o.{name} IS DISTINCT FROM b.{name}" for name in others) or "false"
        found = self.shop.execute(
            f"SELECT b._at, o._o = 'd' FROM {OPERATIONS} AS o JOIN {BEFORE} AS b USING ({key}) "
            f"WHERE o._o = 'd' OR {differs} ORDER BY b._at"
        )
        [(added,)] = self.shop.execute(
            f"SELECT count(*) FROM {OPERATIONS} AS o ANTI JOIN {BEFORE} AS b USING ({key}) WHERE o._o = 'p'"
        )
        gone, replaced = ([at for at, deleted in found if deleted is wanted] for wanted in (True, False))
        return RowChanges(gone, replaced, added)

    def spliced(self) -> Path | None:
        """None when the table has to be written the long way."""
        runs = list(self._runs())
        written = sum(self._rows[rank] for run in runs for rank in run)
        if not self._rows or written > MOST_WRITTEN * sum(self._rows):
            return None
        try:
            return self._joined(runs)
        except NotJoinable:
            return None

    @cached_property
    def _version(self) -> Path:
        return version_path(self.sight.relation.version)

    @cached_property
    def _rows(self) -> Sequence[int]:
        return rows_of_groups(self._version)

    @cached_property
    def _starts(self) -> Sequence[int]:
        """Of each group, the place of its first row; then the number of rows."""
        return [0, *accumulate(self._rows)]

    def _runs(self) -> Iterator[range]:
        """Groups that follow each other and are written again. An empty one, at the end: rows are added after full groups."""
        places = [*self.changes.gone, *self.changes.replaced]
        touched = {bisect_right(self._starts, place) - 1 for place in places}
        last = len(self._rows) - 1
        if self.changes.added and last >= 0 and self._rows[last] < group_rows(self.sight.relation.version.geometry):
            touched.add(last)
        elif self.changes.added:
            touched.add(last + 1)
        for _rank, run in groupby(enumerate(sorted(touched)), key=lambda pair: pair[1] - pair[0]):
            ranks = [rank for _n, rank in run]
            yield range(ranks[0], min(ranks[-1], last) + 1)

    def _joined(self, runs: Sequence[range]) -> Path:
        pieces, at = [], 0
        for run in runs:
            pieces += [Piece(self._version, range(at, run.start))] if run.start > at else []
            path = self._written(run)
            groups = len(rows_of_groups(path))
            pieces += [Piece(path, range(groups))] if groups else []
            at = max(run.stop, run.start)
        pieces += [Piece(self._version, range(at, len(self._rows)))] if at < len(self._rows) else []
        target = self.directory / f"{new_uid('staged')}.parquet"
        written = {piece.path for piece in pieces} - {self._version}
        join(target, pieces, metadata=extents_of(self.sight, self.changes, self._version, written))
        return target

    def _written(self, run: range) -> Path:
        """The rows of these groups as they are now, as a file."""
        path = self.directory / f"{new_uid('groups')}.parquet"
        write_rows(self._select(run), path, workshop=self.shop, geometry=self.sight.relation.version.geometry)
        return path

    def _select(self, run: range) -> str:
        layout, version = self.sight.whole, self.sight.relation.version
        names, key = names_of(layout.columns), ", ".join(map(quoted, layout.key))
        first, after = self._starts[run.start], self._starts[max(run.stop, run.start)]
        gone, replaced = (_within(places, first, after) for places in (self.changes.gone, self.changes.replaced))
        stored = rows_before(version, layout, self.shop)
        kept = f"SELECT {names}, _at FROM ({stored}) AS r WHERE _at BETWEEN {first:d} AND {after - 1:d}"
        if gone or replaced:
            kept += f" AND _at NOT IN ({', '.join(f'{place:d}' for place in (*gone, *replaced))})"
        parts = [kept]
        if replaced:
            places = ", ".join(f"{place:d}" for place in replaced)
            latest = names_of(layout.columns, {one.name: f"o.{quoted(one.name)}" for one in layout.columns})
            parts += [
                f"SELECT {latest}, b._at FROM {OPERATIONS} AS o JOIN {BEFORE} AS b USING ({key}) WHERE b._at IN ({places})"
            ]
        if self.changes.added and after == self._starts[-1]:
            new = f"{OPERATIONS} AS o ANTI JOIN {BEFORE} AS b USING ({key})"
            parts += [f"SELECT {names}, {after:d} + _n AS _at FROM {new} WHERE _o = 'p'"]
        return f"SELECT {names} FROM ({' UNION ALL '.join(parts)}) AS together ORDER BY _at"


def _within(places: Sequence[int], first: int, after: int) -> Sequence[int]:
    """Of places in order."""
    return places[bisect_left(places, first) : bisect_left(places, after)]
