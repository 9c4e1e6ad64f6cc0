"""The SQL of a profile: aggregates over one column. Names are quoted, values are literals, nothing else comes from outside."""

from __future__ import annotations

from collections.abc import Sequence

from bocage.store.engine import literal, quoted

CODES_MOST = 1000
"""Up to so many different values, all of them are counted in the second pass."""

CODES_KEPT = 200
"""Up to so many, they are kept: a code that appears later is then seen."""

TOP = 10
BARS = 20
SHOWN = 120
"""Characters kept of a value."""

LISTED = frozenset({"string", "boolean", "integer", "date"})
"""Types whose frequent values mean something."""

_NUMBERS = {
    "integer": "CAST({x} AS DOUBLE)",
    "number": "CAST({x} AS DOUBLE)",
    "date": "CAST(date_diff('day', DATE '1970-01-01', {x}) AS DOUBLE)",
    "datetime": "CAST(epoch({x}) AS DOUBLE)",
}
_TWENTIETHS = ", ".join(str(step / 20) for step in range(21))


def measures(name: str, kind: str) -> str:
    """One STRUCT: filled, distinct, low, high, mean, quantiles."""
    x = quoted(name)
    listed = kind in _NUMBERS or kind in LISTED
    text = f"CAST({x} AS VARCHAR)" if listed else "NULL"
    number = _number(x, kind)
    low, high = (f"CAST(min({x}) AS VARCHAR)", f"CAST(max({x}) AS VARCHAR)") if listed else ("NULL", "NULL")
    mean = f"avg({number})" if kind in ("integer", "number") else "NULL::DOUBLE"
    quantiles = f"approx_quantile({number}, [{_TWENTIETHS}])" if kind in _NUMBERS else "NULL::DOUBLE[]"
    if kind in _NUMBERS:  # the ends are exact: bars and bounds hang on them
        quantiles = f"list_concat([min({number})], {quantiles}[2:20], [max({number})])"
    return (
        f"{{'filled': {filled(x, kind)}, 'distinct': {f'approx_count_distinct({text})' if listed else '0'}, "
        f"'low': left({low}, {SHOWN}), 'high': left({high}, {SHOWN}), 'mean': {mean}, 'quantiles': {quantiles}}}"
    )


def filled(x: str, kind: str) -> str:
    """An empty list, a text of blanks hold nothing."""
    if kind == "array":
        return f"count(*) FILTER (len({x}) > 0)"
    if kind == "string":
        return f"count(*) FILTER (trim({x}) <> '')"
    return f"count({x})"


def edges(low: float, high: float, *, whole: bool) -> list[float]:
    """Bounds of the bars; between whole numbers that are near, one bar for each."""
    if whole and high - low < BARS:
        return [low + step - 0.5 for step in range(int(high - low) + 2)]
    width = (high - low) / BARS
    return [low + width * step for step in range(BARS)] + [high]


def bars(name: str, kind: str, bounds: Sequence[float]) -> str:
    """MAP from the rank of a bar, from 0, to its count."""
    number, count = _number(quoted(name), kind), len(bounds) - 1
    width = (bounds[-1] - bounds[0]) / count
    rank = f"CAST(greatest(0, least({count - 1}, floor(({number} - {bounds[0]!r}) / {width!r}))) AS INTEGER)"
    return f"histogram({rank})"


def values(name: str) -> str:
    """MAP from each value, as text, to its count."""
    return f"histogram(left(CAST({quoted(name)} AS VARCHAR), {SHOWN})) FILTER ({quoted(name)} IS NOT NULL)"


def frequent(name: str) -> str:
    """LIST of the most frequent values, nearly."""
    return f"approx_top_k(left(CAST({quoted(name)} AS VARCHAR), {SHOWN}), {TOP})"


def counted(name: str, among: Sequence[str]) -> str:
    """MAP from each of these values to its count."""
    x = f"left(CAST({quoted(name)} AS VARCHAR), {SHOWN})"
    listed = ", ".join(literal(value) for value in among) or "NULL"
    return f"histogram({x}) FILTER ({x} IN ({listed}))"


def _number(x: str, kind: str) -> str:
    """NULL where it is not a number that can be measured (infinite, not a number)."""
    if kind not in _NUMBERS:
        return "NULL::DOUBLE"
    number = _NUMBERS[kind].format(x=x)
    return f"CASE WHEN isfinite({number}) THEN {number} END"
