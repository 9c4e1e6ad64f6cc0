"""Workbooks: XLSX, XLS, ODS (and their kin: XLSM, XLSB), told apart by their content. A sheet is a layer.

Formulas give their last computed value. A sheet holds at most 1,048,576 lines (65,536 in XLS): one that is full is told.
Title lines above the names, blank rows, and nameless empty columns are treated as in `formats.csv`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from bocage.capture.delimited.dialect import HEAD_ROWS, Record, find_header, given_header
from bocage.capture.errors import EmptyFile, LayerNotFound, TooManyColumns, UnreadableWorkbook, WorkbookTooLarge
from bocage.capture.formats.csv import MOST_COLUMNS
from bocage.capture.reading import FORMATS, Column, Reading
from bocage.capture.tables import workbook
from bocage.capture.tables.notices import table_notices
from bocage.capture.tables.rows_file import scratch_file
from bocage.capture.understanding import Corrections, Layer
from bocage.store.engine import Workshop
from bocage.store.staged import Notice

SECONDS = 300
FULL_SHEETS = (1_048_576, 65_536)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_MEMBERS = (b"[Content_Types].xml", b"xl/", b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", b"_rels/.rels")


class Workbook:
    name = "excel"
    label = "Excel, LibreOffice"
    extensions: tuple[str, ...] = (".xlsx", ".xls", ".ods", ".xlsm", ".xlsb")
    last_resort = False

    def recognises(self, head: bytes, filename: str) -> bool:
        """An OLE file, or a zip that holds the parts of a workbook; never by the extension alone."""
        if head.startswith(_OLE):
            return True
        return head.startswith(_ZIP) and any(member in head for member in _MEMBERS)

    def read(self, file: Path, workshop: Workshop, corrections: Corrections) -> Reading:
        """Raises LayerNotFound, UnreadableWorkbook, WorkbookTooLarge, EmptyFile, HeaderNotFound, TooManyColumns."""
        target = scratch_file(workshop, ".arrow")
        found = open_sheet(file, corrections.layer, target)
        grid = pa.ipc.open_file(pa.memory_map(str(target))).read_all()
        if grid.num_columns > MOST_COLUMNS:
            raise TooManyColumns(columns=grid.num_columns, limit=MOST_COLUMNS)
        records = _head(grid, found["first_line"])
        given = corrections.header_line
        header = given_header(records, given) if given else find_header(records)
        if header is None:
            raise EmptyFile
        workshop.register("sheet", grid)
        return _Sheet(found, header, grid.num_columns, workshop).reading()


@dataclass(frozen=True)
class _Sheet:
    """The sheet as a table `sheet` of texts in the workshop; `found`: what the reading said of it."""

    found: dict[str, Any]
    header: Record
    width: int
    workshop: Workshop

    @property
    def skip(self) -> int:
        """Rows of the table above the data."""
        return int(self.header.line - self.found["first_line"] + 1)

    def reading(self) -> Reading:
        names = [f"c{place}" for place in range(self.width)]
        counts = ", ".join(f"count({name})" for name in names)
        [row] = self.workshop.execute(f"SELECT count(*), {counts} FROM ({self._rows()}) AS rows")
        columns = [
            Column(name, " ".join(label.split()))
            for name, label, filled in zip(names, self.header.cells, row[1:], strict=True)
            if label.strip() or filled
        ]
        layers = tuple(Layer(name) for name in self.found["layers"])
        return Reading(
            format=Workbook.name,
            sql=f"SELECT {', '.join(self._expression(column.name) for column in columns)} FROM ({self._rows()}) AS rows",
            columns=tuple(columns),
            layers=layers,
            layer=self.found["layer"],
            header_line=self.header.line,
            notices=tuple(self._notices(columns, row[0])),
            row_estimate=row[0],
            line_of=self.line_of,
        )

    def line_of(self, row: int) -> int:
        """The line of the sheet that holds a row of the relation."""
        [(place,)] = self.workshop.execute(f"SELECT place FROM ({self._rows()}) AS rows LIMIT 1 OFFSET {int(row)}")
        return int(place + self.found["first_line"])

    def _rows(self) -> str:
        """The rows below the header that hold something; `place`: their rank in the table, from 0."""
        something = ", ".join(f"c{place}" for place in range(self.width))
        numbered = "SELECT row_number() OVER () - 1 AS place, * FROM sheet"
        return (
            f"SELECT * FROM ({numbered}) AS numbered WHERE place >= {self.skip} AND coalesce({something}) IS NOT NULL"
        )

    def _expression(self, name: str) -> str:
        """A column of days and instants becomes one of instants."""
        place = int(name[1:])
        if place in self.found["days"] and place in self.found["instants"]:
            return f"regexp_replace({name}, '^([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})$', '\\1T00:00:00') AS {name}"
        return name

    def _notices(self, columns: list[Column], rows: int) -> list[Notice]:
        others = [name for name in self.found["layers"] if name != self.found["layer"]]
        last_line = self.found["first_line"] + self.found["rows"] - 1
        told = table_notices(columns, self.header.cells, self.header.line, self.found["rows"] - self.skip - rows)
        if others:
            told.insert(0, Notice("other-sheets", {"layer": self.found["layer"], "others": others}))
        if last_line in FULL_SHEETS:
            told.append(Notice("sheet-full", {"rows": last_line}))
        return told


def open_sheet(file: Path, layer: str, target: Path) -> dict[str, Any]:
    """Run `capture.tables.workbook`. Raises LayerNotFound, UnreadableWorkbook, WorkbookTooLarge."""
    command = [sys.executable, "-I", workbook.__file__, str(file), layer, str(target)]
    environment = {"ARROW_DEFAULT_MEMORY_POOL": "system"}  # the other pools reserve more than the limit at once
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, env=environment, check=False)  # noqa: S603  ours
    except subprocess.TimeoutExpired:
        raise WorkbookTooLarge from None
    if done.returncode:
        if done.returncode < 0 or b"MemoryError" in done.stderr:
            raise WorkbookTooLarge
        raise UnreadableWorkbook(detail=done.stderr.decode(errors="replace").strip().rpartition("\n")[2][:200])
    found: dict[str, Any] = json.loads(done.stdout)
    if found.get("error") == "layer":
        raise LayerNotFound(layer=layer, layers=", ".join(found["layers"]))
    if found.get("error"):
        raise UnreadableWorkbook(detail=found["detail"])
    return found


def _head(grid: pa.Table, first_line: int) -> list[Record]:
    rows = grid.slice(0, HEAD_ROWS).to_pylist()
    return [Record([cell or "" for cell in row.values()], line) for line, row in enumerate(rows, start=first_line)]


FORMATS.register(Workbook.name, Workbook())
