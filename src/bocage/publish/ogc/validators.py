"""The ETag of one feature of a layer that people edit: its state, then what tells its representations from each other.

Of other layers, it is that of the version (`door.validated`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bocage.pipeline.edits.changes import Precondition
from bocage.pipeline.edits.sight import features_seen
from bocage.query.relation import DatasetRelation

if TYPE_CHECKING:
    from django.http import HttpRequest

    from bocage.access.viewer import Viewer
    from bocage.store.models import Version

MOST_TAGS = 20


def state(viewer: Viewer, version: Version, identifier: str) -> str:
    """Of the feature, as the viewer sees it; empty when they see none."""
    found = features_seen(viewer, DatasetRelation(version.dataset, version), [identifier])
    return found[identifier].state if identifier in found else ""


def precondition(request: HttpRequest) -> Precondition | None:
    """What If-Match asks. `*` asks that the feature be there, which every change does."""
    given = request.headers.get("If-Match", "").strip()
    if not given or given == "*":
        return None
    states = {_state_of(one) for one in given.split(",")[:MOST_TAGS]}
    return Precondition(lambda current: current in states)


def _state_of(tag: str) -> str:
    """What compresses an answer makes its validator weak: the feature is the same."""
    return tag.strip().removeprefix("W/").strip('"').partition("-")[0]
