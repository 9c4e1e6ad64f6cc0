"""The words of the standard: its operators and functions, and how many arguments each takes."""

from __future__ import annotations

COMPARISONS = ("=", "<>", "<", ">", "<=", ">=")
ARITHMETIC = ("+", "-", "*", "/", "^", "%", "div")
SPATIAL = (
    "s_intersects", "s_equals", "s_disjoint", "s_touches", "s_within", "s_overlaps", "s_crosses", "s_contains",
)  # fmt: skip
EITHER_TEMPORAL = ("t_after", "t_before", "t_disjoint", "t_equals", "t_intersects")
"""Of instants and intervals alike."""
INTERVAL_TEMPORAL = (
    "t_contains", "t_during", "t_finishedby", "t_finishes", "t_meets", "t_metby", "t_overlappedby", "t_overlaps",
    "t_startedby", "t_starts",
)  # fmt: skip
TEMPORAL = (*EITHER_TEMPORAL, *INTERVAL_TEMPORAL)
ARRAYS = ("a_equals", "a_contains", "a_containedby", "a_overlaps")
FOLDS = ("casei", "accenti")
LIMITLESS = 1_000_000
"""`bounds` says how many there may be."""

FEWEST_AND_MOST: dict[str, tuple[int, int]] = {
    "and": (2, LIMITLESS), "or": (2, LIMITLESS), "not": (1, 1), "like": (2, 2), "between": (3, 3), "in": (2, 2), "isNull": (1, 1),
    **dict.fromkeys((*COMPARISONS, *ARITHMETIC, *SPATIAL, *TEMPORAL, *ARRAYS), (2, 2)),
    **dict.fromkeys(FOLDS, (1, 1)),
}  # fmt: skip
"""Arguments of every operation."""
CALLED = {*SPATIAL, *TEMPORAL, *ARRAYS, *FOLDS}
"""Written as functions in text."""
BY_LOWER_CASE = {name.lower(): name for name in FEWEST_AND_MOST}
PREDICATES = {"and", "or", "not", "like", "between", "in", "isNull", *COMPARISONS, *SPATIAL, *TEMPORAL, *ARRAYS}
"""Operations that are true or false."""

DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
"""Kinds of geometry: how deep their positions are nested."""
