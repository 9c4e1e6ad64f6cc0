"""A regular expression of Python, written for RE2 with the same meaning; refused where RE2 has no equivalent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from re import _constants as tokens
from re import _parser as parser
from typing import Any

MOST_REPEATS = 1_000  # of RE2
_BLANKS = r"\t-\r\x{1c}-\x{20}\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
_CLASSES = {
    tokens.CATEGORY_DIGIT: r"\p{Nd}",
    tokens.CATEGORY_NOT_DIGIT: r"\P{Nd}",
    tokens.CATEGORY_SPACE: _BLANKS,
    tokens.CATEGORY_WORD: r"\p{L}\p{N}_",
}
_NEGATED = {tokens.CATEGORY_NOT_SPACE: _BLANKS, tokens.CATEGORY_NOT_WORD: r"\p{L}\p{N}_"}
_ALLOWED_FLAGS = re.UNICODE | re.IGNORECASE | re.DOTALL


class NotInRe2(Exception):
    """No expression of RE2 means the same."""


def translated(pattern: str) -> str:
    """To be searched for: its start and its end are in it, as `re.match` of `^pattern$` has them. Raises NotInRe2.

    Python's `$` also stands before a final line break, which RE2 cannot say: a text that ends with one and does not match may
    yet match in Python."""
    try:
        tree = parser.parse(f"^{pattern}$")
    except (re.error, OverflowError, RecursionError) as error:
        raise NotInRe2(str(error)) from error
    flags = tree.state.flags
    if flags & ~_ALLOWED_FLAGS:
        raise NotInRe2("flags")
    if flags & re.IGNORECASE and not pattern.isascii():
        raise NotInRe2("case of other letters than ASCII")
    letters = ("i" if flags & re.IGNORECASE else "") + ("s" if flags & re.DOTALL else "")
    return rf"(?{letters})\A(?:{_sequence(tree)})" if letters else rf"\A(?:{_sequence(tree)})"


def _sequence(items: Iterable[tuple[Any, Any]]) -> str:
    return "".join(_node(kind, what) for kind, what in items)


def _node(kind: Any, what: Any) -> str:
    writer = _WRITERS.get(kind)
    if writer is None:
        raise NotInRe2(str(kind))
    return writer(what)


def _literal(code: int) -> str:
    char = chr(code)
    return char if char.isalnum() and char.isascii() else rf"\x{{{code:x}}}"


def _in(items: list[tuple[Any, Any]]) -> str:
    negated = bool(items) and items[0][0] is tokens.NEGATE
    parts = []
    for kind, what in items[1:] if negated else items:
        if kind is tokens.LITERAL:
            parts.append(_literal(what))
        elif kind is tokens.RANGE:
            parts.append(f"{_literal(what[0])}-{_literal(what[1])}")
        elif kind is tokens.CATEGORY and what in _CLASSES:
            parts.append(_CLASSES[what])
        elif kind is tokens.CATEGORY and what in _NEGATED and len(items) == 1:
            return f"[^{_NEGATED[what]}]"
        else:
            raise NotInRe2(str(what))
    return f"[{'^' if negated else ''}{''.join(parts)}]"


def _repeat(what: tuple[int, Any, Any]) -> str:
    least, most, items = what
    unbounded = most is tokens.MAXREPEAT
    if least > MOST_REPEATS or (not unbounded and most > MOST_REPEATS):
        raise NotInRe2("too many repeats")
    return f"(?:{_sequence(items)}){{{least},{'' if unbounded else most}}}"


def _group(what: tuple[Any, int, int, Any]) -> str:
    _number, added, removed, items = what
    if added or removed:
        raise NotInRe2("flags")
    return f"(?:{_sequence(items)})"


def _branch(what: tuple[Any, list[Any]]) -> str:
    return f"(?:{'|'.join(_sequence(items) for items in what[1])})"


def _at(what: Any) -> str:
    if what in (tokens.AT_BEGINNING, tokens.AT_BEGINNING_STRING):
        return r"\A"
    if what in (tokens.AT_END, tokens.AT_END_STRING):
        return r"\z"
    raise NotInRe2(str(what))  # \b: RE2 knows the words of ASCII only


_WRITERS: dict[Any, Callable[[Any], str]] = {
    tokens.LITERAL: _literal,
    tokens.NOT_LITERAL: lambda code: f"[^{_literal(code)}]",
    tokens.ANY: lambda _what: ".",
    tokens.IN: _in,
    tokens.MAX_REPEAT: _repeat,
    tokens.MIN_REPEAT: _repeat,
    tokens.SUBPATTERN: _group,
    tokens.BRANCH: _branch,
    tokens.AT: _at,
}
