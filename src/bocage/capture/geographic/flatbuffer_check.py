"""Bounds of a FlatBuffers table, checked whole before anyone else reads it: readers in C++ trust every offset.

Only what the header of a FlatGeobuf needs: scalars, strings, vectors of doubles, tables and vectors of tables.
https://flatbuffers.dev/internals/
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

MOST_ITEMS = 100_000
PREFIX = 4  # alignment counts from the size written before the table


@dataclass(frozen=True)
class Shape:
    """What a table may hold: field number → size in bytes of a scalar, "string", "doubles", a Shape, or a list of one.

    `limits`: the highest value of a one-byte enumeration. `required`: fields that must be there."""

    fields: Mapping[int, object]
    limits: Mapping[int, int]
    required: tuple[int, ...] = ()


class OutOfBounds(ValueError):
    """An offset, a length or a code that leads nowhere."""


class Table:
    """A table at `position` of `data`; every read stays within `data`, else OutOfBounds."""

    def __init__(self, data: bytes, position: int) -> None:
        self._data, self._position = data, position
        self._vtable = position - self._unpack("<i", position)
        self._vtable_size = self._unpack("<H", self._vtable)
        self._size = self._unpack("<H", self._vtable + 2)
        self._within(self._vtable, self._vtable_size)
        self._within(position, self._size)
        if self._vtable_size < 4 or self._vtable_size % 2 or self._size < 4 or position % 4 or self._vtable % 2:
            raise OutOfBounds

    def check(self, shape: Shape) -> None:
        """Raises OutOfBounds."""
        for field in shape.required:
            if self._at(field) is None:
                raise OutOfBounds
        for field, kind in shape.fields.items():
            self._check_field(field, kind)
        for field, highest in shape.limits.items():
            if self.number(field, "<B", 0) > highest:
                raise OutOfBounds

    def number(self, field: int, code: str, default: int) -> int:
        at = self._at(field)
        return default if at is None else self._unpack(code, at)

    def text(self, field: int) -> str:
        target = self._target(field)
        if target is None:
            return ""
        start, length = self._string(target)
        return self._data[start : start + length].decode("utf-8", "replace")

    def table(self, field: int) -> Table | None:
        target = self._target(field)
        return None if target is None else Table(self._data, target)

    def _check_field(self, field: int, kind: object) -> None:
        at = self._at(field)
        if at is None:
            return
        if isinstance(kind, int):
            self._within(at, kind)
            if at - self._position + kind > self._size or (at + PREFIX) % kind:
                raise OutOfBounds
            return
        target = self._target(field)
        if target is None:
            return
        if kind == "string":
            self._string(target)
        elif kind == "doubles":
            self._within(target + 4, self._unpack("<I", target) * 8)
        elif isinstance(kind, Shape):
            Table(self._data, target).check(kind)
        elif isinstance(kind, list):
            self._check_tables(target, kind[0])

    def _check_tables(self, target: int, shape: Shape) -> None:
        count = self._unpack("<I", target)
        if count > MOST_ITEMS:
            raise OutOfBounds
        for item in range(count):
            at = target + 4 + 4 * item
            Table(self._data, at + self._unpack("<I", at)).check(shape)

    def _string(self, target: int) -> tuple[int, int]:
        """Where the characters start, and how many bytes; a NUL follows them."""
        length = self._unpack("<I", target)
        self._within(target + 4, length + 1)
        if self._data[target + 4 + length]:
            raise OutOfBounds
        return target + 4, length

    def _at(self, field: int) -> int | None:
        entry = 4 + 2 * field
        if entry + 2 > self._vtable_size:
            return None
        offset = self._unpack("<H", self._vtable + entry)
        if offset and not 4 <= offset < self._size:
            raise OutOfBounds
        return self._position + offset if offset else None

    def _target(self, field: int) -> int | None:
        at = self._at(field)
        if at is None:
            return None
        if at % 4:
            raise OutOfBounds
        target = at + self._unpack("<I", at)
        if target % 4:
            raise OutOfBounds
        return target

    def _unpack(self, code: str, at: int) -> int:
        self._within(at, struct.calcsize(code))
        return int(struct.unpack_from(code, self._data, at)[0])

    def _within(self, at: int, length: int) -> None:
        if at < 0 or at + length > len(self._data):
            raise OutOfBounds
