"""Rights below the query: the scope of a request is made of the fields that exist for the viewer, and of no other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings

from bocage.access.audit.readings import Telling
from bocage.access.restrictions import WHOLE
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
    stamp = max((version.created_at for version in relation.versions), default=None)
    return Scope(fields, timezone, lang, clock.now(), prefixes=relation.prefixes, measures=measures, stamp=stamp)


def prepare(relation: Relation, *asked: Any) -> None:
    """Build what the plans or predicates read beside the rows, before the time limit of the query starts: the first
    search of a large version may take longer than any answer may."""
    wanted = [build for build, needed in ((text_index, searches(*asked)), (record_ids, names_ids(*asked))) if needed]
    if wanted:
        with engine.session(*relation.versions, seconds=settings.BOCAGE.export_seconds) as session:
            for build in wanted:
                build(session, relation)


def telling_of(viewer: Viewer, relation: Relation) -> Telling:
    """What the journal has to know of a reading of `relation`. Raises AccessDenied."""
    return _telling(viewer, seen_by(viewer, relation))


@contextmanager
def opened(
    viewer: Viewer, relation: Relation, timezone: str = "UTC", *, seconds: float | None = None
) -> Iterator[tuple[Session, Source, Telling]]:
    """The rows of a dataset, to be read; the reading is told to the journal at the end, unless it was before. What fails gave
    nothing, and is not told. `seconds`: as `engine.session`."""
    seen = seen_by(viewer, relation)
    telling = _telling(viewer, seen)
    with engine.session(*relation.versions, seconds=seconds) as session:
        yield session, _source(viewer, seen, session, timezone), telling
    telling.tell()


def source_for(viewer: Viewer, relation: Relation, session: Session, timezone: str = "UTC") -> Source:
    """The rows of the catalogue. Those of datasets are read through `opened`: nobody reads them unknown to the journal."""
    if relation.versions:
        raise TypeError("the data of a dataset are read through `opened`")
    return _source(viewer, seen_by(viewer, relation), session, timezone)


def _telling(viewer: Viewer, seen: Relation) -> Telling:
    return Telling(viewer, seen.versions, seen.limits if isinstance(seen, RestrictedRelation) else WHOLE)


def _source(viewer: Viewer, seen: Relation, session: Session, timezone: str) -> Source:
    """The rows that exist for the viewer: row rules are applied inside the FROM item."""
    return Source(
        rows=seen.source(session, viewer),
        index=cache(lambda: text_index(session, seen)),
        ids=lambda: record_ids(session, seen),
        timezone=timezone,
        row_count=seen.row_count(viewer),
        in_order=not (isinstance(seen, RestrictedRelation) and seen.limits.cells),
    )
