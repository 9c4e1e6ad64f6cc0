"""CSV, TSV and every text in columns.

The engine reads it in parallel with a dialect that we found ourselves, in strict mode, all as text. It must then agree with an
independent reading of the head; where it refuses or differs, `delimited.mend` names the fault or writes a clean copy.
What is decided for imperfect files:

* rows shorter than the header are completed with empty cells, and told (count and first lines);
* rows with more filled cells than the header are refused, with the line; empty cells beyond the header are dropped;
* blank rows are left out, and told; columns without name and without value are left out, and told;
* columns without name that hold values are kept, named by their place, and told;
* an empty cell is a missing value; every other text is kept as written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from bocage.capture.delimited.dialect import NONE, QUOTE, Dialect, Layout, sniff
from bocage.capture.delimited.encoding import in_utf8, utf16_without_mark
from bocage.capture.delimited.mend import CLEAN, Mended, line_of, mend
from bocage.capture.delimited.scan import LONGEST_ROW, count_lines
from bocage.capture.engine_fault import is_bad_input
from bocage.capture.errors import EmptyFile, MalformedTable, TooManyColumns, WebPage
from bocage.capture.reading import FORMATS, Column, PresumedWrongly, Reading
from bocage.capture.sql import literal
from bocage.capture.tables.notices import table_notices
from bocage.capture.tables.rows_file import scratch_file
from bocage.capture.understanding import Corrections
from bocage.store.engine import EngineError, Workshop
from bocage.store.staged import Notice

MOST_COLUMNS = 4_000
ROWS_COMPARED = 500
FIRST_LOOKED_AT = 4
_BLANKS = b"\xef\xbb\xbf \t\r\n"
_CONTROLS = [bytes([code]) for code in range(32) if code not in (1, 9, 10, 12, 13, 26, 31)]


class DelimitedText:
    name = "csv"
    label = "CSV"
    extensions: tuple[str, ...] = (".csv", ".tsv", ".txt", ".tab")
    last_resort = True

    def recognises(self, head: bytes, filename: str) -> bool:
        """Anything that is text: comes last. JSON and XML are texts of their own, unless the name says otherwise."""
        start = head.lstrip(_BLANKS)
        if start[:1] in (b"{", b"<") and not filename.lower().endswith(self.extensions):
            return _is_page(start)
        if head.startswith((b"\xff\xfe", b"\xfe\xff")) or utf16_without_mark(head):
            return True
        controls = sum(head.count(control) for control in _CONTROLS)
        return controls <= max(4, len(head) // 100)  # the odd one is for the reading to refuse, with its line

    def read(self, file: Path, workshop: Workshop, corrections: Corrections) -> Reading:
        """Raises EmptyFile, WebPage and what `delimited` raises."""
        return _reading(*_laid_out(file, workshop, corrections), workshop)

    def presume(self, file: Path, workshop: Workshop, corrections: Corrections) -> Reading:
        """The same without counting its rows first, where the head is read as it should be."""
        utf8, encoding, layout = _laid_out(file, workshop, corrections)
        return _presumed(utf8, encoding, layout, workshop) or _reading(utf8, encoding, layout, workshop)


def _laid_out(file: Path, workshop: Workshop, corrections: Corrections) -> tuple[Path, str, Layout]:
    """The file in UTF-8, its encoding, its layout."""
    with file.open("rb") as stream:
        if _is_page(stream.read(4096).lstrip(_BLANKS)):
            raise WebPage
    utf8, encoding = in_utf8(file, scratch_file(workshop, ".csv"), corrections.encoding)
    layout = sniff(utf8, delimiter=corrections.delimiter, header_line=corrections.header_line)
    if layout is None:
        raise EmptyFile
    layout = _without_trailing_blanks(layout)
    if len(layout.header) > MOST_COLUMNS:
        raise TooManyColumns(columns=len(layout.header), limit=MOST_COLUMNS)
    return utf8, encoding, layout


def _is_page(start: bytes) -> bool:
    return start[:15].lower().startswith((b"<!doctype html", b"<html"))


@dataclass(frozen=True)
class _Measure:
    """`filled`: how many values each nameless column holds, by place."""

    rows: int
    blanks: int
    filled: dict[int, int]


def _presumed(utf8: Path, encoding: str, layout: Layout, workshop: Workshop) -> Reading | None:
    """None where more than the head must be known: nameless columns (are they empty?), a head that the engine misreads."""
    if layout.whole or not _is_plain(layout) or not all(label.strip() for label in layout.header):
        return None
    relation = _relation(utf8, layout.dialect, layout.skip, len(layout.header))
    try:
        if not _same_head(relation, layout, workshop):
            return None
    except EngineError as error:
        if not is_bad_input(error):
            raise
        return None
    columns = [Column(f"c{place}", " ".join(label.split())) for place, label in enumerate(layout.header)]

    def confirm(rows: int) -> tuple[Notice, ...]:
        if rows < len(layout.first_rows):
            raise PresumedWrongly
        blanks = 0
        if count_lines(utf8) != layout.skip + rows:  # blank rows, or cells of several lines
            blanks = _measure(relation, layout, workshop).blanks
        return tuple(_notices(layout, encoding, columns, _Measure(rows + blanks, blanks, {}), None))

    return Reading(
        format="csv",
        sql=f"SELECT * FROM {relation} WHERE {_any_value(layout)}",
        columns=tuple(columns),
        encoding=encoding,
        delimiter="" if layout.dialect.delimiter == NONE else layout.dialect.delimiter,
        header_line=layout.header_line,
        line_of=partial(line_of, utf8, layout),
        confirm=confirm,
    )


def _reading(utf8: Path, encoding: str, layout: Layout, workshop: Workshop) -> Reading:
    relation, measure, mended = _sound_relation(utf8, layout, workshop)
    columns = [
        Column(f"c{place}", " ".join(label.split()))
        for place, label in enumerate(layout.header)
        if label.strip() or measure.filled[place] or len(layout.header) == 1
    ]
    names = ", ".join(column.name for column in columns)
    where = f" WHERE {_any_value(layout)}" if measure.blanks else ""
    return Reading(
        format="csv",
        sql=f"SELECT {names} FROM {relation}{where}",
        columns=tuple(columns),
        encoding=encoding,
        delimiter="" if layout.dialect.delimiter == NONE else layout.dialect.delimiter,
        header_line=layout.header_line,
        notices=tuple(_notices(layout, encoding, columns, measure, mended)),
        row_estimate=measure.rows - measure.blanks,
        line_of=partial(line_of, utf8, layout),
    )


def _without_trailing_blanks(layout: Layout) -> Layout:
    """Nameless columns at the end of the header, empty in the head: `a;b;;;`. Further down a filled cell is refused."""
    width = len(layout.header)
    while width > 1 and not layout.header[width - 1].strip():
        if any(cells[width - 1].strip() for cells in layout.first_rows if len(cells) >= width):
            break
        width -= 1
    return replace(layout, header=layout.header[:width])


def _is_plain(layout: Layout) -> bool:
    """May the engine read the file as it is?"""
    return layout.plain and not layout.dialect.spaced


def _sound_relation(utf8: Path, layout: Layout, workshop: Workshop) -> tuple[str, _Measure, Mended | None]:
    """A relation that the engine reads from end to end, as an independent reader does."""
    if _is_plain(layout):
        with suppress(MalformedTable):
            relation, measure = _strict(utf8, layout.dialect, layout.skip, layout, workshop)
            if _engine_agrees(relation, measure, layout, workshop):
                return relation, measure, None
    mended = mend(utf8, layout, scratch_file(workshop, ".csv"))
    relation, measure = _strict(mended.file, CLEAN, 1, layout, workshop)
    if measure.rows != mended.rows:
        raise MalformedTable(detail=f"{measure.rows} ≠ {mended.rows}")
    return relation, measure, mended


def _strict(file: Path, dialect: Dialect, skip: int, layout: Layout, workshop: Workshop) -> tuple[str, _Measure]:
    """Read in parallel; failing that, by one thread: long cells of several lines make the engine lose the rows when it starts
    in the middle of one (it notices, and says so). Raises MalformedTable."""
    relation = _relation(file, dialect, skip, len(layout.header))
    try:
        return relation, _measure(relation, layout, workshop)
    except MalformedTable:
        relation = _relation(file, dialect, skip, len(layout.header), parallel=False)
        return relation, _measure(relation, layout, workshop)


def _measure(relation: str, layout: Layout, workshop: Workshop) -> _Measure:
    """One strict pass over the whole file. Raises MalformedTable."""
    nameless = [place for place, label in enumerate(layout.header) if not label.strip()]
    counts = "".join(f", count(c{place})" for place in nameless)
    # Rows that begin with values are not blank: looking at a few columns is enough nearly always, and twice as fast.
    begin = " AND ".join(f"c{place} IS NULL" for place in range(min(4, len(layout.header))))
    try:
        [(rows, suspect, *filled)] = workshop.execute(
            f"SELECT count(*), count(*) FILTER ({begin}){counts} FROM {relation}"
        )
        blanks = 0
        if suspect:
            [(blanks,)] = workshop.execute(f"SELECT count(*) FROM {relation} WHERE NOT ({_any_value(layout)})")
    except EngineError as error:
        if not is_bad_input(error):
            raise
        raise MalformedTable(detail=str(error).splitlines()[0]) from error
    return _Measure(rows, blanks, Counter(dict(zip(nameless, filled, strict=True))))


def _relation(file: Path, dialect: Dialect, skip: int, width: int, *, parallel: bool = True) -> str:
    """Every parameter is given: the engine guesses nothing. A cell that holds nothing is null, quoted or not."""
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(width))
    return (
        f"read_csv({literal(str(file))}, columns = {{{columns}}}, auto_detect = false, header = false, skip = {skip}, "
        f"delim = {literal(dialect.delimiter)}, quote = {literal(QUOTE)}, escape = {literal(dialect.escape)}, nullstr = '', "
        f"strict_mode = true, parallel = {str(parallel).lower()}, max_line_size = {LONGEST_ROW}, buffer_size = {2 * LONGEST_ROW})"
    )


def _engine_agrees(relation: str, measure: _Measure, layout: Layout, workshop: Workshop) -> bool:
    """The same first rows as ours, and as many when the head is the file."""
    rows = measure.rows - measure.blanks
    if rows != len(layout.first_rows) if layout.whole else rows < len(layout.first_rows):
        return False
    return _same_head(relation, layout, workshop)


def _same_head(relation: str, layout: Layout, workshop: Workshop) -> bool:
    expected = [_as_engine(cells, len(layout.header)) for cells in layout.first_rows[:ROWS_COMPARED]]
    return workshop.execute(f"SELECT * FROM {relation} WHERE {_any_value(layout)} LIMIT {ROWS_COMPARED}") == expected


def _as_engine(cells: Sequence[str], width: int) -> tuple[str | None, ...]:
    return tuple(cell or None for cell in [*cells, *[""] * (width - len(cells))][:width])


def _any_value(layout: Layout) -> str:
    """Some cell holds something. Nearly every row has one among the first: the engine looks at the others only without it."""
    names = [f"c{place}" for place in range(len(layout.header))]
    conditions = [f"{name} IS NOT NULL" for name in names[:FIRST_LOOKED_AT]]
    if rest := names[FIRST_LOOKED_AT:]:
        conditions.append(f"coalesce({', '.join(rest)}) IS NOT NULL")
    return f"({' OR '.join(conditions)})"


def _notices(
    layout: Layout, encoding: str, columns: list[Column], measure: _Measure, mended: Mended | None
) -> list[Notice]:
    dropped = len(layout.header) - len(columns)
    told = table_notices(columns, layout.header, layout.header_line, measure.blanks)
    if not encoding.startswith("utf"):
        told.insert(0, Notice("encoding-guessed", {"encoding": encoding}))
    if dropped:
        told.append(Notice("empty-columns-dropped", {"count": dropped}))
    if mended and mended.short_rows:
        told.append(Notice("short-rows", {"count": mended.short_rows, "lines": mended.short_lines}))
    return told


FORMATS.register(DelimitedText.name, DelimitedText())
