"""`arrayItem`: the items of a JSON array, read as a field of their own. In Python, once for each distinct array."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bocage.check.rules.items import item_notes
from bocage.check.rules.kinds import Cell, Test
from bocage.check.rules.types.reading import Reading
from bocage.check.verdict import Family


def item_tests(cell: Cell, reading: Reading) -> Iterator[Test]:
    """One test for the type of the items, one for each of their constraints."""
    notes = item_notes(cell.field.name, cell.field.array_item)
    constraints = cell.field.array_item.get("constraints") or {}
    there = f"coalesce({cell.text} IS NOT NULL AND ({reading.sure} OR {reading.maybe}), false)"

    def settle(note: str) -> Callable[[Sequence[str]], list[bool]]:
        return lambda texts: [note in notes(reading.read(text) or []) for text in texts]

    asked: dict[str, tuple[str, str, dict[str, Any]]] = {
        "type": ("type-error", "type.array-item", {"type": cell.field.array_item.get("type", "any")})
    } | {name: ("constraint-error", f"constraint.{name}", {name: value}) for name, value in constraints.items()}
    for note, (code, rule, fields) in asked.items():
        family = Family(code, rule, label=cell.label, place=cell.place, fields=fields)
        yield Test(family, "false", cell.text, doubtful=there, settle=settle(note))
