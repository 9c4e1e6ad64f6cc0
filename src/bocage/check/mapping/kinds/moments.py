"""Dates, instants and times as people write them, in ISO 8601. What is not one goes through unchanged."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from bocage.check.mapping.kinds.base import Kind, Param, let, matches, part, registered
from bocage.check.mapping.normal import spaced_sql, trimmed_sql
from bocage.store.engine import literal

_MONTHS = (
    "janvier|janv|jan|january", "fevrier|fevr|fev|february|feb", "mars|mar|march", "avril|avr|april|apr", "mai|may",
    "juin|june|jun", "juillet|juil|july|jul", "aout|august|aug", "septembre|sept|sep|september", "octobre|oct|october",
    "novembre|nov|november", "decembre|dec|december",
)  # fmt: skip
_MARK = "[/. -]"
_NUMERIC = f"([0-9]{{1,2}}){_MARK}([0-9]{{1,2}}){_MARK}([0-9]{{4}}|[0-9]{{2}})"
_NAMED = f"([0-9]{{1,2}})(?:er)?[ -]+({'|'.join(_MONTHS)})[.]?[ -]+([0-9]{{4}})"
_ISO = "([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})"
_TIME = "(?:[ t,]+(?:a +)?([0-9]{1,2})(?:[:h]([0-9]{2})(?::([0-9]{2})(?:[.][0-9]+)?)?|h))?"
_REST = "(?:z|[ ]?[+-][0-9]{2}:?[0-9]{2})?"
_ORDERS = (("dmy", _("day, month, year")), ("mdy", _("month, day, year")))
_WRITTEN = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
_FORMATS = "[-%YmdHMS/. :TZ]{1,24}"


def _plain(text: str) -> str:
    """Lower case, no accents, single spaces: 1ᵉʳ, 1er; a day of the week in front is left out."""
    spaced = f"strip_accents(lower({spaced_sql(text)}))"
    return f"regexp_replace({spaced}, '^(lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche),? (le )?', '')"


def _day(year: str, month: str, day: str) -> str:
    """Two-digit years: up to 68 they are of this century, as everywhere (POSIX)."""
    whole = (
        f"CASE WHEN length({year}) = 2 THEN CASE WHEN {year} <= '68' THEN '20' ELSE '19' END || {year} ELSE {year} END"
    )
    return f"TRY_CAST({whole} || '-' || lpad({month}, 2, '0') || '-' || lpad({day}, 2, '0') AS DATE)"


def _month_number(name: str) -> str:
    cases = " ".join(
        f"WHEN regexp_full_match({name}, {literal(names)}) THEN '{rank:02}'"
        for rank, names in enumerate(_MONTHS, start=1)
    )
    return f"CASE {cases} END"


def date_sql(text: str, order: str, *, serial: bool = False) -> str:
    """SQL DATE of a text; NULL when it is none. What follows the day (a time) is left out."""
    return let(_plain(text), lambda plain: f"CASE {' '.join(_days(plain, order, serial=serial))} END")


def _days(plain: str, order: str, *, serial: bool) -> list[str]:
    first, second = (1, 2) if order == "dmy" else (2, 1)
    numeric, named, iso = (f"{one}{_TIME}{_REST}" for one in (_NUMERIC, _NAMED, _ISO))
    month = _month_number(part(plain, named, 2))
    days = [
        f"WHEN {matches(plain, iso)} THEN {_day(*(part(plain, iso, rank) for rank in (1, 2, 3)))}",
        f"WHEN {matches(plain, numeric)} THEN {_day(*(part(plain, numeric, rank) for rank in (3, second, first)))}",
        f"WHEN {matches(plain, named)} THEN {_day(part(plain, named, 3), month, part(plain, named, 1))}",
        f"WHEN {matches(plain, '(1[89]|20)[0-9]{6}')} THEN CAST(try_strptime({plain}, '%Y%m%d') AS DATE)",
    ]
    if serial:  # how a workbook counts: days since the end of 1899
        days.append(
            f"WHEN {matches(plain, '[1-9][0-9]{4}([.][0-9]+)?')} "
            f"THEN DATE '1899-12-30' + CAST(floor(CAST({plain} AS DOUBLE)) AS INTEGER)"
        )
    return days


@registered
class Date(Kind):
    name = "date"
    label = _("Write the date as the schema does")
    params = {
        "order": Param(_("Order in the file"), "choice", choices=_ORDERS),
        "to": Param(_("Format wanted"), hint=_("Year-month-day when nothing is said.")),
        "serial": Param(_("Numbers of days, as a workbook keeps them"), "flag"),
    }

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        to = _format(self, params, "%Y-%m-%d")
        order = self.choice(params, "order", "dmy")
        return f"coalesce(strftime({date_sql(inputs[0], order, serial=self.flag(params, 'serial'))}, {literal(to)}), {inputs[0]})"


@registered
class DateTime(Kind):
    """An instant without offset is the local time of `zone`; the result is then in UTC, and says so."""

    name = "datetime"
    label = _("Write the date and time as the schema does")
    params = {
        "order": Param(_("Order in the file"), "choice", choices=_ORDERS),
        "zone": Param(
            _("Written in the time of"),
            "choice",
            choices=(("", _("not said")), ("UTC", _("universal time")), ("Europe/Paris", _("mainland France"))),
        ),
    }

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        zone = self.choice(params, "zone")
        plain = _plain(inputs[0])
        day = f"(?:{_NUMERIC}|{_NAMED}|{_ISO})"
        rest = f"regexp_replace({plain}, {literal(f'^{day}')}, '')"
        moment = f"{date_sql(inputs[0], self.choice(params, 'order', 'dmy'))} + {_clock(rest, _TIME)}"
        if zone:
            moment = f"timezone('UTC', timezone({literal(zone)}, {moment}))"
        written = f"strftime({moment}, '%Y-%m-%dT%H:%M:%S{'Z' if zone else ''}')"
        readable = f"{matches(plain, day + _TIME)} AND NOT {matches(inputs[0], _WRITTEN)}"
        return f"CASE WHEN {readable} THEN coalesce({written}, {inputs[0]}) ELSE {inputs[0]} END"


@registered
class Time(Kind):
    """8h, 8h30, 8:30 → 08:30:00."""

    name = "time"
    label = _("Write the time as the schema does")

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        plain = f"lower({trimmed_sql(inputs[0])})"
        whole = "([0-9]{1,2}) ?(?:[:h] ?([0-9]{2})(?:[:m]([0-9]{2})s?)?|h)"
        written = f"strftime(DATE '2000-01-01' + {_clock(plain, whole)}, '%H:%M:%S')"
        return f"CASE WHEN {matches(plain, whole)} THEN coalesce({written}, {inputs[0]}) ELSE {inputs[0]} END"


def _clock(text: str, pattern: str) -> str:
    """SQL TIME of hours, minutes, seconds: the groups of `pattern`; what is absent is zero, what is no time is NULL."""
    hour, minute, second = (
        f"lpad(coalesce(nullif({part(text, pattern, rank)}, ''), '0'), 2, '0')" for rank in (1, 2, 3)
    )
    return f"TRY_CAST({hour} || ':' || {minute} || ':' || {second} AS TIME)"


def _format(kind: Kind, params: Mapping[str, Any], default: str) -> str:
    to = kind.text(params, "to", default) or default
    if not re.fullmatch(_FORMATS, to):
        raise kind.refused(str(_("this format of date is not known.")))
    return to
