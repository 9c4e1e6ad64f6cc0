"""Thrift's compact protocol, which footers of Parquet files are written in: structures read whole, whatever they hold, and written
back to the byte.

A structure is the list of its fields; a value is an int, a float, a bool, bytes, a structure, or a list of one type. Maps and
sets are in no footer: they are refused, as is all that is cut short."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, STRUCT = 1, 2, 3, 4, 5, 6, 7, 8, 9, 12
INTEGERS = (I16, I32, I64)
MOST_LEVELS = 32


class NotThrift(ValueError):
    """These bytes are not one structure of this protocol."""


@dataclass
class Listed:
    """`kind`: the type of the `items`, as it was written."""

    kind: int
    items: list[Any]


@dataclass
class Struct:
    """`fields`: number → (type, value), in their order."""

    fields: dict[int, tuple[int, Any]] = field(default_factory=dict)

    def get(self, number: int, default: Any = None) -> Any:
        found = self.fields.get(number)
        return default if found is None else found[1]

    def set(self, number: int, value: Any) -> None:
        """Of a field that is there: its type stays."""
        self.fields[number] = (self.fields[number][0], value)

    def drop(self, *numbers: int) -> None:
        for number in numbers:
            self.fields.pop(number, None)

    def put(self, number: int, kind: int, value: Any) -> None:
        """A field, new or not, in the order of the numbers."""
        self.fields[number] = (kind, value)
        self.fields = dict(sorted(self.fields.items()))


def decoded(data: bytes) -> Struct:
    """Raises NotThrift."""
    reader = _Reader(data)
    try:
        found = reader.struct(0)
    except (IndexError, struct.error):
        raise NotThrift("cut short") from None
    if reader.at != len(data):
        raise NotThrift("more than one structure")
    return found


def encoded(value: Struct) -> bytes:
    out = bytearray()
    _write_struct(out, value)
    return bytes(out)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def struct(self, level: int) -> Struct:
        if level > MOST_LEVELS:
            raise NotThrift("too many levels")
        fields: dict[int, tuple[int, Any]] = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._integer()
            kind = head & 0x0F
            fields[number] = (kind, kind == TRUE if kind in (TRUE, FALSE) else self._value(kind, level))
        return Struct(fields)

    def _value(self, kind: int, level: int) -> Any:
        if kind in INTEGERS:
            return self._integer()
        if kind == BINARY:
            return self._taken(self._unsigned())
        if kind == STRUCT:
            return self.struct(level + 1)
        if kind == LIST:
            return self._list(level + 1)
        if kind == DOUBLE:
            return struct.unpack("<d", self._taken(8))[0]
        if kind in (BYTE, TRUE, FALSE):  # in a list, a truth is a byte
            return self._byte()
        raise NotThrift(f"type {kind}")

    def _list(self, level: int) -> Listed:
        head = self._byte()
        size = head >> 4 if head >> 4 != 15 else self._unsigned()
        if size > len(self._data):
            raise NotThrift("a list longer than the whole")
        kind = head & 0x0F
        return Listed(kind, [self._value(kind, level) for _ in range(size)])

    def _byte(self) -> int:
        self.at += 1
        return self._data[self.at - 1]

    def _taken(self, size: int) -> bytes:
        self.at += size
        if self.at > len(self._data):
            raise NotThrift("cut short")
        return self._data[self.at - size : self.at]

    def _unsigned(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:  # the last byte of a number
                return value
            shift += 7

    def _integer(self) -> int:
        zigzag = self._unsigned()
        return (zigzag >> 1) ^ -(zigzag & 1)


def _write_struct(out: bytearray, value: Struct) -> None:
    before = 0
    for number, (kind, one) in value.fields.items():
        told = (TRUE if one else FALSE) if kind in (TRUE, FALSE) else kind
        if 0 < number - before < 16:  # what fits in half a byte
            out.append((number - before) << 4 | told)
        else:
            out.append(told)
            _write_integer(out, number)
        before = number
        if kind not in (TRUE, FALSE):
            _write(out, kind, one)
    out.append(0)


def _write(out: bytearray, kind: int, value: Any) -> None:
    if kind in INTEGERS:
        _write_integer(out, value)
    elif kind == BINARY:
        _write_unsigned(out, len(value))
        out += value
    elif kind == STRUCT:
        _write_struct(out, value)
    elif kind == LIST:
        size = len(value.items)
        out.append(min(size, 15) << 4 | value.kind)
        if size >= 15:  # what fits in half a byte
            _write_unsigned(out, size)
        for one in value.items:
            _write(out, value.kind, one)
    elif kind == DOUBLE:
        out += struct.pack("<d", value)
    else:
        out.append(value)


def _write_integer(out: bytearray, value: int) -> None:
    _write_unsigned(out, value << 1 if value >= 0 else ((-value) << 1) - 1)


def _write_unsigned(out: bytearray, value: int) -> None:
    while value >= 0x80:  # seven bits by byte
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
