"""The values that a schema gives: a bound that its own field cannot read, an example that is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bocage.check.rules.types.kinds import reading_of
from bocage.check.schema import SchemaField

_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def value_faults(field: SchemaField) -> Iterator[dict[str, Any]]:
    read = reading_of(field).read
    for name in _BOUNDS:
        asked = field.constraints.get(name)
        if asked is not None and read(asked) is None:
            yield {"code": "constraint-unreadable", "field": field.name, "detail": f"{name}: {asked}"[:200]}
    if field.example and str(field.example) and not _is_example(field):
        yield {"code": "bad-example", "field": field.name, "detail": str(field.example)[:200]}


def _is_example(field: SchemaField) -> bool:
    """Read with nothing but the type, its format and its booleans: what the reference does."""
    bare = SchemaField(
        field.name, field.type, field.format, true_values=field.true_values, false_values=field.false_values
    )
    return reading_of(bare).read(field.example) is not None
