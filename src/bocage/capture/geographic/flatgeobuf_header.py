"""The header of a FlatGeobuf file, read by ourselves: GDAL dies on a cut one, and stops in silence at a cut feature.

Layout: 8 bytes of signature, the size of the header (uint32), the header (a FlatBuffers table), the spatial index if any,
then each feature preceded by its size. https://github.com/flatgeobuf/flatgeobuf/blob/master/src/fbs/header.fbs
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path

from bocage.capture.geographic.flatbuffer_check import OutOfBounds, Shape, Table
from bocage.capture.positions import crs
from bocage.capture.positions.errors import DamagedFile

SIGNATURE = b"fgb\x03fgb"
LARGEST_HEADER = 16 << 20
_COLUMNS, _FEATURES_COUNT, _INDEX_NODE_SIZE, _CRS = 7, 8, 9, 10  # fields of `table Header`
_ORGANISATION, _CODE, _NAME, _WKT = 0, 1, 2, 4  # fields of `table Crs`
_STRINGS = "string"
_CRS_SHAPE = Shape({0: _STRINGS, 1: 4, 2: _STRINGS, 3: _STRINGS, 4: _STRINGS, 5: _STRINGS}, {})
_COLUMN_SHAPE = Shape(
    {0: _STRINGS, 1: 1, 2: _STRINGS, 3: _STRINGS, 4: 4, 5: 4, 6: 4, 7: 1, 8: 1, 9: 1, 10: _STRINGS},
    {1: 14},
    required=(0,),
)
_HEADER_SHAPE = Shape(
    {0: _STRINGS, 1: "doubles", 2: 1, 3: 1, 4: 1, 5: 1, 6: 1, _COLUMNS: [_COLUMN_SHAPE], _FEATURES_COUNT: 8,
     _INDEX_NODE_SIZE: 2, _CRS: _CRS_SHAPE, 11: _STRINGS, 12: _STRINGS, 13: _STRINGS},
    {2: 17},
)  # fmt: skip


@dataclass(frozen=True)
class Header:
    """`features`: how many the file holds, counted; `crs`: canonical code, "" when not declared."""

    features: int
    crs: str


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
        table = Table(data, struct.unpack_from("<I", data)[0])
        table.check(_HEADER_SHAPE)
        announced = table.number(_FEATURES_COUNT, "<Q", 0)
        node = table.number(_INDEX_NODE_SIZE, "<H", 16)
        index = _index_size(announced, node)
        system = _system(table.table(_CRS))
    except OutOfBounds:
        raise DamagedFile(format="FlatGeobuf", detail="header") from None
    counted = _count(file, 12 + length + index, size)
    if announced and counted != announced:
        raise DamagedFile(format="FlatGeobuf", detail=f"{counted} / {announced}")
    return Header(counted, system)


def _system(table: Table | None) -> str:
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
        raise OutOfBounds
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
