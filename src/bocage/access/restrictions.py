"""What a viewer may see *inside* a thing they may read. The seam below every query.

Today a restriction is all or nothing. Masked columns, row filters, blurred positions and small counts
will fill the fields of `Restriction`; `query` already applies them below the user's query.
"""

from __future__ import annotations

from dataclasses import dataclass

from bocage.access.rules import Guarded, decide
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action


@dataclass(frozen=True)
class Restriction:
    """`hidden`: names of fields that do not exist for this viewer. `key` goes into cache keys and ETags."""

    hidden: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        return ",".join(sorted(self.hidden)) or "all"


def restriction_for(viewer: Viewer, thing: Guarded) -> Restriction:
    """The restriction of `viewer` on `thing`; raises AccessDenied when nothing may be read."""
    decide(viewer, Action.READ, thing).require()
    return Restriction()
