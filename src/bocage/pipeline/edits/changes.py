"""What may be asked of the features of a dataset, in the words of its readers; and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bocage.kernel.errors import BocageError
from bocage.query.coordinates import CRS84, Crs

if TYPE_CHECKING:
    from bocage.store.models import Version

Values = Mapping[str, Any]
"""Name of a field → its value, as JSON or `payload.Number`; of the field that features are drawn by, see `Drawing`."""


@dataclass(frozen=True)
class Drawing:
    """A GeoJSON geometry, or None for no geometry; its coordinates in `crs`, in the order that the register gives its axes."""

    geometry: Any
    crs: Crs = CRS84


@dataclass(frozen=True)
class Precondition:
    """`holds(state)`: is this the state of the feature that the change was made from? See `sight.state_of`."""

    holds: Callable[[str], bool]


@dataclass(frozen=True)
class Create:
    """`drawing` None: no geometry was given."""

    values: Values
    drawing: Drawing | None = None


@dataclass(frozen=True)
class Change:
    """`whole`: the feature is what is given, and nothing else (PUT); otherwise what is not given stays (PATCH)."""

    identifier: str
    values: Values
    drawing: Drawing | None = None
    whole: bool = False
    condition: Precondition | None = None


@dataclass(frozen=True)
class Delete:
    identifier: str
    condition: Precondition | None = None


Edit = Create | Change | Delete


@dataclass(frozen=True)
class Done:
    """Of one edit. `fault`: why it was not done; `identifier`: of the feature, from now on."""

    identifier: str = ""
    fault: BocageError | None = None


@dataclass(frozen=True)
class Outcome:
    """`done`: in the order of the edits. `version`: the one that holds them; the one there was when nothing changed."""

    done: tuple[Done, ...]
    version: Version
    counts: Mapping[str, int] = field(default_factory=dict)
