"""A page of features, and the statements that find it.

It begins after a feature, named by its identifier, whatever its depth: where it stands is read from its row. A short page of rows
in their own order is one statement, whose end tells whether there is another. A long or a sorted one is two: the numbers of its
rows, which reads only what the filter and the order name, then these rows, which leave as they are read. How many there are in all
is asked last, unless the page told already.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.query import compile as compiling
from bocage.query import paging
from bocage.query.compile import ROW, Statement
from bocage.query.errors import InvalidParameter
from bocage.query.lookups import counted, looked_up
from bocage.query.paging import NUMBER, these
from bocage.query.plan import (
    Between,
    Constant,
    Output,
    Plan,
    Predicate,
)
from bocage.query.sought import mark_plan

if TYPE_CHECKING:
    import pyarrow as pa

    from bocage.access.viewer import Viewer
    from bocage.query.compile import Source
    from bocage.query.lookups import Found
    from bocage.query.sought import Mark, Sought
    from bocage.store.engine import Session

ROWS_PER_BATCH = 2_000
SHORT = 2_000
"""Features of a page that may not take longer than any other question, and is read before it is sent; a larger one is an export."""


@dataclass
class FeaturePage:
    """`matched`: in all, whatever the page. `returned`: on the page. `columns`: the identifier, then the fields. `next`: after
    which feature the next page begins, empty on the last one; known once the batches are read, one text per feature."""

    matched: int
    returned: int
    columns: tuple[Field, ...]
    batches: Iterator[pa.RecordBatch]
    next: str = ""

    def read(self, batches: Iterator[pa.RecordBatch], more: bool) -> Iterator[pa.RecordBatch]:
        """Texts and identifiers → texts."""
        for batch in batches:
            if more:
                self.next = batch.column(1)[-1].as_py()
            yield batch.select([0])


@dataclass(frozen=True)
class _Place:
    """The plan of a page whose rows are known."""

    plan: Plan
    count: int = 0
    more: bool = False


@dataclass(frozen=True)
class Reading:
    """`shown`: what writes rows as texts beside their identifiers."""

    session: Session
    viewer: Viewer
    source: Source
    sought: Sought
    shown: Callable[[Statement], Statement]

    @property
    def plan(self) -> Plan:
        return self.sought.plan

    def page(self) -> FeaturePage:
        """Raises InvalidParameter when the feature before is no more."""
        mark = self._marked()
        found = self._found(mark)
        if found is not None:
            return self._looked_up(found, mark)
        whole = self.plan.condition is None and self.source.row_count is not None
        if not self.plan.sort and not whole and self.plan.limit is not None and self.plan.limit <= SHORT + 1:
            return self._at_once(mark)
        place = self._of_all(mark) if whole and not self.plan.sort else self._placed(mark)
        matched = self._matched(
            place.count, place.more, mark
        )  # before: running a statement ends the stream of the one before
        rows = compiling.page(place.plan, self.source, pairs=True)
        return self._told(matched, place.count, place.more, self._written(rows) if place.count else iter(()))

    def _found(self, mark: Mark | None) -> Found | None:
        """The rows of the page; None when it is for a statement to find them."""
        plan = dataclasses.replace(self.plan, condition=self.sought.beyond(mark))
        found = self.sought.found if mark == self.sought.mark else looked_up(self.sought.relation, plan)
        settled = found.settled(plan, self.source, self.session, self.viewer) if found else None
        return settled if settled and settled.matched is not None else None

    def _looked_up(self, found: Found, mark: Mark | None) -> FeaturePage:
        """Of rows whose numbers are known already."""
        rows = found.page
        more = len(rows) == self.plan.limit
        kept = dataclasses.replace(found, rows=rows[:-1] if more else rows)
        matched = found.matched if mark is None else counted(self.sought.relation, self.plan)
        if matched is None:
            matched = paging.count(self.session, self.plan, self.source)
        source = kept.source(self.source, self.session, self.viewer)
        written = compiling.page(found.plan(self.plan), source, pairs=True)
        count = len(kept.page)
        return self._told(matched, count, more, self._written(written) if count else iter(()))

    def _at_once(self, mark: Mark | None) -> FeaturePage:
        asked = dataclasses.replace(self.plan, condition=self.sought.beyond(mark))
        found = list(self._written(compiling.first(asked, self.source, pairs=True)))
        count = sum(batch.num_rows for batch in found)
        more = count == self.plan.limit
        if more:
            found[-1], count = found[-1].slice(0, found[-1].num_rows - 1), count - 1
        matched = self._matched(count, more, mark)
        return self._told(matched, count, more, (batch for batch in found if batch.num_rows))

    def _written(self, rows: Statement) -> Iterator[pa.RecordBatch]:
        shown = self.shown(rows)
        return self.session.arrow(shown.sql, shown.parameters, ROWS_PER_BATCH)

    def _told(self, matched: int, count: int, more: bool, batches: Iterator[pa.RecordBatch]) -> FeaturePage:
        page = FeaturePage(matched, count, tuple(output.field for output in self.plan.outputs), iter(()))
        page.batches = page.read(batches, more)
        return page

    def _matched(self, count: int, more: bool, mark: Mark | None) -> int:
        """In all: the first page tells by itself when it is the last one."""
        if not more and mark is None and (count or not self.plan.offset):
            return self.plan.offset + count
        return paging.count(self.session, self.plan, self.source)

    def _placed(self, mark: Mark | None) -> _Place:
        plan, output = self.plan, Output(Field(ROW, FieldType.INTEGER), NUMBER)
        numbers = Plan((output,), self.sought.beyond(mark), sort=plan.sort, limit=plan.limit, offset=plan.offset)
        compiled = compiling.page(numbers, self.source)
        batches = self.session.arrow(compiled.sql, compiled.parameters)
        rows = [row for batch in batches for row in batch.column(0).to_pylist()]
        more = plan.limit is not None and len(rows) == plan.limit
        kept = tuple(rows[:-1] if more else rows)
        return _Place(self._only(these(kept)), len(kept), more) if kept else _Place(plan)

    def _of_all(self, mark: Mark | None) -> _Place:
        """All the rows, in their own order: they are numbered without a gap, so nothing has to be asked."""
        plan, count = self.plan, self.source.row_count or 0
        first = min((0 if mark is None else mark[1] + 1) + plan.offset, count)
        last = count if plan.limit is None else min(first + plan.limit - 1, count)
        return (
            _Place(self._only(_between(first, last - 1)), last - first, last < count) if first < last else _Place(plan)
        )

    def _only(self, rows: Predicate) -> Plan:
        return dataclasses.replace(self.plan, condition=rows, limit=None, offset=0)

    def _marked(self) -> Mark | None:
        after = self.sought.after
        if not after or self.sought.mark is not None:
            return self.sought.mark
        compiled = compiling.page(mark_plan(self.plan.sort, after), self.source)
        found: list[dict[str, Any]] = [
            one for batch in self.session.arrow(compiled.sql, compiled.parameters) for one in batch.to_pylist()
        ]
        if not found:
            raise InvalidParameter(parameter="cursor", value=after[:100], expected="a page of the present version")
        return list(found[0].values())[:-1], found[0]["row"]


def _between(first: int, last: int) -> Between:
    return Between(NUMBER, Constant(first, FieldType.INTEGER), Constant(last, FieldType.INTEGER))
