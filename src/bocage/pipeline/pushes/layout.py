"""What the records of a dataset must look like: the columns of its published version, and what identifies a record."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.store.layout import version_path

if TYPE_CHECKING:
    from bocage.catalog.models import Dataset
    from bocage.store.models import Version

PHYSICAL = {
    FieldType.STRING: "VARCHAR", FieldType.INTEGER: "BIGINT", FieldType.NUMBER: "DOUBLE", FieldType.BOOLEAN: "BOOLEAN",
    FieldType.DATE: "DATE", FieldType.DATETIME: "TIMESTAMPTZ", FieldType.ARRAY: "VARCHAR[]", FieldType.OBJECT: "VARCHAR",
    FieldType.GEOPOINT: "GEOMETRY", FieldType.GEOMETRY: "GEOMETRY",
}  # fmt: skip


@dataclass(frozen=True)
class PushColumn:
    """One field of the version. `scale`: (precision, scale) of a DECIMAL; None for every other type."""

    field: Field
    scale: tuple[int, int] | None = None

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def type(self) -> FieldType:
        return self.field.type

    @property
    def sql_type(self) -> str:
        return f"DECIMAL({self.scale[0]}, {self.scale[1]})" if self.scale else PHYSICAL[self.field.type]


@dataclass(frozen=True)
class Layout:
    """`key`: the names of the fields that identify a record, in the order of the columns; empty when none does."""

    columns: tuple[PushColumn, ...]
    key: tuple[str, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, PushColumn]:
        """What a record may call each column: its name, else its label."""
        labelled = {column.field.label: column for column in reversed(self.columns) if column.field.label}
        return labelled | {column.name: column for column in self.columns}

    @property
    def is_geographic(self) -> bool:
        return any(column.type.is_geographic for column in self.columns)

    @cached_property
    def fingerprint(self) -> str:
        """Equal for two layouts that the same lines fit."""
        told = [[column.name, column.field.type.value, column.scale] for column in self.columns]
        return hashlib.sha256(json.dumps([told, self.key]).encode()).hexdigest()


def layout_of(dataset: Dataset, version: Version) -> Layout:
    """What fits this version. Reads the footer of its file, once by process."""
    scales = dict(_scales(str(version_path(version))))
    columns = tuple(PushColumn(one, scales.get(one.name)) for one in (Field.from_dict(data) for data in version.schema))
    return Layout(columns, key_of(dataset, [column.name for column in columns]))


def key_of(dataset: Dataset, names: list[str]) -> tuple[str, ...]:
    """The key of the dataset, as far as these columns have the whole of it."""
    key = [name for name in names if name in dataset.primary_key]
    return tuple(key) if len(key) == len(set(dataset.primary_key)) else ()


@lru_cache(maxsize=256)
def _scales(path: str) -> tuple[tuple[str, tuple[int, int]], ...]:
    """A version never changes: neither does its footer."""
    schema = pq.read_schema(Path(path))
    return tuple((one.name, (one.type.precision, one.type.scale)) for one in schema if pa.types.is_decimal(one.type))
