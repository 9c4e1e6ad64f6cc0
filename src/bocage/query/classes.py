"""What a legend may be made of, as the viewer sees it: the values of a field with their counts, the bounds of classes of a number.

Natural breaks (Fisher, 1958) minimise the spread inside classes, exactly, over values and how often each is there: MOST_DISTINCT of
them at most, which are the intervals of a histogram where there are more. The libraries that compute them (jenkspy, mapclassify)
want every row in memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.query.errors import UnknownField
from bocage.query.plan import (
    Aggregate,
    Call,
    Column,
    Denied,
    Expression,
    Missing,
    Operation,
    Output,
    Plan,
    Predicate,
    SortKey,
    Summary,
)
from bocage.query.services import planned

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bocage.access.viewer import Viewer
    from bocage.query.odsql.scope import Scope
    from bocage.query.relation import Relation

Method = Literal["quantile", "equal", "natural"]
MOST_DISTINCT = 1_000
NUMBERS = (FieldType.INTEGER, FieldType.NUMBER)
CATEGORIES = (FieldType.STRING, FieldType.INTEGER, FieldType.BOOLEAN)


@dataclass(frozen=True)
class Values:
    """`found`: value and rows that have it, the most frequent first. `distinct`: how many values there are in all; `missing`: rows
    without one."""

    found: tuple[tuple[str, int], ...]
    distinct: int
    missing: int


def values_of(viewer: Viewer, relation: Relation, name: str, most: int) -> Values:
    """Raises AccessDenied, UnknownField for what does not exist for the viewer or is no category."""

    def plan(scope: Scope) -> Plan:
        field, column = _field(scope, name, CATEGORIES)
        count = Aggregate(Summary.COUNT, None, FieldType.INTEGER)
        outputs = (Output(field, column), Output(_named("count"), count))
        sort = (SortKey(count, descending=True), SortKey(column))
        return Plan(outputs, _there(column), (column,), summarised=True, sort=sort, limit=most)

    page = planned(viewer, relation, plan)
    found = tuple((_text(row[page.columns[0].name]), int(row["count"])) for row in page.rows)
    return Values(found, page.total_count, missing_of(viewer, relation, name))


def missing_of(viewer: Viewer, relation: Relation, name: str) -> int:
    """Rows that have no value there. Raises the same."""

    def plan(scope: Scope) -> Plan:
        _one, column = _field(scope, name, (*CATEGORIES, *NUMBERS))
        count = Output(_named("count"), Aggregate(Summary.COUNT, None, FieldType.INTEGER))
        return Plan((count,), Missing(column), summarised=True, limit=1)

    rows = planned(viewer, relation, plan).rows
    return int(rows[0]["count"]) if rows else 0


def breaks_of(viewer: Viewer, relation: Relation, name: str, method: Method, count: int) -> list[float]:
    """The bounds between at most `count` classes, ascending, each different: fewer when there are not so many values; none when
    there is one value, or no row. Raises AccessDenied, UnknownField for what is no number that the viewer may read."""
    spread = _spread(viewer, relation, name, [rank / count for rank in range(1, count)])
    if spread is None:
        return []
    low, high, quantiles = spread
    if not low < high:
        return []
    if method == "quantile":
        found = quantiles
    elif method == "equal":
        found = [low + (high - low) * rank / count for rank in range(1, count)]
    else:
        values, weights = _distribution(viewer, relation, name, low, high)
        found = natural_breaks(values, weights, count)
    return sorted({one for one in map(_rounded(low, high), found) if low < one <= high})


def _rounded(low: float, high: float) -> Any:
    """A bound that is read at a glance: three digits of the whole range."""
    digits = 2 - int(np.floor(np.log10(high - low)))
    return lambda value: round(float(value), digits) + 0.0


def _spread(
    viewer: Viewer, relation: Relation, name: str, fractions: Sequence[float]
) -> tuple[float, float, list[float]] | None:
    """The least, the greatest, and the values below which these fractions of the rows are."""

    def plan(scope: Scope) -> Plan:
        _one, column = _field(scope, name, NUMBERS)
        asked = [("low", Aggregate(Summary.MINIMUM, column, FieldType.NUMBER)),
                 ("high", Aggregate(Summary.MAXIMUM, column, FieldType.NUMBER))]  # fmt: skip
        asked += [
            (f"q{rank}", Aggregate(Summary.PERCENTILE, column, FieldType.NUMBER, fraction=one))
            for rank, one in enumerate(fractions)
        ]
        outputs = tuple(Output(_named(one, FieldType.NUMBER), aggregate) for one, aggregate in asked)
        return Plan(outputs, _there(column), summarised=True, limit=1)

    rows = planned(viewer, relation, plan).rows
    if not rows or rows[0]["low"] is None or rows[0]["high"] is None:
        return None
    row = {one: float(value) for one, value in rows[0].items() if value is not None}
    if not all(np.isfinite(one) for one in row.values()):
        return None
    return row["low"], row["high"], [row[f"q{rank}"] for rank in range(len(fractions)) if f"q{rank}" in row]


def _distribution(
    viewer: Viewer, relation: Relation, name: str, low: float, high: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Values, ascending, and how many rows have each; of more than MOST_DISTINCT values, the means of as many intervals."""
    step = (high - low) / (MOST_DISTINCT - 2)

    def grouped(key_of: Any) -> Any:
        def plan(scope: Scope) -> Plan:
            _one, column = _field(scope, name, NUMBERS)
            key: Expression = key_of(column)
            mean = Aggregate(Summary.AVERAGE, column, FieldType.NUMBER)
            count = Aggregate(Summary.COUNT, None, FieldType.INTEGER)
            outputs = (Output(_named("mean", FieldType.NUMBER), mean), Output(_named("count"), count))
            return Plan(outputs, _there(column), (key,), summarised=True, limit=MOST_DISTINCT)

        return plan

    page = planned(viewer, relation, grouped(lambda column: column))
    if page.total_count > MOST_DISTINCT:
        page = planned(
            viewer, relation, grouped(lambda column: Call(Operation.STEP, (column,), FieldType.NUMBER, (step,)))
        )
    pairs = sorted((float(row["mean"]), float(row["count"])) for row in page.rows if row["mean"] is not None)
    return np.array([value for value, _count in pairs]), np.array([count for _value, count in pairs])


