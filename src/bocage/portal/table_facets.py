"""The values of a facet as one list to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bocage.query.requests import FacetValue


def listed(values: Sequence[FacetValue]) -> list[FacetValue]:
    """Every value, those below an opened step of a path right after it."""
    return list(_flat(values))


def _flat(values: Sequence[FacetValue]) -> Iterator[FacetValue]:
    for value in values:
        yield value
        yield from _flat(value.facets)
