"""The header of a FlatGeobuf file, read by ourselves: GDAL dies on a cut one, and stops in silence at a cut feature.

Layout: 8 bytes of signature, the size of the header (uint32), the header (a FlatBuffers table), the spatial index if any,
then each feature preceded by its size. https://github.com/flatgeobuf/flatgeobuf/blob/master/src/fbs/header.fbs
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path

from bocage.capture import crs
from bocage.capture.geo_errors import DamagedFile

SIGNATURE = b"fgb\x03fgb"
LARGEST_HEADER = 16 << 20
_FEATURES_COUNT, _INDEX_NODE_SIZE, _CRS = 8, 9, 10  # fields of `table Header`
_ORGANISATION, _CODE, _NAME, _WKT = 0, 1, 2, 4  # fields of `table Crs`


@dataclass(frozen=True)
class Header:
    """`features`: how many the file holds, counted; `crs`: canonical code, "" when not declared."""

    features: int
    crs: str


class _Table:
    """The few reads of FlatBuffers that a header needs, each within bounds (struct.error otherwise)."""

    def __init__(self, data: bytes, position: int) -> None:
        self._data, self._position = data, position
        self._vtable = position - struct.unpack_from("<i", data, position)[0]
        if self._vtable < 0:
            raise struct.error

    def _at(self, field: int) -> int | None:
        [size] = struct.unpack_from("<H", self._data, self._vtable)
        if 4 + 2 * field + 2 > size:
            return None
        [offset] = struct.unpack_from("<H", self._data, self._vtable + 4 + 2 * field)
        return self._position + offset if offset else None

    def number(self, field: int, code: str, default: int) -> int:
        at = self._at(field)
        return default if at is None else int(struct.unpack_from(code, self._data, at)[0])

    def _target(self, field: int) -> int | None:
        at = self._at(field)
        return None if at is None else at + struct.unpack_from("<I", self._data, at)[0]

    def table(self, field: int) -> _Table | None:
        target = self._target(field)
        return None if target is None else _Table(self._data, target)

    def text(self, field: int) -> str:
        target = self._target(field)
        if target is None:
            return ""
        [length] = struct.unpack_from("<I", self._data, target)
        return self._data[target + 4 : target + 4 + length].decode("utf-8", "replace")


def read_header(file: Path) -> Header:
    """Check the whole framing of the file. Raises DamagedFile, CrsNotSupported."""
    size = file.stat().st_size
    with file.open("rb") as stream:
        start = stream.read(12)
        if len(start) < 12 or not start.startswith(SIGNATURE):
            raise DamagedFile(format="FlatGeobuf", detail="header")
        [length] = struct.unpack_from("<I", start, 8)
        if not 8 <= length <= min(LARGEST_HEADER, size - 12):
            raise DamagedFile(format="FlatGeobuf", detail="header")
        data = stream.read(length)
    try:
        table = _Table(data, struct.unpack_from("<I", data)[0])
        announced = table.number(_FEATURES_COUNT, "<Q", 0)
        node = table.number(_INDEX_NODE_SIZE, "<H", 16)
        index = _index_size(announced, node)
        system = _system(table.table(_CRS))
    except struct.error:
        raise DamagedFile(format="FlatGeobuf", detail="header") from None
    counted = _count(file, 12 + length + index, size)
    if announced and counted != announced:
        raise DamagedFile(format="FlatGeobuf", detail=f"{counted} / {announced}")
    return Header(counted, system)


def _system(table: _Table | None) -> str:
    if table is None:
        return ""
    code = table.number(_CODE, "<i", 0)
    if code > 0 and table.text(_ORGANISATION).upper() in ("", "EPSG"):
        return crs.canonical(f"EPSG:{code}")
    described = table.text(_WKT) or table.text(_NAME)
    return crs.parse(described) if described else ""


def _index_size(features: int, node: int) -> int:
    """Bytes of the packed R-tree: 40 per node, over as many levels as it takes to reach one root."""
    if features == 0 or node == 0:
        return 0
    if node < 2:
        raise struct.error
    level, nodes = features, features
    while level != 1:
        level = -(-level // node)
        nodes += level
    return nodes * 40


def _count(file: Path, start: int, size: int) -> int:
    """Follow the sizes of the features to the very end of the file."""
    if start == size:
        return 0
    if start > size:
        raise DamagedFile(format="FlatGeobuf", detail="index")
    count, unpack = 0, struct.Struct("<I").unpack_from
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        while start + 4 <= size:
            start += 4 + unpack(data, start)[0]
            count += 1
    if start != size:
        raise DamagedFile(format="FlatGeobuf", detail=f"feature {count}")
    return count
