"""The reading of one sheet of a workbook into an Arrow file of texts, as a program of its own.

    python -I workbook.py FILE SHEET TARGET        (SHEET empty: the first visible one that holds something)

Apart, because a workbook of a few kilobytes can ask for gigabytes (one stray cell at XFD1048576 makes a grid of 17 billion
cells): the limit of memory then ends this program, never the worker. It imports nothing of Bocage. It writes one JSON
object on its output: what it found, or `error` (`layer`, `password`, `unreadable`) and `detail`.

Cells become texts that read back the same: whole numbers without `.0`, days and instants in ISO 8601, `true` and `false`.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import python_calamine as calamine

MEMORY_LIMIT = 3 << 30  # of address space; measured: about 130 bytes per cell, hence 20 million cells
ROWS_PER_BATCH = 20_000


def main(file: str, wanted: str, target: str) -> dict[str, Any]:
    """What is in `file`, its sheet `wanted` being written in `target`. See the module for the errors."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    try:
        with Path(file).open("rb") as stream:  # by its content: a path would be judged by its extension
            workbook = calamine.CalamineWorkbook.from_filelike(stream)
        names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet]
        sheet = _sheet(workbook, names, wanted)
        return {"layers": names} | (_write(sheet, Path(target)) if sheet else {"error": "layer"})
    except calamine.PasswordError as error:
        return {"error": "password", "detail": str(error)}
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError, OSError) as error:
        return {"error": "unreadable", "detail": str(error)}


def _sheet(workbook: calamine.CalamineWorkbook, names: Sequence[str], wanted: str) -> calamine.CalamineSheet | None:
    if wanted:
        return workbook.get_sheet_by_name(wanted) if wanted in names else None
    visible = [sheet.name for sheet in workbook.sheets_metadata if sheet.visible == calamine.SheetVisibleEnum.Visible]
    order = [name for name in names if name in visible] + [name for name in names if name not in visible]
    sheets = (workbook.get_sheet_by_name(name) for name in order)
    first = workbook.get_sheet_by_name(order[0]) if order else None
    return next((sheet for sheet in sheets if sheet.height > 0), first)


def _write(sheet: calamine.CalamineSheet, target: Path) -> dict[str, Any]:
    """`first_line`: line of the sheet of the first row written; `days`, `instants`: columns that hold some."""
    width = sheet.width
    days: set[int] = set()
    instants: set[int] = set()
    schema = pa.schema([(f"c{place}", pa.string()) for place in range(width)])
    rows = 0
    with pa.OSFile(str(target), "wb") as output, pa.ipc.new_file(output, schema) as writer:
        for batch in _batches(sheet):
            columns = [_texts(values, place, days, instants) for place, values in enumerate(zip(*batch, strict=True))]
            writer.write_batch(pa.record_batch(columns, schema=schema))
            rows += len(batch)
    return {
        "layer": sheet.name,
        "rows": rows,
        "width": width,
        "first_line": (sheet.start[0] if sheet.start else 0) + 1,
        "days": sorted(days),
        "instants": sorted(instants),
    }


def _batches(sheet: calamine.CalamineSheet) -> Iterator[list[list[Any]]]:
    rows = iter(sheet.iter_rows())
    for _ in range(sheet.start[0] if sheet.start else 0):  # the rows are counted from the first line, the cells are not
        next(rows)
    while batch := list(islice(rows, ROWS_PER_BATCH)):
        yield batch


def _texts(values: Sequence[Any], place: int, days: set[int], instants: set[int]) -> pa.StringArray:
    kinds = set(map(type, values))
    if dt.date in kinds:
        days.add(place)
    if dt.datetime in kinds:
        instants.add(place)
    if kinds == {str}:
        return pa.array([value or None for value in values], pa.string())
    return pa.array([_WRITERS.get(type(value), str)(value) for value in values], pa.string())


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 1e21:
        return f"{value:.0f}"
    return repr(value)


def _duration(value: dt.timedelta) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


_WRITERS: dict[type, Any] = {
    str: lambda value: value or None,
    float: _number,
    bool: lambda value: "true" if value else "false",
    dt.date: dt.date.isoformat,
    dt.datetime: dt.datetime.isoformat,
    dt.time: dt.time.isoformat,
    dt.timedelta: _duration,
}

if __name__ == "__main__":
    json.dump(main(*sys.argv[1:4]), sys.stdout)
