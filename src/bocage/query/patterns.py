"""LIKE without its trap: the engine tries every way of sharing a text between the % of a pattern, and cannot be stopped inside one
text. Two % on two thousand letters take it nine seconds. Patterns are plain comparisons where they can be, and otherwise
expressions that are matched in one pass."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from bocage.catalog.vocabulary import FieldType
from bocage.query.plan import Call, Constant, Expression
from bocage.query.sql import Sql, Writer, binary, call

if TYPE_CHECKING:
    from bocage.query.plan import Like

_PIECE = re.compile(r"\\([%_\\])|(%+)|(_)|([^%_\\]+|\\)")
ANY, ONE = ("any", ""), ("one", "")


def like_sql(writer: Writer, node: Like) -> Sql:
    pieces, value = _pieces(str(_innermost(node.pattern).value)), writer.value(node.operand)

    def text(written: str) -> Sql:
        return writer.value(_folded(node.pattern, written))

    return _plain(value, pieces, text) or call("regexp_full_match", value, text(_expression(pieces)))


def _plain(value: Sql, pieces: list[tuple[str, str]], text: Callable[[str], Sql]) -> Sql | None:
    """A comparison without any expression, where the pattern is one. Of a missing text, nothing is known."""
    match pieces:
        case [] | [("text", _)]:
            return binary(exp.EQ, value, text("".join(written for _kind, written in pieces)))
        case [("any", _)] | [("text", _), ("any", _)]:
            return call("starts_with", value, text("".join(written for _kind, written in pieces)))
        case [("any", _), ("text", end)]:
            return call("suffix", value, text(end))
        case [("any", _), ("text", inside), ("any", _)]:
            return call("contains", value, text(inside))
    return None


def _pieces(pattern: str) -> list[tuple[str, str]]:
    """Texts between what stands for any text and for one character."""
    found: list[tuple[str, str]] = []
    for protected, any_, one, plain in _PIECE.findall(pattern):
        if any_ or one:
            found.append(ANY if any_ else ONE)
        elif found and found[-1][0] == "text":
            found[-1] = ("text", found[-1][1] + (protected or plain))
        else:
            found.append(("text", protected or plain))
    return found


def _expression(pieces: list[tuple[str, str]]) -> str:
    """RE2, of which no letter is more than itself: the expression is folded as the text was."""
    written = {"any": ".*", "one": "."}
    return "(?s)" + "".join(written.get(kind) or re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text) for kind, text in pieces)


def _innermost(pattern: Expression) -> Constant:
    while isinstance(pattern, Call):
        (pattern,) = pattern.arguments
    assert isinstance(pattern, Constant)  # noqa: S101  plans are made so
    return pattern


def _folded(pattern: Expression, text: str) -> Expression:
    """`text` in the place of the pattern, folded as it is."""
    if isinstance(pattern, Call):
        return replace(pattern, arguments=(_folded(pattern.arguments[0], text),))
    return Constant(text, FieldType.STRING)
