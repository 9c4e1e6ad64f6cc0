"""The careful reading of a file that the engine refuses: find the fault and name its line, or mend what is harmless.

Harmless, and told: rows shorter than the header (completed with empty cells), line breaks of several kinds, empty cells
beyond the header. Refused: a quotation mark not closed, more filled cells than names. It goes row by row, in a stream:
only files with a fault pay for it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bocage.capture.delimited.dialect import Dialect, Layout, Record
from bocage.capture.delimited.scan import LONGEST_ROW
from bocage.capture.errors import LineTooLong, TooManyCells, UnclosedQuote

LINES_TOLD = 5  # enough to find the pattern, few enough to read
CLEAN = Dialect(",")


@dataclass
class Mended:
    """`file`: UTF-8, comma, one line of names then the rows, all of one width. `short_lines`: the first ones only."""

    file: Path
    rows: int = 0
    short_rows: int = 0
    short_lines: list[int] = field(default_factory=list)


def mend(file: Path, layout: Layout, target: Path) -> Mended:
    """Write a clean copy in `target`. Raises UnclosedQuote, TooManyCells, LineTooLong."""
    mended = Mended(target)
    width = len(layout.header)
    with mended.file.open("w", encoding="utf-8", newline="") as output:
        writer = csv.writer(output, lineterminator="\n", quoting=csv.QUOTE_ALL)  # MINIMAL leaves a lone \r bare
        # A first line on one line shows the engine which line breaks separate rows.
        writer.writerow([f"c{place}" for place in range(width)])
        for record in data_records(file, layout, strict=True):
            cells = record.cells
            if len(cells) != width:
                cells = _fit(record, width)
            if len(record.cells) < width:
                mended.short_rows += 1
                if len(mended.short_lines) < LINES_TOLD:
                    mended.short_lines.append(record.line)
            writer.writerow(cells)
            mended.rows += 1
    return mended


def data_records(file: Path, layout: Layout, *, strict: bool = False) -> Iterator[Record]:
    """The rows of data, blank ones left out, each with the line on which it starts. Strict: raises as `mend` does."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        reader = layout.dialect.reader(stream, strict=strict)
        line = 1
        try:
            for rank, cells in enumerate(reader):
                record = Record(cells, line)
                line = reader.line_num + 1
                if rank >= layout.skip and any(cells):  # one character, even a blank, makes the engine see a row
                    yield record
        except csv.Error as error:
            raise _fault(error, line) from None


def line_of(file: Path, layout: Layout, row: int) -> int:
    """The line of the file on which the row of data `row` (from 0, blank rows not counted) starts."""
    for rank, record in enumerate(data_records(file, layout)):
        if rank == row:
            return record.line
    return layout.header_line


def _fit(record: Record, width: int) -> list[str]:
    if len(record.cells) < width:
        return record.cells + [""] * (width - len(record.cells))
    if any(cell.strip() for cell in record.cells[width:]):
        filled = max(place for place, cell in enumerate(record.cells, start=1) if cell.strip())
        raise TooManyCells(line=record.line, cells=filled, expected=width)
    return record.cells[:width]


def _fault(error: csv.Error, line: int) -> Exception:
    if "limit" in str(error):
        return LineTooLong(line=line, limit_mb=LONGEST_ROW // 1_000_000)
    return UnclosedQuote(line=line)
