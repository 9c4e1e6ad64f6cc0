"""Dates still to come where the schema speaks of what has happened: `strict.future`, code `future-date`, a warning."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bocage.check.rules.custom.columns import readable
from bocage.check.rules.kinds import RULES, Bench, Test
from bocage.check.schema import SchemaField
from bocage.check.verdict import Family

DAYS_BEFORE = {"date": "current_date", "datetime": "now()", "year": "year(current_date)"}
# What the schema says of the past, in names and descriptions.
_PAST_NAME = re.compile(r"(^|_)maj($|_)|der_?maj|mise_?a_?jour|creation|last_?update|mise_en_service", re.IGNORECASE)
_PAST_WORDS = re.compile(
    r"dernière (mise à jour|modification|actualisation)|date de (mise à jour|création|modification)|mise à jour des données"
    r"|a été (créé|modifié|mis)|last update",
    re.IGNORECASE,
)


def is_past(field: SchemaField) -> bool:
    """Whether the schema gives this column to something that has happened."""
    return bool(_PAST_NAME.search(field.name) or _PAST_WORDS.search(f"{field.title} {field.description}"))


class FutureDates:
    name = "strict.future"

    def tests(self, bench: Bench, params: Mapping[str, Any]) -> Sequence[Test | Family]:
        return [
            Test(
                Family("future-date", self.name, "warning", cell.field.name, cell.place),
                # A day of tolerance: the file may come from the other side of midnight.
                f"{readable(cell)} AND TRY_CAST(CAST({cell.value} AS VARCHAR) AS DATE) > current_date + 1"
                if cell.field.type != "year"
                else f"{readable(cell)} AND {cell.value} > year(current_date)",
                cell.text,
            )
            for cell in bench.cells.values()
            if cell.field.type in DAYS_BEFORE and is_past(cell.field)
        ]


RULES.register(FutureDates.name, FutureDates())
