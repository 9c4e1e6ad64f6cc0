"""How many rows were found: known again when the next page of the same question is asked.

What is counted is named by the statement itself: the version, which never changes, the rows that the reader sees, the condition and
its values. Two readers share a count only when their statements are the same, letter for letter. Tables of this process (the
catalogue, rows kept for small cells, rows that are lent) change under one name: what is counted in them is not kept.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from bocage.store.engine import LENT

if TYPE_CHECKING:
    from collections.abc import Callable

    from bocage.query.compile import Statement

MOST_KEPT = 2_000
LONGEST_KEPT = 8_000
"""Characters of a statement and its values: together a few megabytes at most."""
CHANGING = ("memory.", LENT)
"""The database of the tables of this process, and the names of those that a session was lent."""


class Counts:
    """The last counts, by statement."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, int] = OrderedDict()

    def of(self, statement: Statement, ask: Callable[[Statement], int]) -> int:
        key = f"{statement.sql}\0{list(statement.parameters)!r}"
        if any(one in statement.sql for one in CHANGING) or len(key) > LONGEST_KEPT:
            return ask(statement)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = ask(statement)
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return found


COUNTS = Counts()
