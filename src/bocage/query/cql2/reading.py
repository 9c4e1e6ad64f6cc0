"""A filter of OGC API – Features, in text or in JSON → a predicate of the plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bocage.query.coordinates import CRS84, Crs
from bocage.query.cql2.documents import parse_json
from bocage.query.cql2.parse import parse_text

if TYPE_CHECKING:
    from bocage.query.odsql.scope import Scope
    from bocage.query.plan import Predicate

Language = Literal["cql2-text", "cql2-json"]


@dataclass(frozen=True)
class Reading:
    """What the nodes are read with. `crs`: of the geometries of the filter."""

    scope: Scope
    crs: Crs = CRS84


def read_filter(text: str, scope: Scope, language: Language = "cql2-text", crs: Crs = CRS84) -> Predicate:
    """Raises Cql2SyntaxError, TooComplex, UnknownField, WrongType, OdsqlError."""
    from bocage.query.cql2.conditions import condition

    node = parse_json(text) if language == "cql2-json" else parse_text(text)
    return condition(node, Reading(scope.in_clause("filter"), crs))
