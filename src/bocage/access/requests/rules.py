"""Dates of a request; pure functions."""

from __future__ import annotations

import calendar
from datetime import date, timedelta


def promised_by(asked_on: date, days: int) -> date:
    """The last day of the delay, in calendar days: anybody can count them."""
    return asked_on + timedelta(days=days)


def last_day(start: date, months: int) -> date:
    """The day before the same day `months` later, included: from 15 January, one month lasts until 14 February; a day that the
    month does not have is its last one."""
    year, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + year, month + 1
    same = date(year, month, min(start.day, calendar.monthrange(year, month)[1]))
    return same - timedelta(days=1)
