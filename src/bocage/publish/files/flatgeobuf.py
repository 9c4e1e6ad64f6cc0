"""FlatGeobuf (https://flatgeobuf.org): features written by GDAL, and the spatial index by us, in memory that does not grow.

GDAL writes the index of a layer by holding all its features: 420 MB for a million points. Without index it writes them one
after the other. What an index then needs is an order (the engine sorts numbers of rows by their place on a Hilbert curve, and
puts aside what does not fit), the boxes, and where each feature begins: eight bytes each, the only thing here that grows.

GDAL tells neither the number of features nor their extent in a header without index: the header is that of a layer of one
feature with an index, where these two are then written.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

from bocage.publish.files.geographic import PIECE, GdalFile, pieces
from bocage.publish.files.packed_tree import PackedTree
from bocage.query.rendering import name

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bocage.publish.files.geographic import Task

MAGIC = 8
"""Bytes before the length of the header."""
ENVELOPE, FEATURES_COUNT = 1, 8
"""Rank of the fields in the table Header of `header.fbs`."""
WITHOUT_INDEX = ("SPATIAL_INDEX=NO",)


class FlatGeobuf(GdalFile):
    def written(self, task: Task) -> Iterator[bytes]:
        """Its spatial index has no place for a row without shape: such a layer has none. Nor has one without rows, of which
        GDAL writes a header only if it may have an index."""
        features = task.folder / "features.fgb"
        self.copy(task, features, layer=WITHOUT_INDEX if task.rows else ())
        if not task.drawing.whole:
            yield from pieces(features)
            return
        sample = task.folder / "sample.fgb"
        self.copy(task, sample, rows=1)
        yield from _indexed(task, header_of(sample), features)


def _indexed(task: Task, header: bytearray, features: Path) -> Iterator[bytes]:
    with features.open("rb") as file, (task.folder / "leaves").open("w+b") as leaves:
        start = _after_header(file)
        places = feature_places(file, start)
        count = len(places) - 1
        extent = _extent(task)
        tree = PackedTree(count, leaves)
        order = array("Q")
        place = 0
        for rows, boxes in _sorted_boxes(task, extent):
            order.frombytes(rows.tobytes())
            lengths = _lengths(places, rows)
            tree.add(boxes, place + np.cumsum(lengths) - lengths)
            place += int(lengths.sum())
        fill_header(header, count, extent)
        yield bytes(header)
        yield tree.above()
        leaves.seek(0)
        while piece := leaves.read(PIECE):
            yield piece
        yield from _reordered(file, start, places, order)


def _reordered(file: IO[bytes], start: int, places: array[int], order: array[int]) -> Iterator[bytes]:
    """The features, by their number, gathered in pieces."""
    held: list[bytes] = []
    size = 0
    for row in order:
        begin = places[row]
        file.seek(start + begin)
        feature = file.read(places[row + 1] - begin)
        held.append(feature)
        size += len(feature)
        if size >= PIECE:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def feature_places(file: IO[bytes], start: int) -> array[int]:
    """Where each feature begins, in bytes from `start`, then where the last one ends. Each is preceded by its length: there
    is no other way to know than to go from one to the next."""
    places = array("Q", [0])
    file.seek(start)
    place = 0
    while length := file.read(4):
        following = int.from_bytes(length, "little")
        file.seek(following, 1)
        place += 4 + following
        places.append(place)
    return places


def _lengths(places: array[int], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    begins = np.frombuffer(places, np.int64)
    return begins[rows + 1] - begins[rows]


def _after_header(file: IO[bytes]) -> int:
    file.seek(MAGIC)
    return MAGIC + 4 + int.from_bytes(file.read(4), "little")


def header_of(path: Path) -> bytearray:
    """The first bytes of a file, up to its index."""
    with path.open("rb") as file:
        length = _after_header(file)
        file.seek(0)
        return bytearray(file.read(length))


def fill_header(header: bytearray, count: int, extent: tuple[float, ...]) -> None:
    """Write, in place of those of the sample, the number of features and their extent: west, south, east, north."""
    struct.pack_into("<Q", header, _field(header, FEATURES_COUNT), count)
    where = _field(header, ENVELOPE)
    vector = where + struct.unpack_from("<I", header, where)[0]
    struct.pack_into("<4d", header, vector + 4, *extent)


def _field(header: bytearray, rank: int) -> int:
    """Where a field of the root table is (FlatBuffers: the table points back to the offsets of its fields)."""
    root = MAGIC + 4 + struct.unpack_from("<I", header, MAGIC + 4)[0]
    offsets = root - struct.unpack_from("<i", header, root)[0]
    offset: int = struct.unpack_from("<H", header, offsets + 4 + 2 * rank)[0]
    if not offset:
        raise ValueError(f"GDAL wrote no field {rank} in the header of a layer with an index")
    return int(root + offset)


def _bounds(task: Task) -> list[str]:
    shape = f"ST_GeomFromWKB({name(task.shape.name)})"
    return [f"ST_{side}({shape})" for side in ("XMin", "YMin", "XMax", "YMax")]


def _extent(task: Task) -> tuple[float, ...]:
    west, south, east, north = _bounds(task)
    [found] = task.engine.execute(
        f"SELECT min({west}), min({south}), max({east}), max({north}) FROM {task.drawing.source}"
    )
    return tuple(float(one) for one in found)


def _sorted_boxes(task: Task, extent: tuple[float, ...]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """Numbers of rows (from 0) and their boxes (n, 4), along the curve; equal places in the order of the rows."""
    box = "{{'min_x': {!r}, 'min_y': {!r}, 'max_x': {!r}, 'max_y': {!r}}}::BOX_2D".format(*_not_flat(extent))
    sides = ", ".join(f"{bound} AS b{rank}" for rank, bound in enumerate(_bounds(task)))
    shape = f"ST_GeomFromWKB({name(task.shape.name)})"
    numbered = (
        f"SELECT row_number() OVER () - 1 AS n, ST_Hilbert({shape}, {box}) AS h, {sides} FROM {task.drawing.source}"
    )
    for batch in task.engine.arrow(f"SELECT n, b0, b1, b2, b3 FROM ({numbered}) ORDER BY h, n"):
        columns = [batch.column(rank).to_numpy(zero_copy_only=False) for rank in range(5)]
        yield columns[0].astype(np.int64), np.column_stack(columns[1:])


def _not_flat(extent: tuple[float, ...]) -> tuple[float, ...]:
    """An extent with a width and a height: the engine divides by them."""
    west, south, east, north = extent
    return west, south, east if east > west else west + 1, north if north > south else south + 1


FLATGEOBUF = FlatGeobuf("fgb", "FlatGeobuf", "application/vnd.flatgeobuf", reprojects="drawn")
