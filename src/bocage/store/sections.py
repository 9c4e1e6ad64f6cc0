"""Arrow batches one after the other in a file, by name: written once, read where they lie.

The end of the file says where each is, with what else there is to know. Batches begin where the processor reads them best.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa

ALIGNED = 64
"""Bytes."""
_TRAILER = struct.Struct("<Q")


class SectionsWriter:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._written = 0
        self._places: dict[str, list[tuple[int, int]]] = {}

    def put(self, name: str, batch: pa.RecordBatch) -> None:
        """After those that this section has already."""
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema) as stream:
            stream.write_batch(batch)
        content = sink.getvalue()
        padding = -content.size % ALIGNED
        self._file.write(content)
        self._file.write(bytes(padding))
        self._places.setdefault(name, []).append((self._written, content.size))
        self._written += content.size + padding

    def finish(self, said: dict[str, object]) -> None:
        trailer = json.dumps({"sections": self._places, "said": said}).encode()
        self._file.write(trailer + _TRAILER.pack(len(trailer)))


@dataclass(frozen=True)
class Sections:
    """`places`: start and size of each batch of each section, from the beginning of `content`. `said`: what `finish` was told."""

    content: pa.Buffer
    places: dict[str, list[tuple[int, int]]]
    said: dict[str, Any]

    def batches(self, name: str) -> list[pa.RecordBatch]:
        """Those of a section, none when it was not written. Nothing is copied."""
        return [self._batch(start, size) for start, size in self.places.get(name, ())]

    def _batch(self, start: int, size: int) -> pa.RecordBatch:
        with pa.ipc.open_stream(self.content.slice(start, size)) as stream:
            return stream.read_next_batch()


def read_sections(content: pa.Buffer) -> Sections:
    """Raises ValueError for what is no such file."""
    if content.size < _TRAILER.size:
        raise ValueError("no trailer")
    (length,) = _TRAILER.unpack(content.slice(content.size - _TRAILER.size).to_pybytes())
    end = content.size - _TRAILER.size
    if length > end:
        raise ValueError("the trailer is longer than the file")
    trailer = json.loads(content.slice(end - length, length).to_pybytes())
    return Sections(content, trailer["sections"], trailer["said"])


def gathered(
    rows: npt.NDArray[Any], starts: npt.NDArray[np.int64], piece: Callable[[int, npt.NDArray[Any]], pa.RecordBatch]
) -> pa.RecordBatch:
    """Rows that lie in several batches, in the order in which their numbers are given.

    `starts`: number of the first row of each batch, then how many rows there are in all. `piece`: of a batch, by rank, the rows
    of these numbers, which grow; asked of the first batch when no row is."""
    order = np.argsort(rows, kind="stable")
    growing = rows[order]
    edges = np.searchsorted(growing, starts).tolist()
    pieces = [piece(rank, growing[first:last]) for rank, (first, last) in enumerate(pairwise(edges)) if first < last]
    found = pieces[0] if len(pieces) == 1 else pa.concat_batches(pieces or [piece(0, growing)])
    if bool((order[1:] > order[:-1]).all()):
        return found
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return found.take(pa.array(back))
