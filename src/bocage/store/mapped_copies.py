"""Files derived from a version that are read where they lie: mapped in memory, shared by the processes of the machine.

They are in the hot cache as working copies are: built once, bounded, rebuilt and evicted. One that is mapped may be removed: what
was mapped stays readable, and its room is given back once nobody reads it.
"""

from __future__ import annotations

import mmap
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Generic, TypeVar

import pyarrow as pa

from bocage.store import hot_files
from bocage.store.layout import hot_path

KEPT = 32
"""Mapped in a process at once, those used last."""
TOUCHED_EVERY = 60.0
"""Seconds: how late the last use of a file may be told to whoever makes room."""
HEADER = 1024
"""Bytes before the content, where the file says what it is."""

UNREADABLE = (pa.ArrowException, OSError, ValueError, KeyError)

T = TypeVar("T")


GIVEN_BACK = 16
"""Uses after which a process gives back what it has mapped: it stays in the memory of the machine, and is found there again."""


@dataclass
class _Mapped(Generic[T]):
    """`memory`: where the file lies."""

    stamp: str
    opened: T
    memory: mmap.mmap
    touched: float
    uses: int = 0

    def use(self) -> T:
        """What is read here and there brings the pages around: in the end the whole file would count as ours."""
        self.uses += 1
        if self.uses % GIVEN_BACK == 0:
            self.memory.madvise(mmap.MADV_DONTNEED)
        return self.opened


class MappedCopies(Generic[T]):
    """`opened(content)`: what is made of the bytes, once for each process. It may keep the buffer."""

    def __init__(self, opened: Callable[[pa.Buffer], T]) -> None:
        self._opened = opened
        self._forget()
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[str, _Mapped[T]] = OrderedDict()

    def find(self, key: str, stamp: str) -> T | None:
        """The same as `get`, or None when it is not there, or says something else of itself: nothing is written, nobody waits."""
        known = self._mapped(key, stamp)
        if known is not None:
            return known.use()
        try:
            found = self._open(hot_path(key), stamp)
        except UNREADABLE:
            return None
        return self._keep(key, found)

    def is_kept(self, key: str, stamp: str) -> bool:
        """Whether a file of this key says so of itself: to know it is no use of it."""
        try:
            with hot_path(key).open("rb") as file:
                return file.read(HEADER) == _header(stamp)
        except OSError:
            return False

    def get(self, key: str, stamp: str, write: Callable[[BinaryIO], None]) -> T:
        """What was opened of the file of `key` (a `side_key`) that says `stamp` of itself: written first when it is not there,
        while the others who ask wait. What `write` raises is raised."""
        known = self._mapped(key, stamp)
        return known.use() if known is not None else self._keep(key, self._read(key, stamp, write))

    def _mapped(self, key: str, stamp: str) -> _Mapped[T] | None:
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                self._known.move_to_end(key)
        return known if known is not None and known.stamp == stamp and self._is_there(key, known) else None

    def _keep(self, key: str, found: _Mapped[T]) -> T:
        with self._lock:
            self._known[key] = found
            self._known.move_to_end(key)
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        self._let_go()
        return found.use()

    def _open(self, path: Path, stamp: str) -> _Mapped[T]:
        memory = _memory(path)
        return _Mapped(stamp, self._opened(_content(memory, stamp)), memory, time.monotonic())

    def _is_there(self, key: str, known: _Mapped[T]) -> bool:
        """Asked of the disk now and then: its last use is told, and what was removed is forgotten."""
        now = time.monotonic()
        if now - known.touched < TOUCHED_EVERY:
            return True
        known.touched = now
        self._let_go()
        try:
            os.utime(hot_path(key))
        except FileNotFoundError:
            return False
        return True

    def _let_go(self) -> None:
        """What is no longer on disk: as long as it is mapped, it keeps its room, and what it says."""
        with self._lock:
            for key in [one for one in self._known if not hot_path(one).exists()]:
                del self._known[key]

    def _read(self, key: str, stamp: str, write: Callable[[BinaryIO], None]) -> _Mapped[T]:
        """One that says something else, or cannot be read, is thrown away and written again, once."""
        for last in (False, True):
            hold = _held(key, stamp, write)
            try:
                found = self._open(hold.path, stamp)
            except UNREADABLE:
                hold.discard()
                if last:
                    raise
            else:
                hold.release()  # what is mapped stays readable
                return found
        raise AssertionError(key)


def _held(key: str, stamp: str, write: Callable[[BinaryIO], None]) -> hot_files.Hold:
    built = []

    def build(draft: Path) -> None:
        with draft.open("wb") as file:
            file.write(_header(stamp))
            write(file)
        built.append(key)

    hold = hot_files.hold(key, build)
    if built:
        hot_files.make_room()
    return hold


def _header(stamp: str) -> bytes:
    header = stamp.encode()
    if len(header) > HEADER:
        raise AssertionError(f"a stamp of {len(header)} bytes")
    return header.ljust(HEADER, b"\0")


def _memory(path: Path) -> mmap.mmap:
    """Raises ValueError for an empty file."""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _content(memory: mmap.mmap, stamp: str) -> pa.Buffer:
    """What follows the header. Raises ValueError when it is that of another file."""
    whole = pa.py_buffer(memory)
    if whole.size < HEADER or whole.slice(0, HEADER).to_pybytes() != _header(stamp):
        raise ValueError("it says something else of itself")
    return whole.slice(HEADER)
