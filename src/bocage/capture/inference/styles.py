"""The ways in which a value is written in a file, and the SQL that reads each one.

A style gives an SQL expression over a text `x`: the typed value, or NULL when the text is not exactly that. Nothing is lost:
writing the value again in the same style gives the same text, but for what is plainly equivalent (surrounding blanks,
trailing zeros of decimals, a zero before the day, the case of yes and no, the offset of an instant).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bocage.capture.sql import literal
from bocage.catalog.vocabulary import FieldType

Expression = Callable[[str], str]

# Ordinary, no-break, narrow no-break and thin spaces, between groups of three digits.
_SPACES = " \u00a0\u202f\u2009"
_WHOLE = "(0|[1-9][0-9]{0,14})"  # 15 digits: what a double, hence JSON and JavaScript, keeps exactly
_GROUPED = f"[1-9][0-9]{{0,2}}([{_SPACES}][0-9]{{3}})+"


@dataclass(frozen=True)
class Style:
    """`read`: typed value or NULL. `shape`: a wider net in Python, that whatever `read` accepts goes through: it spares the
    engine the styles out of the question. `proof`: a condition that one value at least must meet, when the style is ambiguous
    without it. `original`: how it was written, kept with the field. `notice`: code of what to tell when it is chosen.
    `offered` False: only when a person asks for the type."""

    key: str
    type: FieldType
    read: Expression
    shape: re.Pattern[str]
    proof: Expression | None = None
    original: dict[str, str] = field(default_factory=dict)
    notice: str = ""
    offered: bool = True


def text_of(column: str, *, padded: bool = True) -> str:
    """What a style reads. `padded`: the text without the blanks around it; a cell of blanks is then empty."""
    return f"nullif(trim({column}), '')" if padded else column


def _integer(x: str) -> str:
    value = f"TRY_CAST({x} AS BIGINT)"
    return f"CASE WHEN length({x}) <= 16 AND CAST({value} AS VARCHAR) = {x} AND abs({value}) < 1e15 THEN {value} END"


def _grouped_integer(x: str) -> str:
    return f"CASE WHEN {_matches(x, f'-?({_GROUPED}|{_WHOLE})')} AND {x} <> '-0' THEN TRY_CAST({_ungrouped(x)} AS BIGINT) END"


def _number(x: str, mark: str = ".") -> str:
    """Up to 15 digits a double is exact; beyond, only when printing it with as many decimals gives the same text."""
    pattern = f"-?({_WHOLE}([{mark}][0-9]{{1,40}})?|[{mark}][0-9]{{1,14}})"
    pointed = x if mark == "." else f"replace({x}, '{mark}', '.')"
    value = f"TRY_CAST({pointed} AS DOUBLE)"
    decimals = f"CAST(length({x}) - strpos({x}, '{mark}') AS VARCHAR)"
    exact = f"(strpos({x}, '{mark}') > 0 AND format('{{:.' || {decimals} || 'f}}', {value}) = {pointed})"
    return f"CASE WHEN {_matches(x, pattern)} AND (length({x}) <= 16 OR {exact}) THEN {value} END"


def _comma_number(x: str) -> str:
    return _number(x, ",")


def _grouped_number(x: str, mark: str) -> str:
    pattern = f"-?({_GROUPED}|{_WHOLE})([{mark}][0-9]{{1,14}})?"
    return f"CASE WHEN {_matches(x, pattern)} THEN {_number(_ungrouped(x), mark)} END"


def _scientific(x: str) -> str:
    pattern = f"-?{_WHOLE}([.][0-9]{{1,15}})?([eE][+-]?[0-9]{{1,3}})?"
    mantissa = f"length(split_part(lower({x}), 'e', 1)) <= 16"
    value = f"TRY_CAST({x} AS DOUBLE)"
    return f"CASE WHEN {_matches(x, pattern)} AND {mantissa} AND isfinite({value}) THEN {value} END"


def _decimal_comma(x: str) -> str:
    """1,234 may be one and a bit or more than a thousand; 0,5 and 12,50 can only be decimals."""
    return f"(strpos({x}, ',') > 0 AND NOT {_matches(x, '-?[1-9][0-9]{0,2}(,[0-9]{3})+')})"


def _is_grouped(x: str) -> str:
    return f"({_ungrouped(x)} <> {x})"


def _boolean(yes: str, no: str) -> Expression:
    return lambda x: f"CASE lower({x}) WHEN '{yes}' THEN true WHEN '{no}' THEN false END"


def _date(pattern: str, form: str) -> Expression:
    return lambda x: f"CASE WHEN {_matches(x, pattern)} THEN CAST(try_strptime({x}, '{form}') AS DATE) END"


def _instant(pattern: str, *forms: str) -> Expression:
    listed = ", ".join(literal(form) for form in forms)
    return lambda x: f"CASE WHEN {_matches(x, pattern)} THEN {_as_utc(f'try_strptime({x}, [{listed}])')} END"


def _as_utc(timestamp: str) -> str:
    """Without offset: taken as UTC, so that it reads back as written. (AT TIME ZONE says the same ten times slower.)"""
    return f"make_timestamptz(epoch_us({timestamp}))"


def _iso_date(x: str) -> str:
    value = f"TRY_CAST({x} AS DATE)"
    return f"CASE WHEN length({x}) = 10 AND CAST({value} AS VARCHAR) = {x} THEN {value} END"


def _iso_local(x: str) -> str:
    pattern = f"{_ISO_DAY}[T ]{_CLOCK}"
    return f"CASE WHEN {_matches(x, pattern)} THEN {_as_utc(f'TRY_CAST({x} AS TIMESTAMP)')} END"


def _iso_offset(x: str) -> str:
    pattern = f"{_ISO_DAY}[T ]{_CLOCK} ?(Z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)"
    spelled = f"regexp_replace({x}, '([+-][0-9]{{2}})([0-9]{{2}})$', '\\1:\\2')"
    return f"CASE WHEN {_matches(x, pattern)} THEN TRY_CAST({spelled} AS TIMESTAMPTZ) END"


def _matches(x: str, pattern: str) -> str:
    return f"regexp_full_match({x}, {literal(pattern)})"


def _ungrouped(x: str) -> str:
    return f"translate({x}, {literal(_SPACES)}, '')"


_ISO_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = "[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6}0*)?)?"
_DMY = "[0-9]{{1,2}}{0}[0-9]{{1,2}}{0}[0-9]{{4}}"

INTEGER, NUMBER, BOOLEAN = FieldType.INTEGER, FieldType.NUMBER, FieldType.BOOLEAN
DATE, DATETIME = FieldType.DATE, FieldType.DATETIME
_DAYS = (("/", "%d/%m/%Y"), ("-", "%d-%m-%Y"), (".", "%d.%m.%Y"))

_NUMERIC = re.compile(rf"-?[0-9.,{_SPACES}]+")
_EXPONENT = re.compile(r"-?[0-9.eE+-]+")
_DAY = re.compile(r"[0-9]+[-/.][0-9]+[-/.][0-9]+")
_INSTANT = re.compile(r"[0-9]+[-/.][0-9]+[-/.][0-9]+[T ].+")
_ANYTHING = re.compile(r"(?s).*")


def _truth(yes: str, no: str, *, offered: bool = True) -> Style:
    shape = re.compile(f"{yes}|{no}", re.IGNORECASE)
    return Style(
        f"boolean-{yes}", BOOLEAN, _boolean(yes, no), shape, original={"true": yes, "false": no}, offered=offered
    )


def _day_first(mark: str, form: str) -> Style:
    return Style(f"date-dmy{mark}", DATE, _date(_DMY.format(f"[{mark}]"), form), _DAY, original={"date": form})


def _day_first_instant(mark: str, form: str) -> Style:
    pattern = f"{_DMY.format(f'[{mark}]')} [0-9]{{1,2}}:[0-9]{{2}}(:[0-9]{{2}})?"
    read = _instant(pattern, f"{form} %H:%M:%S", f"{form} %H:%M")
    original = {"datetime": f"{form} %H:%M"}
    return Style(f"datetime-dmy{mark}", DATETIME, read, _INSTANT, original=original, notice="no-offset")


# In the order of preference: the first one that every value of the column fits is the answer.
STYLES: tuple[Style, ...] = (
    *(_truth(yes, no) for yes, no in (("true", "false"), ("vrai", "faux"), ("oui", "non"), ("yes", "no"))),
    Style(
        "boolean-mixed",
        BOOLEAN,
        lambda x: f"CASE WHEN lower({x}) IN ('true', '1') THEN true WHEN lower({x}) IN ('false', '0') THEN false END",
        re.compile("true|false|0|1", re.IGNORECASE),
        proof=lambda x: f"(lower({x}) IN ('true', 'false'))",
    ),
    Style("integer", INTEGER, _integer, _NUMERIC),
    Style("integer-grouped", INTEGER, _grouped_integer, _NUMERIC, original={"thousands": " "}),
    Style("number", NUMBER, _number, _NUMERIC),
    Style("number-comma", NUMBER, _comma_number, _NUMERIC, proof=_decimal_comma, original={"decimal": ","}),
    Style(
        "number-grouped-comma",
        NUMBER,
        lambda x: _grouped_number(x, ","),
        _NUMERIC,
        proof=_is_grouped,
        original={"decimal": ",", "thousands": " "},
    ),
    Style(
        "number-grouped",
        NUMBER,
        lambda x: _grouped_number(x, "."),
        _NUMERIC,
        proof=_is_grouped,
        original={"thousands": " "},
    ),
    Style("number-scientific", NUMBER, _scientific, _EXPONENT, proof=lambda x: f"(strpos({x}, '.') > 0)"),
    Style("date-iso", DATE, _iso_date, _DAY),
    Style("date-ymd", DATE, _date("[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}", "%Y/%m/%d"), _DAY, original={"date": "%Y/%m/%d"}),
    *(_day_first(mark, form) for mark, form in _DAYS),
    Style(
        "date-short-year",
        DATE,
        _date("[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}", "%d/%m/%y"),
        _DAY,
        original={"date": "%d/%m/%y"},
        notice="short-years",
    ),
    Style("datetime-iso", DATETIME, _iso_local, _INSTANT, original={"datetime": "local"}, notice="no-offset"),
    Style("datetime-offset", DATETIME, _iso_offset, _INSTANT),
    *(_day_first_instant(mark, form) for mark, form in _DAYS),
    # What follows is read only when a person says so: alone, 0 and 1 are numbers, and O or N are letters.
    *(_truth(*pair, offered=False) for pair in (("1", "0"), ("o", "n"), ("t", "f"), ("y", "n"), ("on", "off"))),
    Style("number-comma-asked", NUMBER, _comma_number, _NUMERIC, original={"decimal": ","}, offered=False),
    Style("datetime-day", DATETIME, lambda x: _as_utc(f"CAST({_iso_date(x)} AS TIMESTAMP)"), _DAY, offered=False),
    Style(
        "object",
        FieldType.OBJECT,
        lambda x: f"CASE WHEN {x} LIKE '{{%' AND json_valid({x}) THEN {x} END",
        _ANYTHING,
        offered=False,
    ),
    Style(
        "array", FieldType.ARRAY, lambda x: f"TRY_CAST(TRY_CAST({x} AS JSON) AS VARCHAR[])", _ANYTHING, offered=False
    ),
)
