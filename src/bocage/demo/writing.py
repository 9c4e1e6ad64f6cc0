"""Writers of demonstration files, in the dialects that town halls really send."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter

Row = Mapping[str, Any]

EARLIER: ContextVar[int] = ContextVar("EARLIER", default=0)
"""How many deliveries before the latest one the file being written stands for."""


def delivered(rows: Sequence[Row]) -> list[Row]:
    """The rows as they were EARLIER deliveries ago: each delivery adds some rows and corrects others."""
    earlier = EARLIER.get()
    if not earlier:
        return list(rows)
    random = Random(len(rows) + earlier)
    known = [row for row in rows if random.random() > 0.03 * earlier]
    return [_before_correction(row) if random.random() < 0.02 * earlier else row for row in known]


def _before_correction(row: Row) -> Row:
    """The same row with its last whole number one too low, or unchanged when it has none."""
    numbers = [name for name, value in row.items() if type(value) is int and value > 9]
    return {**row, numbers[-1]: row[numbers[-1]] - 1} if numbers else row


def write_csv(
    path: Path, rows: Sequence[Row], *, delimiter: str = ",", encoding: str = "utf-8", decimal: str = ".",
    preamble: Sequence[str] = (),
) -> Path:  # fmt: skip
    """Rows to CSV; `decimal` “,” writes numbers the French way, `preamble` puts title lines above the header."""

    def written(value: Any) -> Any:
        return str(value).replace(".", decimal) if isinstance(value, float) else value

    with path.open("w", encoding=encoding, newline="") as file:
        file.writelines(f"{line}\r\n" for line in preamble)
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows({name: written(value) for name, value in row.items()} for row in delivered(rows))
    return path


def write_xlsx(path: Path, rows: Sequence[Row], *, title: str = "") -> Path:
    """Rows to a workbook, with an optional title line above the header."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Données")
        top = 2 if title else 0
        if title:
            sheet.write_string(0, 0, title)
        sheet.write_row(top, 0, list(rows[0]))
        for index, row in enumerate(delivered(rows), top + 1):
            for column, value in enumerate(row.values()):
                if value is not None:
                    sheet.write(index, column, value)
    return path


def write_json(path: Path, rows: Iterable[Row]) -> Path:
    """An array of objects."""
    path.write_text(json.dumps(delivered(list(rows)), ensure_ascii=False), encoding="utf-8")
    return path


def feature(geometry: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": geometry, "coordinates": coordinates},
        "properties": properties,
    }


def write_geojson(path: Path, features: Iterable[dict[str, Any]]) -> Path:
    kept = [
        {**item, "properties": properties}
        for item in delivered([{**item["properties"], "": item} for item in features])
        for item, properties in [(item[""], {name: value for name, value in item.items() if name})]
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": kept}, ensure_ascii=False), encoding="utf-8")
    return path
