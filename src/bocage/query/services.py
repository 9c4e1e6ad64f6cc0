"""Reads of data. Every one: text of the request → AST → plan → restrict(viewer) → SQL → the store's engine.

Errors of the language are `query.errors.OdsqlSyntaxError` / `OdsqlError` (fields: clause, position…).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from bocage.catalog.vocabulary import FieldType
from bocage.query import compile as compiling
from bocage.query import paging, streaming
from bocage.query.errors import RecordNotFound
from bocage.query.facets import requested_facets
from bocage.query.lookups import Found, looked_up
from bocage.query.odsql.clauses import read_conditions, read_plan
from bocage.query.plan import ROW_ID, Column, Compare, Constant
from bocage.query.planning import plan_of, without_json
from bocage.query.present import in_utc, rows_of, shown_sql, wkb_sql
from bocage.query.rendering import JsonLine
from bocage.query.restricted import seen_by
from bocage.query.rights import opened, prepare, scope_for, telling_of

if TYPE_CHECKING:
    import pyarrow as pa

    from bocage.access.audit.readings import Telling
    from bocage.access.viewer import Viewer
    from bocage.catalog.fields import Field
    from bocage.query.compile import Source
    from bocage.query.odsql.scope import Scope
    from bocage.query.plan import Plan
    from bocage.query.relation import Relation
    from bocage.query.rendering import Rendering
    from bocage.query.reprojection import Reprojection
    from bocage.query.requests import FacetRequest, FacetValue, OdsqlRequest
    from bocage.store.engine import Session


@dataclass(frozen=True)
class Page:
    """`columns`: output fields in select order (names as the client must see them). `rows`: JSON-ready values in the shapes
    of explore-api section 3.5 (geo points {"lon","lat"}, shapes as Features, dates as ISO text, arrays)."""

    total_count: int
    columns: tuple[Field, ...]
    rows: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Stream:
    """A complete result, in a stable order, as Arrow batches; counts known before the first batch.

    Without rendering: columns in select order, physical types of `store.staged.StagedFile`, geometry as WKB (binary).
    With one: a single column of texts (`string`, 32-bit offsets), one per row.
    """

    row_count: int
    columns: tuple[Field, ...]
    batches: Iterator[pa.RecordBatch]


def records(viewer: Viewer, relation: Relation, request: OdsqlRequest) -> Page:
    """A page of rows or of groups. `limit` -1 is the most that a page holds.

    Raises AccessDenied, OdsqlSyntaxError, OdsqlError and its kinds, InvalidParameter."""
    return planned(
        viewer,
        relation,
        lambda scope: plan_of(request, scope, page=True),
        timezone=request.timezone,
        lang=request.lang,
    )


def planned(
    viewer: Viewer, relation: Relation, plan_in: Callable[[Scope], Plan], *, timezone: str = "UTC", lang: str = "fr"
) -> Page:
    """The same for languages other than ODSQL: `plan_in` makes the plan, limited, out of the names that the viewer may use."""
    relation = seen_by(viewer, relation)
    scope = scope_for(viewer, relation, timezone=timezone, lang=lang)
    return _read(viewer, relation, plan_in(scope), scope)


def _read(viewer: Viewer, relation: Relation, plan: Plan, scope: Scope) -> Page:
    """`relation`: as the viewer sees it."""
    found = looked_up(relation, plan)
    prepare(relation, plan if found is None else plan.condition)
    kept = found.shown(plan) if found else None
    if found and kept is not None:
        return _told(telling_of(viewer, relation), _kept_page(kept, found, plan, scope))
    with opened(viewer, relation, scope.timezone) as (session, source, telling):
        if found is None:
            return _told(telling, _page(session, plan, source, scope, _rows_of(relation)))
        found = found.settled(plan, source, session, viewer)
        kept = found.shown(plan)
        if kept is not None:
            return _told(telling, _kept_page(kept, found, plan, scope))
        rows = found.source(source, session, viewer)
        return _told(telling, _page(session, found.plan(plan), rows, scope, 0, found.matched))


def _told(telling: Telling, page: Page) -> Page:
    telling.rows = len(page.rows)
    telling.tell()
    return page


def _kept_page(kept: pa.RecordBatch, found: Found, plan: Plan, scope: Scope) -> Page:
    columns = tuple(output.field for output in plan.outputs)
    return Page(found.matched or 0, columns, rows_of([kept], columns, scope.zone))


def _rows_of(relation: Relation) -> int:
    """Of the tables read, whoever reads them."""
    return sum(version.row_count for version in relation.versions)


def _page(session: Session, plan: Plan, source: Source, scope: Scope, rows: int, matched: int | None = None) -> Page:
    """`rows`: of the whole table, as its reader may not see it. `matched`: how many there are in all, where this is known."""
    columns = tuple(output.field for output in plan.outputs)
    placed = paging.placed(session, plan, source, rows)
    compiled = compiling.page(placed, source, pairs=True)
    counted = plan.summarised and bool(plan.groups)
    shown = shown_sql(columns, [f'"{compiling.COUNTED}"'] if counted else [])
    asked = f"SELECT {shown} FROM ({compiled.sql}) AS q"
    batches = list(session.arrow(asked, compiled.parameters)) if plan.limit != 0 else []
    found = rows_of(batches, columns, scope.zone)
    if counted and found:
        return Page(batches[0].column(len(columns))[0].as_py(), columns, found)
    total = paging.total(session, plan, source, len(found)) if matched is None else matched
    return Page(total, columns, found)


def record(viewer: Viewer, relation: Relation, record_id: str, select: str = "") -> dict[str, Any]:
    """One row by its identifier (`record_ids`). Raises RecordNotFound."""
    relation = seen_by(viewer, relation)
    scope = scope_for(viewer, relation)
    wanted = Compare("=", Column(ROW_ID, FieldType.STRING), Constant(record_id[:100], FieldType.STRING))
    plan = dataclasses.replace(read_plan(select, wanted, "", "", scope), limit=1)
    page = _read(viewer, relation, plan, scope)
    if not page.rows:
        raise RecordNotFound(kind=_("The record"), name=record_id[:100], record_id=record_id[:100])
    return page.rows[0]


def facets(
    viewer: Viewer, relation: Relation, request: OdsqlRequest, wanted: Sequence[FacetRequest]
) -> dict[str, list[FacetValue]]:
    """Counts of the values of each facet, with their states. Any field can be one. Raises UnknownField for others."""
    relation = seen_by(viewer, relation)
    scope = scope_for(viewer, relation, timezone=request.timezone, lang=request.lang)
    where = read_conditions(request.where, scope)
    prepare(relation, where)
    with opened(viewer, relation, request.timezone) as (session, source, _telling):
        return requested_facets(session, source, scope, where, request, wanted)


@contextmanager
def stream(
    viewer: Viewer,
    relation: Relation,
    request: OdsqlRequest,
    rendering: Rendering | None = None,
    *,
    reprojection: Reprojection | None = None,
    seconds: float | None = None,
) -> Iterator[Stream]:
    """`seconds`: time limit, that of an export by default. `rendering` writes each row as text inside the engine:
    `SELECT {rendering.line(columns, request.timezone)} AS line FROM (compiled query)`, same order; `reprojection` moves
    coordinates before.
    Every error of the request is raised on entering, before the first batch; `limit` -1 means all."""
    relation = seen_by(viewer, relation)
    scope = scope_for(viewer, relation, timezone=request.timezone, lang=request.lang)
    plan = plan_of(request, scope, page=False)
    if not isinstance(rendering, JsonLine):
        plan = without_json(plan)
    prepare(relation, plan)
    columns = tuple(output.field for output in plan.outputs)
    shown = wkb_sql(columns) if rendering is None else f"{rendering.line(columns, request.timezone)} AS line"

    pairs = rendering is not None

    def moved(rows: str) -> str:
        return reprojection.applied(rows, columns, pairs=pairs) if reprojection else rows

    def written(rows: str) -> str:
        return f"SELECT {shown} FROM ({moved(rows)}) AS q"

    longest = seconds or settings.BOCAGE.export_seconds
    with opened(viewer, relation, request.timezone, seconds=longest) as (session, source, telling):
        total = _streamed_count(session, plan, source)
        found = streaming.batches(session, plan, source, written, pairs=pairs)
        telling.rows = total
        telling.tell()
        with streaming.made_ahead(found, session.interrupt) as batches:
            yield Stream(total, columns, batches if rendering else in_utc(batches))


def _streamed_count(session: Session, plan: Plan, source: Source) -> int:
    """Rows of the answer, after offset and limit."""
    total = 1 if plan.summarised and not plan.groups else paging.count(session, plan, source)
    left = max(0, total - plan.offset)
    return left if plan.limit is None else min(left, plan.limit)
