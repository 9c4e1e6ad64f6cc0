"""Columns filled together (`cohesive-columns-value`) or at least one of two (`one-of-required`).

Rules and codes of these names. `cohesive-columns-value`: fields `column`, `columns` (all of them); when the file has only some
of the columns, `cohesive-columns-value.columns` on row 1 (fields `columns`, `missing`) and no row is looked at.
`one-of-required`: fields `column1`, `column2`; a fault of the row when the file has both, `one-of-required.columns` on row 1
when it has none. As in the reference a table without rows has none of these faults, and 0 fills no column of `one-of-required`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bocage.check.rules.custom import parameters
from bocage.check.rules.custom.columns import NUMERIC_TYPES, column, readable, shown
from bocage.check.rules.kinds import RULES, Bench, Cell, Test
from bocage.check.verdict import Family, Fault

COHESIVE, ONE_OF = "cohesive-columns-value", "one-of-required"


def _on_the_names(bench: Bench, code: str, fields: dict[str, Any]) -> list[Test | Family]:
    """A fault said once, on row 1, of a table that has rows."""
    has_rows = bench.table.row_count
    if has_rows is None:
        has_rows = len(bench.workshop.execute(f"SELECT 1 FROM ({bench.table.sql}) AS rows LIMIT 1"))
    return [Family(code, f"{code}.columns", fields=fields, examples=(Fault(row=1),))] if has_rows else []


class CohesiveColumns:
    name = COHESIVE

    def tests(self, bench: Bench, params: Mapping[str, Any]) -> Sequence[Test | Family]:
        try:
            label = parameters.text(COHESIVE, params, "column")
            labels = label, *parameters.texts(COHESIVE, params, "othercolumns")
        except parameters.WrongCheck as wrong:
            return [wrong.family]
        cells = {one: cell for one in labels if (cell := column(bench, one)) is not None}
        missing = [one for one in labels if one not in cells]
        if not cells:
            return []
        if missing:
            return _on_the_names(bench, COHESIVE, {"columns": list(labels), "missing": missing})
        filled = " + ".join(f"CAST({readable(cell)} AS INTEGER)" for cell in cells.values())
        family = Family(
            COHESIVE,
            COHESIVE,
            label=label,
            place=cells[label].place,
            fields={"column": label, "columns": list(labels)},
        )
        return [Test(family, f"({filled}) NOT IN (0, {len(cells)})", shown(cells[label]))]


def _is_empty(cell: Cell) -> str:
    """Missing, unreadable, or what Python holds for false: zero, no, an empty list."""
    empty = f"({cell.value}) IS NULL"
    if cell.field.type in NUMERIC_TYPES:
        return f"({empty} OR {cell.value} = 0)"
    if cell.field.type == "boolean":
        return f"({empty} OR NOT {cell.value})"
    if cell.field.type in {"array", "object", "geojson"}:
        return rf"({empty} OR regexp_full_match({cell.text}, '\s*(\[\s*\]|\{{\s*\}})\s*'))"
    return empty


class OneOfRequired:
    name = ONE_OF

    def tests(self, bench: Bench, params: Mapping[str, Any]) -> Sequence[Test | Family]:
        try:
            labels = parameters.text(ONE_OF, params, "column1"), parameters.text(ONE_OF, params, "column2")
        except parameters.WrongCheck as wrong:
            return [wrong.family]
        fields = {"column1": labels[0], "column2": labels[1]}
        cells = [cell for label in labels if (cell := column(bench, label)) is not None]
        if not cells:
            return _on_the_names(bench, ONE_OF, fields)
        # The reference names the first column when the file lacks one of the two.
        label = labels[0] if len(cells) == 1 else ""
        place = cells[0].place if label and cells[0].field.name == label else None
        family = Family(ONE_OF, ONE_OF, label=label, place=place, fields=fields)
        return [Test(family, " AND ".join(_is_empty(cell) for cell in cells))]


RULES.register(COHESIVE, CohesiveColumns())
RULES.register(ONE_OF, OneOfRequired())
