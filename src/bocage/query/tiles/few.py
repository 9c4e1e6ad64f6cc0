"""A layer of few features, value after value: the same bytes as `wire` writes with arrays, each operation on which takes as long
as a hundred values do here."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

    from bocage.query.tiles.rings import Ints, Rings
    from bocage.query.tiles.wire import Column, Pieces

SURFACE = 2
"""Kind of what has rings."""

_SHORT = [bytes([number]) for number in range(128)]
_SHORT += [bytes([number & 127 | 128, number >> 7]) for number in range(128, 1 << 14)]
"""The numbers of one byte and of two."""


def varint(number: int) -> bytes:
    """Of a whole number from 0 to 2^64 - 1."""
    if number < len(_SHORT):
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
    told = [column for column in columns if column.values.null_count < len(column.values)]
    if not told:
        return [], b"", [b""] * features
    tags: list[list[bytes]] = [[] for _feature in range(features)]
    values: list[bytes] = []
    known = 0
    for key, column in enumerate(told):
        name, there = varint(key), column.features.tolist()
        if column.distinct:
            values.append(laid(column.values)[0])
            pairs = [name + varint(rank) for rank in range(known, known + len(there))]
            known += len(there)
        else:
            pairs, differing = _pairs(name, known, _told(column))
            values += differing
            known += len(differing)
        for feature, pair in zip(there, pairs, strict=True):
            tags[feature].append(pair)
    return [column.name for column in told], b"".join(values), [message(2, b"".join(one)) for one in tags]


def laid(values: pa.Array) -> tuple[bytes, Ints]:
    """Of a binary array, the bytes of all, and where each begins among them, then where the last one ends."""
    _missing, offsets, content = values.buffers()
    ends = np.frombuffer(offsets, np.int32, len(values) + 1, values.offset * 4)
    first, last = int(ends[0]), int(ends[-1])
    told: bytes = content.slice(first, last - first).to_pybytes() if last > first else b""
    return told, ends.astype(np.int64) - first


def _pairs(name: bytes, known: int, values: Sequence[bytes]) -> tuple[list[bytes], list[bytes]]:
    """Of each value, what a feature says to have it, nothing when it is missing; and those that differ. `known`: values before."""
    ranks = {b"": b""}
    found = []
    for value in values:
        pair = ranks.get(value)
        if pair is None:
            pair = ranks[value] = name + varint(known + len(ranks) - 1)
        found.append(pair)
    return found, list(ranks)[1:]


def _told(column: Column) -> list[bytes]:
    """Missing values are empty."""
    content, ends = laid(column.values)
    at = ends.tolist()
    found = [content[start:end] for start, end in pairwise(at)]
    if column.values.null_count:
        there = column.values.is_valid().to_pylist()
        found = [one if known else b"" for one, known in zip(found, there, strict=True)]
    return found


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
