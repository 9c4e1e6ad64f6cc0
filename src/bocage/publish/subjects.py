"""The dataset that a request is about, read once; what its readers know of it is kept while it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from bocage.access.models import DataRule
from bocage.access.vocabulary import Action
from bocage.catalog.selectors import dataset_for, require_readable
from bocage.kernel.clock import now
from bocage.kernel.unchanged import while_unchanged
from bocage.query.relation import DatasetRelation
from bocage.store.selectors import current_version

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset
    from bocage.store.models import Version


class Itself:
    """Another viewer who holds the same things today is not the same one: what is kept of one is not given to the other."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Itself) and other.viewer is self.viewer

    def __hash__(self) -> int:
        return id(self.viewer)


@dataclass(frozen=True)
class Subject:
    """For doors that announce datasets whose data are given on request."""

    viewer: Viewer
    name: str
    asked_at: datetime = field(default_factory=now, compare=False)

    @property
    def uid(self) -> str:
        return self.announced.uid

    @cached_property
    def announced(self) -> Dataset:
        """Of which the viewer knows, whether they may read it or not. Raises NotFound."""
        return dataset_for(self.viewer, self.name, Action.SEE)

    @cached_property
    def dataset(self) -> Dataset:
        """Which the viewer reads. Raises NotFound, for hidden as for absent; DataOnRequest."""
        require_readable(self.viewer, self.announced)
        return self.announced

    @cached_property
    def version(self) -> Version | None:
        """Which is published."""
        return current_version(self.dataset)

    @cached_property
    def relation(self) -> DatasetRelation | None:
        """The published rows; None for a dataset without a version."""
        return DatasetRelation(self.dataset, self.version) if self.version else None

    @cached_property
    def changes_at(self) -> datetime | None:
        """The first instant after it was asked for at which the clock alone changes what the viewer sees of it: a rule on its data
        that begins or ends. Raises as `uid`."""
        return DataRule.objects.filter(dataset=self.uid).changes_after(self.asked_at)


K = TypeVar("K", bound=Subject)


def kept_for(kind: Callable[[Viewer, str], K], viewer: Viewer, name: str) -> K:
    """What a viewer knows of a dataset is read once, not with each of their pages and tiles. `name` empty: of none.

    The clock changes it through the rules on its data alone. What is visible is written when it becomes so, and whose grants, roles
    or agreements begin or end is another viewer from then on (`standing.changes_after`). Raises as `uid`."""
    if not name:
        return kind(viewer, name)
    return while_unchanged(
        (kind, Itself(viewer), name), lambda: kind(viewer, name), lambda made, _moment: made.changes_at
    )


def subject_for(viewer: Viewer, name: str) -> Subject:
    """Raises as `Subject.announced`."""
    return kept_for(Subject, viewer, name)
