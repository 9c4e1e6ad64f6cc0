"""Rights below the query: the scope of a request is made of the fields that exist for the viewer, and of no other."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings

from bocage.kernel import clock
from bocage.query.compile import Source, names_ids, searches
from bocage.query.odsql.dates import zone
from bocage.query.odsql.scope import Scope
from bocage.query.record_ids import record_ids
from bocage.query.restricted import RestrictedRelation, seen_by
from bocage.query.search import text_index
from bocage.store import engine

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.query.relation import Relation
    from bocage.store.engine import Session


def scope_for(viewer: Viewer, relation: Relation, *, timezone: str = "UTC", lang: str = "fr") -> Scope:
    """What the viewer may name. A hidden field is unknown: no clause, facet or search can tell that it exists.

    Raises AccessDenied, InvalidParameter for the time zone."""
    relation = seen_by(viewer, relation)
    zone(timezone)
    fields = {field.name: field for field in relation.fields}
    measures = {field.name: field for field in relation.measures}
    return Scope(fields, timezone, lang, clock.now(), prefixes=relation.prefixes, measures=measures)


def prepare(relation: Relation, *asked: Any) -> None:
    """Build what the plans or predicates read beside the rows, before the time limit of the query starts: the first
    search of a large version may take longer than any answer may."""
    wanted = [build for build, needed in ((text_index, searches(*asked)), (record_ids, names_ids(*asked))) if needed]
    if wanted:
        with engine.session(*relation.versions, seconds=settings.BOCAGE.export_seconds) as session:
            for build in wanted:
                build(session, relation)


def source_for(viewer: Viewer, relation: Relation, session: Session, timezone: str = "UTC") -> Source:
    """The rows that exist for the viewer: row rules are applied inside the FROM item."""
    relation = seen_by(viewer, relation)
    return Source(
        rows=relation.source(session, viewer),
        index=cache(lambda: text_index(session, relation)),
        ids=lambda: record_ids(session, relation),
        timezone=timezone,
        row_count=relation.row_count(viewer),
        in_order=not (isinstance(relation, RestrictedRelation) and relation.limits.keeps_rows),
    )
