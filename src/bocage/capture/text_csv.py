"""Text in columns as it was written.

The engine reads a sound file as it is. A file that it refuses, or of which it would skip lines, is read once by Python into
a copy where every row has one width and its own number; what was wrong is kept in a file beside.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from bocage.capture.delimited.dialect import NONE, QUOTE, Dialect, sniff
from bocage.capture.delimited.encoding import in_utf8
from bocage.capture.delimited.scan import LONGEST_ROW, count_lines
from bocage.capture.engine_fault import is_bad_input
from bocage.capture.errors import EmptyFile, LineTooLong, TooManyColumns
from bocage.capture.formats.csv import MOST_COLUMNS
from bocage.capture.sql import literal
from bocage.capture.text_header import SAMPLE_ROWS, header_row
from bocage.capture.understanding import Corrections
from bocage.check.table import StructureFault, TextTable, numbered
from bocage.store.engine import EngineError, Workshop

ROWS_TOLD = 20
ROWS_COMPARED = 500
USUAL_ROW = 1_000_000  # bytes: few have one longer
PRESUMED_ROW = 4_000_000
"""Bytes. The engine gives each core twice as much of the file at a time: short pieces are shared, and weigh less in memory."""
_CHUNK = 1 << 20
_BLANK_LINES = (b"\n\n", b"\n\r\n", b"\r\r")


@dataclass(frozen=True)
class _Text:
    """A UTF-8 file. `header`: row of the names, from 1; `plain`: each row until the data is one line."""

    file: Path
    dialect: Dialect
    labels: tuple[str, ...]
    header: int
    plain: bool

    @property
    def width(self) -> int:
        return len(self.labels)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(f"c{place}" for place in range(self.width))


@dataclass(frozen=True)
class Presumed:
    """A table of which the engine was only seen to read the first rows as they are."""

    table: TextTable
    _text: _Text

    def holds(self, rows: int) -> bool:
        """Is every line of the file in the `rows` that the engine read?"""
        return _is_whole(self._text, rows)


def presumed_table(file: Path, workshop: Workshop, folder: Path, corrections: Corrections) -> Presumed | None:
    """None where the head of the file already says that the engine does not read it as it is. Raises as `delimited_table`."""
    utf8, encoding = in_utf8(file, folder / "utf8.csv", corrections.encoding)
    text = _laid_out(utf8, corrections)
    if not _may_be_sound(text, workshop):
        return None
    return Presumed(_as_it_is(text, None, _said(text, encoding), PRESUMED_ROW), text)


def delimited_table(file: Path, workshop: Workshop, folder: Path, corrections: Corrections) -> TextTable:
    """Raises EmptyFile, MixedEncodings, UnreadableCharacters, NotText, LineTooLong, TooManyColumns, BadDelimiter."""
    utf8, encoding = in_utf8(file, folder / "utf8.csv", corrections.encoding)
    text = _laid_out(utf8, corrections)
    rows = _sound_rows(text, workshop)
    if rows is not None:
        return _as_it_is(text, rows, _said(text, encoding))
    copy = _Copy(text, folder)
    copy.write()
    relation = _relation(copy.rows, Dialect(","), 0, ("row", *text.names))
    return TextTable(
        sql=f"SELECT row::BIGINT AS row, {', '.join(text.names)} FROM {relation}",
        row_count=copy.count,
        faults=tuple(copy.faults.values()),
        faulty_sql=copy.faulty_sql,
        **_said(text, encoding),
    )


def _said(text: _Text, encoding: str) -> dict[str, Any]:
    return {
        "names": text.names,
        "labels": text.labels,
        "header_row": text.header,
        "format": "csv",
        "encoding": encoding,
        "delimiter": "" if text.dialect.delimiter == NONE else text.dialect.delimiter,
    }


def _as_it_is(text: _Text, rows: int | None, said: dict[str, Any], longest: int = LONGEST_ROW) -> TextTable:
    sql = f"SELECT * FROM {_relation(text.file, text.dialect, text.header, text.names, longest)}"
    return TextTable(sql=sql, numbered_sql=numbered(sql, text.header), row_count=rows, **said)


def _laid_out(utf8: Path, corrections: Corrections) -> _Text:
    layout = sniff(utf8, delimiter=corrections.delimiter)
    if layout is None:
        raise EmptyFile
    with utf8.open(encoding="utf-8-sig", newline="") as stream:
        reader = layout.dialect.reader(stream)
        head, ends = [], []
        for cells in islice(_rows(reader), max(SAMPLE_ROWS, corrections.header_line or 1)):
            head.append(cells)
            ends.append(reader.line_num)
    header = _given_header(corrections.header_line, ends) or header_row([len(cells) for cells in head])
    labels = tuple(head[header - 1]) or ("",)
    if len(labels) > MOST_COLUMNS:
        raise TooManyColumns(columns=len(labels), limit=MOST_COLUMNS)
    plain = not layout.dialect.spaced and all(end == row for row, end in enumerate(ends[: header + 1], start=1))
    return _Text(utf8, layout.dialect, labels, header, plain and all(head[:header]))


def _given_header(line: int | None, ends: Sequence[int]) -> int | None:
    """The row that the line given by a person belongs to."""
    if not line:
        return None
    return next((row for row, end in enumerate(ends, start=1) if end >= line), None)


def _rows(reader: Any) -> Iterator[list[str]]:
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise LineTooLong(line=reader.line_num, limit_mb=LONGEST_ROW // 1_000_000) from None


def _sound_rows(text: _Text, workshop: Workshop) -> int | None:
    """How many rows the engine reads, when it reads every line of the file as Python does; None otherwise."""
    if not _may_be_sound(text, workshop):
        return None
    try:
        [(rows,)] = workshop.execute(
            f"SELECT count(*) FROM {_relation(text.file, text.dialect, text.header, text.names)}"
        )
    except EngineError as error:
        if not is_bad_input(error):
            raise
        return None
    return int(rows) if _is_whole(text, rows) else None


def _may_be_sound(text: _Text, workshop: Workshop) -> bool:
    """Does the engine read the first rows as Python does?"""
    if not text.plain or text.width == 1:
        return False
    for longest in (USUAL_ROW, LONGEST_ROW):  # the engine reads at once as much as the longest row may need
        relation = _relation(text.file, text.dialect, text.header, text.names, longest)
        try:
            return workshop.execute(f"SELECT * FROM {relation} LIMIT {ROWS_COMPARED}") == _python_head(text)
        except EngineError as error:
            if not is_bad_input(error):
                raise
    return False


def _is_whole(text: _Text, rows: int) -> bool:
    """As many lines as rows: none is blank. Otherwise cells have several lines, or the engine skipped blank ones."""
    return count_lines(text.file) == text.header + rows or not _has_blank_lines(text.file)


def _python_head(text: _Text) -> list[tuple[str | None, ...]]:
    with text.file.open(encoding="utf-8-sig", newline="") as stream:
        rows = islice(_rows(text.dialect.reader(stream)), text.header, text.header + ROWS_COMPARED)
        return [tuple(cell or None for cell in cells) for cells in rows]


def _has_blank_lines(file: Path) -> bool:
    """The engine skips them, and they count as rows. One inside a cell is seen too: it costs time, nothing else."""
    end = b""
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            if any(blank in end + chunk[:2] or blank in chunk for blank in _BLANK_LINES):
                return True
            end = chunk[-2:]
    return False


def _relation(file: Path, dialect: Dialect, skip: int, names: Sequence[str], longest: int = LONGEST_ROW) -> str:
    """Every parameter is given: the engine guesses nothing. A cell that holds nothing is null, quoted or not."""
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    return (
        f"read_csv({literal(str(file))}, columns = {{{columns}}}, auto_detect = false, header = false, skip = {skip}, "
        f"delim = {literal(dialect.delimiter)}, quote = {literal(QUOTE)}, escape = {literal(dialect.escape)}, nullstr = '', "
        f"strict_mode = true, max_line_size = {longest}, buffer_size = {2 * longest})"
    )


@dataclass
class _Copy:
    """The rows of a faulty file, all of one width, each with its number; and its faults."""

    text: _Text
    folder: Path
    count: int = 0
    faults: dict[tuple[str, int], StructureFault] = field(default_factory=dict)

    @property
    def rows(self) -> Path:
        return self.folder / "rows.csv"

    @property
    def _faulty(self) -> Path:
        return self.folder / "faults.csv"

    @property
    def faulty_sql(self) -> str:
        if not self.faults:
            return ""
        relation = _relation(self._faulty, Dialect(","), 0, ("row", "place", "code", "cell"))
        return f"SELECT row::BIGINT AS row, place::INTEGER AS place, code, cell FROM {relation}"

    def write(self) -> None:
        with (
            self.text.file.open(encoding="utf-8-sig", newline="") as stream,
            self.rows.open("w", encoding="utf-8", newline="") as rows,
            self._faulty.open("w", encoding="utf-8", newline="") as faulty,
        ):
            self._tell = csv.writer(faulty, lineterminator="\n", quoting=csv.QUOTE_ALL)
            reader = islice(_rows(self.text.dialect.reader(stream)), self.text.header, None)
            # All quoted: the engine takes a bare carriage return for the end of a row.
            csv.writer(rows, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(self._numbered(reader))

    def _numbered(self, reader: Iterator[list[str]]) -> Iterator[list[Any]]:
        width = self.text.width
        for row, cells in enumerate(reader, start=self.text.header + 1):
            self.count += 1
            if len(cells) != width:
                self._look_at(row, cells)
                cells = (cells + [""] * (width - len(cells)))[:width]  # noqa: PLW2901
            yield [row, *cells]

    def _look_at(self, row: int, cells: list[str]) -> None:
        """A row without any value is a blank row, whatever its width: the check tells it."""
        width = self.text.width
        if not any(cells[:width]):
            return
        for place in range(len(cells), width):
            self._add("missing-cell", row, place + 1, "")
        for place, cell in enumerate(cells[width:], start=width + 1):
            self._add("extra-cell", row, place, cell)

    def _add(self, code: str, row: int, place: int, cell: str) -> None:
        self._tell.writerow((row, place, code, cell))
        label = self.text.labels[place - 1] if place <= self.text.width else ""
        known = self.faults.get((code, place)) or StructureFault(code, 0, (), place, label)
        told = known.count < ROWS_TOLD
        rows, shown = ((*known.rows, row), (*known.cells, cell)) if told else (known.rows, known.cells)
        self.faults[(code, place)] = StructureFault(code, known.count + 1, rows, place, label, shown)
