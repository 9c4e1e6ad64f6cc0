"""Is a text a geometry in WKT? Its grammar only: rings may be open, as the reference has it."""

from __future__ import annotations

import re

_NUMBER = r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_TOKEN = re.compile(rf"\s*(?:(?P<word>[A-Za-z]+)|(?P<number>{_NUMBER})|(?P<sign>[(),]))")
# How deep the lists of each kind go: a point is one position, a polygon a list of lists of positions.
_DEPTHS = {
    "POINT": 0, "LINESTRING": 1, "LINEARRING": 1, "CIRCULARSTRING": 1, "POLYGON": 2, "TRIANGLE": 2, "MULTIPOINT": 1,
    "MULTILINESTRING": 2, "MULTIPOLYGON": 3, "POLYHEDRALSURFACE": 3, "TIN": 3,
}  # fmt: skip
_DIMENSIONS = ("Z", "M", "ZM")
DEEPEST = 50


def is_wkt(text: str) -> bool:
    tokens: list[tuple[str, str]] = []
    place, end = 0, len(text.rstrip())
    while place < end:
        found = _TOKEN.match(text, place)
        if found is None or found.lastgroup is None:
            return False
        tokens.append((found.lastgroup, found[found.lastgroup].upper()))
        place = found.end()
    try:
        return _geometry(tokens, 0, 0) == len(tokens)
    except (IndexError, ValueError):
        return False


def _geometry(tokens: list[tuple[str, str]], at: int, depth: int) -> int:
    """The place after the geometry that starts at `at`. Raises ValueError, IndexError."""
    kind, word = tokens[at]
    if kind != "word" or depth > DEEPEST:
        raise ValueError(word)
    at += 1
    for dimension in ("ZM", "Z", "M"):  # POINTZ as well as POINT Z
        if word not in (*_DEPTHS, "GEOMETRYCOLLECTION") and word.endswith(dimension):
            word = word.removesuffix(dimension)
            break
    if tokens[at][0] == "word" and tokens[at][1] in _DIMENSIONS:
        at += 1
    if tokens[at] == ("word", "EMPTY"):
        return at + 1
    if word == "GEOMETRYCOLLECTION":
        return _listed(tokens, at, lambda place: _geometry(tokens, place, depth + 1))
    if word == "MULTIPOINT":
        return _listed(tokens, at, lambda place: _points(tokens, place))
    return _nested(tokens, at, _DEPTHS[word] if word in _DEPTHS else _unknown(word))


def _unknown(word: str) -> int:
    raise ValueError(word)


def _nested(tokens: list[tuple[str, str]], at: int, depth: int) -> int:
    if depth == 0:
        return _listed(tokens, at, lambda place: _position(tokens, place), many=False)
    inner = depth - 1
    return _listed(
        tokens, at, (lambda place: _nested(tokens, place, inner)) if inner else lambda place: _position(tokens, place)
    )


def _points(tokens: list[tuple[str, str]], at: int) -> int:
    """The points of a MULTIPOINT: each between parentheses, or not."""
    return _nested(tokens, at, 0) if tokens[at] == ("sign", "(") else _position(tokens, at)


def _listed(tokens: list[tuple[str, str]], at: int, one: object, *, many: bool = True) -> int:
    if tokens[at] != ("sign", "("):
        raise ValueError(tokens[at][1])
    at = one(at + 1)  # type: ignore[operator]
    while many and tokens[at] == ("sign", ","):
        at = one(at + 1)  # type: ignore[operator]
    if tokens[at] != ("sign", ")"):
        raise ValueError(tokens[at][1])
    return at + 1


def _position(tokens: list[tuple[str, str]], at: int) -> int:
    start = at
    while tokens[at][0] == "number":
        at += 1
    if not 2 <= at - start <= 4:
        raise ValueError
    return at
