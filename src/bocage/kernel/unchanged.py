"""What was read of the database, kept while nothing in the database changes.

Who answers thousands of strangers a minute asks the same few rows each time: which dataset is this, which version is published,
which rules hold. SQLite says at the cost of a call, without a query, whether any of it may have changed: `PRAGMA data_version`
differs after a commit of any other connection, in whichever process, and `total_changes` after our own. When it may have, one
number says whether that matters (`kernel.epochs`): a line of the journal changes nothing of what is kept. PostgreSQL has no such
numbers, and a transaction may be taken back: there, nothing is kept.

What is kept is shared by the threads of a process, each of which looks at its own connection: one that finds another number
forgets all of it, whoever read it. What it finds there later was then read after it looked, and its connection would say if
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

from bocage.kernel import epochs
from bocage.kernel.clock import now

T = TypeVar("T")

MOST = 600
"""Things kept, the least recently used forgotten beyond."""


@dataclass(frozen=True)
class _Kept:
    """`since`: before anything of it was read. `until`: the instant from which it holds no more, None: never by itself."""

    made: object
    since: datetime
    until: datetime | None
    weight: int

    def holds(self, moment: datetime) -> bool:
        """A clock that was set back says nothing of what began meanwhile."""
        return self.since <= moment and (self.until is None or moment < self.until)


class _Store:
    """`age`: how many times everything was forgotten. What was begun before the last time is not kept: it may have been read
    before what was written. `epoch`: of which database, and the number that it gave."""

    def __init__(self, most: int) -> None:
        self._lock = threading.Lock()
        self._most = most
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._weight = 0
        self._age = 0
        self._epoch: tuple[str, int] | None = None

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
            before = self._kept.pop(key, None)
            self._kept[key] = one
            self._weight += one.weight - (before.weight if before else 0)
            while self._weight > self._most:
                _key, forgotten = self._kept.popitem(last=False)
                self._weight -= forgotten.weight

    def enter(self, epoch: tuple[str, int] | None) -> None:
        """Of another epoch, or of an unknown one, nothing holds any more."""
        with self._lock:
            if epoch is None or epoch != self._epoch:
                self._kept.clear()
                self._weight = 0
                self._age += 1
            self._epoch = epoch


class _Looked(threading.local):
    """What the connection of a thread said last, and the connection itself: its numbers mean nothing on another. `counted`: whether
    every change is, in the tables of this `schema`."""

    def __init__(self) -> None:
        self.database: Any = None
        self.said: tuple[int, int] = (0, 0)
        self.schema = -1
        self.counted = False


_looked = _Looked()
_stores: list[_Store] = []


class WhileUnchanged:
    """Things that are kept together: the least recently used are forgotten when they weigh more than `most`."""

    def __init__(self, most: int, weigh: Callable[[Any], int] = lambda _made: 1) -> None:
        self._store, self._weigh = _Store(most), weigh
        _stores.append(self._store)

    def __len__(self) -> int:
        return len(self._store)

    def __call__(self, key: Hashable, make: Callable[[], T], until: Callable[[T, datetime], datetime | None]) -> T:
        """What `make` made for this key, in this process, if nothing was written since and it still holds; else made now.

        `until(made, moment)`: the first instant after `moment` at which the clock alone would have something else made, None if
        there is none, `moment` itself for what is not to be kept. It is asked of an instant before the making, so that what begins
        in between is not missed. What is kept is to be shown, never changed: the next request is given the same thing, and another
        thread at the same time."""
        if not _look():
            return make()
        moment = now()
        found, age = self._store.find(key, moment)
        if found is not None:
            return cast("T", found.made)
        made = make()
        end = until(made, moment)
        if end is None or end > moment:
            self._store.keep(key, _Kept(made, moment, end, self._weigh(made)), age)
        return made


while_unchanged = WhileUnchanged(MOST)
"""For what readers know."""


def forget() -> None:
    """Everything that is kept in this process."""
    for store in _stores:
        store.enter(None)


def _look() -> bool:
    """Whether things can be kept. Forgets what was, when anything changed."""
    if connection.in_atomic_block or not connection.get_autocommit():
        return False
    database = epochs.counted_in(connection)
    if database is None:
        return False
    said = (_pragma(database, "data_version"), database.total_changes)
    if database is not _looked.database or said != _looked.said:
        schema = _pragma(database, "schema_version")
        if database is not _looked.database or schema != _looked.schema:
            _looked.counted, _looked.schema = epochs.complete(database), schema
        epoch = (str(connection.settings_dict["NAME"]), epochs.number(database)) if _looked.counted else None
        for store in _stores:
            store.enter(epoch)
        _looked.database, _looked.said = database, said
    return True


def _pragma(database: Any, name: str) -> int:
    found: tuple[int] = database.execute(f"PRAGMA {name}").fetchone()
    return found[0]
