"""The words of `q`, one after the other. Every character is looked at a bounded number of times."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bocage.publish.first_version.refusals import Malformed

LONGEST_QUERY = 5_000
"""Characters of one `q`."""
_BLANK = re.compile(r"\s+")
_NAME = re.compile(r"\w[\w.-]*")
_OPERATOR = re.compile(r"\s{0,20}(:?(?:>=|<=|>|<)|==|:|=)\s{0,20}")
_FUNCTION = re.compile(r"#(\w+)\s{0,20}\(")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_SINGLE = re.compile(r"'((?:[^'\\]|\\.)*)'", re.DOTALL)
_WORD = re.compile(r'[^\s()"]+')
_VALUE = re.compile(r'[^\s()"]+')
_OPENINGS, _CLOSINGS = "[]{", "][}"

Kind = Literal["word", "quoted", "open", "close", "field", "range", "function", "end"]


@dataclass(frozen=True)
class Token:
    """`text`: the word, the value, the name of the field or of the function. A `field` has its `operator`; a `range` both
    bounds and its brackets; a `function` its arguments as written."""

    kind: Kind
    text: str = ""
    operator: str = ""
    low: str = ""
    high: str = ""
    closed: tuple[bool, bool] = (True, True)
    start: int = 0


def tokens_of(text: str, fields: Mapping[str, object]) -> Iterator[Token]:
    """`fields`: names that may stand before an operator. Raises Malformed."""
    if len(text) > LONGEST_QUERY:
        raise Malformed("q", f"{len(text)} characters, at most {LONGEST_QUERY} are accepted")
    at = 0
    valued = False
    while True:
        if blank := _BLANK.match(text, at):
            at = blank.end()
        if at == len(text):
            yield Token("end", start=at)
            return
        token, at = _value(text, at) if valued else _next(text, at, fields)
        valued = token.kind == "field"
        yield token


def _next(text: str, at: int, fields: Mapping[str, object]) -> tuple[Token, int]:
    if text[at] in "()":
        return Token("open" if text[at] == "(" else "close", text[at], start=at), at + 1
    if text[at] == '"':
        return _quoted(_QUOTED, text, at)
    if text[at] == "#" and (function := _FUNCTION.match(text, at)):
        return _function(function, text)
    if name := _NAME.match(text, at):
        operator = _OPERATOR.match(text, name.end())
        if operator and (name[0] in fields or _looks_like_a_field(name[0], text, operator)):
            return Token("field", name[0], operator=operator[1].lstrip(":") or ":", start=at), operator.end()
    word = _WORD.match(text, at)
    assert word is not None  # noqa: S101  blanks, brackets and quotes were read before
    return Token("word", word[0], start=at), word.end()


def _looks_like_a_field(name: str, text: str, operator: re.Match[str]) -> bool:
    """A name that is no field is refused later, rather than searched as a word; not the hours 12:30 nor an address."""
    return not name[0].isdigit() and not text.startswith("//", operator.end())


def _value(text: str, at: int) -> tuple[Token, int]:
    """What follows an operator."""
    if text[at] in _OPENINGS:
        return _range(text, at)
    if text[at] == "(":
        return Token("open", "(", start=at), at + 1
    if text[at] == '"':
        return _quoted(_QUOTED, text, at)
    if text[at] == "'":
        return _quoted(_SINGLE, text, at)
    if text[at] == "#" and (function := _FUNCTION.match(text, at)):
        return _function(function, text)
    if value := _VALUE.match(text, at):
        return Token("word", value[0], start=at), value.end()
    raise Malformed("q", f"a value was expected at position {at}")


def _quoted(pattern: re.Pattern[str], text: str, at: int) -> tuple[Token, int]:
    if found := pattern.match(text, at):
        return Token("quoted", re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL), start=at), found.end()
    raise Malformed("q", f"the quotation mark opened at position {at} is never closed")


def _range(text: str, at: int) -> tuple[Token, int]:
    """`[a TO b]`; a bracket turned outwards, or a brace, leaves its bound out."""
    end = min((found for mark in _CLOSINGS if (found := text.find(mark, at + 1)) >= 0), default=-1)
    words = text[at + 1 : end].split() if end >= 0 else []
    between = [place for place, word in enumerate(words) if word.upper() == "TO"]
    if len(between) != 1 or not 0 < between[0] < len(words) - 1:
        raise Malformed("q", f"an interval like [2013 TO 2014] was expected at position {at}")
    low, high = " ".join(words[: between[0]]), " ".join(words[between[0] + 1 :])
    closed = (text[at] == "[", text[end] == "]")
    return Token("range", low=low, high=high, closed=closed, start=at), end + 1


def _function(found: re.Match[str], text: str) -> tuple[Token, int]:
    """`#name(…)`: up to the bracket that closes it, quotes and inner brackets apart."""
    at, depth = found.end(), 1
    while at < len(text):
        if text[at] == '"':
            at = _quoted(_QUOTED, text, at)[1]
            continue
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1
        if depth == 0:
            return Token("function", found[1].lower(), low=text[found.end() : at - 1], start=found.start()), at
    raise Malformed("q", f"the bracket of #{found[1][:50]} is never closed")
