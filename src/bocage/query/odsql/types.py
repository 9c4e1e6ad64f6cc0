"""Families of types that may be compared, and constants brought to the type they are compared with."""

from __future__ import annotations

import re
from datetime import date, datetime

from bocage.catalog.vocabulary import FieldType
from bocage.query.odsql.dates import read_moment
from bocage.query.odsql.scope import Scope
from bocage.query.plan import Constant, Expression

_NUMBER = re.compile(r"\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*")
MOST_DIGITS = 37
"""Of whole numbers that the engine compares exactly."""
_WHOLE = re.compile(rf"-?\d{{1,{MOST_DIGITS}}}")
NUMBERS = frozenset({FieldType.INTEGER, FieldType.NUMBER})
DATES = frozenset({FieldType.DATE, FieldType.DATETIME})
_FAMILIES = (NUMBERS, DATES, frozenset({FieldType.STRING}), frozenset({FieldType.BOOLEAN}))


def comparable(one: FieldType, other: FieldType) -> bool:
    return any(one in family and other in family for family in _FAMILIES)


def adapted(constant: Constant, kind: FieldType, scope: Scope) -> Constant | None:
    """`constant` as a value of `kind`: `'12'` for a number, `20220312` or `'2022-03'` for a date, `44109` for a text.

    None when it means nothing there. A constant compared with a DATE stays a DATETIME when it is not a midnight.
    """
    if kind in DATES:
        return _moment(constant, kind, scope)
    if kind == FieldType.INTEGER and constant.type == FieldType.NUMBER and _WHOLE.fullmatch(constant.written):
        return Constant(int(constant.written), FieldType.INTEGER)  # beyond 64 bits, where decimals are no longer exact
    if comparable(constant.type, kind):
        return constant
    if kind == FieldType.STRING and constant.type in NUMBERS and constant.written:
        return Constant(constant.written, FieldType.STRING)
    if kind == FieldType.STRING and constant.type == FieldType.BOOLEAN:
        return Constant("true" if constant.value else "false", FieldType.STRING)
    return _read(str(constant.value), kind) if constant.type == FieldType.STRING else None


def _read(text: str, kind: FieldType) -> Constant | None:
    """A text as a number or a boolean."""
    if kind in NUMBERS:
        return _read_number(text)
    if kind == FieldType.BOOLEAN and text.lower() in ("true", "false"):
        return Constant(text.lower() == "true", FieldType.BOOLEAN)
    return None


def _read_number(text: str) -> Constant | None:
    if not _NUMBER.fullmatch(text):
        return None
    try:
        if len(text) <= MOST_DIGITS:
            return Constant(int(text), FieldType.INTEGER)
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        return None
    return Constant(number, FieldType.NUMBER) if number - number == 0 else None


def _moment(constant: Constant, kind: FieldType, scope: Scope) -> Constant | None:
    if constant.type in (FieldType.STRING, FieldType.INTEGER):
        moment = read_moment(constant.written or str(constant.value), scope.zone)
        if moment is None:
            return None
        constant = Constant(moment.start, FieldType.DATETIME)
    if constant.type not in DATES:
        return None
    return midnight(constant, scope) if kind == FieldType.DATE else constant


def midnight(constant: Constant, scope: Scope) -> Constant:
    """A DATE when the instant is a midnight of the request's time zone, the DATETIME itself otherwise."""
    if not isinstance(constant.value, datetime):
        return constant
    local = constant.value.astimezone(scope.zone)
    if (local.hour, local.minute, local.second, local.microsecond) != (0, 0, 0, 0):
        return constant
    return Constant(local.date(), FieldType.DATE)


def day(constant: Constant, scope: Scope) -> date:
    """The local day of a date or an instant."""
    moment = constant.value
    return moment.astimezone(scope.zone).date() if isinstance(moment, datetime) else moment


def is_text(expression: Expression) -> bool:
    return expression.type in (FieldType.STRING, FieldType.ARRAY)
