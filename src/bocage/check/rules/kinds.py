"""What a rule is. Rules are kinds: ours live beside, one module each; an installed package adds its own through the
entry-point group `bocage.rules`.

A rule is compiled: it says in SQL which rows it refuses. What SQL cannot say (opening hours, back-references) is decided in
Python on the distinct values, never row by row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Protocol

from bocage.check.schema import SchemaField, TableSchema
from bocage.check.table import TextTable
from bocage.check.verdict import Family
from bocage.kernel.registry import Registry
from bocage.store.engine import Workshop


@dataclass(frozen=True)
class Cell:
    """A column of the file that the schema describes, in the SQL of a check. `text`: as written, NULL when missing (what the
    schema calls a missing value is NULL); `value`: typed by the schema, NULL when missing or unreadable."""

    field: SchemaField
    label: str
    place: int
    text: str
    value: str


class Made:
    """Columns made once for each row, for the tests that read them several times."""

    def __init__(self) -> None:
        self._steps: list[dict[str, str]] = []  # SQL → name; each step may name the columns of those before

    def name(self, sql: str) -> str:
        known = [step[sql] for step in self._steps if sql in step]
        if known:
            return known[0]
        place = max((rank for rank, step in enumerate(self._steps, 1) if _named(sql) & {*step.values()}), default=0)
        if place == len(self._steps):
            self._steps.append({})
        name = f"_made_{sum(map(len, self._steps))}"
        return self._steps[place].setdefault(sql, name)

    def beside(self, sql: str) -> str:
        """The SELECT `sql` with these columns too."""
        for step in self._steps:
            sql = f"SELECT *, {', '.join(f'{one} AS {name}' for one, name in step.items())} FROM ({sql}) AS made"
        return sql


def _named(sql: str) -> set[str]:
    return set(re.findall(r"_made_\d+", sql))


@dataclass(frozen=True)
class Bench:
    """What a rule may use. `cells`: by name of the schema, those that the file has."""

    workshop: Workshop
    table: TextTable
    schema: TableSchema
    cells: Mapping[str, Cell]
    profile: str = "validata"
    # References that cross tables: name of the resource → SQL of a SELECT with its fields as VARCHAR.
    resources: Mapping[str, str] = field(default_factory=dict)
    # What is known of the producer, for geographic rules: {"insee": [...], "bbox": [w, s, e, n], "boundary_wkt": …}
    producer: Mapping[str, Any] = field(default_factory=dict)
    made: Made = field(default_factory=Made)

    def once(self, sql: str) -> str:
        """The name of a column that holds `sql`, for `refused` and `doubtful`: the engine computes again at each place what is
        written out. `sql` may name others."""
        return self.made.name(sql)


class TooSlow(Exception):
    """What was to be settled takes longer than anybody may wait: `args[0]` says what."""


Settle = Callable[[Sequence[str]], Sequence[bool]]
"""Distinct texts → is each of them refused? Raises TooSlow when it cannot be said in bounded time."""


@dataclass(frozen=True)
class Test:
    """One family of faults to look for. `refused`: SQL boolean over the columns of the table, true on a faulty row (NULL counts
    as false). `family`: what is told; its count and examples are filled by the run. `cell`: SQL text shown as the faulty
    value; `note`: SQL text kept in each example's fields as "note".

    `doubtful`: rows for which SQL cannot tell (never also `refused`): `settle` is given their distinct `cell` and says of each
    whether it is refused. Never row by row. `fine`: a cheap SQL boolean, true of nothing that fails this test, where one is
    known for the cells that are there and surely read: rows are first sorted out by it."""

    family: Family
    refused: str
    cell: str = "NULL"
    note: str = "NULL"
    doubtful: str = "false"
    settle: Settle | None = None
    fine: str = ""


class Rule(Protocol):
    """`name`: as schemas write it (`french-siret-value`, `siret`…); registered once per spelling."""

    name: str

    def tests(self, bench: Bench, params: Mapping[str, Any]) -> Sequence[Test | Family]:
        """The tests to run for one use of the rule; a Family at once for what concerns the table as a whole (an unknown
        column, a missing parameter: `check-error`). May ask the workshop (distinct values) but not read row by row."""


# Each registers its rules when imported.
RULE_MODULES = (
    "custom.identifiers", "custom.acts", "custom.years", "custom.compare", "custom.together", "custom.sums",
    "custom.phone", "custom.hours", "custom.gps", "custom.french_formats", "references", "bal.rule",
    "strict.texts", "strict.tables", "strict.dates", "strict.positions", "geometry.rule", "geometry.coverage",
)  # fmt: skip

RULES: Registry[Rule] = Registry("bocage.rules")
RULES.fill_when_asked(lambda: [import_module(f"bocage.check.rules.{module}") for module in RULE_MODULES])
