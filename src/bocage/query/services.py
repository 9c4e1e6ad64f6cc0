"""Reads of data. Every one: text of the request → AST → plan → restrict(viewer) → SQL → the store's engine.

Errors of the language are `query.errors.OdsqlSyntaxError` / `OdsqlError` (fields: clause, position…).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

    from bocage.access.viewer import Viewer
    from bocage.catalog.fields import Field
    from bocage.query.relation import Relation
    from bocage.query.rendering import Rendering


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


@dataclass(frozen=True)
class Page:
    """`columns`: output fields in select order (names as the client must see them). `rows`: JSON-ready values in the shapes
    of explore-api section 3.5 (geo points {"lon","lat"}, shapes as Features, dates as ISO text, arrays)."""

    total_count: int
    columns: tuple[Field, ...]
    rows: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class FacetValue:
    name: str
    value: str
    count: int
    state: str  # displayed, refined, excluded
    facets: tuple[FacetValue, ...] = ()


@dataclass(frozen=True)
class FacetRequest:
    """`facet(name="f", disjunctive=true, hierarchical=true, separator="/", sort="-count", limit=20)`, parsed."""

    name: str
    disjunctive: bool = False
    hierarchical: bool = False
    separator: str = "/"
    sort: str = "-count"
    limit: int = 100


@dataclass(frozen=True)
class Stream:
    """A complete result, in a stable order, as Arrow batches; counts known before the first batch.

    Without rendering: columns in select order, physical types of `store.staged.StagedFile`, geometry as WKB (binary).
    With one: a single column of texts (`string`, 32-bit offsets), one per row.
    """

    row_count: int
    columns: tuple[Field, ...]
    batches: Iterator[pa.RecordBatch]


def records(viewer: Viewer, relation: Relation, request: OdsqlRequest) -> Page:
    raise NotImplementedError


def record(viewer: Viewer, relation: Relation, record_id: str, select: str = "") -> dict[str, Any]:
    raise NotImplementedError


def facets(
    viewer: Viewer, relation: Relation, request: OdsqlRequest, wanted: Sequence[FacetRequest]
) -> dict[str, list[FacetValue]]:
    raise NotImplementedError


def stream(
    viewer: Viewer, relation: Relation, request: OdsqlRequest, rendering: Rendering | None = None
) -> AbstractContextManager[Stream]:
    """`rendering` writes each row as text inside the engine:
    `SELECT {rendering.line(columns, request.timezone)} AS line FROM (compiled query)`, same order.
    Every error of the request is raised on entering, before the first batch; `limit` -1 means all."""
    raise NotImplementedError
