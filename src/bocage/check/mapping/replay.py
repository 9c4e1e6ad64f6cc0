"""A mapping on the next delivery: the same columns need no hand; others are followed, or stop it, as the contract says."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bocage.access.viewer import ANONYMOUS
from bocage.check.mapping.apply import apply
from bocage.check.mapping.columns import PATTERNS, Content, columns_of
from bocage.check.mapping.drift import Drift, drift
from bocage.check.mapping.errors import LayoutChanged
from bocage.check.mapping.kinds.words import NO, YES
from bocage.check.mapping.normal import normal_sql, trimmed_sql
from bocage.check.vocabulary import Contract
from bocage.store.engine import literal, quoted

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.check.mapping.steps import ColumnMappings
    from bocage.check.schema import TableSchema
    from bocage.check.table import TextTable
    from bocage.store.engine import Workshop


Rewriting = Callable[[str], str]


@dataclass(frozen=True)
class Replayed:
    """`table`: with the columns of the schema. `drift`: what changed; its `mapping` is the one that was applied."""

    table: TextTable
    drift: Drift


def replay(
    table: TextTable,
    mapping: ColumnMappings,
    schema: TableSchema,
    contract: str,
    *,
    workshop: Workshop,
    viewer: Viewer = ANONYMOUS,
) -> Replayed:
    """As `apply`, under the contract. Raises LayoutChanged when it stops, and what `apply` raises."""
    kinds = kinds_of(table, workshop) if mapping.kinds else {}
    found = drift(mapping, table.labels, contract, kinds)
    if found.stops:
        raise LayoutChanged(what=" ".join(found.sentences()))
    kept = expected(table, found) if found.changed else table
    return Replayed(apply(kept, found.mapping, schema, workshop=workshop, viewer=viewer), found)


def kinds_of(table: TextTable, workshop: Workshop) -> dict[str, str]:
    """Label → what the column holds, to be kept with the mapping."""
    return {one.label: one.content.value for one in columns_of(table, workshop)}


def expected(table: TextTable, found: Drift) -> TextTable:
    """The table without the rows, or the values, that the contract leaves out."""
    odd = {name: test for name, test in _unexpected(table, found).items() if test}
    if not odd or found.contract not in (Contract.DISCARD_ROW, Contract.DISCARD_VALUE):
        return table
    if found.contract is Contract.DISCARD_ROW:
        kept = f"NOT ({' OR '.join(f'coalesce({test}, false)' for test in odd.values())})"
        return _over(table, lambda sql: f"SELECT * FROM ({sql}) AS rows WHERE {kept}")
    emptied = ", ".join(
        f"CASE WHEN NOT coalesce({test}, false) THEN {quoted(n)} END AS {quoted(n)}" for n, test in odd.items()
    )
    return _over(table, lambda sql: f"SELECT * REPLACE ({emptied}) FROM ({sql}) AS rows")


def _over(table: TextTable, rewritten: Rewriting) -> TextTable:
    numbered = rewritten(table.numbered_sql) if table.numbered_sql else ""
    return dataclasses.replace(table, sql=rewritten(table.sql), numbered_sql=numbered, row_count=None)


def _unexpected(table: TextTable, found: Drift) -> dict[str, str]:
    """Column → SQL that is true on an unexpected value: anything in a new column, another kind of value in one that changed."""
    tests = {}
    for label in found.unexpected:
        if (name := table.column(label)) is not None:
            tests[name] = f"{trimmed_sql(quoted(name))} <> ''"
    for one in found.retyped:
        if (name := table.column(one.label)) is not None:
            tests[name] = _not_of(one.before, quoted(name))
    return tests


def _not_of(content: Content, column: str) -> str:
    text = trimmed_sql(column)
    if content is Content.BOOLEAN:
        words = ", ".join(literal(word) for word in (*YES, *NO))
        return f"({text} <> '' AND {normal_sql(column)} NOT IN ({words}))"
    pattern = next((one.pattern for kind, one in PATTERNS if kind is content), "")
    return f"({text} <> '' AND NOT regexp_full_match({text}, {literal(f'(?i)(?:{pattern})')}))" if pattern else ""
