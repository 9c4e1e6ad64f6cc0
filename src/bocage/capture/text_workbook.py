"""A sheet of a workbook as it was written: texts, and the numbers of the rows that the person sees in the sheet."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from bocage.capture.errors import EmptyFile, TooManyColumns
from bocage.capture.formats.csv import MOST_COLUMNS
from bocage.capture.formats.excel import Workbook, open_sheet
from bocage.capture.understanding import Corrections
from bocage.check.table import TextTable
from bocage.kernel.ids import new_uid
from bocage.store.engine import Workshop


def workbook_table(file: Path, workshop: Workshop, folder: Path, corrections: Corrections) -> TextTable:
    """The first row that holds something has the names, unless a person gave another one.

    Raises LayerNotFound, UnreadableWorkbook, WorkbookTooLarge, EmptyFile, TooManyColumns."""
    target = folder / "sheet.arrow"
    found = open_sheet(file, corrections.layer, target)
    grid = pa.ipc.open_file(pa.memory_map(str(target))).read_all()
    if grid.num_columns == 0 or grid.num_rows == 0:
        raise EmptyFile
    if grid.num_columns > MOST_COLUMNS:
        raise TooManyColumns(columns=grid.num_columns, limit=MOST_COLUMNS)
    first = int(found["first_line"])
    header = max(corrections.header_line or first, first)
    labels = tuple(str(cells[0] or "") for cells in grid.slice(header - first, 1).to_pydict().values() if cells)
    names = tuple(grid.column_names[: len(labels)])
    table = new_uid("sheet")
    workshop.register(table, grid)
    # Arrow tables are read in order: the number of a row is its rank.
    numbered = f'SELECT row_number() OVER () + {first - 1} AS row, {", ".join(names)} FROM "{table}"'
    return TextTable(
        sql=f"SELECT * FROM ({numbered}) AS sheet WHERE row > {header}",
        names=names,
        labels=labels,
        row_count=max(0, grid.num_rows - (header - first + 1)),
        header_row=header,
        format=Workbook.name,
        sheet=str(found["layer"]),
    )
