"""The values of a facet as one list to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bocage.query.requests import FacetRequest
from bocage.query.services import facets

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.portal.table_query import TableQuery
    from bocage.query.relation import Relation
    from bocage.query.requests import FacetValue, OdsqlRequest

MOST_FACETS = 20
FACET_VALUES = 40


def count_facets(viewer: Viewer, relation: Relation, query: TableQuery, asked: OdsqlRequest) -> None:
    """Give each filter of the dataset its values, counted under the other filters."""
    controls = {control.field.name: control for control in query.facets[:MOST_FACETS]}
    if not controls:
        return
    wanted = [FacetRequest(name, limit=FACET_VALUES) for name in controls]
    for name, values in facets(viewer, relation, asked, wanted).items():
        controls[name].options = listed(values)


def listed(values: Sequence[FacetValue]) -> list[FacetValue]:
    """Every value, those below an opened step of a path right after it."""
    return list(_flat(values))


def _flat(values: Sequence[FacetValue]) -> Iterator[FacetValue]:
    for value in values:
        yield value
        yield from _flat(value.facets)
