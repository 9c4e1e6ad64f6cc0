"""Patterns of date_format: the subset of Joda that the reference lists, as pieces that any engine can write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bocage.query.odsql.date_names import NAMES, DateNames

Part = Literal[
    "text", "year", "short_year", "weekyear", "short_weekyear", "week", "weekday_number", "weekday_name",
    "weekday_short", "day_of_year", "month", "month_name", "month_short", "day", "hour", "minute", "second",
]  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """`width`: digits, zero-padded. `text`: what is written as is. `names`: the names to choose from, from the first."""

    part: Part
    width: int = 1
    text: str = ""
    names: tuple[str, ...] = ()


LONGEST_PATTERN = 200
"""Characters: each letter of a pattern is an expression of the engine."""

_NUMBERS: dict[str, tuple[Part, int]] = {
    "y": ("year", 9), "Y": ("year", 9), "x": ("weekyear", 9), "w": ("week", 2), "e": ("weekday_number", 1), "D": ("day_of_year", 3),
    "d": ("day", 2), "H": ("hour", 2), "m": ("minute", 2), "s": ("second", 2),
}  # fmt: skip
"""Letter → part, most digits."""


class UnknownPattern(ValueError):
    """A letter that the reference does not list; the argument is the run of letters."""


def read_pattern(pattern: str, lang: str) -> tuple[Piece, ...]:
    """Raises UnknownPattern. Names are in the language of the request, English when it has none here."""
    if len(pattern) > LONGEST_PATTERN:
        raise UnknownPattern(f"more than {LONGEST_PATTERN} characters")
    names = NAMES.get(lang, NAMES["en"])
    pieces: list[Piece] = []
    at = 0
    while at < len(pattern):
        letter = pattern[at]
        if letter == "'":
            text, at = _quoted(pattern, at)
            pieces.append(Piece("text", text=text))
        elif letter.isascii() and letter.isalpha():
            end = at
            while end < len(pattern) and pattern[end] == letter:
                end += 1
            pieces.append(_piece(letter, end - at, names))
            at = end
        else:
            pieces.append(Piece("text", text=letter))
            at += 1
    return tuple(pieces)


def _quoted(pattern: str, at: int) -> tuple[str, int]:
    """The text between quotes that opens at `at`, and where it ends; `''` is a quote, inside or outside."""
    if pattern.startswith("''", at):
        return "'", at + 2
    text, at = "", at + 1
    while at < len(pattern):
        if pattern.startswith("''", at):
            text, at = text + "'", at + 2
        elif pattern[at] == "'":
            return text, at + 1
        else:
            text, at = text + pattern[at], at + 1
    raise UnknownPattern("'")


def _piece(letter: str, count: int, names: DateNames) -> Piece:
    if letter in "yY" and count == 2:
        return Piece("short_year", 2)
    if letter == "x" and count == 2:
        return Piece("short_weekyear", 2)
    if letter == "E":
        return _named("weekday_short", names.short_weekdays) if count < 4 else _named("weekday_name", names.weekdays)
    if letter == "M" and count >= 3:
        return _named("month_short", names.short_months) if count == 3 else _named("month_name", names.months)
    if letter == "M":
        return Piece("month", count)
    part, most = _NUMBERS.get(letter, (None, 0))
    if part is None or count > most:
        raise UnknownPattern(letter * count)
    return Piece(part, count)


def _named(part: Part, names: str) -> Piece:
    return Piece(part, names=tuple(names.split("|")))
