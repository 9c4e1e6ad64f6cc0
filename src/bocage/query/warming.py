"""What the first reader of a version would otherwise wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from bocage.query.relation import DatasetRelation
from bocage.query.search import large_version, text_index
from bocage.store import engine

if TYPE_CHECKING:
    from bocage.store.models import Version


def warm(version: Version) -> None:
    """Build the hot table of a version, and the index of its words when it is a file. Quick when they are there already.

    Raises VersionDamaged, QueryTooLarge."""
    relation = DatasetRelation(version.dataset, version)
    with engine.session(version, seconds=settings.BOCAGE.export_seconds) as session:
        if large_version(relation):
            text_index(session, relation)
