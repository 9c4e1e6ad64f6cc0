"""The records of a payload, made into the lines of the journal: each value in the column of the version that receives it.

One fault anywhere, and nothing of the payload is kept: the answer says where, why, and how to mend it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any, Literal

from django.utils.translation import gettext as _

from bocage.capture.inference.names import technical_names
from bocage.pipeline.pushes.errors import (
    EmptyRecord,
    FieldTwice,
    KeyMissing,
    NumberTooLarge,
    PayloadRefused,
    UnknownField,
    ValueFault,
)
from bocage.pipeline.pushes.layout import Layout
from bocage.pipeline.pushes.payload import Number, Record, shown_name
from bocage.pipeline.pushes.values import fits_64_bits, fitted, json_text, shown

MOST_FAULTS = 10
MOST_NAMED = 40
"""Fields named in an error."""

Operation = Literal["p", "d"]
"""Put (add, or replace the record of the same key), or delete."""


def fit(records: list[Record], operation: Operation, layout: Layout) -> list[str]:
    """One line by record. Raises PayloadRefused."""
    lines, faults = [], Faults()
    for place, record in enumerate(records, start=1):
        with faults.of(place):
            lines.append(line(operation, _fitted_record(record, operation, layout)))
    faults.require_none()
    return lines


def refit(lines: Iterable[str], layout: Layout) -> list[str]:
    """Lines of the journal, made to fit the layout that the version has now. Raises PayloadRefused."""
    made, faults = [], Faults()
    for place, written in enumerate(lines, start=1):
        told = json.loads(written, parse_int=Number, parse_float=Number)
        with faults.of(place):
            made.append(line(told["o"], _fitted_record(told["r"], told["o"], layout)))
    faults.require_none()
    return made


def as_given(records: list[Record], key: Iterable[str] = ()) -> list[str]:
    """Lines of records that come before any version: their types are those that the first version will have.

    Raises PayloadRefused."""
    lines, faults, wanted = [], Faults(), tuple(key)
    for place, record in enumerate(records, start=1):
        with faults.of(place):
            if not record:
                raise EmptyRecord
            for name, value in record.items():
                _require_short(name, value)
            values = dict(zip(technical_names(list(record)), record.values(), strict=True))
            for name in wanted:
                if values.get(name) in (None, ""):
                    raise KeyMissing(field=name)
            lines.append(f'{{"o":"p","r":{json_text(record)}}}')
    faults.require_none()
    return lines


def line(operation: str, values: dict[str, Any]) -> str:
    return json.dumps({"o": operation, "r": values}, ensure_ascii=False)


class Faults:
    """Faults of a payload, the first ones. `with faults.of(3): …` keeps what is raised about the third record."""

    def __init__(self) -> None:
        self._found: list[dict[str, Any]] = []
        self._place = 0

    def of(self, place: int) -> Faults:
        self._place = place
        return self

    def __enter__(self) -> None:
        if len(self._found) >= MOST_FAULTS:
            raise PayloadRefused(self._found)

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if not isinstance(error, ValueFault):
            return False
        told = error.as_dict()
        self._found.append(
            {
                "record": self._place,
                "field": str(error.fields.get("field", "")),
                "code": told["code"],
                "reason": told["message"],
                "mend": told["mend"],
            }
        )
        return True

    def require_none(self) -> None:
        if self._found:
            raise PayloadRefused(self._found)


def _fitted_record(record: Record, operation: Operation, layout: Layout) -> dict[str, Any]:
    if not record:
        raise EmptyRecord
    values: dict[str, Any] = {}
    for name, value in record.items():
        column = layout.by_name.get(name)
        if column is None:
            raise UnknownField(field=shown_name(name), fields=named(layout))
        if column.name in values:
            raise FieldTwice(field=shown_name(name))
        values[column.name] = fitted(value, column)
    for name in layout.key:
        if values.get(name) in (None, ""):
            raise KeyMissing(field=name)
    if operation == "d" and layout.key:
        values = {name: values[name] for name in layout.key}
    return {name: value for name, value in values.items() if value is not None}


def named(layout: Layout) -> str:
    names = [column.name for column in layout.columns]
    more = _(" and %(count)s more") % {"count": len(names) - MOST_NAMED} if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _require_short(name: str, value: Any) -> None:
    """An integer beyond 64 bits would silently become a text, with every other value of its field."""
    if not isinstance(value, Number):
        return
    whole = value.is_whole
    if (whole and not fits_64_bits(value)) or (not whole and not math.isfinite(float(value))):
        raise NumberTooLarge(field=shown_name(name), value=shown(value))
