"""What is asked of the data, and what a facet answers: what those who ask, plan and count have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class OdsqlRequest:
    """The clauses as given. `where`, `refine`, `exclude` may be repeated; occurrences of `where` are AND-ed."""

    select: str = ""
    where: Sequence[str] = ()
    group_by: str = ""
    order_by: str = ""
    limit: int = 10
    offset: int = 0
    refine: Sequence[str] = ()
    exclude: Sequence[str] = ()
    timezone: str = "UTC"
    lang: str = "fr"
    disjunctive: Sequence[str] = ()
    """Fields whose several refined values are alternatives; those of the others must all hold."""


@dataclass(frozen=True)
class FacetRequest:
    """`facet(name="f", disjunctive=true, hierarchical=true, separator="/", sort="-count", limit=20)`, parsed.

    What is not said is as the dataset declares the field: `sort` empty is the declared order, or the most frequent first."""

    name: str
    disjunctive: bool = False
    hierarchical: bool = False
    separator: str = "/"
    sort: str = ""
    limit: int = 100


@dataclass(frozen=True)
class FacetValue:
    name: str
    value: str
    count: int
    state: str  # displayed, refined, excluded
    facets: tuple[FacetValue, ...] = ()
