"""Every spelling against every kind of field: one column each, so that a crash of the reference hides one field only."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.check.oracle.mutations import SPELLINGS

_MORE: dict[str, tuple[str, ...]] = {
    "duration": ("P1Y", "PT1H", "P", "P1", "1Y", "P1Y2M3DT4H5M6S", "P1.5Y", "-P1D", "P0003-06-04T12:30:05", "PT", "P1Y\n", "P1W"),
    "yearmonth": ("2021-05", "2021-5", "2021-13", "2021", "2021-05-01", " 2021-05", "2021-05 "),
    "object": ("{}", "[]", '{"a":1}', "x", ' {"a":1}'),
    "binary": ("YQ==", "YQ=", "YQ", "é", "a b c d", "====", "a"),
    "pattern": ("AX", "AXX", "XXB", "B1", "B", "xB1", "B1\n", "A", "B٣", "NA", "-"),
}  # fmt: skip
TEXTS = sorted({text for texts in (*SPELLINGS.values(), *_MORE.values()) for text in texts})
FIELDS: tuple[dict[str, Any], ...] = (
    *({"type": kind} for kind in (
        "integer", "number", "boolean", "date", "datetime", "time", "year", "yearmonth", "geopoint", "array", "geojson", "object",
        "duration", "any",
    )),
    *({"type": "string", "format": kind} for kind in ("email", "uri", "uuid", "binary")),
    {"type": "integer", "constraints": {"minimum": 0, "maximum": 100}},
    {"type": "integer", "constraints": {"enum": [1, 5, "007"]}},
    {"type": "integer", "constraints": {"unique": True}},
    {"type": "integer", "bareNumber": False},
    {"type": "integer", "missingValues": ["-"], "constraints": {"required": True}},
    {"type": "number", "constraints": {"minimum": -90, "maximum": 90}},
    {"type": "number", "decimalChar": ","},
    {"type": "number", "groupChar": " ", "decimalChar": ","},
    {"type": "number", "bareNumber": False},
    {"type": "number", "floatNumber": True},
    {"type": "boolean", "constraints": {"enum": [True]}},
    {"type": "boolean", "trueValues": ["oui", "1"], "falseValues": ["1", "VRAI"]},
    {"type": "date", "constraints": {"minimum": "2000-01-01"}},
    {"type": "date", "constraints": {"enum": ["2021-07-05"]}},
    *({"type": "date", "format": one} for one in ("%d/%m/%Y", "%Y", "%Y%m%d", "%d %b %y")),
    {"type": "datetime", "format": "%d/%m/%Y"},
    {"type": "time", "format": "%H:%M"},
    {"type": "year", "constraints": {"minimum": 2000}},
    {"type": "yearmonth", "constraints": {"maximum": "2021-04"}},
    {"type": "geopoint", "format": "array"},
    {"type": "geopoint", "format": "object"},
    {"type": "geojson", "format": "topojson"},
    {"type": "string", "constraints": {"pattern": r"A|B\d", "minLength": 2}},
    {"type": "string", "constraints": {"pattern": r"^(?=.*\d)[\w. -]+$"}},
    {"type": "string", "constraints": {"enum": ["x", "é"], "required": True, "maxLength": 1}},
    {"type": "string", "constraints": {"unique": True}},
    {"type": "string", "missingValues": ["NA"], "constraints": {"required": True, "minLength": 1}},
    {"type": "array", "constraints": {"maxLength": 3}},
    {"type": "any", "constraints": {"enum": ["x", "1"]}},
)  # fmt: skip


def spelled(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for place, field in enumerate(FIELDS):
        file = folder / f"field-{place}.csv"
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(["id", "value"])
            writer.writerows([f"r{row}", text] for row, text in enumerate(TEXTS))
        yield (
            file,
            {"fields": [{"name": "id", "type": "string"}, {"name": "value", **field}], "missingValues": ["", "NA"]},
        )
