"""Bytes of a Mapbox Vector Tile 2.1, written for all features at once: the format is that of protocol buffers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from bocage.query.tiles import few
from bocage.query.tiles.requests import EXTENT
from bocage.query.tiles.rings import Ints, Rings, Truths

Bytes = npt.NDArray[np.uint8]
VERSION = 2
_SEVEN = np.uint64(7)
FEW = 1_500
"""Values and features up to which a layer is written without arrays."""
FEW_POSITIONS = 200
"""The same of positions."""


@dataclass(frozen=True)
class Pieces:
    """Bytes of many things side by side, and how many each has."""

    content: Bytes
    sizes: Ints

    def of(self, groups: Ints) -> Pieces:
        """Together by groups, which are `groups` pieces each."""
        ends = np.concatenate([[0], np.cumsum(self.sizes)])
        return Pieces(self.content, np.diff(ends[np.concatenate([[0], np.cumsum(groups)])]))


@dataclass(frozen=True)
class Column:
    """A property of `features`: the value of each in turn, as a field of the layer (`values.fields_of`); missing ones are left out.
    `distinct`: no two of them are the same."""

    name: str
    values: pa.Array
    features: Ints
    distinct: bool = False


def varints(numbers: Ints) -> Pieces:
    """Of whole numbers from 0 to 2^64 - 1: seven bits a byte, the least first. Most have one or two bytes."""
    left = numbers.astype(np.uint64)
    sizes, longer = np.ones(len(left), np.int64), left >> _SEVEN
    while longer.any():
        sizes += longer > 0
        longer >>= _SEVEN
    starts = np.cumsum(sizes) - sizes
    content = np.empty(int(sizes.sum()), np.uint8)
    content[starts] = left.astype(np.uint8) & 127 | (sizes > 1).astype(np.uint8) << 7
    some = np.flatnonzero(sizes > 1)
    rank = 0
    while len(some):
        rank += 1
        some = some[sizes[some] > rank]
        byte = (left[some] >> np.uint64(7 * rank)).astype(np.uint8) & 127
        content[starts[some] + rank] = byte | (sizes[some] > rank + 1).astype(np.uint8) << 7
    return Pieces(content, sizes)


def beside(parts: Sequence[Pieces]) -> Pieces:
    """The first piece of each part, then the second of each…"""
    table = np.stack([one.sizes for one in parts], axis=1)
    part = np.repeat(np.tile(np.arange(len(parts), dtype=np.uint8), len(table)), table.ravel())
    content = np.empty(len(part), np.uint8)
    for rank, one in enumerate(parts):
        content[part == rank] = one.content
    return Pieces(content, table.sum(axis=1))


def each(text: bytes, count: int) -> Pieces:
    return Pieces(np.tile(np.frombuffer(text, np.uint8), count), np.full(count, len(text), np.int64))


def messages(number: int, pieces: Pieces) -> Pieces:
    """As fields that have a length."""
    lengths = varints(pieces.sizes)
    heads = np.full(len(lengths.content) + len(lengths.sizes), number << 3 | 2, np.uint8)
    sizes = lengths.sizes + 1
    heads[~_first(sizes)] = lengths.content
    return beside([Pieces(heads, sizes), pieces])


def _first(sizes: Ints) -> Truths:
    """Of the bytes of pieces, which are the first one of theirs; none is empty."""
    found = np.zeros(int(sizes.sum()), bool)
    found[np.cumsum(sizes) - sizes] = True
    return found


def layer(name: str, kinds: Ints, rings: Rings, columns: Sequence[Column]) -> bytes:
    """A tile of one layer. `kinds`: 0, 1 or 2 for each feature; `rings`: integers, open, by feature, each of which has one."""
    if len(kinds) * (1 + len(columns)) <= FEW:
        keys, values, tags = few.tagged(columns, len(kinds))
        short = len(rings.at) <= FEW_POSITIONS
        shapes = few.geometries(kinds.tolist(), rings) if short else few.pieces(geometries(kinds, rings))
        features = few.featured(kinds.tolist(), tags, shapes)
    else:
        keys, values, pieces = tagged(columns, len(kinds))
        features = featured(kinds, pieces, geometries(kinds, rings))
    content = b"".join([
        few.message(1, name.encode()), features, *(few.message(3, key.encode()) for key in keys), values,
        _number(5, EXTENT), _number(15, VERSION),
    ])  # fmt: skip
    return few.message(3, content)


def featured(kinds: Ints, tags: Pieces, drawn: Pieces) -> bytes:
    """The features of a layer. `drawn`: the geometry of each."""
    types = Pieces(np.stack([np.full(len(kinds), 3 << 3), kinds + 1], axis=1).astype(np.uint8).ravel(),
                   np.full(len(kinds), 2, np.int64))  # fmt: skip
    return messages(2, beside([tags, types, messages(4, drawn)])).content.tobytes()


def _number(number: int, value: int) -> bytes:
    return few.varint(number << 3) + few.varint(value)


def geometries(kinds: Ints, rings: Rings) -> Pieces:
    """Commands of each feature. The cursor goes on from ring to ring, from the last position that was told."""
    at = rings.at.astype(np.int64)
    per_feature = np.bincount(rings.owner, minlength=len(kinds))
    moves = np.diff(at, axis=0, prepend=np.zeros((1, 2), np.int64))
    first_ring = np.cumsum(per_feature) - per_feature
    first = rings.starts[first_ring]
    moves[first] = at[first]
    zigzag = (moves << 1) ^ (moves >> 63)
    kind, counts = kinds[rings.owner], rings.counts
    sizes = np.where(kind == 0, 1 + 2 * counts, 2 * counts + 2 + (kind == few.SURFACE))
    start = np.cumsum(sizes) - sizes
    stream = np.empty(int(sizes.sum()), np.int64)
    stream[start] = np.where(kind == 0, counts << 3 | 1, 1 << 3 | 1)
    drawn = kind > 0
    stream[start[drawn] + 3] = (counts[drawn] - 1) << 3 | 2
    closed = kind == few.SURFACE
    stream[(start + sizes - 1)[closed]] = 1 << 3 | 7
    rank = np.arange(len(at)) - np.repeat(rings.starts, counts)
    place = np.repeat(start, counts) + 1 + 2 * rank + (np.repeat(drawn, counts) & (rank > 0))
    stream[place], stream[place + 1] = zigzag[:, 0], zigzag[:, 1]
    written = varints(stream)
    return written.of(np.bincount(rings.owner, sizes, minlength=len(kinds)).astype(np.int64))


def tagged(columns: Sequence[Column], features: int) -> tuple[list[str], bytes, Pieces]:
    """Names, values, and the tags of each feature. Only what is told has a name, and features have tags when anything is."""
    told = [column for column in columns if column.values.null_count < len(column.values)]
    if not told:
        return [], b"", Pieces(np.zeros(0, np.uint8), np.zeros(features, np.int64))
    tags = np.zeros((features, len(told), 2), np.int64)
    there = np.zeros((features, len(told)), bool)
    values, known = [], 0
    for key, column in enumerate(told):
        ranks, distinct = _ranked(column)
        tags[column.features, key, 1] = ranks + known
        there[column.features, key] = ranks >= 0
        values.append(few.laid(distinct)[0])
        known += len(distinct)
    tags[:, :, 0] = np.arange(len(told))
    numbers = varints(tags[there].ravel())
    return [column.name for column in told], b"".join(values), messages(2, numbers.of(2 * there.sum(axis=1)))


def _ranked(column: Column) -> tuple[Ints, pa.Array]:
    """The rank of each value among those that differ, -1 when it is missing; and these."""
    if column.distinct:
        return np.arange(len(column.values)), column.values
    found = pc.dictionary_encode(column.values)
    indices = found.indices.fill_null(-1) if found.indices.null_count else found.indices
    return indices.to_numpy(), found.dictionary
