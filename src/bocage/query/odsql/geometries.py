"""`geom'…'`: WKT, WKB in hexadecimal or GeoJSON read without any library, so that only well-formed geometry reaches the engine."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from bocage.query.odsql.wkb import NotBinary, read_wkb
from bocage.query.plan import Shape

MOST_NESTED = 6
_HEXADECIMAL = re.compile(r"0[01](?:[0-9A-Fa-f]{2}){8,}")
_TOKEN = re.compile(r"\s*([A-Za-z]+|[(),]|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)")
_DEPTH = {"POINT": 0, "MULTIPOINT": 1, "LINESTRING": 1, "MULTILINESTRING": 2, "POLYGON": 2, "MULTIPOLYGON": 3}
"""Lists of lists of positions: how deep."""


class NotAGeometry(ValueError):
    """The text is neither WKT nor GeoJSON of a 2D geometry; the argument says why, in English."""


def read_shape(text: str) -> Shape:
    """Raises NotAGeometry. Coordinates are longitude, latitude; a third one is left out."""
    text = text.strip()
    if _HEXADECIMAL.fullmatch(text):
        text = _of_binary(text)
    try:
        wkt, positions = _geojson(json.loads(text), 0) if text.startswith("{") else _Wkt(text).read()
    except (json.JSONDecodeError, KeyError, TypeError, RecursionError, IndexError, AttributeError):
        raise NotAGeometry("it is neither WKT nor GeoJSON") from None
    if not positions:
        raise NotAGeometry("it is empty")
    xs, ys = [x for x, _ in positions], [y for _, y in positions]
    point = positions[0] if wkt.startswith("POINT") else None
    return Shape(wkt, (min(xs), min(ys), max(xs), max(ys)), point)


def _of_binary(digits: str) -> str:
    try:
        return read_wkb(digits)
    except NotBinary:
        raise NotAGeometry("it is not well-known binary") from None


Position = tuple[float, float]


def _geojson(value: dict[str, Any], nested: int) -> tuple[str, list[Position]]:
    if nested > MOST_NESTED:
        raise NotAGeometry("it is nested too deeply")
    if value["type"] == "Feature":
        return _geojson(value["geometry"], nested + 1)
    if value["type"] == "GeometryCollection":
        members = [_geojson(member, nested + 1) for member in value["geometries"]]
        return _collection(members)
    kind = str(value["type"]).upper()
    return _write(kind, value["coordinates"])


def _collection(members: list[tuple[str, list[Position]]]) -> tuple[str, list[Position]]:
    wkt = f"GEOMETRYCOLLECTION ({', '.join(wkt for wkt, _ in members)})"
    return wkt, [position for _, positions in members for position in positions]


def _write(kind: str, coordinates: Any) -> tuple[str, list[Position]]:
    if kind not in _DEPTH:
        raise NotAGeometry(f"{kind[:30]} is not a kind of geometry")
    positions: list[Position] = []
    body = _body(kind, coordinates, _DEPTH[kind], positions)
    return f"{kind} {body if _DEPTH[kind] else f'({body})'}", positions


def _body(kind: str, value: Any, depth: int, positions: list[Position]) -> str:
    if depth == 0:
        x, y = (_coordinate(number) for number in list(value)[:2])
        positions.append((x, y))
        return f"{x!r} {y!r}"
    items = list(value)
    if depth == 1:
        items = _complete(kind, items)
    return f"({', '.join(_body(kind, item, depth - 1, positions) for item in items)})"


def _complete(kind: str, line: list[Any]) -> list[Any]:
    """Rings are closed and long enough, lines have two ends: the engine would refuse others late and obscurely."""
    if kind.endswith("POLYGON"):
        if line and list(line[0])[:2] != list(line[-1])[:2]:
            line = [*line, line[0]]
        if len(line) < 4:
            raise NotAGeometry("a ring needs at least three different positions")
    elif kind.endswith("LINESTRING") and len(line) < 2:
        raise NotAGeometry("a line needs at least two positions")
    return line


def _coordinate(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > 1e6:
        raise NotAGeometry("a coordinate is not a number of degrees")
    return float(value)


class _Wkt:
    """Recursive descent over the tokens of WKT 2D (Z and M are read and left out)."""

    def __init__(self, text: str) -> None:
        self.tokens = list(self._tokens(text))
        self.at = 0

    @staticmethod
    def _tokens(text: str) -> Iterator[str]:
        at = 0
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise NotAGeometry(f"unexpected {text[at]} in the geometry")
            at = found.end()
            yield found.group(1)

    def read(self) -> tuple[str, list[Position]]:
        result = self._geometry(0)
        if self.at != len(self.tokens):
            raise NotAGeometry(f"unexpected {self.tokens[self.at]} after the geometry")
        return result

    def _geometry(self, nested: int) -> tuple[str, list[Position]]:
        kind = self._next().upper()
        if self.tokens[self.at].upper() in ("Z", "M", "ZM"):
            self.at += 1
        if kind == "GEOMETRYCOLLECTION":
            if nested > MOST_NESTED:
                raise NotAGeometry("it is nested too deeply")
            return _collection(self._list(lambda: self._geometry(nested + 1)))
        depth = _DEPTH.get(kind)
        if depth is None:
            raise NotAGeometry(f"{kind[:30]} is not a kind of geometry")
        if depth == 0:
            self._expect("(")
            position = self._position()
            self._expect(")")
            return _write(kind, position)
        return _write(kind, self._nested(depth))

    def _nested(self, depth: int) -> list[Any]:
        if depth == 1:
            return self._list(self._position_maybe_in_brackets)
        return self._list(lambda: self._nested(depth - 1))

    def _list(self, read: Any) -> list[Any]:
        self._expect("(")
        items = [read()]
        while self.tokens[self.at] == ",":
            self.at += 1
            items.append(read())
        self._expect(")")
        return items

    def _position_maybe_in_brackets(self) -> list[float]:
        if self.tokens[self.at] != "(":
            return self._position()
        self.at += 1
        position = self._position()
        self._expect(")")
        return position

    def _position(self) -> list[float]:
        numbers: list[float] = []
        while self.tokens[self.at] not in (",", ")"):
            try:
                numbers.append(float(self._next()))
            except ValueError:
                raise NotAGeometry("a coordinate is not a number of degrees") from None
        if not 2 <= len(numbers) <= 4:
            raise NotAGeometry("a position has two coordinates")
        return numbers

    def _next(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def _expect(self, token: str) -> None:
        if self._next() != token:
            raise NotAGeometry(f"{token} is missing in the geometry")
