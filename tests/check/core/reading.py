"""A naive reading of Table Schema, written from its specification and from Python's own readers, cell by cell: no SQL, none of
our code. What tests compare the checker with."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

WRONG = object()


def read(field, text):
    """The value of a text, WRONG when it cannot be read."""
    try:
        return _READERS[field["type"]](field, text)
    except (ValueError, InvalidOperation, ArithmeticError):
        return WRONG


def _number(field, text):
    text = text.strip()
    if field.get("decimalChar"):
        if "." in text:
            raise ValueError
        text = text.replace(field["decimalChar"], ".")
    return Decimal(text)


def _boolean(field, text):
    if text in field.get("falseValues", ["false", "False", "FALSE", "0"]):
        return False
    if text in field.get("trueValues", ["true", "True", "TRUE", "1"]):
        return True
    raise ValueError


def _date(field, text):
    pattern = field.get("format", "default")
    return dt.datetime.strptime(text, "%Y-%m-%d" if pattern == "default" else pattern).date()  # noqa: DTZ007


def _year(_field, text):
    if len(text) != 4 or not 0 <= int(text) <= 9999:
        raise ValueError
    return int(text)


_READERS = {
    "string": lambda _field, text: text,
    "integer": lambda _field, text: int(text.strip()),
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "year": _year,
}


def cell_errors(field, text, missing):
    """Codes of the errors of one cell."""
    constraints = field.get("constraints", {})
    if text in missing:
        return ["constraint.required"] if constraints.get("required") else []
    value = read(field, text)
    if value is WRONG:
        return ["type"]
    return [f"constraint.{name}" for name, asked in constraints.items() if not _keeps(field, name, asked, value)]


def _keeps(field, name, asked, value):
    if name == "enum":
        return value in [read(field, str(one)) for one in asked]
    if name in ("minLength", "maxLength"):
        return len(value) >= asked if name == "minLength" else len(value) <= asked
    if name == "pattern":
        return re.match(f"^{asked}$", value) is not None
    if name in ("minimum", "maximum"):
        bound = (
            asked if field["type"] == "year" else read(field, str(asked))
        )  # a year below 1000 has no spelling of its own
        try:
            return value >= bound if name == "minimum" else value <= bound
        except InvalidOperation:
            return False
    return True


def table_errors(fields, rows, missing):
    """(row, field, rule) of every error of a table whose names are on row 1, sorted. A blank row has that fault only."""
    found = []
    for number, row in enumerate(rows, start=2):
        if all(cell in missing for cell in row):
            found.append((number, "", "blank-row"))
            continue
        for field, cell in zip(fields, row, strict=True):
            found += [(number, field["name"], rule) for rule in cell_errors(field, cell, missing)]
    for place, field in enumerate(fields):
        seen = {}
        for number, row in enumerate(rows, start=2):
            value = WRONG if row[place] in missing else read(field, row[place])
            if not field.get("constraints", {}).get("unique") or value is WRONG:
                continue
            if value in seen:
                found.append((number, field["name"], "unique"))
            seen[value] = number
    return sorted(found)
