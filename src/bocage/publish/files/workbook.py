"""XLSX. XlsxWriter makes the package (styles, header, widths, filter); the engine writes the rows; both meet in a zip.

Per-cell Python would take a minute of a web process for half a million rows: the rows of the sheet are texts of the
engine, put in the place of the sample row of an otherwise ordinary workbook.
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import IO, TYPE_CHECKING

from bocage.publish.files.errors import TextTooLong, TooManyRows
from bocage.publish.files.text import lines_of
from bocage.query.spreadsheet import LONGEST_TEXT, TOO_LONG, SheetRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bocage.publish.files.formats import Options
    from bocage.query.reprojection import Part
    from bocage.query.services import Stream

MOST_ROWS = 1_048_575
"""Rows of a sheet below its header."""
MOST_COLUMNS = 16_384
SHEET = "xl/worksheets/sheet1.xml"
SAMPLE = re.compile(rb'<row r="2".*?</row>', re.DOTALL)
STYLE = re.compile(rb's="(\d+)"')
DIMENSION = re.compile(rb'<dimension ref="[^"]*"/>')
COMPRESSION = 3
"""Deflate level: twice as fast as the default for a file a tenth larger."""
PIECE = 256 * 1024


def template(titles: Sequence[str]) -> bytes:
    """A workbook with its header and one sample row: a date in A2, an instant in B2."""
    import xlsxwriter

    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    workbook.set_properties({"created": datetime(1980, 1, 1)})  # noqa: DTZ001
    header = workbook.add_format({"bold": True})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    instant = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet = workbook.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.write_datetime(1, 0, date(2000, 1, 1), day)
    sheet.write_datetime(1, 1, datetime(2000, 1, 1), instant)  # noqa: DTZ001
    for position, title in enumerate(titles):
        sheet.write_string(0, position, title[:LONGEST_TEXT], header)
    if titles:
        sheet.set_column(0, len(titles) - 1, 18)
    workbook.close()
    return buffer.getvalue()


@cache
def sheet_row() -> SheetRow:
    """The numbers that XlsxWriter gives to our two cell formats, read from what it wrote: they follow the header's."""
    with zipfile.ZipFile(io.BytesIO(template(("header",)))) as package:
        sample = SAMPLE.search(package.read(SHEET))
    assert sample is not None  # noqa: S101  template() always writes it
    day, instant = (int(number) for number in STYLE.findall(sample.group()))
    return SheetRow(date=day, instant=instant)


@dataclass(frozen=True)
class Workbook:
    """Office Open XML. Whole before its first byte: a text too long for a cell must be an answer, not half a file."""

    name: str = "xlsx"
    media_type: str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    geographic: bool = False
    reprojects: Part = "shapes"

    def rendering(self, _options: Options) -> SheetRow:
        return sheet_row()

    def chunks(self, stream: Stream, options: Options) -> Iterator[bytes]:
        if stream.row_count > MOST_ROWS:
            raise TooManyRows(rows=stream.row_count, limit=MOST_ROWS, format="XLSX")
        with tempfile.TemporaryFile() as file:
            write_package(file, options.titles(stream.columns), stream)
            file.seek(0)
            while piece := file.read(PIECE):
                yield piece


def write_package(file: IO[bytes], titles: Sequence[str], stream: Stream) -> None:
    """Copy the template, its sample row replaced by the rows of the stream."""
    with (
        zipfile.ZipFile(io.BytesIO(template(titles))) as source,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION) as target,
    ):
        for member in source.namelist():
            content = source.read(member)
            # A member opened by its name is dated 1980: same rows, same bytes.
            with target.open(member, "w", force_zip64=member == SHEET) as part:
                if member != SHEET:
                    part.write(content)
                    continue
                before, after = SAMPLE.split(DIMENSION.sub(b"", content), maxsplit=1)
                part.write(before)
                write_rows(part, stream)
                part.write(after)


def write_rows(part: IO[bytes], stream: Stream) -> None:
    too_long = TOO_LONG.encode()
    for text in lines_of(stream):
        if too_long in text:
            raise TextTooLong(limit=LONGEST_TEXT, format="XLSX")
        part.write(text)
