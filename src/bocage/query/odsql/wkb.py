"""Well-known binary written in hexadecimal, 2D or with Z and M, ISO or EWKB, as WKT: read without any library."""

from __future__ import annotations

import struct
from collections.abc import Callable

_KINDS = {1: "POINT", 2: "LINESTRING", 3: "POLYGON", 4: "MULTIPOINT", 5: "MULTILINESTRING", 6: "MULTIPOLYGON"}
_COLLECTION = 7
_EWKB_Z, _EWKB_M, _EWKB_SRID = 0x8000_0000, 0x4000_0000, 0x2000_0000
MOST_NESTED = 6


class NotBinary(ValueError):
    """Not well-known binary."""


def read_wkb(digits: str) -> str:
    """WKT of the same geometry, without Z and M. Raises NotBinary."""
    try:
        reader = _Reader(bytes.fromhex(digits))
        wkt = reader.geometry(0)
    except (ValueError, KeyError, struct.error):
        raise NotBinary from None
    if reader.at != len(reader.data):
        raise NotBinary
    return wkt


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def geometry(self, nested: int) -> str:
        if nested > MOST_NESTED:
            raise NotBinary
        order = "<" if self._take("<B") == 1 else ">"
        code = self._take(f"{order}I")
        if code & _EWKB_SRID:
            self._take(f"{order}I")
        dimensions = 2 + bool(code & _EWKB_Z) + bool(code & _EWKB_M)
        code &= 0x0FFF_FFFF
        dimensions += {0: 0, 1: 1, 2: 1, 3: 2}[code // 1000]
        return self._body(code % 1000, order, dimensions, nested)

    def _body(self, kind: int, order: str, dimensions: int, nested: int) -> str:
        if kind == 1:
            return f"POINT ({self._position(order, dimensions)})"
        if kind == 2:
            return f"LINESTRING {self._line(order, dimensions)}"
        if kind == 3:
            return f"POLYGON {self._list(order, lambda: self._line(order, dimensions))}"
        members = self._members(order, nested)
        if kind == _COLLECTION:
            return f"GEOMETRYCOLLECTION ({', '.join(members)})"
        single = _KINDS[kind].removeprefix("MULTI")
        if not kind > 3 or any(not member.startswith(f"{single} ") for member in members):
            raise NotBinary
        return f"{_KINDS[kind]} ({', '.join(member.removeprefix(f'{single} ') for member in members)})"

    def _members(self, order: str, nested: int) -> list[str]:
        return [self.geometry(nested + 1) for _ in range(self._count(order))]

    def _line(self, order: str, dimensions: int) -> str:
        return self._list(order, lambda: self._position(order, dimensions))

    def _list(self, order: str, read: Callable[[], str]) -> str:
        return f"({', '.join(read() for _ in range(self._count(order)))})"

    def _position(self, order: str, dimensions: int) -> str:
        x, y, *_ = (float(self._take(f"{order}d")) for _ in range(dimensions))
        return f"{x!r} {y!r}"

    def _count(self, order: str) -> int:
        """Never more than the bytes that are left could hold."""
        count = int(self._take(f"{order}I"))
        if count > len(self.data) - self.at:
            raise NotBinary
        return count

    def _take(self, form: str) -> int:
        (value,) = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return value  # type: ignore[no-any-return]
