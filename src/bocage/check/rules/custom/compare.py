"""Two columns in an order (`compare-columns-value`: column, op, column2).

Rules `compare-columns-value` and `compare-columns-value.mixed` (the two values are not of kinds that compare), code
`compare-columns-value`; fields `column`, `op`, `column2`; note: the value of `column2`.

As in the reference: numbers, and texts that look like one, are compared as numbers; two texts by the order of their characters;
two values of one other type (dates…) by the order of what they look like once written. A missing value is compared to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bocage.check.rules.custom import numbers, parameters
from bocage.check.rules.custom.columns import NUMERIC_TYPES, column, readable, shown
from bocage.check.rules.kinds import RULES, Bench, Cell, Test
from bocage.check.verdict import Family

NAME = "compare-columns-value"
OPERATORS = {">": ">", ">=": ">=", "==": "=", "<=": "<=", "<": "<"}


def _is_number(cell: Cell) -> str:
    if cell.field.type in NUMERIC_TYPES:
        return "TRUE"
    return numbers.looks_numeric(cell.text) if cell.field.type == "string" else "FALSE"


def _as_number(cell: Cell) -> str:
    return numbers.plain(cell.text) if cell.field.type == "string" else numbers.number_text(cell)


def _as_text(cell: Cell) -> str:
    """As the value is written once read: a date without its format, an instant with its own offset."""
    if cell.field.type == "string":
        return cell.text
    if cell.field.type == "datetime" and cell.field.format == "default":
        return f"regexp_replace(replace(replace({cell.text}, 'T', ' '), 'Z', '+00:00'), '\\.0+([+-]|$)', '\\1')"
    return f"CAST({cell.value} AS VARCHAR)"


class CompareColumns:
    name = NAME

    def tests(self, bench: Bench, params: Mapping[str, Any]) -> Sequence[Test | Family]:
        try:
            labels = parameters.text(NAME, params, "column"), parameters.text(NAME, params, "column2")
            operator = parameters.text(NAME, params, "op")
            if operator not in OPERATORS:
                raise parameters.unknown_value(NAME, "op", operator, tuple(OPERATORS))
        except parameters.WrongCheck as wrong:
            return [wrong.family]
        one, other = (column(bench, label) for label in labels)
        if one is None or other is None:
            return []
        fields = {"column": labels[0], "op": operator, "column2": labels[1]}
        return self._both(one, other, OPERATORS[operator], fields)

    def _both(self, one: Cell, other: Cell, operator: str, fields: dict[str, Any]) -> list[Test | Family]:
        there = f"{readable(one)} AND {readable(other)}"
        as_numbers = f"({_is_number(one)} AND {_is_number(other)})"
        kept = numbers.compared(_as_number(one), _as_number(other), operator)
        # A text beside a number that it does not look like, a date beside an instant: nothing to compare.
        mixed = one.field.type != other.field.type
        as_texts = "FALSE" if mixed else f"NOT {as_numbers} AND NOT ({_as_text(one)} {operator} {_as_text(other)})"

        def test(rule: str, refused: str) -> Test:
            family = Family(NAME, rule, label=one.field.name, place=one.place, fields=fields)
            return Test(family, f"{there} AND ({refused})", shown(one), shown(other))

        tests: list[Test | Family] = [test(NAME, f"({as_numbers} AND NOT {kept}) OR ({as_texts})")]
        if mixed:
            tests.append(test(f"{NAME}.mixed", f"NOT {as_numbers}"))
        return tests


RULES.register(NAME, CompareColumns())
