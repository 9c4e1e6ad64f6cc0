"""The dataset that a request is about, read once; what strangers know of it is kept while it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar

from bocage.access.models import DataRule
from bocage.access.viewer import ANONYMOUS
from bocage.access.vocabulary import Action
from bocage.catalog.selectors import dataset_for, require_readable
from bocage.kernel.unchanged import while_unchanged
from bocage.query.relation import DatasetRelation
from bocage.store.selectors import current_version

if TYPE_CHECKING:
    from datetime import datetime

    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset


class Known(Protocol):
    @property
    def uid(self) -> str:
        """Of the dataset. Raises NotFound, for hidden as for absent."""


K = TypeVar("K", bound=Known)


def kept_for_strangers(kind: Callable[[Viewer, str], K], viewer: Viewer, name: str) -> K:
    """What strangers know of a dataset is read once, not with each of their pages and tiles. `name` empty: of none.

    The clock changes it through the rules on its data alone: nobody's grants, roles or agreements speak to a stranger, and what
    is visible is written when it becomes so. Raises as `uid`."""
    if viewer is not ANONYMOUS or not name:
        return kind(viewer, name)
    return while_unchanged((kind, name), lambda: kind(ANONYMOUS, name), _until)


def _until(known: Known, moment: datetime) -> datetime | None:
    return DataRule.objects.filter(dataset=known.uid).changes_after(moment)


@dataclass(frozen=True)
class Subject:
    """For doors that announce datasets whose data are given on request."""

    viewer: Viewer
    name: str

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
    def relation(self) -> DatasetRelation | None:
        """The published rows; None for a dataset without a version."""
        version = current_version(self.dataset)
        return DatasetRelation(self.dataset, version) if version else None


def subject_for(viewer: Viewer, name: str) -> Subject:
    """Raises as `Subject.announced`."""
    return kept_for_strangers(Subject, viewer, name)
