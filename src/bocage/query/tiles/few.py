"""A layer of few features, value after value: the same bytes as `wire` writes with arrays, each operation on which takes as long
as a hundred values do here."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from typing import Any

    from bocage.query.tiles.rings import Rings
    from bocage.query.tiles.wire import Column, Pieces

SURFACE = 2
"""Kind of what has rings."""

_SHORT = [bytes([number]) for number in range(128)]
_DOUBLE = struct.Struct("<Bd")
_LARGEST = (1 << 64) - 1


def varint(number: int) -> bytes:
    """Of a whole number from 0 to 2^64 - 1."""
    if number < 128:
        return _SHORT[number]
    found = bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    found.append(number)
    return bytes(found)


def message(number: int, content: bytes) -> bytes:
    """As a field that has a length."""
    return _SHORT[number << 3 | 2] + varint(len(content)) + content


def tagged(columns: Sequence[Column], features: int) -> tuple[list[str], bytes, list[bytes]]:
    """As `wire.tagged`: names, values, and the tags of each feature."""
    told = [(column, *_ranked(column)) for column in columns]
    told = [one for one in told if one[2]]
    if not told:
        return [], b"", [b""] * features
    starts = _starts([(column, len(known)) for column, _ranks, known in told])
    tags: list[list[bytes]] = [[] for _feature in range(features)]
    for key, ((column, ranks, known), start) in enumerate(zip(told, starts, strict=True)):
        name = varint(key)
        pairs = [name + varint(rank) for rank in range(start, start + len(known))]
        for feature, rank in zip(column.features.tolist(), ranks, strict=True):
            if rank >= 0:
                tags[feature].append(pairs[rank])
    ordered = sorted(zip(starts, told, strict=True), key=lambda one: one[0])
    values = b"".join(message(4, value) for _start, (_column, _ranks, known) in ordered for value in known)
    return [column.name for column, *_more in told], values, [message(2, b"".join(one)) for one in tags]


def featured(kinds: Sequence[int], tags: Sequence[bytes], shapes: Sequence[bytes]) -> bytes:
    """The features of a layer, with the commands of each."""
    return b"".join(
        message(2, tag + b"\x18" + _SHORT[kind + 1] + message(4, shape))
        for kind, tag, shape in zip(kinds, tags, shapes, strict=True)
    )


def geometries(kinds: Sequence[int], rings: Rings) -> list[bytes]:
    """As `wire.geometries`."""
    found = [bytearray() for _kind in kinds]
    at, start, before, x, y = rings.at.astype(np.int64).tolist(), 0, -1, 0, 0
    for owner, count in zip(rings.owner.tolist(), rings.counts.tolist(), strict=True):
        if owner != before:
            before, x, y = owner, 0, 0
        written, kind = found[owner], kinds[owner]
        written += varint((1 if kind else count) << 3 | 1)
        for rank in range(count):
            if kind and rank == 1:
                written += varint((count - 1) << 3 | 2)
            u, v = at[start + rank]
            written += varint(_turned(u - x)) + varint(_turned(v - y))
            x, y = u, v
        if kind == SURFACE:
            written += varint(1 << 3 | 7)
        start += count
    return [bytes(one) for one in found]


def pieces(whole: Pieces) -> list[bytes]:
    content, ends = whole.content.tobytes(), np.cumsum(whole.sizes).tolist()
    return [content[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def _turned(number: int) -> int:
    """Small numbers for what is near 0, on either side."""
    return number << 1 if number >= 0 else (-number << 1) - 1


def _ranked(column: Column) -> tuple[list[int], list[bytes]]:
    """Of each value, its rank among those that differ, -1 when it is missing; and these, written."""
    values, write = _writer(column.values)
    known: dict[bytes, int] = {}
    ranks = [-1 if value is None else known.setdefault(write(value), len(known)) for value in values]
    return ranks, list(known)


def _writer(values: pa.Array) -> tuple[list[Any], Callable[[Any], bytes]]:
    kind = values.type
    if pa.types.is_boolean(kind):
        return values.to_pylist(), lambda value: b"\x38" + _SHORT[value]
    if pa.types.is_integer(kind):
        return values.to_pylist(), lambda value: b"\x20" + varint(value & _LARGEST)
    if pa.types.is_floating(kind):
        return values.to_pylist(), lambda value: _DOUBLE.pack(0x19, value)
    return values.cast(pa.large_binary()).to_pylist(), lambda value: message(1, value)


def _starts(columns: Sequence[tuple[Column, int]]) -> list[int]:
    """The rank of the first value of each column among all: those of a type are together, as `wire` has them."""
    types = {column.values.type: None for column, _count in columns}
    starts, known = [0] * len(columns), 0
    for kind in types:
        for number, (column, count) in enumerate(columns):
            if column.values.type == kind:
                starts[number] = known
                known += count
    return starts
