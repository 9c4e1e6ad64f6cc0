"""What was read of the database, kept while nothing in the database changes.

Who answers thousands of strangers a minute asks the same few rows each time: which dataset is this, which version is published,
which rules hold. SQLite says at the cost of a call, without a query, whether any of it may have changed: `PRAGMA data_version`
differs after a commit of any other connection, in whichever process, and `total_changes` after our own. PostgreSQL has no such
number, and a transaction may be taken back: there, nothing is kept.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from django.db import connection

from bocage.kernel.clock import now

T = TypeVar("T")

MOST = 200
"""Things kept by each thread, the least recently used forgotten beyond."""
BRIEFLY = timedelta(seconds=1)
"""Rights begin and end at set times: that is not a change of the database. They are looked at again so often."""


class _Memory(threading.local):
    """Of one thread. `database`: the connection itself, for the numbers mean nothing on another, and what it said."""

    def __init__(self) -> None:
        self.database: Any = None
        self.said: tuple[int, int] = (0, 0)
        self.kept: OrderedDict[Hashable, tuple[datetime, object]] = OrderedDict()


_memory = _Memory()


def while_unchanged(key: Hashable, make: Callable[[], T]) -> T:
    """What `make` made for this key, in this thread, if nothing was written since and it is not a second old; else made now.

    To be shown, never changed: the next request is given the same thing."""
    if not _look():
        return make()
    kept, moment = _memory.kept, now()
    found = kept.get(key)
    if found is not None and timedelta(0) <= moment - found[0] < BRIEFLY:
        kept.move_to_end(key)
        return cast("T", found[1])
    made = make()
    kept[key] = (moment, made)
    kept.move_to_end(key)
    if len(kept) > MOST:
        kept.popitem(last=False)
    return made


def _look() -> bool:
    """Whether things can be kept. Forgets what was, when anything changed."""
    if connection.vendor != "sqlite" or connection.in_atomic_block or not connection.get_autocommit():
        return False
    connection.ensure_connection()
    database = connection.connection
    said = (database.execute("PRAGMA data_version").fetchone()[0], database.total_changes)
    if database is not _memory.database or said != _memory.said:
        _memory.kept.clear()
        _memory.database, _memory.said = database, said
    return True
