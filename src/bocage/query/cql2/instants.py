"""`DATE('…')` and `TIMESTAMP('…')`: RFC 3339, no other way of writing them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from datetime import date as day

from django.utils.translation import gettext_noop

from bocage.catalog.vocabulary import FieldType
from bocage.query.cql2 import nodes
from bocage.query.cql2.reading import Reading
from bocage.query.plan import Constant

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,12}))?([Zz]|[+-]\d\d:\d\d)")


def read_date(written: str) -> day | None:
    try:
        return day.fromisoformat(written) if _DATE.fullmatch(written) else None
    except ValueError:
        return None


def read_timestamp(written: str) -> datetime | None:
    """Aware, in UTC, to the microsecond; None when it is no instant of the calendar."""
    found = _TIMESTAMP.fullmatch(written)
    if found is None:
        return None
    date_, time, fraction, offset = found.groups()
    zone = "+00:00" if offset in "Zz" else offset
    try:
        return datetime.fromisoformat(f"{date_}T{time}.{(fraction or '')[:6]:0<6}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def date(node: nodes.Date, reading: Reading) -> Constant:
    found = read_date(node.value)
    if found is None:
        raise reading.scope.malformed(gettext_noop("Invalid date: %(written)s"), written=node.value[:100])
    return Constant(found, FieldType.DATE)


def timestamp(node: nodes.Timestamp, reading: Reading) -> Constant:
    found = read_timestamp(node.value)
    if found is None:
        raise reading.scope.malformed(gettext_noop("Invalid date: %(written)s"), written=node.value[:100])
    return Constant(found, FieldType.DATETIME)
