"""What a query reads: the published version of a dataset, or the catalogue itself. Rights come with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bocage.access.restrictions import Restriction, restriction_for

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.fields import Field
    from bocage.catalog.models import Dataset
    from bocage.store.engine import Session
    from bocage.store.models import Version


class Relation(Protocol):
    """A named set of rows. `fields` before restriction; `versions` to open a session on; `key` for caches and ETags."""

    @property
    def key(self) -> str: ...

    @property
    def fields(self) -> tuple[Field, ...]: ...

    @property
    def versions(self) -> tuple[Version, ...]: ...

    @property
    def identity(self) -> tuple[str, ...]:
        """Names of the fields that tell one row from another in every version; empty when none do."""

    @property
    def prefixes(self) -> tuple[str, ...]:
        """What may stand before the name of a field, with a dot, and means nothing."""

    def restriction(self, viewer: Viewer) -> Restriction:
        """Raises AccessDenied."""

    def source(self, session: Session, viewer: Viewer) -> str:
        """SQL of the FROM item, row rules of the viewer applied; has `_row` BIGINT, unique, the stable order."""

    def row_count(self, viewer: Viewer) -> int | None:
        """How many rows `source` has, when it is known and `_row` numbers them from 0 without a gap: no rule hides any
        from the viewer. None otherwise: they are then counted."""


@dataclass(frozen=True)
class DatasetRelation:
    """The rows of one version of one dataset."""

    dataset: Dataset
    version: Version

    @property
    def key(self) -> str:
        return self.version.uid

    @property
    def fields(self) -> tuple[Field, ...]:
        from bocage.catalog.fields import Field

        return tuple(Field.from_dict(data) for data in self.version.schema)

    @property
    def versions(self) -> tuple[Version, ...]:
        return (self.version,)

    @property
    def identity(self) -> tuple[str, ...]:
        return tuple(self.dataset.primary_key)

    @property
    def prefixes(self) -> tuple[str, ...]:
        return ()

    def restriction(self, viewer: Viewer) -> Restriction:
        return restriction_for(viewer, self.dataset)

    def source(self, session: Session, viewer: Viewer) -> str:
        return session.table(self.version)

    def row_count(self, viewer: Viewer) -> int | None:
        """As `source`: the whole table."""
        return self.version.row_count
