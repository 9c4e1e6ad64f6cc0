"""Small writings of the console."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from bocage.pipeline.faults import from_record

register = template.Library()


@register.filter
def clock(instant: str) -> str:
    """An instant in ISO 8601 as the hour of the platform: 14:03:27."""
    try:
        return f"{timezone.localtime(datetime.fromisoformat(instant)):%H:%M:%S}"
    except ValueError:
        return instant


@register.filter
def retold(error: dict[str, Any]) -> dict[str, Any]:
    """What a run kept of its fault, in the language of the reader: rows keep it in English."""
    return from_record(error)


@register.filter
def size_of(size: int | None) -> str:
    """A size that people read: 5,6 ko."""
    if size is None:
        return ""
    amount, unit = float(size), 0
    while amount >= 1000 and unit < 3:
        amount, unit = amount / 1000, unit + 1
    return f"{number_format(amount, 0 if unit == 0 else 1)} {(_('bytes'), _('kB'), _('MB'), _('GB'))[unit]}"
