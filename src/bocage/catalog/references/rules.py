"""Which fields may hold keys, or point to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bocage.catalog.references.errors import ReferenceFieldUnfit
from bocage.catalog.vocabulary import FieldType

if TYPE_CHECKING:
    from bocage.catalog.fields import Field
    from bocage.catalog.models import Dataset

KEY_TYPES = frozenset({FieldType.STRING, FieldType.INTEGER})
"""A key is compared as it is written: numbers with decimals, dates and shapes are written in several ways."""

MOST_NAMED = 12


def key_fields(fields: Iterable[Field]) -> list[Field]:
    """Those that may hold keys, in the order of the dataset."""
    return [one for one in fields if one.type in KEY_TYPES]


def require_key_field(dataset: Dataset, name: str) -> None:
    """Raises ReferenceFieldUnfit for a field that is absent, or of a type that cannot be a key."""
    fit = [one.name for one in key_fields(dataset.fields)]
    if name not in fit:
        raise ReferenceFieldUnfit(field=name[:100], dataset=dataset.title, fields=", ".join(fit[:MOST_NAMED]) or "–")
