"""What reading a text as a type amounts to, in SQL and in Python.

Three answers in SQL: surely right, surely wrong, and spelled so that only Python can tell (`1_000`, digits of another script,
`2021-7-5`): those are settled once for each distinct text, by `read`, which is the reference's own meaning.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bocage.store.engine import literal

# What Python's strip() takes away. RE2 counts only ASCII blanks among its own.
BLANK = r"[\t-\r\x{1c}-\x{20}\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]*"


@dataclass(frozen=True)
class Reading:
    """SQL over one text that is not NULL. `sure`: it reads. `maybe`: where not sure, it might (never NULL, nor `sure`).

    `value`: the value where it reads and SQL can hold it, else NULL. `quick`: the same, cheaper, meaningful where `sure` only.
    `read`: the value of a text or of a constant of the schema, None when it cannot be read. `compare`: SQL of a constant in
    the terms of `quick`, None when only Python can compare."""

    sure: str
    maybe: str
    value: str
    read: Callable[[Any], Any]
    quick: str = ""
    compare: Callable[[Any], str | None] = lambda _constant: None


def matches(text: str, pattern: str) -> str:
    return f"regexp_full_match({text}, {literal(pattern)})"
