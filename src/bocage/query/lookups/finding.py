"""What a lookup says of a plan: which rows its statement has to read, and how many there are in all when it can tell."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.query import compile as compiling
from bocage.query.compile import ROW, names_ids
from bocage.query.lookups.conditions import EVERY, Decided, rows_that_hold
from bocage.query.lookups.lookup import ID, Rows
from bocage.query.lookups.masked import coarse, masked_indexes
from bocage.query.lookups.reading import Reader, Told, both
from bocage.query.lookups.shapes import Undecided
from bocage.query.lookups.showing import kept, shown
from bocage.query.lookups.sorting import Key, page_of, page_of_all
from bocage.query.lookups.writing import lookup_of
from bocage.query.masks import BOUNDS
from bocage.query.paging import NUMBER
from bocage.query.plan import ROW_ID, Output
from bocage.query.relation import DatasetRelation
from bocage.query.rendering import name as quoted
from bocage.query.restricted import RestrictedRelation, row_predicate

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.query.compile import Source
    from bocage.query.lookups.lookup import Lookup
    from bocage.query.lookups.masked import Veil
    from bocage.query.plan import Plan, Predicate
    from bocage.query.relation import Relation
    from bocage.store.engine import Session

MOST_READ = 10_001
"""Rows of a page that are read one by one, with the one that tells of the next: more, or heavy ones, are read as they lie in the
table."""
NUMBERS = 200_000
"""Rows of a batch of their numbers alone."""
MOST_CANDIDATES = 20_000
"""Rows among which the statement itself looks for what the indexes cannot tell."""
MOST_DECIDED = 10_000
"""Places that are compared to another outside of the engine, which alone can be stopped."""


@dataclass(frozen=True)
class Found:
    """`rows`: all that the statement has to read; None for the table. `matched`: how many fulfil the condition, when `rows` are
    those of the page; None when they are those among which the condition, the order and the limit are still to be looked at.
    `sure`: other rows, which fulfil it."""

    lookup: Lookup
    whole: DatasetRelation
    seen: Relation
    rows: Rows | None
    matched: int | None = None
    sure: Rows | None = None

    @property
    def page(self) -> Rows:
        """The rows of the page, once they are known."""
        assert self.rows is not None  # noqa: S101  they are, once `matched` is
        return self.rows

    def plan(self, plan: Plan) -> Plan:
        """What is left to ask of the rows."""
        if self.matched is None:
            return plan
        return dataclasses.replace(plan, condition=None, limit=None, offset=0)

    def shown(self, plan: Plan) -> pa.RecordBatch | None:
        """The page itself, as `present.rows_of` reads it, when a statement is not needed for it; None otherwise."""
        veils = self._veils(plan)
        return None if veils is None else shown(self.lookup, self.page, plan.outputs, veils)

    def kept(self, plan: Plan) -> pa.RecordBatch | None:
        """The same, shapes as WKB."""
        veils = self._veils(plan)
        return None if veils is None else kept(self.lookup, self.page, plan.outputs, veils)

    def _veils(self, plan: Plan) -> Mapping[str, Veil] | None:
        """Of the columns of the page that are masked. None when the rows are not those of the page, or a column is shown otherwise
        than as it is kept, or under a mask that keeps the order."""
        if self.matched is None or not isinstance(self.seen, RestrictedRelation):
            return None if self.matched is None else {}
        named = {column.name for column in compiling.columns_of(plan.outputs)}
        masked = named - {*_open_columns(self.seen, self.lookup), ROW}
        veils = masked_indexes(self.seen)
        if not all(name in veils and coarse(self.lookup, veils[name]) for name in masked):
            return None
        return {name: veils[name] for name in masked}

    def settled(self, plan: Plan, source: Source, session: Session, viewer: Viewer) -> Found:
        """The same, where the rows are those of the page: what the indexes could not tell is asked of the columns that it names.
        An order of what no index holds is left to the statement."""
        if self.matched is not None or plan.summarised:
            return self
        output = Output(Field(ROW, FieldType.INTEGER), NUMBER)
        numbers = dataclasses.replace(plan, outputs=(output,), sort=(), limit=None, offset=0)
        among = source if self.rows is None else self.source(source, session, viewer, self._named(numbers))
        compiled = compiling.page(numbers, among, ordered=False)
        batches = session.arrow(compiled.sql, compiled.parameters, NUMBERS)
        found = [batch.column(0).to_numpy() for batch in batches]
        known = np.zeros(0, np.uint32) if self.sure is None else self.sure
        rows = np.sort(np.concatenate([known, *found])).astype(np.uint32)
        reader = Reader(self.lookup, _open_columns(self.seen, self.lookup), masked_indexes(self.seen))
        page = _page(reader, plan, rows, self.lookup.row_count)
        all_of_them = dataclasses.replace(self, rows=rows, sure=None)
        return all_of_them if page is None else dataclasses.replace(all_of_them, rows=page, matched=len(rows))

    def source(self, source: Source, session: Session, viewer: Viewer, names: Sequence[str] | None = None) -> Source:
        """The same rows as `source`, these alone: what is kept from the viewer is kept of them. `names`: of columns, all of them by
        default."""
        if self.rows is None:
            return source
        taken = self.lookup.take(np.sort(self.rows), self.lookup.columns if names is None else names)
        lent = session.lend(pa.Table.from_batches([taken]))
        read = self.whole.over(lent)
        if isinstance(self.seen, RestrictedRelation):
            rows = dataclasses.replace(self.seen, whole=read).source(session, viewer)
            theirs = ROW_ID in _open_columns(self.seen, self.lookup)
            ids = f"(SELECT {quoted(ROW)} AS row, {quoted(ID)} AS id FROM {lent} AS l)"
            return dataclasses.replace(source, rows=rows, row_count=None, ids=(lambda: ids) if theirs else source.ids)
        return dataclasses.replace(source, rows=read.source(session, viewer), row_count=None, identifier=ID)

    def _named(self, plan: Plan) -> Sequence[str] | None:
        """Of the columns that the plan names, bounds of geometries among them, and of texts read as lists; None for all."""
        if isinstance(self.seen, RestrictedRelation):
            return None
        named = {column.name for column in compiling.columns_of(plan)}
        named |= {field.name for field in self.whole.fields if field.type == FieldType.ARRAY}
        bounds = {f"_{name}_{side}" for name in named for side in BOUNDS}
        return [name for name in self.lookup.columns if name in named or name in bounds]


def looked_up(seen: Relation, plan: Plan) -> Found | None:
    """`seen`: as the reader sees it. None when the statement does as well, or when nothing is made to look in."""
    place = _place(seen, plan)
    if place is None:
        return None
    whole, reader, told = place
    lookup = reader.lookup
    if told is None:
        return Found(lookup, whole, seen, None) if _is_page(reader, plan) else None
    rows = None if told.test == reader.always(True) else rows_that_hold(told.test, lookup.row_count)
    if rows is not None and not told.exact:
        rows, told = _decided(reader, told, rows)
    page = _page(reader, plan, rows, lookup.row_count) if told.exact and not plan.summarised else None
    if page is not None:
        return Found(lookup, whole, seen, page, lookup.row_count if rows is None else len(rows))
    return _among(reader, told, plan, Found(lookup, whole, seen, rows))


def _decided(reader: Reader, told: Told, rows: Rows) -> tuple[Rows, Told]:
    """Those of the rows that do fulfil the condition, when the others are few enough to be looked at one by one."""
    if told.slow is None:
        return rows, told
    kept = told.sure.holds(rows) if told.sure else np.zeros(len(rows), np.bool_)
    open_ones = np.flatnonzero(~kept)
    if len(open_ones) > reader.lookup.at_once(MOST_DECIDED):
        return rows, told
    try:
        kept[open_ones] = told.slow.holds(rows[open_ones])
    except Undecided:
        return rows, told
    return rows[kept], Told(told.slow)


def _among(reader: Reader, told: Told, plan: Plan, found: Found) -> Found | None:
    """Of rows of which some are sure; those that are not are asked of the statement, unless they are too many."""
    most = reader.lookup.at_once(MOST_CANDIDATES)
    if found.rows is None or told.exact:
        few = found.rows is not None and len(found.rows) <= most
        return found if few else None
    if not _is_page(reader, plan):
        return found if len(found.rows) <= most else None
    sure = told.sure.holds(found.rows) if told.sure else np.zeros(len(found.rows), np.bool_)
    unsure = found.rows[~sure]
    if len(unsure) > most:
        return dataclasses.replace(found, rows=None)
    if len(unsure):
        return dataclasses.replace(found, rows=unsure, sure=found.rows[sure])
    page = _page(reader, plan, found.rows, reader.lookup.row_count)
    return None if page is None else dataclasses.replace(found, rows=page, matched=len(found.rows))


def _is_page(reader: Reader, plan: Plan) -> bool:
    """A short one, in an order that indexes hold: which rows it has is known once those that fulfil the condition are."""
    return not plan.summarised and _is_short(reader.lookup, plan) and _keys(reader, plan) is not None


def _is_short(lookup: Lookup, plan: Plan) -> bool:
    return plan.limit is not None and plan.limit <= lookup.at_once(MOST_READ)


def can_look_up(seen: Relation, plan: Plan) -> bool:
    """Whether something is made to look in for a page of this length."""
    lookup = _lookup(seen, plan)
    return lookup is not None and _is_short(lookup, plan)


def counted(seen: Relation, plan: Plan) -> int | None:
    """How many rows fulfil the condition of a plan without groups. None when the indexes cannot tell."""
    place = _place(seen, plan)
    if place is None:
        return None
    _whole, reader, told = place
    if told is None:
        return None
    if told.test == reader.always(True):
        return reader.lookup.row_count
    if told.exact:
        return int(np.count_nonzero(told.test.holds(EVERY)))
    rows, told = _decided(reader, told, rows_that_hold(told.test, reader.lookup.row_count))
    return len(rows) if told.exact else None


def _place(seen: Relation, plan: Plan) -> tuple[DatasetRelation, Reader, Told | None] | None:
    """Where to look, and for what: None for what the indexes say nothing of."""
    whole, lookup = _whole(seen), _lookup(seen, plan)
    if whole is None or lookup is None:
        return None
    reader = Reader(lookup, _open_columns(seen, lookup), masked_indexes(seen))
    return whole, reader, _told(reader, plan.condition, _rules(lookup, seen, whole))


def _lookup(seen: Relation, plan: Plan) -> Lookup | None:
    whole = _whole(seen)
    lookup = lookup_of(whole) if whole is not None and plan.limit != 0 else None
    unknown = lookup is not None and names_ids(plan) and ROW_ID not in _open_columns(seen, lookup)
    return None if unknown else lookup


def _rules(lookup: Lookup, seen: Relation, whole: DatasetRelation) -> Told | None:
    """Which rows exist for the reader: rules are on the columns as they are kept."""
    if not isinstance(seen, RestrictedRelation) or not seen.limits.rows:
        return Told(Decided(True, lookup.row_count))
    ruled = row_predicate(whole, seen.limits.rows)
    return Reader(lookup, {field.name for field in whole.fields}).told(ruled) if ruled is not None else None


def _told(reader: Reader, condition: Predicate | None, rules: Told | None) -> Told | None:
    if rules is None:
        return None
    asked = reader.told(condition) if condition is not None else Told(reader.always(True))
    if asked is None:
        return None
    return both([asked, rules])


def _page(reader: Reader, plan: Plan, rows: Rows | None, row_count: int) -> Rows | None:
    """Of rows that are known, None of all of them. None when the order is of what no index holds, or the page is too long."""
    keys = _keys(reader, plan)
    if keys is None or plan.limit is None or not _is_short(reader.lookup, plan):
        return None
    if rows is not None:
        return page_of(rows, keys, plan.offset, plan.limit)
    if keys:
        return page_of_all(keys, plan.offset, plan.limit)
    first = min(plan.offset, row_count)
    return np.arange(first, min(first + plan.limit, row_count), dtype=np.uint32)


def _keys(reader: Reader, plan: Plan) -> list[Key] | None:
    """What puts the rows in order; None when no index holds one of these."""
    indexes = [reader.index(sort.expression) for sort in plan.sort]
    return (
        [Key(index, sort.descending) for index, sort in zip(indexes, plan.sort, strict=True) if index]
        if all(index and index.sorts for index in indexes)
        else None
    )


def _whole(seen: Relation) -> DatasetRelation | None:
    """What the relation shows, when it is the version of a dataset; small cells are told from all of the rows."""
    whole = seen.whole if isinstance(seen, RestrictedRelation) else seen
    cells = isinstance(seen, RestrictedRelation) and seen.limits.cells
    return whole if isinstance(whole, DatasetRelation) and not cells else None


def _open_columns(seen: Relation, lookup: Lookup) -> Collection[str]:
    """Names of the fields that the reader sees as they are kept, and ROW_ID where identifiers are those of everybody: rows that are
    like others, which may be hidden, have other ones."""
    if not isinstance(seen, RestrictedRelation):
        return {*(field.name for field in seen.fields), ROW_ID}
    same = seen.same_identifiers and not (seen.limits.keeps_rows and lookup.has_twins)
    return {*seen.open_names, ROW_ID} if same else seen.open_names
