"""What the columns of a file hold, from a bounded sample: enough to tell a SIRET from a price, never the whole file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bocage.check.mapping.kinds.words import NO, YES
from bocage.check.mapping.normal import normal
from bocage.store.engine import quoted

if TYPE_CHECKING:
    from bocage.check.table import TextTable
    from bocage.store.engine import Workshop

ROWS = 2_000
MOST_COLUMNS = 400
MOST_VALUES = 200
LONGEST = 400
MOSTLY = 0.9


class Content(StrEnum):
    """What a column plainly holds. Codes come before numbers: digits alone do not make a quantity."""

    EMPTY = "empty"
    SIRET = "siret"
    SIREN = "siren"
    RNA = "rna"
    COMMUNE_CODE = "commune code"
    PHONE = "phone"
    EMAIL = "email"
    URL = "url"
    POSITION = "position"
    BOOLEAN = "boolean"
    YEAR = "year"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    INTEGER = "integer"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True)
class Column:
    """`values`: distinct values of the sample, most frequent first, blanks around removed; `share`: rows that are filled;
    `distinct`: of these, those whose value no row before has."""

    label: str
    place: int
    share: float
    values: tuple[str, ...]
    content: Content
    distinct: float = 1.0

    @property
    def is_empty(self) -> bool:
        return not self.values


_SPACES = " \u00a0\u202f"  # the characters themselves: these patterns are also the engine's (RE2), which spells them otherwise
_DAY = r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/. ]\d{1,2}[-/. ](\d{4}|\d{2})|\d{1,2}(er)?[ -][a-zéûô]{3,9}[.]?[ -]\d{4})"
_CLOCK = r"\d{1,2}[:h]\d{2}(:\d{2}([.]\d+)?)?"
_DEGREES = r"[-+]?\d{1,3}[.]\d+"
_WORDS = frozenset((*YES, *NO))
PATTERNS: tuple[tuple[Content, re.Pattern[str]], ...] = tuple(
    (content, re.compile(pattern, re.IGNORECASE))
    for content, pattern in (
        (Content.SIRET, r"\d{3} ?\d{3} ?\d{3} ?\d{5}([.]0)?"),
        (Content.RNA, r"W\d{9}"),
        (Content.EMAIL, r"[^@\s]+@[^@\s]+[.][a-z]{2,}"),
        (Content.URL, r"(https?://|www[.])\S+"),
        (Content.PHONE, r"(\+\d{2,3} ?|0)\d([ .-]?\d{2}){4}"),
        (Content.SIREN, r"\d{3} ?\d{3} ?\d{3}([.]0)?"),
        (Content.POSITION, rf"(POINT ?)?[\[(]?{_DEGREES}\s*[,; ]\s*{_DEGREES}[\])]?\s*"),
        (Content.YEAR, r"(19|20)\d\d([.]0)?"),
        (Content.COMMUNE_CODE, r"(\d{5}|2[AB]\d{3})([.]0)?"),
        (Content.DATE, _DAY),
        (Content.DATETIME, rf"{_DAY}[T ,a]+{_CLOCK}.*"),
        (Content.TIME, _CLOCK),
        (Content.INTEGER, rf"[-+]?(\d+|\d{{1,3}}([{_SPACES}]\d{{3}})+)([.]0)?"),
        (Content.NUMBER, rf"[-+]?[\d{_SPACES}]*\d([.,]\d+)?\s*([€%a-z²³/0-9]{{1,5}})?|[-+]?[.]\d+"),
    )
)


def content_of(values: Sequence[str]) -> Content:
    """The first content that nearly all of the values have."""
    if not values:
        return Content.EMPTY
    enough = MOSTLY * len(values)
    spoken = {normal(value) for value in values}
    if spoken <= _WORDS and not spoken <= {"0", "1", "0 0", "1 0"}:
        return Content.BOOLEAN
    for content, pattern in PATTERNS:
        if sum(1 for value in values if pattern.fullmatch(value)) >= enough:
            return content
    return Content.TEXT


def columns_of(table: TextTable, workshop: Workshop) -> list[Column]:
    """The first MOST_COLUMNS columns, from the first ROWS rows."""
    named = list(zip(table.names, table.labels, strict=True))[:MOST_COLUMNS]
    if not named:
        return []
    shown = ", ".join(f"left({quoted(name)}, {LONGEST})" for name, _label in named)
    rows = workshop.execute(f"SELECT {shown} FROM ({table.sql}) AS sample LIMIT {ROWS}")
    texts = list(zip(*rows, strict=True)) or [()] * len(named)
    return [column_of(label, place, texts[place - 1]) for place, (_name, label) in enumerate(named, start=1)]


def column_of(label: str, place: int, texts: Iterable[str | None]) -> Column:
    listed = [(text or "").strip() for text in texts]
    filled = Counter(text for text in listed if text)
    values = tuple(text for text, _count in filled.most_common(MOST_VALUES))
    return Column(
        label=label.strip(),
        place=place,
        share=sum(filled.values()) / len(listed) if listed else 0.0,
        values=values,
        content=content_of(values),
        distinct=len(filled) / sum(filled.values()) if filled else 1.0,
    )