def natural_breaks(values: NDArray[np.float64], weights: NDArray[np.float64], count: int) -> list[float]:
    """The first values of the classes after the first. `values`: ascending, each different. Time: count × len(values)²."""
    size = len(values)
    count = min(count, size)
    if count < 2:
        return []
    centred = values - values[0]
    total, first, second = (
        np.concatenate(([0.0], np.cumsum(one))) for one in (weights, weights * centred, weights * centred**2)
    )

    def spread(start: NDArray[np.int64], end: int) -> NDArray[np.float64]:
        """Of the values from each of `start` to `end`, which is not among them."""
        weight = total[end] - total[start]
        return np.asarray(second[end] - second[start] - (first[end] - first[start]) ** 2 / weight)

    best = np.array([0.0, *(spread(np.array([0]), end)[0] for end in range(1, size + 1))])
    chosen = np.zeros((count + 1, size + 1), dtype=np.int64)
    for classes in range(2, count + 1):
        following = np.full(size + 1, np.inf)
        for end in range(classes, size + 1):
            starts = np.arange(classes - 1, end)
            costs = best[starts] + spread(starts, end)
            least = int(np.argmin(costs))
            following[end], chosen[classes, end] = costs[least], starts[least]
        best = following
    found, end = [], size
    for classes in range(count, 1, -1):
        end = int(chosen[classes, end])
        found.append(float(values[end]))
    return found[::-1]


def _field(scope: Scope, name: str, types: Sequence[FieldType]) -> tuple[Field, Column]:
    field = scope.field(name)
    if field is None or field.type not in types:
        raise UnknownField(clause="style", field=name)
    return field, Column(field.name, field.type)


def _there(column: Column) -> Predicate:
    return Denied(Missing(column))


def _named(name: str, kind: FieldType = FieldType.INTEGER) -> Field:
    return Field(name, kind)


def _text(value: Any) -> str:
    """As documents of styles write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else f"{value:.15g}" if isinstance(value, float) else str(value)
