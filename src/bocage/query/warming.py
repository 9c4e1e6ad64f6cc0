"""What the first reader of a version would otherwise wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from bocage.query.lookups.writing import make_lookup
from bocage.query.relation import DatasetRelation
from bocage.query.search import large_version, text_index
from bocage.query.tiles.grids import WEB_MERCATOR_QUAD
from bocage.query.tiles.packing import pack_of
from bocage.query.tiles.pyramid import placed_relation, tables
from bocage.store import engine

if TYPE_CHECKING:
    from bocage.store.models import Version


MANY = 2_000
"""Rows from which the places of a version are worth making before somebody looks at its map."""


def warm(version: Version) -> None:
    """Build the hot table of a version, the index of its words when it is a file, and what its map is drawn from. Quick when they
    are there already.

    Raises VersionDamaged, QueryTooLarge."""
    relation = DatasetRelation(version.dataset, version)
    make_lookup(relation)
    with engine.session(version, seconds=settings.BOCAGE.export_seconds) as session:
        if large_version(relation):
            text_index(session, relation)
        placed = placed_relation(relation, WEB_MERCATOR_QUAD)
        if placed is not None and version.row_count >= MANY:
            tables(session, placed)
            pack_of(placed)
