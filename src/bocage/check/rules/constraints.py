"""The constraints of a field, each a test: SQL for the values that SQL holds, Python for the texts that only Python reads.

A cell that is missing fails `required` only; one that does not read as its type fails no constraint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import InvalidOperation
from operator import ge, gt, le, lt
from typing import Any

from bocage.check.rules.kinds import Bench, Cell, Settle, Test
from bocage.check.rules.patterns import pattern_test
from bocage.check.rules.types.reading import Reading
from bocage.check.rules.types.texts import among
from bocage.check.verdict import Family

BOUNDS: dict[str, tuple[str, Callable[[Any, Any], bool]]] = {
    "minimum": (">=", ge),
    "maximum": ("<=", le),
    "exclusiveMinimum": (">", gt),
    "exclusiveMaximum": ("<", lt),
}
_EXACT_DIGITS = 15  # what a double holds of a decimal number


def family(cell: Cell, name: str, value: Any) -> Family:
    return Family("constraint-error", f"constraint.{name}", label=cell.label, place=cell.place, fields={name: value})


def constraint_tests(cell: Cell, reading: Reading, blank: str, bench: Bench) -> Iterator[Test]:
    """In the order of the reference. `blank`: SQL, the whole row is blank, which is another fault."""
    asked = cell.field.constraints
    if asked.get("required"):
        refused = f"(CASE WHEN {cell.text} IS NULL THEN NOT {blank} ELSE false END)"
        yield Test(family(cell, "required", True), refused, cell.text)
    for name in BOUNDS:
        if asked.get(name) is not None:
            yield _bound(cell, reading, name, asked[name])
    for name in ("minLength", "maxLength"):
        if asked.get(name) is not None:
            yield _length(cell, reading, name, int(asked[name]))
    if asked.get("pattern") is not None and cell.field.type == "string":
        yield pattern_test(cell, reading, asked["pattern"], family(cell, "pattern", asked["pattern"]), bench)
    if asked.get("enum") is not None:
        yield _enum(cell, reading, asked["enum"])


def only_sure(cell: Cell, reading: Reading, condition: str) -> str:
    """`condition` where the text surely reads; false elsewhere, NULL included."""
    if reading.sure == "true":
        return f"coalesce({condition}, false)"
    return f"(CASE WHEN {cell.text} IS NULL THEN false WHEN {reading.sure} THEN coalesce({condition}, false) ELSE false END)"


def doubtful(cell: Cell, reading: Reading) -> str:
    """The text is there, and only Python can read it."""
    if reading.maybe == "false":
        return "false"
    return f"(CASE WHEN {cell.text} IS NULL THEN false WHEN {reading.sure} THEN false ELSE {reading.maybe} END)"


def settled(reading: Reading, accepts: Callable[[Any], bool]) -> Settle:
    """Refuses the texts that read and are not accepted; those that do not read fail their type, nothing else."""

    def settle(texts: list[str]) -> list[bool]:
        values = map(reading.read, texts)
        return [value is not None and not accepts(value) for value in values]

    return settle  # type: ignore[return-value]


def _bound(cell: Cell, reading: Reading, name: str, asked: Any) -> Test:
    sign, keeps = BOUNDS[name]
    bound = reading.read(asked)

    def accepts(value: Any) -> bool:
        try:
            return bool(keeps(value, bound))
        except (InvalidOperation, TypeError):  # NaN; an instant with a zone beside one without
            return False

    compared = None if bound is None else reading.compare(bound)
    unread = doubtful(cell, reading)
    said = family(cell, name, asked)
    if compared is None:
        there = f"({cell.text} IS NOT NULL AND ({reading.sure} OR {reading.maybe}))"
        return Test(said, "false", cell.text, doubtful=f"coalesce({there}, false)", settle=settled(reading, accepts))
    refused, fine = f"NOT ({reading.quick} {sign} {compared})", f"{reading.quick} {sign} {compared}"
    if cell.field.type == "number":  # close to the bound, a double cannot tell
        close = f"({reading.quick} = {compared} AND length({cell.text}) > {_EXACT_DIGITS})"
        refused = f"({refused} AND NOT {close})"
        unread = f"({unread} OR {only_sure(cell, reading, close)})"
        # Nearly all are past the bound: one comparison, and the others are not made.
        fine = f"{reading.quick} {sign.rstrip('=')} {compared}"
        if sign.endswith("="):
            short = f"{reading.quick} = {compared} AND length({cell.text}) <= {_EXACT_DIGITS}"
            fine = f"(CASE WHEN {fine} THEN true ELSE {short} END)"
    return Test(
        said, only_sure(cell, reading, refused), cell.text, doubtful=unread, settle=settled(reading, accepts), fine=fine
    )


def _length(cell: Cell, reading: Reading, name: str, asked: int) -> Test:
    length = f"json_array_length({cell.text})" if cell.field.type == "array" else f"length({cell.text})"
    sign = ">=" if name == "minLength" else "<="

    def accepts(value: Any) -> bool:
        return len(value) >= asked if name == "minLength" else len(value) <= asked

    said, settle = family(cell, name, asked), settled(reading, accepts)
    if cell.field.type == "object":
        there = f"coalesce({cell.text} IS NOT NULL AND ({reading.sure} OR {reading.maybe}), false)"
        return Test(said, "false", cell.text, doubtful=there, settle=settle)
    refused = only_sure(cell, reading, f"NOT ({length} {sign} {asked})")
    fine = f"{length} {sign} {asked}"
    return Test(said, refused, cell.text, doubtful=doubtful(cell, reading), settle=settle, fine=fine)


def _enum(cell: Cell, reading: Reading, asked: list[Any]) -> Test:
    """Values of the list are read by the field, as cells are: 1 and 01 are one integer."""
    allowed = [value for value in map(reading.read, asked) if value is not None]
    texts = [str(one) for one in asked if reading.read(str(one)) in allowed]
    said = family(cell, "enum", asked)
    settle = settled(reading, lambda value: value in allowed)
    if cell.field.type == "string":
        return Test(
            said,
            only_sure(cell, reading, f"NOT {among(cell.text, texts)}"),
            cell.text,
            doubtful=doubtful(cell, reading),
            settle=settle,
            fine=among(cell.text, texts),
        )
    if cell.field.type == "boolean":
        kept = " OR ".join(f"{reading.value} = {str(value).lower()}" for value in allowed) or "false"
        return Test(said, only_sure(cell, reading, f"NOT ({kept})"), cell.text, fine=f"({kept})")
    other = f"({reading.sure} OR {reading.maybe}) AND NOT {among(cell.text, texts)}"
    there = f"(CASE WHEN {cell.text} IS NULL THEN false ELSE {other} END)"
    return Test(said, "false", cell.text, doubtful=there, settle=settle)
