"""A column that is the sum of others (`sum-columns-value`: column, columns), to the last decimal.

Rule and code `sum-columns-value`; fields `column`, `columns`; note: the sum found. A row where one of them is missing is left
alone. Numbers are added as decimals, as they are written; in binary when the schema says `floatNumber`, as the reference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bocage.check.rules.custom import numbers, parameters
from bocage.check.rules.custom.columns import column, readable, shown
from bocage.check.rules.kinds import RULES, Bench, Cell, Test
from bocage.check.verdict import Family

NAME = "sum-columns-value"
ADDED = frozenset({"integer", "number", "year", "boolean"})


class SumOfColumns:
    name = NAME

    def tests(self, bench: Bench, params: Mapping[str, Any]) -> Sequence[Test | Family]:
        try:
            labels = parameters.text(NAME, params, "column"), *parameters.texts(NAME, params, "columns")
        except parameters.WrongCheck as wrong:
            return [wrong.family]
        cells = [cell for label in labels if (cell := column(bench, label)) is not None]
        if len(cells) < len(labels):
            return []
        for cell in cells:
            if cell.field.type not in ADDED:
                return [parameters.check_error("type", NAME, column=cell.field.name, type=cell.field.type)]
        return [self._test(cells[0], cells[1:], labels)]

    def _test(self, total: Cell, parts: list[Cell], labels: tuple[str, ...]) -> Test:
        binary = any(cell.field.float_number for cell in parts)
        read = numbers.double if binary else numbers.exact
        added = " + ".join(["0", *(read(numbers.number_text(cell)) for cell in parts)])
        # What does not fit a decimal (NaN, thirty digits) is added in binary; NaN equals nothing.
        rough = " + ".join(["0", *(numbers.double(numbers.number_text(cell)) for cell in parts)])
        said = numbers.number_text(total)
        differs = f"COALESCE({read(said)} <> ({added}), {numbers.double(said)} <> ({rough}), TRUE)"
        not_a_number = f"isnan({numbers.double(said)})"
        there = " AND ".join(readable(cell) for cell in (total, *parts))
        family = Family(
            NAME,
            NAME,
            label=total.field.name,
            place=total.place,
            fields={"column": labels[0], "columns": list(labels[1:])},
        )
        found = f"CAST(COALESCE({added}, {rough}) AS VARCHAR)"
        without_zeros = f"regexp_replace({found}, '(\\.[0-9]*?)0+$', '\\1')"
        return Test(family, f"{there} AND ({differs} OR {not_a_number})", shown(total), f"rtrim({without_zeros}, '.')")


RULES.register(NAME, SumOfColumns())
