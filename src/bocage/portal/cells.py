"""A value of a row as a person reads it, by the type of its field."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType

LONG = 60
LONGEST = 400


@dataclass(frozen=True)
class Cell:
    """`kind`: absent, number, text, long or link. `machine`: the exact value, for `<time>` and tooltips."""

    kind: str
    text: str
    machine: str = ""


ABSENT = Cell("absent", "")


def _number(value: Any) -> str:
    """Exact, with the decimal mark of the language; thousands are grouped from 10 000 so that years stay whole."""
    plain = format(Decimal(str(value)), "f")
    whole, _dot, decimals = plain.partition(".")
    if len(whole.lstrip("-")) > 4:
        whole = f"{int(whole):,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    decimals = decimals.rstrip("0")
    return f"{whole}{get_format('DECIMAL_SEPARATOR')}{decimals}" if decimals else whole


def _day(value: Any) -> str:
    try:
        return date_format(date.fromisoformat(str(value)), pgettext("format of a day", "Y-m-d"))
    except ValueError:
        return str(value)


def _instant(value: Any) -> str:
    try:
        instant = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    local = timezone.localtime(instant) if timezone.is_aware(instant) else instant
    return date_format(local, pgettext("format of an instant", "Y-m-d H:i"))


def _point(value: Any) -> str:
    """Latitude first, as people and map services say it."""
    return f"{value['lat']:.5f}, {value['lon']:.5f}"


def _shape(value: Any) -> str:
    return str((value.get("geometry") or {}).get("type", ""))


def _list(value: Any) -> str:
    return ", ".join(str(one) for one in value)


def _json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


_WRITERS: dict[FieldType, Callable[[Any], str]] = {
    FieldType.INTEGER: _number,
    FieldType.NUMBER: _number,
    FieldType.BOOLEAN: lambda value: _("Yes") if value else _("No"),
    FieldType.DATE: _day,
    FieldType.DATETIME: _instant,
    FieldType.GEOPOINT: _point,
    FieldType.GEOMETRY: _shape,
    FieldType.ARRAY: _list,
    FieldType.OBJECT: _json,
}
_MACHINE = (FieldType.DATE, FieldType.DATETIME)
_NUMBERS = (FieldType.INTEGER, FieldType.NUMBER)


def _is_link(text: str) -> bool:
    return text.startswith(("https://", "http://")) and not any(mark in text for mark in ' \n\t"<>')


def cell(field: Field, value: Any) -> Cell:
    """The value as shown in a table. Addresses become links; what is very long is cut."""
    if value is None or value in ("", []):
        return ABSENT
    text = _WRITERS.get(field.type, str)(value)
    if field.type in _NUMBERS:
        return Cell("number", text)
    if field.type in _MACHINE:
        return Cell("date", text, str(value))
    if field.type == FieldType.STRING and _is_link(text):
        return Cell("link", text if len(text) <= LONG else f"{text[:LONG]}…", text)
    if len(text) > LONG:
        return Cell("long", text if len(text) <= LONGEST else f"{text[:LONGEST]}…")
    return Cell("text", text)
