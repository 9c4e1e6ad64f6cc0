"""What a query reads: the published version of a dataset, or the catalogue itself. Rights come with it."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from bocage.access.restrictions import Restriction, restriction_for
from bocage.catalog.fields import annotated
from bocage.catalog.vocabulary import FieldType
from bocage.query.rendering import literal, name

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

    @property
    def measures(self) -> tuple[Field, ...]:
        """Fields that exist as what is summed or averaged, and nowhere else."""

    @property
    def words(self) -> str:
        """Name of the file of its index of words, among those of its version."""

    def restriction(self, viewer: Viewer) -> Restriction:
        """Raises AccessDenied."""

    def source(self, session: Session, viewer: Viewer) -> str:
        """SQL of the FROM item, row rules of the viewer applied; has `_row` BIGINT, unique, the stable order."""

    def row_count(self, viewer: Viewer) -> int | None:
        """How many rows `source` has, when it is known and `_row` numbers them from 0 without a gap: no rule hides any
        from the viewer. None otherwise: they are then counted."""


@dataclass(frozen=True)
class DatasetRelation:
    """The rows of one version of one dataset, described as the dataset is today."""

    dataset: Dataset
    version: Version

    @property
    def key(self) -> str:
        """Of the rows as they are read: texts read as lists are other rows."""
        split = self._split()
        return f"{self.version.uid}.{_digest(split)}" if split else self.version.uid

    @property
    def description_key(self) -> str:
        """Of what is said of the fields: it changes answers, never rows."""
        dataset = self.dataset
        return _digest([self.version.schema, dataset.schema, dataset.field_settings, dataset.primary_key])

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        today = {field["name"]: field for field in self.dataset.schema}
        schema = [field | _words(today.get(field["name"], field)) for field in self.version.schema]
        return tuple(annotated(schema, self.dataset.field_settings))

    @property
    def versions(self) -> tuple[Version, ...]:
        return (self.version,)

    @property
    def identity(self) -> tuple[str, ...]:
        return tuple(self.dataset.primary_key)

    @property
    def prefixes(self) -> tuple[str, ...]:
        return ()

    @property
    def measures(self) -> tuple[Field, ...]:
        return ()

    @property
    def words(self) -> str:
        return "words"

    def restriction(self, viewer: Viewer) -> Restriction:
        """Asked once for each viewer: validators, fields and rows of one request are made of one answer."""
        for asked, found in self._restrictions:
            if asked is viewer:
                return found
        found = self._without_former(restriction_for(viewer, self.dataset))
        self._restrictions.append((viewer, found))
        return found

    def _without_former(self, found: Restriction) -> Restriction:
        """No rule can name a field that the dataset has no more: whoever sees a part of it sees none of these in older versions."""
        former = {field["name"] for field in self.version.schema} - {field["name"] for field in self.dataset.schema}
        return replace(found, hidden=found.hidden | former) if found and former else found

    @cached_property
    def _restrictions(self) -> list[tuple[Viewer, Restriction]]:
        return []

    def table(self, session: Session) -> str:
        return session.table(self.version)

    def over(self, table: str) -> DatasetRelation:
        """Some of the rows, which are in a table of the session."""
        return LentRelation(self.dataset, self.version, table)

    def source(self, session: Session, viewer: Viewer) -> str:
        table = self.table(session)
        split = [f"{split_sql(column, separator)} AS {name(column)}" for column, separator in self._split().items()]
        return f"(SELECT * REPLACE ({', '.join(split)}) FROM {table})" if split else table

    def row_count(self, viewer: Viewer) -> int | None:
        """As `source`: the whole table."""
        return self.version.row_count

    def _split(self) -> dict[str, str]:
        """Texts of the version that hold several values, and what stands between these."""
        texts = {field["name"] for field in self.version.schema if field["type"] == FieldType.STRING.value}
        return {
            one.name: one.annotations.multivalued
            for one in self.fields
            if one.name in texts and one.type == FieldType.ARRAY
        }


@dataclass(frozen=True)
class LentRelation(DatasetRelation):
    lent: str

    def table(self, session: Session) -> str:
        return self.lent


def split_sql(column: str, separator: str) -> str:
    """The values that a text holds, without what is empty; a text of nothing else is a missing value."""
    mark = re.escape(separator)
    between = literal(rf"\s*(?:{mark}\s*)+")
    around = literal(rf"^\s*(?:{mark}\s*)+|(?:\s*{mark})+\s*$|^\s+|\s+$")
    trimmed = f"nullif(regexp_replace({name(column)}, {around}, '', 'g'), '')"
    return f"string_split_regex({trimmed}, {between})"


def _words(field: dict[str, Any]) -> dict[str, Any]:
    return {"label": field["label"], "description": field["description"]}


def _digest(said: Any) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]
