"""Regular expressions of schemas: what the engine (RE2) takes, and what `A|B` really means to the reference."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

LONGEST = 2_000


def refusal(pattern: str) -> str:
    """Why RE2 refuses the expression, in its own words; empty when it takes it."""
    if len(pattern) > LONGEST:
        return f"> {LONGEST}"
    try:
        pc.match_substring_regex(pa.array([""]), pattern)
    except pa.ArrowInvalid as error:
        return str(error).partition(": ")[2] or str(error)
    return ""


def is_expression(pattern: str) -> bool:
    """Python reads it: what RE2 refuses (back-references, some escapes) is then applied to the distinct values."""
    if len(pattern) > LONGEST:
        return False
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return False
    return True


def alternates_at_the_top(pattern: str) -> bool:
    """`A|B` outside every bracket. The reference puts `^` before and `$` after: it reads `(^A)|(B$)`."""
    depth, in_class, escaped = 0, False, False
    for rank, letter in enumerate(pattern):
        if escaped:
            escaped = False
        elif letter == "\\":
            escaped = True
        elif in_class:
            in_class = letter != "]" or pattern[rank - 1] == "["
        elif letter == "[":
            in_class = True
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == "|" and depth == 0:
            return True
    return False


def accepts(pattern: str, value: str) -> bool | None:
    """Does the expression take the whole of `value`, as the reference reads it? None when RE2 cannot tell."""
    if refusal(pattern):
        return None
    return bool(pc.match_substring_regex(pa.array([value]), f"^(?:{pattern})$")[0].as_py())
