"""What was read of the database, kept while nothing in the database changes.

Who answers thousands of strangers a minute asks the same few rows each time: which dataset is this, which version is published,
which rules hold. SQLite says at the cost of a call, without a query, whether any of it may have changed: `PRAGMA data_version`
differs after a commit of any other connection, in whichever process, and `total_changes` after our own. PostgreSQL has no such
number, and a transaction may be taken back: there, nothing is kept.

What is kept is shared by the threads of a process, each of which looks at its own connection: one that finds that something was
written forgets all of it, whoever read it. What it finds there later was then read after it looked, and its connection would say if
anything had been written since.

What begins or ends at an hour is not a change of the database: whoever keeps something says until when it holds, to the instant.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from django.db import connection

from bocage.kernel.clock import now

T = TypeVar("T")

MOST = 300
"""Things kept, the least recently used forgotten beyond."""


@dataclass(frozen=True)
class _Kept:
    """`since`: before anything of it was read. `until`: the instant from which it holds no more, None: never by itself."""

    made: object
    since: datetime
    until: datetime | None

    def holds(self, moment: datetime) -> bool:
        """A clock that was set back says nothing of what began meanwhile."""
        return self.since <= moment and (self.until is None or moment < self.until)


class _Store:
    """`age`: how many times everything was forgotten. What was begun before the last time is not kept: it may have been read
    before what was written."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._age = 0

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, key: Hashable, moment: datetime) -> tuple[_Kept | None, int]:
        """What holds, and the age at which it was looked for."""
        with self._lock:
            found = self._kept.get(key)
            if found is None or not found.holds(moment):
                return None, self._age
            self._kept.move_to_end(key)
            return found, self._age

    def keep(self, key: Hashable, one: _Kept, age: int) -> None:
        with self._lock:
            if age != self._age:
                return
            self._kept[key] = one
            self._kept.move_to_end(key)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()
            self._age += 1


class _Looked(threading.local):
    """What the connection of a thread said last, and the connection itself: its numbers mean nothing on another."""

    def __init__(self) -> None:
        self.database: Any = None
        self.said: tuple[int, int] = (0, 0)


_store, _looked = _Store(), _Looked()


def while_unchanged(key: Hashable, make: Callable[[], T], until: Callable[[T, datetime], datetime | None]) -> T:
    """What `make` made for this key, in this process, if nothing was written since and it still holds; else made now.

    `until(made, moment)`: the first instant after `moment` at which the clock alone would have something else made, None if there
    is none. It is asked of an instant before the making, so that what begins in between is not missed. What is kept is to be
    shown, never changed: the next request is given the same thing, and another thread at the same time."""
    if not _look():
        return make()
    moment = now()
    found, age = _store.find(key, moment)
    if found is not None:
        return cast("T", found.made)
    made = make()
    _store.keep(key, _Kept(made, moment, until(made, moment)), age)
    return made


def _look() -> bool:
    """Whether things can be kept. Forgets what was, when anything changed."""
    if connection.vendor != "sqlite" or connection.in_atomic_block or not connection.get_autocommit():
        return False
    connection.ensure_connection()
    database = connection.connection
    said = (database.execute("PRAGMA data_version").fetchone()[0], database.total_changes)
    if database is not _looked.database or said != _looked.said:
        _store.forget()
        _looked.database, _looked.said = database, said
    return True
