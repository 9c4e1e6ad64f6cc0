"""A rule about the values of one column, decided in SQL: what most custom checks are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bocage.check.rules.custom import parameters
from bocage.check.rules.custom.columns import column, readable, shown
from bocage.check.rules.kinds import Bench, Cell, Test
from bocage.check.verdict import Family


@dataclass(frozen=True)
class Refusal:
    """`refused`: SQL boolean on a text that is there; `note`: SQL text, why; `fields`: of the family.

    `is_right`: what Python says of a text, when SQL cannot; `refused` then says which texts are worth asking about."""

    refused: str
    note: str = "NULL"
    fields: Mapping[str, Any] | None = None
    is_right: Callable[[str], bool] | None = None


Decide = Callable[[Bench, str, Mapping[str, Any]], Refusal]


def _nothing_more(_params: Mapping[str, Any]) -> None:
    """No other parameter than the column."""


@dataclass
class ValueRule:
    """`decide(bench, text, params)` answers for the SQL text of the column; missing and unreadable cells are left alone, a
    column that the file does not have too. `instead`: the name that took the place of this one. `review(params)` raises
    WrongCheck for parameters that are wrong, even when the file has no such column.

    As in the reference, a column to which the schema gives another type than text never has the format: it holds a number."""

    name: str
    rule: str
    code: str
    decide: Decide
    instead: str = ""
    review: Callable[[Mapping[str, Any]], None] = _nothing_more

    def tests(self, bench: Bench, params: Mapping[str, Any]) -> Sequence[Test | Family]:
        found: list[Test | Family] = [parameters.deprecated(self.name, self.instead)] if self.instead else []
        try:
            cell = column(bench, parameters.text(self.name, params, "column"))
            self.review(params)
            if cell is not None:
                number = cell.field.type != "string"
                found.append(
                    self._test(cell, Refusal("TRUE", "'type'") if number else self.decide(bench, cell.text, params))
                )
        except parameters.WrongCheck as wrong:
            return [*found, wrong.family]
        return found

    def _test(self, cell: Cell, refusal: Refusal) -> Test:
        family = Family(
            self.code, self.rule, label=cell.field.name, place=cell.place, fields=dict(refusal.fields or {})
        )
        there = f"{readable(cell)} AND {refusal.refused}"
        if (is_right := refusal.is_right) is None:
            return Test(family, there, shown(cell), refusal.note)
        return Test(
            family, "false", shown(cell), doubtful=there, settle=lambda texts: [not is_right(text) for text in texts]
        )
