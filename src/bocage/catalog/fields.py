"""The description of a field, as it travels from the reading of a file to the schema of a version and the API."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from bocage.catalog.vocabulary import FieldType


@dataclass(frozen=True)
class Field:
    """One field. `name` is the technical name (column of the Parquet file); `label` what the file or the steward wrote.

    `multivalued` fields are lists of texts. `original` keeps how the value was written when it was converted
    (for example {"decimal": ",", "date": "%d/%m/%Y"}), so that the page can say so.
    """

    name: str
    type: FieldType
    label: str = ""
    description: str = ""
    original: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return dataclasses.asdict(self) | {"type": self.type.value}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Field:
        return cls(**(data | {"type": FieldType(data["type"])}))
