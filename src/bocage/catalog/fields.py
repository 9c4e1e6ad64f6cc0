"""The description of a field, as it travels from the reading of a file to the schema of a version and the API."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bocage.catalog.annotations import NONE, Annotations
from bocage.catalog.vocabulary import FieldType


@dataclass(frozen=True)
class Field:
    """One field. `name` is the technical name (column of the Parquet file); `label` what the file or the steward wrote.

    `multivalued` fields are lists of texts. `original` keeps how the value was written when it was converted
    (for example {"decimal": ",", "date": "%d/%m/%Y"}), so that the page can say so. `annotations` are the dataset's: they do
    not travel with the file.
    """

    name: str
    type: FieldType
    label: str = ""
    description: str = ""
    original: dict[str, str] = field(default_factory=dict)
    annotations: Annotations = NONE

    def as_dict(self) -> dict[str, Any]:
        """Without the annotations, which are kept by dataset."""
        kept = {one.name: getattr(self, one.name) for one in dataclasses.fields(self) if one.name != "annotations"}
        return kept | {"type": self.type.value, "original": dict(self.original)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Field:
        return cls(**(data | {"type": FieldType(data["type"])}))


def annotated(schema: Sequence[dict[str, Any]], settings: Mapping[str, Mapping[str, Any]]) -> list[Field]:
    """The fields of a schema, with what the dataset says of each (`Dataset.field_settings`).

    A text said to hold several values is a list for those who read it."""
    fields = [Field.from_dict(data) for data in schema]
    return [
        _annotated(one, Annotations.from_dict(settings[one.name])) if one.name in settings else one for one in fields
    ]


def _annotated(one: Field, annotations: Annotations) -> Field:
    split = annotations.multivalued and one.type == FieldType.STRING
    return dataclasses.replace(one, annotations=annotations, type=FieldType.ARRAY if split else one.type)
