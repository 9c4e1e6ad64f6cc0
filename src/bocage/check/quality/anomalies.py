"""What is odd in a table when compared with the one before: plain data from two profiles; sentences are made when shown.

Thresholds are above what an ordinary update changes: what is told here deserves a look, and forbids nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

ENOUGH_ROWS = 30
DROP = 0.2
"""A table that loses a fifth of its rows."""

SURGE = 2.0
"""A table that has become three times as long."""

EMPTIED = 0.2
"""A column that loses a fifth of its values, in share of the rows."""

SHIFT = 0.3
"""Largest gap between the two cumulative distributions (Kolmogorov-Smirnov)."""

REPEATED = 3
"""Values that come back so many times on average are codes."""

LISTED = 10
MOST = 50


@dataclass(frozen=True)
class Anomaly:
    """`code`: "volume-drop", "volume-surge", "column-lost", "type-changed", "column-emptied", "new-codes", "many-new-codes",
    "shift"."""

    code: str
    fields: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Anomalies of `after`, as dicts, at most MOST. Both are `profile.profile` contents."""
    found = [*_volume(before["rows"], after["rows"]), *_columns(before, after)]
    return [one.as_dict() for one in found[:MOST]]


def _volume(before: int, after: int) -> Iterator[Anomaly]:
    if before < ENOUGH_ROWS:
        return
    told = {"before": before, "after": after}
    if after < before * (1 - DROP):
        yield Anomaly("volume-drop", told | {"percent": round(100 * (before - after) / before)})
    elif after > before * (1 + SURGE):
        yield Anomaly("volume-surge", told | {"times": round(after / before, 1)})


def _columns(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Anomaly]:
    now = {column["name"]: column for column in after["columns"]}
    for was in before["columns"]:
        column = now.get(was["name"])
        if column is None:
            if not after.get("left_out"):
                yield Anomaly("column-lost", {"label": was["label"]})
        elif column["type"] != was["type"]:
            yield Anomaly("type-changed", {"label": was["label"], "before": was["type"], "after": column["type"]})
        else:
            yield from _content(was, column, before["rows"], after["rows"])


def _content(was: Mapping[str, Any], now: Mapping[str, Any], before: int, after: int) -> Iterator[Anomaly]:
    if before >= ENOUGH_ROWS and after:
        lost = was["filled"] / before - now["filled"] / after
        if lost > EMPTIED:
            shares = {"before": round(100 * was["filled"] / before), "after": round(100 * now["filled"] / after)}
            yield Anomaly("column-emptied", {"label": now["label"]} | shares)
            return
    yield from _new_codes(was, now)
    if _is_measure(was) and min(was["filled"], now["filled"]) >= ENOUGH_ROWS:
        gap = distance(was["quantiles"], now["quantiles"])
        if gap > SHIFT:
            middles = {"before": _middle(was), "after": _middle(now)}
            yield Anomaly("shift", {"label": now["label"], "type": now["type"], "gap": round(gap, 2)} | middles)


def _is_measure(column: Mapping[str, Any]) -> bool:
    """Numbers that come back. A number of its own for each row grows with the table, and time goes by: no shift there."""
    whole = column["type"] == "integer"
    return bool(column["type"] == "number" or (whole and column["distinct"] < 0.9 * column["filled"]))


def _new_codes(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Anomaly]:
    """In a column whose values were few and came back: those never seen before."""
    known, values = was["codes"], now["codes"]
    if (
        now["type"] not in ("string", "boolean")
        or not known
        or not now["filled"]
        or was["filled"] < REPEATED * len(known)
    ):
        return
    if values is None:
        yield Anomaly("many-new-codes", {"label": now["label"], "before": len(known), "after": now["distinct"]})
        return
    new = sorted(set(values) - set(known))
    if new:
        yield Anomaly("new-codes", {"label": now["label"], "count": len(new), "codes": new[:LISTED]})


def distance(one: Sequence[float], other: Sequence[float]) -> float:
    """Largest gap, 0 to 1, between two distributions known by quantiles at even steps."""
    if len(one) < 2 or len(other) < 2:
        return 0.0
    return max((abs(_share(one, x) - _share(other, x)) for x in {*one, *other}), default=0.0)


def _share(quantiles: Sequence[float], x: float) -> float:
    """Share of the values at or below x, straight lines between quantiles."""
    last = len(quantiles) - 1
    below = sum(1 for quantile in quantiles if quantile <= x)
    if below == 0:
        return 0.0
    if below > last:
        return 1.0
    left, right = quantiles[below - 1], quantiles[below]
    return (below - 1 + (x - left) / (right - left)) / last


def _middle(column: Mapping[str, Any]) -> float:
    quantiles = column["quantiles"]
    return float(quantiles[len(quantiles) // 2])
