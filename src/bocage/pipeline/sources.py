"""Changes to a source that ask for no run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bocage.access.rules import decide
from bocage.access.vocabulary import Action
from bocage.kernel.clock import now
from bocage.pipeline.models import Source

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer


def pause_source(*, viewer: Viewer, source: Source, paused: bool) -> Source:
    """Stop polling, or start again: a source that starts again is due at once. The published version stays."""
    decide(viewer, Action.PUBLISH, source.dataset).require()
    source.paused = paused
    source.next_due_at = now() if not paused and source.every is not None else None
    source.save(update_fields=["paused", "next_due_at"])
    return source
