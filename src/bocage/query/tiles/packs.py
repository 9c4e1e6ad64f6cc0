"""The places of a version and what is drawn of them, in one file that is read where it lies: no engine, no statement.

A pack holds sections, which are Arrow batches one after the other, each along the Hilbert curve. Of each block of BLOCK rows its
bounds are known, so that a tile looks at a few blocks. It is made of the tables of `pyramid`, for those from whom nothing is kept.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bocage.query.tiles.rings import Ints, spans

BLOCK = 512
"""Rows."""
ALIGNED = 64
"""Bytes: where sections begin."""
_TRAILER = struct.Struct("<Q")
Box = tuple[float, float, float, float]


class Writer:
    """Sections, in the order in which they are written; `finish` says where they are, and what else there is to know."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._written = 0
        self._sections: dict[str, list[tuple[int, int]]] = {}

    def section(self, name: str, batches: Iterable[pa.RecordBatch]) -> None:
        """Each batch is followed by the bounds of its blocks. `batches` have `x0`, `y0`, `x1`, `y1`, or `hx`, `hy` alone."""
        places = self._sections.setdefault(name, [])
        for batch in batches:
            if batch.num_rows:
                places.append(self._put(batch))
                places.append(self._put(_blocks_of(batch)))

    def finish(self, said: dict[str, object]) -> None:
        trailer = json.dumps({"sections": self._sections, "said": said}).encode()
        self._file.write(trailer + _TRAILER.pack(len(trailer)))

    def _put(self, batch: pa.RecordBatch) -> tuple[int, int]:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema) as stream:
            stream.write_batch(batch)
        content = sink.getvalue()
        start = self._written
        padding = -content.size % ALIGNED
        self._file.write(content)
        self._file.write(bytes(padding))
        self._written += content.size + padding
        return start, content.size


def _blocks_of(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Missing bounds are no number, and are of no block."""
    sides = ("x0", "y0", "x1", "y1") if "x0" in batch.schema.names else ("hx", "hy", "hx", "hy")
    starts = np.arange(0, batch.num_rows, BLOCK)
    least, most = (np.fmin.reduceat, np.fmax.reduceat)
    bounds = [(least if rank < 2 else most)(numbers(batch, side), starts) for rank, side in enumerate(sides)]
    return pa.record_batch(bounds, names=["x0", "y0", "x1", "y1"])


def numbers(batch: pa.RecordBatch, name: str) -> npt.NDArray[Any]:
    """A column without a missing value, as it lies in memory."""
    found: npt.NDArray[Any] = batch.column(name).to_numpy(zero_copy_only=True)
    return found


class Section:
    """The rows of a section, numbered from 0."""

    def __init__(self, batches: Sequence[pa.RecordBatch], blocks: Sequence[pa.RecordBatch]) -> None:
        self.batches = batches
        self.starts: Ints = np.cumsum([0, *(one.num_rows for one in batches)])
        sides = (
            np.concatenate([numbers(one, side) for one in blocks] or [np.zeros(0)]) for side in ("x0", "y0", "x1", "y1")
        )
        self._x0, self._y0, self._x1, self._y1 = sides
        self._owner: Ints = np.repeat(np.arange(len(blocks)), [one.num_rows for one in blocks])
        self._rank: Ints = spans(np.zeros(len(blocks), np.int64), np.array([one.num_rows for one in blocks], np.int64))

    def near(self, box: Box) -> Iterator[tuple[int, pa.RecordBatch, Ints]]:
        """The number of the first row of each batch, the batch, and its rows in the blocks that meet a box: left, bottom, right,
        top."""
        left, bottom, right, top = box
        met = np.flatnonzero((self._x0 <= right) & (self._x1 >= left) & (self._y0 <= top) & (self._y1 >= bottom))
        owners = self._owner[met]
        for owner in np.unique(owners).tolist():
            batch, starts = self.batches[owner], self._rank[met[owners == owner]] * BLOCK
            yield int(self.starts[owner]), batch, spans(starts, np.minimum(BLOCK, batch.num_rows - starts))

    def rows(self, numbers: Ints, names: list[str]) -> pa.RecordBatch:
        """These rows, in the order in which they are asked, with these columns. There is at least one row in the section."""
        owners = np.searchsorted(self.starts, numbers, side="right") - 1
        order = np.argsort(owners, kind="stable")
        pieces = [
            self.batches[owner].select(names).take(pa.array(numbers[owners == owner] - self.starts[owner]))
            for owner in np.unique(owners).tolist()
        ]
        found = joined(pieces or [self.batches[0].select(names).slice(0, 0)])
        back = np.empty_like(order)
        back[order] = np.arange(len(order))
        return found if len(pieces) < 2 else found.take(pa.array(back))


def joined(batches: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    return batches[0] if len(batches) == 1 else pa.concat_batches(batches)


@dataclass(frozen=True)
class Pack:
    """`said`: what `Writer.finish` was told."""

    content: pa.Buffer
    places: dict[str, list[list[int]]]
    said: dict[str, int]

    @cached_property
    def _sections(self) -> dict[str, Section]:
        return {}

    def section(self, name: str) -> Section | None:
        """None when it was not written, or holds no row. Read once."""
        if name not in self._sections and self.places.get(name):
            found = [self._batch(start, size) for start, size in self.places[name]]
            self._sections[name] = Section(found[::2], found[1::2])
        return self._sections.get(name)

    def _batch(self, start: int, size: int) -> pa.RecordBatch:
        with pa.ipc.open_stream(self.content.slice(start, size)) as stream:
            return stream.read_next_batch()


def opened(content: pa.Buffer) -> Pack:
    """Raises ValueError for what is no pack."""
    if content.size < _TRAILER.size:
        raise ValueError("no trailer")
    (length,) = _TRAILER.unpack(content.slice(content.size - _TRAILER.size).to_pybytes())
    end = content.size - _TRAILER.size
    if length > end:
        raise ValueError("the trailer is longer than the file")
    trailer = json.loads(content.slice(end - length, length).to_pybytes())
    return Pack(content, trailer["sections"], trailer["said"])
