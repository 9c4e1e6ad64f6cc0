"""The `opening_hours` of OpenStreetMap, as a pattern, in the words of its specification
(https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification).

The specification reads from left to right and never comes back on a choice made: groups are atomic and repetitions possessive,
so that a text is read in one pass, whatever it holds. Same verdicts as the reference, that is the parser of `opening-hours-py`
0.6, stricter than its successors: two digits for an hour, capitals for a day, one space after a semicolon.
"""

from __future__ import annotations

import re


def _first(*choices: str) -> str:
    """The first of the choices that matches, for good."""
    return f"(?>{'|'.join(choices)})"


def _maybe(part: str) -> str:
    return f"(?:{part})?+"


def _listed(part: str) -> str:
    """One or several, separated by commas."""
    return f"{part}(?:,{part})*+"


_PLUS_OR_MINUS = "[+-]"
_POSITIVE_NUMBER = "0*+[1-9][0-9]{0,17}+(?![0-9])"
_UP_TO_255 = "0*+(?>25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9][0-9]?+)(?![0-9])"
_UP_TO_9999 = "0*+[1-9][0-9]{0,3}+(?![0-9])"
_YEAR = "(?>19[0-9]{2}|[2-9][0-9]{3})"
_MONTH = "(?>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_WEEK_DAY = "(?>Su|Mo|Tu|We|Th|Fr|Sa)"
_WEEK_NUMBER = "(?>0[1-9]|[1-4][0-9]|5[0-3])"
_DAY_NUMBER = "(?>[0-2][0-9]|3[01]|[0-9])"
_MINUTE = "[0-5][0-9]"
_HOUR_MINUTES = f"(?>[01][0-9]|2[0-4]):{_MINUTE}"
_EXTENDED_HOUR_MINUTES = f"(?>[0-3][0-9]|4[0-8]):{_MINUTE}"
_COMMENT = '"[^"]++"'

_EVENT = "(?>dawn|sunrise|sunset|dusk)"
_VARIABLE_TIME = _first(rf"\({_EVENT}{_PLUS_OR_MINUS}{_HOUR_MINUTES}\)", _EVENT)
_TIME = _first(_HOUR_MINUTES, _VARIABLE_TIME)
_EXTENDED_TIME = _first(_EXTENDED_HOUR_MINUTES, _VARIABLE_TIME)
# A time alone, or open-ended (`08:00`, `08:00+`), and a repetition in minutes, are of the specification, not of the reference.
_TIME_SPAN = _first(
    f"{_TIME}-{_EXTENDED_TIME}/{_HOUR_MINUTES}", rf"{_TIME}-{_EXTENDED_TIME}\+", f"{_TIME}-{_EXTENDED_TIME}"
)
_TIME_SELECTOR = _listed(_TIME_SPAN)

_DAY_OFFSET = f" {_PLUS_OR_MINUS}{_POSITIVE_NUMBER} days?+"
_NTH_ENTRY = _first("[1-5]-[1-5]", "[1-5]")
_WEEK_DAY_RANGE = _first(
    rf"{_WEEK_DAY}\[{_listed(_NTH_ENTRY)}\]{_maybe(_DAY_OFFSET)}", f"{_WEEK_DAY}-{_WEEK_DAY}", _WEEK_DAY
)
_WEEK_DAYS = _listed(_WEEK_DAY_RANGE)
_HOLIDAYS = _listed(_first(f"PH{_maybe(_DAY_OFFSET)}", "SH"))
_WEEK_DAY_SELECTOR = _first(f"{_HOLIDAYS}{_maybe(f',{_WEEK_DAYS}')}", f"{_WEEK_DAYS}{_maybe(f',{_HOLIDAYS}')}")

_WEEKS = f"-{_WEEK_NUMBER}{_maybe(f'/{_UP_TO_255}')}"
_WEEK = f"{_WEEK_NUMBER}{_maybe(_WEEKS)}"
_WEEK_SELECTOR = f"week{_listed(_WEEK)}"

_DATE_FROM = _first(f"{_maybe(f'{_YEAR} ?+')}{_MONTH} ?+{_DAY_NUMBER}", f"{_maybe(_YEAR)}easter")
_DATE_TO = _first(_DATE_FROM, _DAY_NUMBER)
_DATE_OFFSET = _first(f"{_PLUS_OR_MINUS}{_WEEK_DAY}{_DAY_OFFSET}", f"{_PLUS_OR_MINUS}{_WEEK_DAY}", _DAY_OFFSET)
_MONTH_DAY_RANGE = _first(
    f"{_DATE_FROM}{_maybe(_DATE_OFFSET)} ?+- ?+{_DATE_TO}{_maybe(_DATE_OFFSET)}",
    rf"{_DATE_FROM}{_DATE_OFFSET}\+?+",
    rf"{_DATE_FROM}\+?+",
    f"{_maybe(_YEAR)}{_MONTH}{_maybe(f'-{_MONTH}')}",
)
_MONTH_DAY_SELECTOR = _listed(_MONTH_DAY_RANGE)

_YEARS = f"-{_YEAR}{_maybe(f'/{_UP_TO_9999}')}"
_YEAR_RANGE = _first(rf"{_YEAR}\+", f"{_YEAR}{_maybe(_YEARS)}")
_YEAR_SELECTOR = _listed(_YEAR_RANGE)

_FOR_READABILITY = "(?: |: |:)?+"
_WIDE_SELECTORS = _first(
    f"{_COMMENT}:",
    f"{_MONTH_DAY_SELECTOR}{_maybe(_WEEK_SELECTOR)}{_FOR_READABILITY}",
    f"{_maybe(_YEAR_SELECTOR)}{_maybe(_MONTH_DAY_SELECTOR)}{_maybe(_WEEK_SELECTOR)}{_FOR_READABILITY}",
)
_SMALL_SELECTORS = _first(f"{_WEEK_DAY_SELECTOR} {_TIME_SELECTOR}", _WEEK_DAY_SELECTOR, _TIME_SELECTOR)
_SELECTORS = _first("24/7", f"{_WIDE_SELECTORS}{_maybe(_SMALL_SELECTORS)}")
_MODIFIER = _first(_COMMENT, f"(?>closed|off|open|unknown) ?+{_maybe(_COMMENT)}")
_RULE = f"{_SELECTORS} ?+{_maybe(_MODIFIER)}"
_SEPARATOR = r"(?>; |, | ?+\|\| )"
_PATTERN = re.compile(f"{_RULE}(?:{_SEPARATOR}{_RULE})*+")

LONGEST = 10_000  # characters; the longest real ones have some hundreds


def is_opening_hours(text: str) -> bool:
    """Whether `text` can be read as opening hours."""
    return len(text) <= LONGEST and _PATTERN.fullmatch(text) is not None
