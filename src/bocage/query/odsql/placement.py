"""Where each function may stand, and what is refused everywhere."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from bocage.query.errors import OdsqlError
from bocage.query.odsql import nodes
from bocage.query.odsql.scope import Scope

AGGREGATES = frozenset({"count", "avg", "sum", "min", "max", "median", "percentile", "envelope", "bbox"})
DATE_PARTS = ("year", "month", "day", "hour", "minute", "second")
_SELECT, _SORTABLE = frozenset({"select"}), frozenset({"select", "order_by"})
_ROWS, _ANYWHERE = _SORTABLE | {"where"}, _SORTABLE | {"where", "group_by"}
CLAUSES: dict[str, frozenset[str]] = {
    **dict.fromkeys(("lower", "date_format", "ifnull", *DATE_PARTS), _ANYWHERE),
    **dict.fromkeys(("length", "now"), _ROWS),
    **dict.fromkeys((*(AGGREGATES - {"envelope", "bbox"}), "distance"), _SORTABLE),
    **dict.fromkeys(("json_format", "envelope", "bbox"), _SELECT),
    **dict.fromkeys(("random", "vector_similarity"), frozenset({"order_by"})),
}
"""Where a function gives a value. What is read elsewhere (predicates, groupings, the distance of where) is not listed."""


def no_similarity(node: nodes.Function, scope: Scope) -> OdsqlError:
    """The catalogue alone could have it, and has no index of meanings."""
    if "default" not in scope.prefixes:
        return scope.malformed(gettext_noop("Function %(name)s is only possible on the catalogue"), name=node.name)
    return scope.malformed(
        gettext_noop("Function %(name)s needs an index of meanings, which this catalogue does not have: use search"),
        name=node.name,
    )
