"""The figures of one field, as two engines give them; when they say the same."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from bocage.catalog.vocabulary import FieldType

EXACT = 2**53
"""Whole numbers below are the same in a float."""
SUM_TOLERANCE = 1e-11
"""Of the sum of the absolute values: engines add in orders of their own."""
VALUE_TOLERANCE = 1e-12
INSTANT_TOLERANCE = 0.0011
"""Seconds: some engines keep milliseconds."""


@dataclass(frozen=True)
class Figures:
    """`filled`: rows with a value; `nulls`: rows without, for who counts these. `size`: sum of absolute values; of lists, rows
    whose list is not empty."""

    filled: int | None = None
    sum: Any = None
    least: Any = None
    most: Any = None
    size: Any = None
    nulls: int | None = None


def read_figures(kind: FieldType, row: dict[str, Any], rank: int) -> Figures:
    """From the answer of a portal: `count_3`, `sum_3`… are those of the fourth field."""
    filled, total, least, most = (row.get(f"{name}_{rank}") for name in ("count", "sum", "min", "max"))
    counted = int(filled) if isinstance(filled, int | float) and math.isfinite(filled) else None
    if kind in (FieldType.DATE, FieldType.DATETIME):
        return Figures(counted, None, instant(least), instant(most))
    return Figures(counted, number(total), number(least), number(most))


@dataclass(frozen=True)
class Rows:
    """How many there are; `source`: None when the portal does not say."""

    source: int | None
    here: int


def differing(kind: FieldType, theirs: Figures, ours: Figures, rows: Rows) -> Iterator[tuple[str, str, str]]:
    """What differs: nulls, sum, min or max; what they say, what we say."""
    if (told := _nulls(theirs, ours, rows)) is not None:
        yield "nulls", *told
    if not ours.filled and not theirs.filled:
        return
    if theirs.sum is not None and not _same_sum(kind, theirs.sum, ours):
        yield "sum", str(theirs.sum), str(ours.sum)
    for name, source, here in (("min", theirs.least, ours.least), ("max", theirs.most, ours.most)):
        if source is not None and not _same_value(kind, source, here):
            yield name, _shown(source), _shown(here)


def _nulls(theirs: Figures, ours: Figures, rows: Rows) -> tuple[str, str] | None:
    """Rows without a value, there and here; None when they are as many. An empty list may count as nothing."""
    there = theirs.nulls
    if there is None and theirs.filled is not None and rows.source is not None:
        there = rows.source - theirs.filled
    if there is None or ours.filled is None:
        return None
    accepted = {rows.here - ours.filled}
    if theirs.nulls is not None and isinstance(ours.size, int):
        accepted.add(rows.here - ours.size)
    return None if there in accepted else (str(there), str(rows.here - ours.filled))


def _same_sum(kind: FieldType, source: float, ours: Figures) -> bool:
    here = ours.sum if ours.sum is not None else 0
    if kind is FieldType.INTEGER and abs(here) < EXACT and abs(source) < EXACT:
        return bool(source == here)
    return abs(source - float(here)) <= SUM_TOLERANCE * float(ours.size or 0)


def _same_value(kind: FieldType, source: Any, here: Any) -> bool:
    if here is None:
        return False
    if kind in (FieldType.DATE, FieldType.DATETIME):
        mine = here if isinstance(here, datetime) else datetime(here.year, here.month, here.day, tzinfo=UTC)
        return bool(abs((source - mine).total_seconds()) <= INSTANT_TOLERANCE)
    if kind is FieldType.INTEGER and abs(here) < EXACT and abs(source) < EXACT:
        return bool(source == here)
    return math.isclose(source, here, rel_tol=VALUE_TOLERANCE, abs_tol=0.0)


def number(value: Any) -> float | int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if isinstance(value, int) or math.isfinite(value) else None


def instant(value: Any) -> datetime | None:
    """A date of ISO 8601, or milliseconds since 1970."""
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value)
            return found if found.tzinfo else found.replace(tzinfo=UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _shown(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
