"""A relation as one reader sees it. Whatever reads it cannot read more: masks, conditions and cells are inside its FROM item,
and its fields are those that exist for the reader. Indexes and identifiers are made of what is seen, never of what is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn

import pyarrow as pa

from bocage.access.restrictions import WHOLE, Restriction
from bocage.access.viewer import OPERATOR
from bocage.catalog.vocabulary import FieldType
from bocage.kernel import clock
from bocage.query.compile import Compiler, Source, names_ids, searches
from bocage.query.errors import QueryError
from bocage.query.masks import NUMBERS, blurred_sql, masked_field, masked_sql, plain_sql
from bocage.query.odsql.clauses import read_conditions
from bocage.query.odsql.scope import Scope
from bocage.query.rendering import name as quoted
from bocage.query.sql import SOURCE, standing_alone

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.fields import Field
    from bocage.query.plan import Predicate
    from bocage.query.relation import Relation
    from bocage.store.engine import Session
    from bocage.store.models import Version


def seen_by(viewer: Viewer, relation: Relation) -> Relation:
    """The relation itself when nothing of it is restricted. Raises AccessDenied when nothing may be read."""
    if isinstance(relation, RestrictedRelation):
        return relation
    restriction = relation.restriction(viewer)
    return RestrictedRelation(relation, restriction) if restriction else relation


def shown_columns(fields: Iterable[Field], limits: Restriction, salt: str = "") -> Sequence[tuple[Field, list[str]]]:
    """Each field that exists for the reader, measures among them, with the SQL of its columns. `salt`: of pseudonyms."""
    masks = {one.field: one for one in limits.masks}
    found: list[tuple[Field, list[str]]] = []
    for field in fields:
        if limits.hides(field.name) or not _within_cells(field, limits):
            continue
        if field.name in masks:
            shown = masked_field(field, masks[field.name])
            if shown is not None:
                found.append((shown, [f"{masked_sql(field, masks[field.name], salt)} AS {quoted(field.name)}"]))
        elif field.type.is_geographic and limits.grid_m:
            found.append((field, blurred_sql(field, limits.grid_m)))
        else:
            found.append((field, plain_sql(field)))
    return found


def _within_cells(field: Field, limits: Restriction) -> bool:
    return all(
        field.name in cells.dimensions or (field.name in cells.measures and field.type in NUMBERS)
        for cells in limits.cells
    )


@dataclass(frozen=True)
class RestrictedRelation:
    whole: Relation
    limits: Restriction

    @property
    def key(self) -> str:
        """Of the columns as they are seen: an index of words is the same for readers of other rows."""
        return f"{self.whole.key}.{self.limits.columns_key}"

    @property
    def rows_key(self) -> str:
        """Of the rows too: for what is made of those that exist for these readers, and of no other."""
        return f"{self.whole.key}.{self.limits.key}"

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        return tuple(shown for shown, _columns in self._columns if not self._is_measure(shown))

    @property
    def measures(self) -> tuple[Field, ...]:
        return tuple(shown for shown, _columns in self._columns if self._is_measure(shown))

    @property
    def versions(self) -> tuple[Version, ...]:
        return self.whole.versions

    @property
    def identity(self) -> tuple[str, ...]:
        """What identifies a row, if the reader sees all of it; otherwise the row as they see it does."""
        names = {field.name for field in self.fields}
        return self.whole.identity if names.issuperset(self.whole.identity) else ()

    @cached_property
    def open_names(self) -> frozenset[str]:
        """Of the fields that the reader sees as they are kept, measures among them."""
        kept = {field.name: field.type for field in self.whole.fields}
        return frozenset(
            field.name
            for field, columns in self._columns
            if columns == plain_sql(field) and kept[field.name] == field.type
        )

    @cached_property
    def same_identifiers(self) -> bool:
        """Whether identifiers are made of what the reader sees as it is kept: theirs are then those of everybody. Only rows that
        are like others, some of which are hidden, may be told apart by other numbers."""
        made_of = self.whole.identity or tuple(field.name for field in self.whole.fields)
        there = self.open_names.intersection(field.name for field in self.fields)
        return self.identity == self.whole.identity and there.issuperset(made_of)

    @property
    def prefixes(self) -> tuple[str, ...]:
        return self.whole.prefixes

    @property
    def words(self) -> str:
        return f"{self.whole.words}-{self.limits.columns_key}"

    def restriction(self, viewer: Viewer) -> Restriction:
        """Applied already."""
        return WHOLE

    def row_count(self, viewer: Viewer) -> int | None:
        return None if self.limits.keeps_rows else self.whole.row_count(viewer)

    def source(self, session: Session, viewer: Viewer) -> str:
        """For the operator, every row as its columns are seen: what indexes are made of."""
        if viewer.operator or not self.limits.keeps_rows:
            return self._masked(session)
        if not self.limits.cells:
            return self._masked(session, row_condition(self.whole, self.limits.rows))
        kept = session.resident(f"rows {self.rows_key}", lambda: self._kept(session))
        return f"(SELECT * FROM {self._masked(session)} WHERE _row IN (SELECT row FROM {kept}))"

    @cached_property
    def _columns(self) -> Sequence[tuple[Field, list[str]]]:
        salt = self.whole.key.split(".")[0] if not self.whole.versions else self.whole.versions[0].dataset.uid
        return shown_columns(self.whole.fields, self.limits, salt)

    def _is_measure(self, field: Field) -> bool:
        """In one of the cells is enough: a dimension of others would be named."""
        return any(field.name in cells.measures for cells in self.limits.cells)

    def _masked(self, session: Session, condition: str = "true") -> str:
        """`condition`: on the columns as they are."""
        columns = [column for _field, columns in self._columns for column in columns]
        rows = self.whole.source(session, OPERATOR)
        return f"(SELECT {', '.join([*columns, '_row'])} FROM {rows} AS {SOURCE} WHERE {condition})"

    def _kept(self, session: Session) -> pa.Table:
        """The rows that the reader sees: those that meet the conditions, then those of large enough cells."""
        rows = f"SELECT * FROM {self._masked(session, row_condition(self.whole, self.limits.rows))}"
        for cells in self.limits.cells:
            shared = [field for field in self.fields if field.name in cells.dimensions]
            by = ", ".join(_comparable(field) for field in shared) or "true"
            rows = f"SELECT * FROM ({rows}) QUALIFY count(*) OVER (PARTITION BY {by}) >= {int(cells.threshold)}"
        return pa.Table.from_batches(session.arrow(f"SELECT _row AS row FROM ({rows})", rows_per_batch=100_000), _ROWS)


_ROWS = pa.schema([("row", pa.int64())])


def _comparable(field: Field) -> str:
    value = quoted(field.name)
    return f"ST_AsWKB({value})" if field.type in (FieldType.GEOPOINT, FieldType.GEOMETRY) else value


def row_condition(relation: Relation, conditions: Sequence[str]) -> str:
    """SQL of what a row must meet, on the columns as they are. Conditions that have no meaning any more, because a field is gone or
    changed its type, are met by no row."""
    if not conditions:
        return "true"
    predicate = row_predicate(relation, conditions)
    if predicate is None:
        return "false"
    compiler = Compiler(Source("", index=_none, ids=_none))
    try:
        return standing_alone(compiler.predicate(predicate), compiler.parameters)
    except QueryError:
        return "false"


def row_predicate(relation: Relation, conditions: Sequence[str]) -> Predicate | None:
    """The same as a predicate; None for conditions that have no meaning any more, of which there is at least one."""
    if any("\0" in condition for condition in conditions):  # would end the statement
        return None
    fields = {field.name: field for field in relation.fields}
    try:
        predicate = read_conditions(conditions, Scope(fields, "UTC", "fr", clock.now(), prefixes=relation.prefixes))
    except QueryError:
        return None
    return None if predicate is None or searches(predicate) or names_ids(predicate) else predicate


def _none(*_asked: object) -> NoReturn:
    """A condition on rows looks at rows alone: whatever searches was left out above."""
    raise QueryError
