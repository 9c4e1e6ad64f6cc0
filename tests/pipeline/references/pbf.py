"""A small writer of OpenStreetMap extracts (PBF): nodes and ways, in one block, as https://wiki.openstreetmap.org/wiki/PBF_Format."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

GRANULARITY = 100  # nanodegrees

Node = tuple[int, float, float, Mapping[str, str]]
Way = tuple[int, Sequence[int], Mapping[str, str]]


def write(path: Path, nodes: Iterable[Node], ways: Iterable[Way]) -> Path:
    """`nodes`: (id, longitude, latitude, tags); `ways`: (id, ids of nodes, tags)."""
    texts = _Texts()
    dense = _dense(sorted(nodes), texts)
    lines = b"".join(_bytes(3, _way(way, texts)) for way in sorted(ways))
    group = _bytes(2, dense) + lines
    block = _bytes(1, texts.written()) + _bytes(2, group) + _number(17, GRANULARITY)
    header = b"".join(_bytes(4, name) for name in (b"OsmSchema-V0.6", b"DenseNodes"))
    path.write_bytes(_blob(b"OSMHeader", header) + _blob(b"OSMData", block))
    return path


class _Texts:
    """The table of the texts of a block; the first one is never used."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {"": 0}

    def place(self, text: str) -> int:
        return self._places.setdefault(text, len(self._places))

    def written(self) -> bytes:
        return b"".join(_bytes(1, text.encode()) for text in self._places)


def _dense(nodes: Sequence[Node], texts: _Texts) -> bytes:
    units = [(pk, round(lon * 1e9 / GRANULARITY), round(lat * 1e9 / GRANULARITY)) for pk, lon, lat, _tags in nodes]
    tags = b"".join(
        b"".join(_varint(texts.place(key)) + _varint(texts.place(value)) for key, value in said.items()) + b"\x00"
        for _pk, _lon, _lat, said in nodes
    )
    ids, lons, lats = ([one[rank] for one in units] for rank in range(3))
    return _bytes(1, _deltas(ids)) + _bytes(8, _deltas(lats)) + _bytes(9, _deltas(lons)) + _bytes(10, tags)


def _way(way: Way, texts: _Texts) -> bytes:
    pk, refs, tags = way
    keys = b"".join(_varint(texts.place(key)) for key in tags)
    values = b"".join(_varint(texts.place(value)) for value in tags.values())
    return _number(1, pk) + _bytes(2, keys) + _bytes(3, values) + _bytes(8, _deltas(refs))


def _deltas(values: Sequence[int]) -> bytes:
    """Differences, zigzag."""
    before = [0, *values][: len(values)]
    return b"".join(_varint(((now - was) << 1) ^ ((now - was) >> 63)) for was, now in zip(before, values, strict=True))


def _blob(kind: bytes, content: bytes) -> bytes:
    blob = _number(2, len(content)) + _bytes(3, zlib.compress(content))
    header = _bytes(1, kind) + _number(3, len(blob))
    return struct.pack(">I", len(header)) + header + blob


def _bytes(tag: int, content: bytes) -> bytes:
    return _varint(tag << 3 | 2) + _varint(len(content)) + content


def _number(tag: int, value: int) -> bytes:
    return _varint(tag << 3) + _varint(value)


def _varint(value: int) -> bytes:
    written = bytearray()
    value &= (1 << 64) - 1
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*written, value])
