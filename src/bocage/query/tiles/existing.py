"""Which rows of a version exist for a reader, as one truth for each: asked once of the FROM item that all their questions read.

What is kept of the answer is found again by what it was asked of, the version and the restriction; a condition of the reader, or
one that reads the clock, is asked each time: whatever else is asked of `source` must find the same rows.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bocage.query.compile import ROW, Compiler
from bocage.query.sql import column, written

if TYPE_CHECKING:
    from bocage.query.compile import Source
    from bocage.query.plan import Predicate
    from bocage.query.restricted import RestrictedRelation
    from bocage.query.tiles.rings import Truths
    from bocage.store.engine import Session

MOST_BYTES = 16 * 1024 * 1024
"""Of what is kept in a process: an eighth of a byte for each row, so that 128 readers of a million rows are known."""
NUMBERS = 200_000
"""Rows of a batch of their numbers alone."""


def existing(
    session: Session, source: Source, seen: RestrictedRelation, condition: Predicate | None, row_count: int
) -> Truths | None:
    """For each row, by number, whether it exists for the reader and fulfils the condition; None when all do. `source`: theirs.

    Raises the errors of `engine.session`."""
    if condition is not None or seen.limits.reads_clock:
        return _asked(session, source, condition, row_count)
    if not seen.limits.keeps_rows:
        return None
    return known.get(seen.rows_key, row_count, lambda: _asked(session, source, None, row_count))


def _asked(session: Session, source: Source, condition: Predicate | None, row_count: int) -> Truths:
    compiler = Compiler(source)
    statement = written(compiler.select([column(ROW)], condition))
    found = np.zeros(row_count, np.bool_)
    for batch in session.arrow(statement, compiler.parameters.values, NUMBERS):
        found[batch.column(0).to_numpy()] = True
    return found


class KnownRows:
    """The least recently used are forgotten beyond `most` bytes. Eight truths take a byte."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, npt.NDArray[np.uint8]] = OrderedDict()
        self._size = 0

    def get(self, key: str, row_count: int, ask: Callable[[], Truths]) -> Truths:
        with self._lock:
            bits = self._kept.get(key)
            if bits is not None:
                self._kept.move_to_end(key)
        if bits is not None:
            return np.unpackbits(bits, count=row_count).view(np.bool_)
        found = ask()
        self._keep(key, np.packbits(found))
        return found

    def _keep(self, key: str, bits: npt.NDArray[np.uint8]) -> None:
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = bits
            self._size += bits.nbytes
            while self._size > self._most:
                _key, oldest = self._kept.popitem(last=False)
                self._size -= oldest.nbytes

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._size = 0


known = KnownRows()
