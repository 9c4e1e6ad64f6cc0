"""The places of a version and what is drawn of them, in one file that is read where it lies: no engine, no statement.

A pack holds sections, which are Arrow batches one after the other, each along the Hilbert curve. Of each block of BLOCK rows its
bounds are known, so that a tile looks at a few blocks. It is made of the tables of `pyramid`, which are those of everybody: what
of it is for a reader from whom something is kept, `restricting` says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bocage.query.tiles.rings import Floats, Ints, Rings, spans
from bocage.store.sections import Sections, SectionsWriter, gathered, read_sections

BLOCK = 512
"""Rows."""
Box = tuple[float, float, float, float]


class Writer:
    """Sections, in the order in which they are written; `finish` says what else there is to know."""

    def __init__(self, file: BinaryIO) -> None:
        self._sections = SectionsWriter(file)

    def section(self, name: str, batches: Iterable[pa.RecordBatch]) -> None:
        """Each batch is followed by the bounds of its blocks. `batches` have `x0`, `y0`, `x1`, `y1`, or `hx`, `hy` alone."""
        for batch in batches:
            if batch.num_rows:
                self._sections.put(name, batch)
                self._sections.put(name, _blocks_of(batch))

    def finish(self, said: dict[str, object]) -> None:
        self._sections.finish(said)


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


class Batch:
    """A batch of a section, each column of which is opened once. `start`: the number of its first row."""

    def __init__(self, rows: pa.RecordBatch, start: int) -> None:
        self.rows, self.start = rows, start
        self.names = frozenset(rows.schema.names)
        self._numbers: dict[str, npt.NDArray[Any]] = {}

    def numbers(self, name: str) -> npt.NDArray[Any]:
        found = self._numbers.get(name)
        if found is None:
            found = self._numbers[name] = numbers(self.rows, name)
        return found

    def rings(self, rows: Ints, owner: Ints) -> Rings:
        """The positions of the shapes of these rows, which have one, owned as `owner` says."""
        outer, inner, x, y = self._shapes
        first, last = outer[rows].astype(np.int64), outer[rows + 1]
        rings = spans(first, last - first)
        begin = inner[rings].astype(np.int64)
        counts = inner[rings + 1] - begin
        places = spans(begin, counts)
        return Rings(np.repeat(owner, last - first), counts, np.stack([x[places], y[places]], axis=1))

    @cached_property
    def _shapes(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], Floats, Floats]:
        """Where the rings of each row begin, where the positions of each ring do, and these: as they lie in the file."""
        shapes = self.rows.column("rings")
        rings = shapes.values
        x, y = (rings.values.field(rank).to_numpy() for rank in (0, 1))
        return shapes.offsets.to_numpy(), rings.offsets.to_numpy(), x, y


class Section:
    """The rows of a section, numbered from 0."""

    def __init__(self, batches: Sequence[pa.RecordBatch], blocks: Sequence[pa.RecordBatch]) -> None:
        self.starts: Ints = np.cumsum([0, *(one.num_rows for one in batches)])
        self.batches = [Batch(one, int(start)) for one, start in zip(batches, self.starts, strict=False)]
        sides = (
            np.concatenate([numbers(one, side) for one in blocks] or [np.zeros(0)]) for side in ("x0", "y0", "x1", "y1")
        )
        self._x0, self._y0, self._x1, self._y1 = sides
        self._owner: Ints = np.repeat(np.arange(len(blocks)), [one.num_rows for one in blocks])
        self._rank: Ints = spans(np.zeros(len(blocks), np.int64), np.array([one.num_rows for one in blocks], np.int64))

    def near(self, box: Box) -> Iterator[tuple[Batch, Ints]]:
        """Each batch of which blocks meet a box (left, bottom, right, top), and the rows of these."""
        left, bottom, right, top = box
        met = np.flatnonzero((self._x0 <= right) & (self._x1 >= left) & (self._y0 <= top) & (self._y1 >= bottom))
        owners = self._owner[met]
        for owner in dict.fromkeys(owners.tolist()):
            batch, starts = self.batches[owner], self._rank[met[owners == owner]] * BLOCK
            yield batch, spans(starts, np.minimum(BLOCK, batch.rows.num_rows - starts))

    def rows(self, numbers: Ints, names: list[str]) -> pa.RecordBatch:
        """These rows, in the order in which they are asked, with these columns. There is at least one row in the section."""

        def piece(rank: int, rows: Ints) -> pa.RecordBatch:
            return self.batches[rank].rows.select(names).take(pa.array(rows - self.starts[rank]))

        return gathered(numbers, self.starts, piece)


def joined(batches: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    return batches[0] if len(batches) == 1 else pa.concat_batches(batches)


@dataclass(frozen=True)
class Pack:
    """`said`: what `Writer.finish` was told."""

    content: Sections
    said: dict[str, int]

    @cached_property
    def _sections(self) -> dict[str, Section | None]:
        return {}

    def section(self, name: str) -> Section | None:
        """None when it was not written, or holds no row. Read once."""
        if name not in self._sections:
            found = self.content.batches(name)
            self._sections[name] = Section(found[::2], found[1::2]) if found else None
        return self._sections[name]


def opened(content: pa.Buffer) -> Pack:
    """Raises ValueError for what is no pack."""
    sections = read_sections(content)
    return Pack(sections, sections.said)
