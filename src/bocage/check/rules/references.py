"""Values that must exist elsewhere: foreign keys of the schema, and `exists-in`, our own check against a reference dataset.

Rule `foreign-key`, code `foreign-key` (fields `columns`, `resource`, `reference_columns`); rule `exists-in`, code `exists-in`
(fields `resource`, `column`). A table of reference that was not given makes a warning, `foreign-key.resource` or
`exists-in.resource`: nothing is refused for what nobody could look at.

As frictionless: values are compared as the other table writes them, a key with no value at all refers to nothing, and one
filled in part must be found as it is. `exists-in` takes `column`, `resource` and `field` (by default the name of the column).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bocage.check.rules.custom import parameters
from bocage.check.rules.custom.columns import column, shown
from bocage.check.rules.kinds import RULES, Bench, Cell, Test
from bocage.check.schema import ForeignKey
from bocage.check.verdict import Family, Fault
from bocage.store.engine import quoted

FOREIGN_KEY, EXISTS_IN = "foreign-key", "exists-in"


def _not_given(code: str, **fields: Any) -> Family:
    return Family(code, f"{code}.resource", level="warning", fields=fields, examples=(Fault(),))


class ForeignKeys:
    name = FOREIGN_KEY

    def tests(self, bench: Bench, params: Mapping[str, Any]) -> Sequence[Test | Family]:
        return [test for key in bench.schema.foreign_keys if (test := self._test(bench, key)) is not None]

    def _test(self, bench: Bench, key: ForeignKey) -> Test | Family | None:
        cells = [cell for name in key.fields if (cell := column(bench, name)) is not None]
        if len(cells) < len(key.fields) or len(key.fields) != len(key.reference_fields) or not cells:
            return None  # the absent columns have their own faults
        fields = {
            "columns": list(key.fields),
            "resource": key.resource,
            "reference_columns": list(key.reference_fields),
        }
        if key.resource and key.resource not in bench.resources:
            return _not_given(FOREIGN_KEY, columns=list(key.fields), resource=key.resource)
        known = self._known(bench, key)
        if known is None:
            return None
        family = Family(FOREIGN_KEY, FOREIGN_KEY, label=cells[0].field.name, place=cells[0].place, fields=fields)
        there = " OR ".join(f"{cell.text} IS NOT NULL" for cell in cells)
        said = shown(cells[0]) if len(cells) == 1 else f"concat_ws(' · ', {', '.join(cell.text for cell in cells)})"
        return Test(family, f"({there}) AND {_key(cells)} NOT IN ({known})", said)

    def _known(self, bench: Bench, key: ForeignKey) -> str | None:
        """SELECT of the keys of the other table, or of this very one."""
        if key.resource:
            names = [quoted(name) for name in key.reference_fields]
            return _keys(names, bench.resources[key.resource])
        own = [cell for name in key.reference_fields if (cell := column(bench, name)) is not None]
        if len(own) < len(key.reference_fields):
            return None
        return _keys([cell.text for cell in own], bench.table.sql)


def _key(cells: Sequence[Cell]) -> str:
    """One SQL value for the whole key. Its parts are measured, so that no two keys look the same."""
    return _joined([cell.text for cell in cells])


def _joined(parts: Sequence[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    measured = (f"COALESCE(length({part}) || ':' || {part}, '-')" for part in parts)
    return f"concat({', '.join(measured)})"


def _keys(parts: Sequence[str], source: str) -> str:
    # NOT IN is never true beside a NULL: keys without any value are left out.
    there = " OR ".join(f"{part} IS NOT NULL" for part in parts)
    return f"SELECT {_joined([f'CAST({part} AS VARCHAR)' for part in parts])} FROM ({source}) AS known WHERE {there}"


class ExistsIn:
    name = EXISTS_IN

    def tests(self, bench: Bench, params: Mapping[str, Any]) -> Sequence[Test | Family]:
        try:
            label = parameters.text(EXISTS_IN, params, "column")
            resource = parameters.text(EXISTS_IN, params, "resource")
            field = parameters.optional_text(EXISTS_IN, params, "field") or label
        except parameters.WrongCheck as wrong:
            return [wrong.family]
        if resource not in bench.resources:
            return [_not_given(EXISTS_IN, resource=resource)]
        if (cell := column(bench, label)) is None:
            return []
        family = Family(
            EXISTS_IN, EXISTS_IN, label=label, place=cell.place, fields={"resource": resource, "column": field}
        )
        known = _keys([quoted(field)], bench.resources[resource])
        return [Test(family, f"{cell.text} IS NOT NULL AND {cell.text} NOT IN ({known})", shown(cell))]


RULES.register(FOREIGN_KEY, ForeignKeys())
RULES.register(EXISTS_IN, ExistsIn())
