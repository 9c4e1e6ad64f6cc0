"""Features: the rows of a collection with their identifiers, filtered in any language, page after page at any depth.

A page begins after a feature, named by its identifier, whatever its depth: where it stands is read from its row. Three short
statements rather than a long one: the numbers of the rows of the page, these rows, and how many there are in all. The first
reads only what the filter and the order name, the second only the rows of the page.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.query import compile as compiling
from bocage.query import paging, streaming
from bocage.query.compile import ROW
from bocage.query.errors import InvalidParameter
from bocage.query.keyset import past
from bocage.query.plan import (
    ROW_ID,
    And,
    Between,
    Column,
    Compare,
    Constant,
    InRows,
    Output,
    Plan,
    Predicate,
    SortKey,
    all_of,
)
from bocage.query.present import in_utc, wkb_sql
from bocage.query.rendering import main_geometry
from bocage.query.rendering import name as quoted
from bocage.query.restricted import seen_by
from bocage.query.rights import opened, prepare, scope_for
from bocage.query.services import Stream

if TYPE_CHECKING:
    import pyarrow as pa

    from bocage.access.viewer import Viewer
    from bocage.query.compile import Source
    from bocage.query.odsql.scope import Scope
    from bocage.query.relation import Relation
    from bocage.query.rendering import Rendering
    from bocage.query.reprojection import Reprojection
    from bocage.store.engine import Session

IDENTIFIER = Field(ROW_ID, FieldType.STRING)
ROWS_PER_BATCH = 2_000
SHORT = 2_000
"""Features of a page that may not take longer than any other question; a larger one is an export."""
NUMBER = Column(ROW, FieldType.INTEGER)


@dataclass(frozen=True)
class FeatureQuery:
    """`condition` and `sort` are made out of the names that the viewer may use. `properties`: None for all; the geometry comes
    with them unless `drawn` is False. `limit` None: all. `after`: identifier of the last feature of the page before."""

    condition: Callable[[Scope], Predicate | None] = lambda _scope: None
    sort: Callable[[Scope], tuple[SortKey, ...]] = lambda _scope: ()
    properties: Callable[[Scope], tuple[Field, ...] | None] = lambda _scope: None
    drawn: bool = True
    limit: int | None = None
    offset: int = 0
    after: str = ""


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


@contextmanager
def features(
    viewer: Viewer,
    relation: Relation,
    query: FeatureQuery,
    rendering: Rendering,
    reprojection: Reprojection | None = None,
) -> Iterator[FeaturePage]:
    """A page, each feature written as one text by the engine. Every error of the query is raised on entering.

    Raises AccessDenied, the errors of the language, InvalidParameter when the feature of `after` is gone."""
    relation = seen_by(viewer, relation)
    scope = scope_for(viewer, relation)
    plan = plan_of(query, scope)
    prepare(relation, plan)
    columns = tuple(output.field for output in plan.outputs)
    seconds = settings.BOCAGE.export_seconds if query.limit is None or query.limit > SHORT else None
    with opened(viewer, relation, seconds=seconds) as (session, source, telling):
        place = _placed(session, plan, source, query.after)
        matched = _matched(session, plan, source, query, place)
        compiled = compiling.page(place.plan, source, pairs=True)
        moved = reprojection.applied(compiled.sql, columns, pairs=True) if reprojection else compiled.sql
        shown = f"SELECT {rendering.line(columns, 'UTC')} AS line, {quoted(ROW_ID)} AS id FROM ({moved}) AS q"
        telling.rows = place.count
        telling.tell()
        batches = session.arrow(shown, compiled.parameters, ROWS_PER_BATCH) if place.count else iter(())
        page = FeaturePage(matched, place.count, columns, iter(()))
        page.batches = page.read(batches, place.more)
        yield page


def _matched(session: Session, plan: Plan, source: Source, query: FeatureQuery, place: _Place) -> int:
    """How many features there are in all: the first page tells by itself when it is the last one."""
    if not place.more and not query.after and (place.count or not plan.offset):
        return plan.offset + place.count
    return paging.count(session, plan, source)


def hits(viewer: Viewer, relation: Relation, query: FeatureQuery) -> int:
    """How many features fulfil the condition."""
    relation = seen_by(viewer, relation)
    plan = plan_of(query, scope_for(viewer, relation))
    prepare(relation, plan.condition)
    with opened(viewer, relation) as (session, source, _telling):
        return paging.count(session, plan, source)


def only(identifier: str) -> FeatureQuery:
    """The feature of that identifier."""
    wanted = Compare("=", Column(ROW_ID, FieldType.STRING), Constant(identifier[:100], FieldType.STRING))
    return FeatureQuery(condition=lambda _scope: wanted, limit=1)


@contextmanager
def feature_stream(
    viewer: Viewer,
    relation: Relation,
    query: FeatureQuery,
    rendering: Rendering | None = None,
    reprojection: Reprojection | None = None,
) -> Iterator[Stream]:
    """The same rows as a whole file, without identifiers, in the order of the table or of `sort`."""
    relation = seen_by(viewer, relation)
    plan = plan_of(query, scope_for(viewer, relation))
    plan = dataclasses.replace(plan, outputs=plan.outputs[1:], limit=query.limit, offset=query.offset)
    prepare(relation, plan)
    columns, pairs = tuple(output.field for output in plan.outputs), rendering is not None
    shown = rendering.line(columns, "UTC") + " AS line" if rendering else wkb_sql(columns)

    def written(rows: str) -> str:
        moved = reprojection.applied(rows, columns, pairs=pairs) if reprojection else rows
        return f"SELECT {shown} FROM ({moved}) AS q"

    with opened(viewer, relation, seconds=settings.BOCAGE.export_seconds) as (session, source, telling):
        left = max(0, paging.count(session, plan, source) - plan.offset)
        total = left if plan.limit is None else min(left, plan.limit)
        found = streaming.batches(session, plan, source, written, pairs=pairs)
        telling.rows = total
        telling.tell()
        yield Stream(total, columns, found if rendering else in_utc(found))


def plan_of(query: FeatureQuery, scope: Scope) -> Plan:
    """The identifier and the fields; the limit is one more than asked, to know whether there is a next page."""
    fields = tuple(scope.fields.values())
    drawn = main_geometry(fields)
    chosen = query.properties(scope)
    names = {field.name for field in (fields if chosen is None else chosen)} | ({drawn.name} if drawn else set())
    if drawn is not None and not query.drawn:
        names.discard(drawn.name)
    outputs = [Output(field, Column(field.name, field.type)) for field in fields if field.name in names]
    limit = None if query.limit is None else query.limit + 1
    identifier = Output(IDENTIFIER, Column(ROW_ID, FieldType.STRING))
    return Plan(
        (identifier, *outputs), query.condition(scope), sort=query.sort(scope), limit=limit, offset=query.offset
    )


@dataclass(frozen=True)
class _Place:
    """The plan of a page whose rows are known."""

    plan: Plan
    count: int = 0
    more: bool = False


def _placed(session: Session, plan: Plan, source: Source, after: str) -> _Place:
    mark = _marked(session, plan, source, after)
    if plan.condition is None and not plan.sort and source.row_count is not None:
        return _in_a_row(plan, source.row_count, 0 if mark is None else mark[1] + 1)
    beyond = None if mark is None else past(plan.sort, *mark)
    asked = all_of([one for one in (plan.condition, beyond) if one is not None])
    output = Output(Field(ROW, FieldType.INTEGER), NUMBER)
    numbers = Plan((output,), asked, sort=plan.sort, limit=plan.limit, offset=plan.offset)
    compiled = compiling.page(numbers, source)
    rows = [row for batch in session.arrow(compiled.sql, compiled.parameters) for row in batch.column(0).to_pylist()]
    more = plan.limit is not None and len(rows) == plan.limit
    kept = tuple(rows[:-1] if more else rows)
    return _Place(_only(plan, _these(kept)), len(kept), more) if kept else _Place(plan)


def _in_a_row(plan: Plan, count: int, start: int) -> _Place:
    """All the rows, in their own order: they are numbered without a gap, so nothing has to be asked."""
    first = min(start + plan.offset, count)
    last = count if plan.limit is None else min(first + plan.limit - 1, count)
    return _Place(_only(plan, _between(first, last - 1)), last - first, last < count) if first < last else _Place(plan)


def _only(plan: Plan, condition: Predicate) -> Plan:
    return dataclasses.replace(plan, condition=condition, limit=None, offset=0)


def _between(first: int, last: int) -> Between:
    return Between(NUMBER, Constant(first, FieldType.INTEGER), Constant(last, FieldType.INTEGER))


def _these(rows: tuple[int, ...]) -> Predicate:
    """The bounds let the engine skip the rest of the table."""
    between = _between(min(rows), max(rows))
    return between if max(rows) - min(rows) + 1 == len(rows) else And((between, InRows(rows)))


def _marked(session: Session, plan: Plan, source: Source, after: str) -> tuple[list[Any], int] | None:
    """Keys and number of the feature `after`. Raises InvalidParameter when it is no more."""
    if not after:
        return None
    keys = [Output(Field(f"k{rank}", key.expression.type), key.expression) for rank, key in enumerate(plan.sort)]
    wanted = Compare("=", Column(ROW_ID, FieldType.STRING), Constant(after[:100], FieldType.STRING))
    compiled = compiling.page(Plan((*keys, Output(Field("row", FieldType.INTEGER), NUMBER)), wanted), source)
    found: list[dict[str, Any]] = [
        one for batch in session.arrow(compiled.sql, compiled.parameters) for one in batch.to_pylist()
    ]
    if not found:
        raise InvalidParameter(parameter="cursor", value=after[:100], expected="a page of the present version")
    return list(found[0].values())[:-1], found[0]["row"]
