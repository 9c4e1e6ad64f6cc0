"""Tables that say little: `strict.no-row` (code `no-row`, an error: only a line of names) and `strict.one-value` (code
`one-value`, a warning; fields `value`, `rows`): the same value on every row of a column where it should change."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bocage.check.rules.kinds import RULES, Bench, Cell, Test
from bocage.check.verdict import Family, Fault

FEWEST_ROWS = 20
# Who publishes, where and when it was updated are the same on every row of many good files.
_OF_THE_WHOLE = re.compile(
    r"insee|commune|coll|siren|siret|source|producteur|maj|date|nom_|operateur|amenageur|enseigne|contact|licence|version|pays|departement|region|epci",
    re.IGNORECASE,
)


class NoRow:
    name = "strict.no-row"

    def tests(self, bench: Bench, params: Mapping[str, Any]) -> Sequence[Test | Family]:
        if not bench.table.labels or bench.workshop.execute(f"SELECT 1 FROM ({bench.table.sql}) AS t LIMIT 1"):
            return []
        return [Family("no-row", self.name, examples=(Fault(),))]


def may_vary(cell: Cell) -> bool:
    """Free values only: a list of three codes, or yes and no, may well be the same everywhere."""
    field = cell.field
    return field.type != "boolean" and "enum" not in field.constraints and not _OF_THE_WHOLE.search(field.name)


class OneValue:
    name = "strict.one-value"

    def tests(self, bench: Bench, params: Mapping[str, Any]) -> Sequence[Test | Family]:
        cells = [cell for cell in bench.cells.values() if may_vary(cell)]
        if not cells:
            return []
        asked = ", ".join(f"min({cell.text}), max({cell.text}), count({cell.text})" for cell in cells)
        [(rows, *answers)] = bench.workshop.execute(f"SELECT count(*), {asked} FROM ({bench.table.sql}) AS t")
        told = []
        for place, cell in enumerate(cells):
            least, greatest, count = answers[3 * place : 3 * place + 3]
            if rows >= FEWEST_ROWS and count == rows and least == greatest:
                fields = {"value": str(least)[:100], "rows": rows}
                told.append(
                    Family(
                        "one-value",
                        self.name,
                        "warning",
                        cell.field.name,
                        cell.place,
                        fields=fields,
                        examples=(Fault(),),
                    )
                )
        return told


RULES.register(NoRow.name, NoRow())
RULES.register(OneValue.name, OneValue())
