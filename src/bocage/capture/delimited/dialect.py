"""How a text file is laid out in columns: delimiter, quoting, which line holds the names.

Decided on a bounded head, by reading it with each candidate delimiter: the right one gives rows of one width, header included.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING

from bocage.capture.delimited.scan import LONGEST_ROW
from bocage.capture.errors import BadDelimiter, HeaderNotFound

if TYPE_CHECKING:
    from _csv import Reader as CsvReader

csv.field_size_limit(LONGEST_ROW)  # the limit belongs to the process; the default, 128 KiB, is less than one outline

QUOTE = '"'
HEAD_BYTES = 1 << 20
HEAD_ROWS = 2_000
# In the order preferred when two of them read the head equally well.
DELIMITERS = (";", ",", "\t", "|", "¤", "§", "\x1f", "\x01")
RARE_DELIMITERS = ("^", "~", ":")  # common inside texts: only when no other one will do
# A file of one column has no delimiter: this one never appears in a text (see `delimited.scan`, which lets no zero pass).
NONE = "\x1e"


@dataclass(frozen=True)
class Dialect:
    """`escape` is the quote itself (RFC 4180) or a backslash. `spaced`: a blank follows the delimiter, even before a quote."""

    delimiter: str
    escape: str = QUOTE
    spaced: bool = False

    def reader(self, lines: Iterable[str], *, strict: bool = False) -> CsvReader:
        """Python's reader of the same dialect, row by row: for heads, and for the mending of faulty files only."""
        doubled = self.escape == QUOTE
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=QUOTE,
            doublequote=doubled,
            escapechar=None if doubled else self.escape,
            skipinitialspace=self.spaced,
            strict=strict,
        )


@dataclass(frozen=True)
class Record:
    """One row of the head: its cells, and the physical line (from 1) on which it starts."""

    cells: list[str]
    line: int

    @property
    def is_blank(self) -> bool:
        return not any(map(str.strip, self.cells))

    def fits(self, width: int) -> bool:
        """Has it this many cells, but for empty ones at its end?"""
        return len(self.cells) >= width and not any(map(str.strip, self.cells[width:]))


@dataclass(frozen=True)
class Layout:
    """Which row holds the names, and what follows it.

    `skip`: rows of the file, blank ones included, before the data (the names are the last of them). `plain`: each of them is
    one physical line, so that any reader agrees on where the data start. `first_rows`: the rows of data of the head, without
    the empty ones; `whole` when the head is the file.
    """

    dialect: Dialect
    header: list[str]
    header_line: int
    skip: int
    plain: bool
    first_rows: list[list[str]]
    whole: bool


def read_head(file: Path) -> tuple[str, bool]:
    """The head of a UTF-8 file without its mark, and whether it is the whole file; otherwise cut at a line break."""
    with file.open("rb") as stream:
        raw = stream.read(HEAD_BYTES + 1)
    whole = len(raw) <= HEAD_BYTES
    text = raw.decode("utf-8-sig", "ignore")
    if not whole:
        text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text
    return text, whole


def sniff(file: Path, *, delimiter: str = "", header_line: int | None = None) -> Layout | None:
    """The layout of a UTF-8 file; a person may have given the delimiter or the line of the names. None: nothing but blanks.

    Raises BadDelimiter, HeaderNotFound."""
    text, whole = read_head(file)
    dialect, records = _given_dialect(text, delimiter) if delimiter else _best_dialect(text)
    header = given_header(records, header_line) if header_line else find_header(records)
    if header is None:
        return None
    place = records.index(header)
    data = records[place + 1 :]
    if not whole and len(records) < HEAD_ROWS:
        data = data[:-1]  # the last row may be cut
    return Layout(
        dialect=dialect,
        header=header.cells,
        header_line=header.line,
        skip=place + 1,
        plain=all(record.line == rank for rank, record in enumerate(records[: place + 2], start=1)),
        first_rows=[record.cells for record in data if any(record.cells)],
        whole=whole and len(records) < HEAD_ROWS,
    )


def _records(text: str, dialect: Dialect) -> Iterator[Record]:
    """The first rows. An unclosed quotation mark makes one long last row: the full reading will say so."""
    reader = dialect.reader(io.StringIO(text, newline=""))
    line = 1
    try:
        for _, cells in zip(range(HEAD_ROWS), reader, strict=False):
            yield Record(cells, line)
            line = reader.line_num + 1
    except csv.Error:
        return


