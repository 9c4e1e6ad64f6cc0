"""`agg.<name>.func` and `.expr`: statistics over the points of an analysis, which maps colour by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean
from typing import TYPE_CHECKING, Any

from bocage.publish.first_version.parameters import named
from bocage.publish.first_version.refusals import Malformed, NotComputable

if TYPE_CHECKING:
    from bocage.publish.first_version.inquiry import Inquiry

_FUNCTIONS: dict[str, Callable[[Sequence[float]], float]] = {
    "min": min, "max": max, "sum": sum, "avg": fmean, "count": len,
}  # fmt: skip
MOST = 20


def aggregations(
    inquiry: Inquiry, points: Sequence[dict[str, Any]], series: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """`agg.a.expr=serie1&agg.a.func=MIN,MAX` → {"a": {"min": …, "max": …}}; points are bounded by the groups of a page."""
    told: dict[str, dict[str, str]] = {}
    for rest, values in named(inquiry.given, "agg."):
        name, _, what = rest.rpartition(".")
        told.setdefault(name, {})[what] = values[-1]
    if len(told) > MOST:
        raise Malformed("agg", f"{len(told)} aggregations, at most {MOST} are accepted")
    return {name: _computed(name, asked, points, series) for name, asked in told.items()}


def _computed(
    name: str, asked: dict[str, str], points: Sequence[dict[str, Any]], series: Sequence[str]
) -> dict[str, Any]:
    of = asked.get("expr", name)
    if of not in series:
        raise Malformed(f"agg.{name[:50]}.expr", "the name of a series is expected")
    functions = [part.strip().lower() for part in asked.get("func", "").split(",")]
    if unknown := [function for function in functions if function not in _FUNCTIONS]:
        raise NotComputable(f"The function {unknown[0][:50]!r} of agg.{name[:50]}")
    values = [point[of] for point in points if isinstance(point[of], int | float)]
    return {function: _FUNCTIONS[function](values) if values else None for function in dict.fromkeys(functions)}
