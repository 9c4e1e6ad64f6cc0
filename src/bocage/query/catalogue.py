"""The catalogue read like any dataset: a relation for the query languages, and the search of the portal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from bocage.query.services import FacetValue

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer

NOTHING: Mapping[str, Sequence[str]] = MappingProxyType({})


@dataclass(frozen=True)
class CataloguePage:
    """`slugs`: datasets of the page, in order. `facets`: counts over everything found, by name of facet; `value` is the
    code to refine with, `name` the words to show in the active language."""

    total: int
    slugs: list[str] = field(default_factory=list)
    facets: dict[str, list[FacetValue]] = field(default_factory=dict)


def catalogue_search(
    viewer: Viewer,
    *,
    text: str = "",
    refine: Mapping[str, Sequence[str]] = NOTHING,
    sort: str = "relevance",
    limit: int = 20,
    offset: int = 0,
) -> CataloguePage:
    """Search what the viewer may read; accents and small typing errors are forgiven.

    `refine`: facet name (theme, organization, keyword, license, territory, update_frequency, features) → values: the
    values of one facet are alternatives, facets are combined. `sort`: relevance, title, modified, records.
    """
    raise NotImplementedError
