"""Which row of a text file holds the names, as the reference decides it: the first whose width is close to the average.

Other readers of Bocage are cleverer (`delimited.dialect.find_header`); a verdict must be that of the reference.
"""

from __future__ import annotations

from collections.abc import Sequence

SAMPLE_ROWS = 100


def header_row(widths: Sequence[int]) -> int:
    """`widths`: number of cells of the first rows, blank ones included. The row of the names, from 1."""
    sample = widths[:SAMPLE_ROWS]
    if not sample:
        return 1
    average = round(sum(sample) / len(sample))
    drift = max(round(average * 0.1), 1)
    for row, width in enumerate(sample, start=1):
        if average - drift <= width <= average + drift:
            return row
    return 1
