"""ETags of what people write. Of one feature of a layer that they edit: its state, then what tells its representations from each
other; of other layers, it is that of the version (`publish.validators.validated`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

from bocage.pipeline.edits.changes import Precondition
from bocage.pipeline.edits.sight import features_seen
from bocage.query.relation import DatasetRelation

if TYPE_CHECKING:
    from django.http import HttpRequest

    from bocage.access.viewer import Viewer
    from bocage.publish.ogc.call import Call
    from bocage.store.models import Version

MOST_TAGS = 20


def told_key(call: Call, *parts: Any) -> str:
    """Of an answer that repeats what people wrote of a dataset, and sentences: of these, of their language, and of what the reader
    sees of the data."""
    seen = call.seen
    words = call.key(seen.metadata_updated_at.isoformat(), seen.organization.name, get_language(), parts)
    return f"{call.data_key()[:32]}{words[:32]}"


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
