"""Features: the rows of a collection with their identifiers, filtered in any language, page after page at any depth."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.query import paging, streaming
from bocage.query.feature_pages import SHORT, Reading
from bocage.query.kept_features import kept_page
from bocage.query.lookups import can_look_up, counted
from bocage.query.plan import (
    ROW_ID,
    Column,
    Compare,
    Constant,
    Output,
    Plan,
    Predicate,
    SortKey,
)
from bocage.query.present import in_utc, wkb_sql
from bocage.query.rendering import main_geometry
from bocage.query.rendering import name as quoted
from bocage.query.restricted import seen_by
from bocage.query.rights import opened, prepare, scope_for, telling_of
from bocage.query.services import Stream
from bocage.query.sought import Sought

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.query.compile import Statement
    from bocage.query.feature_pages import FeaturePage
    from bocage.query.odsql.scope import Scope
    from bocage.query.relation import Relation
    from bocage.query.rendering import Rendering
    from bocage.query.reprojection import Reprojection

IDENTIFIER = Field(ROW_ID, FieldType.STRING)


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
    plan = plan_of(query, scope_for(viewer, relation))
    sought = Sought(relation, plan, query.after)
    page = kept_page(sought, rendering) if reprojection is None else None
    if page is not None:
        telling = telling_of(viewer, relation)
        telling.rows = page.returned
        telling.tell()
        yield page
        return
    prepare(relation, plan.condition if can_look_up(relation, plan) else plan)
    columns = tuple(output.field for output in plan.outputs)

    def shown(rows: Statement) -> Statement:
        moved = reprojection.applied(rows.sql, columns, pairs=True) if reprojection else rows.sql
        line = f"SELECT {rendering.line(columns, 'UTC')} AS line, {quoted(ROW_ID)} AS id FROM ({moved}) AS q"
        return dataclasses.replace(rows, sql=line)

    seconds = settings.BOCAGE.export_seconds if query.limit is None or query.limit > SHORT else None
    with opened(viewer, relation, seconds=seconds) as (session, source, telling):
        page = Reading(session, viewer, source, sought, shown).page()
        telling.rows = page.returned
        telling.tell()
        yield page


def hits(viewer: Viewer, relation: Relation, query: FeatureQuery) -> int:
    """How many features fulfil the condition."""
    relation = seen_by(viewer, relation)
    plan = plan_of(query, scope_for(viewer, relation))
    known = counted(relation, plan)
    if known is not None:
        telling_of(viewer, relation).tell()
        return known
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
