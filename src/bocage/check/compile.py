"""A schema and a table become tests: what is wrong with the labels at once, what is wrong with the rows as SQL to run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bocage.check.rules import beyond
from bocage.check.rules.array_items import item_tests
from bocage.check.rules.constraints import BOUNDS, constraint_tests, doubtful
from bocage.check.rules.keys import Key, keys
from bocage.check.rules.kinds import Bench, Cell, Made, Test
from bocage.check.rules.structure import blank, cells_of, duplicated, label_families, row_families
from bocage.check.rules.types.kinds import reading_of
from bocage.check.rules.types.reading import Reading
from bocage.check.schema import TableSchema
from bocage.check.table import TextTable
from bocage.check.verdict import Family
from bocage.store.engine import Workshop

BLANK = "_blank"
"""SQL boolean, one more column of the table for tests: the row holds nothing."""


@dataclass(frozen=True)
class Group:
    """Tests that share a `doubt`: SQL, false on the rows that fail none of them, never NULL."""

    doubt: str
    tests: tuple[Test, ...]


@dataclass(frozen=True)
class Plan:
    """`families`: found already, count and examples included; those of `structure` have their faults in `table.faulty_sql`.

    `groups`: by column of the file, then those that belong to none; their SQL may use the column BLANK, to be made of `blank`,
    and those of `made`. `first_blank`: may stand for `blank` in a first look that only has to miss nothing."""

    families: tuple[Family, ...]
    structure: tuple[Family, ...]
    groups: tuple[Group, ...]
    keys: tuple[Key, ...]
    blank: str = "false"
    first_blank: str = "false"
    made: Made = field(default_factory=Made)


def plan_of(
    table: TextTable,
    schema: TableSchema,
    *,
    workshop: Workshop,
    profile: str,
    resources: Mapping[str, str] | None = None,
    producer: Mapping[str, Any] | None = None,
) -> Plan:
    families, structure = tuple(label_families(table, schema)), tuple(row_families(table))
    if not table.labels or (duplicated(table) and profile == "validata"):
        told = tuple(one for one in families if one.code == "duplicate-label")
        return Plan(told or families, () if told else structure, (), ())
    cells = cells_of(table, schema)
    readings = {name: reading_of(cell.field, cell.text) for name, cell in cells.items()}
    cells = {name: replace(cell, value=_value(cell, readings[name])) for name, cell in cells.items()}
    bench = Bench(workshop, table, schema, cells, profile, resources or {}, producer or {})
    readings = {name: _read_once(cells[name], reading, bench) for name, reading in readings.items()}
    groups = [Group(BLANK, (Test(Family("blank-row", "blank-row"), BLANK),))]
    for name, cell in cells.items():
        tests = tuple(cell_tests(cell, readings[name], bench))
        groups += [Group(_doubt(cell, readings[name], tests), tests)] if tests else []
    found = beyond.tests(bench)
    groups += [Group(either(one), (one,)) for one in found if isinstance(one, Test)]
    families += tuple(one for one in found if isinstance(one, Family))
    whole = blank(table, schema, cells)
    # A row that holds nothing misses what is required: it is doubted, and looked at as a whole later.
    first = "false" if any(cell.field.is_required for cell in cells.values()) else whole
    return Plan(families, structure, tuple(groups), tuple(keys(bench)), whole, first, bench.made)


def either(test: Test) -> str:
    """SQL, never NULL: the row fails this test, or may."""
    if test.doubtful == "false":
        return f"coalesce({test.refused}, false)"
    if test.refused == "false":
        return f"coalesce({test.doubtful}, false)"
    return f"coalesce({test.refused} OR {test.doubtful}, false)"


def _doubt(cell: Cell, reading: Reading, tests: tuple[Test, ...]) -> str:
    """One look at the text where the tests allow it: it reads, and every constraint is fine with it."""
    on_values = [
        test for test in tests if test.family.code != "type-error" and test.family.rule != "constraint.required"
    ]
    if any(not test.fine for test in on_values) or cell.field.array_item:
        return f"({' OR '.join(map(either, tests))})"
    required = f"NOT {BLANK}" if cell.field.is_required else "false"
    conditions = [*([] if reading.sure == "true" else [reading.sure]), *(test.fine for test in on_values)]
    if not conditions:
        return f"({cell.text} IS NULL AND {required})"
    return f"(CASE WHEN {cell.text} IS NULL THEN {required} ELSE NOT coalesce({' AND '.join(conditions)}, false) END)"


def _read_once(cell: Cell, reading: Reading, bench: Bench) -> Reading:
    """Every test of a column asks whether its texts read, and bounds compare what was read: made once for each row."""
    sure = reading.sure if reading.sure in ("true", "false") else bench.once(f"({reading.sure})")
    maybe = reading.maybe if reading.maybe == "false" else bench.once(doubtful(cell, reading))
    is_compared = any(cell.field.constraints.get(name) is not None for name in BOUNDS)
    quick = bench.once(reading.quick) if is_compared and reading.quick not in ("", cell.text) else reading.quick
    return replace(reading, sure=sure, maybe=maybe, quick=quick)


def _value(cell: Cell, reading: Reading) -> str:
    """NULL where the text is: `coalesce` and the like may have made one of it."""
    if cell.field.type in ("string", "any") and reading.value == cell.text:
        return cell.text
    return f"(CASE WHEN {cell.text} IS NULL THEN NULL ELSE ({reading.value}) END)"


def cell_tests(cell: Cell, reading: Reading, bench: Bench) -> Iterator[Test]:
    """Those of one column: its type, then its constraints."""
    if reading.sure != "true":
        yield _type_test(cell, reading)
    if cell.field.type == "array" and cell.field.array_item:
        yield from item_tests(cell, reading)
    yield from constraint_tests(cell, reading, BLANK, bench)


def _type_test(cell: Cell, reading: Reading) -> Test:
    """Refused at once where it cannot read; asked of Python where it might."""
    kind = cell.field.format if cell.field.type == "string" else cell.field.type
    fields = {"type": cell.field.type, "format": cell.field.format}
    family = Family("type-error", f"type.{kind}", label=cell.label, place=cell.place, fields=fields)
    wrong = f"NOT ({reading.maybe})" if reading.maybe != "false" else "true"
    refused = f"(CASE WHEN {cell.text} IS NULL THEN false WHEN {reading.sure} THEN false ELSE {wrong} END)"
    if reading.maybe == "false":
        return Test(family, refused, cell.text)

    def settle(texts: list[str]) -> list[bool]:
        return [reading.read(text) is None for text in texts]

    return Test(family, refused, cell.text, doubtful=doubtful(cell, reading), settle=settle)  # type: ignore[arg-type]