def _given_dialect(text: str, delimiter: str) -> tuple[Dialect, list[Record]]:
    if len(delimiter) != 1 or delimiter in '\r\n"\x00 ':
        raise BadDelimiter(delimiter=delimiter)
    return _read_with(_dialect(text, delimiter), text)


def _read_with(dialect: Dialect, text: str) -> tuple[Dialect, list[Record]]:
    return dialect, list(_records(text, dialect))


def _dialect(text: str, delimiter: str) -> Dialect:
    dialect = Dialect(delimiter)
    if f'{delimiter} "' in text:
        dialect = replace(dialect, spaced=_is_spaced(text, dialect))
    if '\\"' not in text:
        return dialect
    escaped = replace(dialect, escape="\\")  # only when it reads further than the doubled mark of RFC 4180
    return escaped if _strictly_read(text, escaped) > _strictly_read(text, dialect) else dialect


def _is_spaced(text: str, dialect: Dialect) -> bool:
    """Do most rows hold a cell whose quotation mark comes after a blank: `1, "a, b"`?"""
    filled = [record for record in _records(text, dialect) if not record.is_blank]
    spaced = sum(any(cell.startswith(' "') for cell in record.cells) for record in filled)
    return spaced * 2 >= len(filled)


def _strictly_read(text: str, dialect: Dialect) -> int:
    """How many lines of the head are read before a fault."""
    reader = dialect.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for _ in reader:
            pass
    except csv.Error:
        return int(reader.line_num) - 1
    return int(reader.line_num)


def _best_dialect(text: str) -> tuple[Dialect, list[Record]]:
    """And what it reads of the head."""
    for delimiters in (DELIMITERS, RARE_DELIMITERS):
        read = [_read_with(_dialect(text, delimiter), text) for delimiter in delimiters if delimiter in text]
        scored = [(_score(records), dialect, records) for dialect, records in read]
        score, dialect, records = max(scored, key=lambda one: one[0], default=(0.0, Dialect(NONE), []))
        if score > 0:
            return dialect, records
    return _read_with(_dialect(text, NONE), text)


def _score(records: list[Record]) -> float:
    """Share of the rows that have the usual width; less when the names do not have it, or do not come first."""
    filled = [record for record in records if not record.is_blank]
    width = _usual_width([len(record.cells) for record in filled])
    header = find_header(records)
    if width < 2 or header is None:
        return 0.0
    share = sum(record.fits(width) for record in filled) / len(filled)
    if share < 0.5 and len(filled) > 3:
        return 0.0
    finer = 1 + log2(width) / 1000  # only to choose between equals
    return share * finer * (1.0 if header.fits(width) else 0.5) * (1.0 if header is filled[0] else 0.8)


def _usual_width(widths: list[int]) -> int:
    counts = Counter(widths)
    return max(counts, key=lambda width: (counts[width], width), default=0)


def find_header(records: list[Record]) -> Record | None:
    """The first row that is not a title: a title has one cell, or fills less than half of the usual width."""
    filled = [record for record in records if not record.is_blank]
    width = _usual_width([len(record.cells) for record in filled])
    for place, record in enumerate(filled):
        if not _is_title(record, width):
            return _last_repetition(filled, place)
    return filled[0] if filled else None


def _is_title(record: Record, width: int) -> bool:
    named = sum(1 for cell in record.cells if cell.strip())
    if width >= 3 and (named <= 1 or named * 2 < width):
        return True
    return len(record.cells) < width and len(record.cells) <= 1


def _last_repetition(filled: list[Record], place: int) -> Record:
    """Some exports write the names several times over: the last of them opens the data."""
    while place + 1 < len(filled) and filled[place + 1].cells == filled[place].cells and len(filled[place].cells) > 1:
        if any(cell.strip().isdigit() for cell in filled[place].cells):
            break  # equal rows of data in a file without names
        place += 1
    return filled[place]


def given_header(records: list[Record], line: int) -> Record:
    for record in records:
        if record.line == line and not record.is_blank:
            return record
    raise HeaderNotFound(line=line)
