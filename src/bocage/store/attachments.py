"""The working copies attached to the engine of this process, each shared by the sessions that read it.

A copy stays attached, for the next session, after its last one ends; but it is then no longer held, so that any
process may remove it from the disk, and only IDLE_KEPT stay.
"""

from __future__ import annotations

import threading
from pathlib import Path

import duckdb

from bocage.store import hot_files
from bocage.store.hardening import literal, quoted
from bocage.store.layout import hot_path
from bocage.store.working_copy import WorkingCopy

IDLE_KEPT = 32


class _Attachment:
    """`lock` guards the rest. `gone`: forgotten by the table of attachments, ask again."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.users = 0
        self.inode = 0  # of the attached file; 0 when not attached
        self.hold: hot_files.Hold | None = None
        self.gone = False


class Attachments:
    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection  # every statement runs on a cursor of its own
        self._lock = threading.Lock()
        self._known: dict[str, _Attachment] = {}  # in the order of last use

    def lease(self, copy: WorkingCopy) -> str:
        """Quoted name of the database of `copy`, there until `release`. Builds the copy when it has to."""
        while True:
            with self._lock:
                entry = self._known.pop(copy.key, None) or _Attachment()
                self._known[copy.key] = entry
            with entry.lock:
                if entry.gone:
                    continue
                if entry.users == 0:
                    self._open(copy, entry)
                entry.users += 1
                return quoted(copy.key)

    def release(self, key: str) -> None:
        entry = self._known[key]
        with entry.lock:
            entry.users -= 1
            if entry.users == 0 and entry.hold:
                entry.hold.release()
                entry.hold = None
        self._forget_idle()

    def abandon(self) -> None:
        """Let go of every lock: of an engine that is closed, or in a forked child, where the parent holds them by itself."""
        for entry in list(self._known.values()):  # a session may begin meanwhile, of which nothing will come
            if entry.hold:
                entry.hold.release()
                entry.hold = None

    def _open(self, copy: WorkingCopy, entry: _Attachment) -> None:
        hold = self._hold(copy)
        if hold.inode != entry.inode:
            try:
                self._detach(copy.key, entry)
                hold = self._attach(copy, hold)
            except BaseException:
                hold.release()
                raise
            entry.inode = hold.inode
        entry.hold = hold

    def _hold(self, copy: WorkingCopy) -> hot_files.Hold:
        built = []

        def build(draft: Path) -> None:
            with self._connection.cursor() as cursor:
                copy.write(cursor, draft)
            built.append(copy.key)

        hold = hot_files.hold(copy.key, build)
        if built:
            hot_files.make_room()
        return hold

    def _attach(self, copy: WorkingCopy, hold: hot_files.Hold) -> hot_files.Hold:
        """Attach the copy; one that is damaged, or of another engine, is thrown away and made again, once."""
        if self._attached(copy, hold):
            return hold
        hold.discard()
        hold = self._hold(copy)
        if not self._attached(copy, hold):
            hold.discard()
            raise RuntimeError(f"the working copy {copy.key} cannot be read just after it was made")
        return hold

    def _attached(self, copy: WorkingCopy, hold: hot_files.Hold) -> bool:
        name = quoted(copy.key)
        with self._connection.cursor() as cursor:
            try:
                cursor.execute(f"ATTACH {literal(hold.path)} AS {name} (READ_ONLY)")
            except duckdb.Error:
                return False
            try:
                found = cursor.execute(f"SELECT stamp FROM {name}.main.stamp").fetchall()
            except duckdb.Error:
                found = []
            if found == [(copy.stamp,)]:
                return True
            cursor.execute(f"DETACH {name}")
            return False

    def _detach(self, key: str, entry: _Attachment) -> None:
        if entry.inode:
            with self._connection.cursor() as cursor:
                cursor.execute(f"DETACH {quoted(key)}")
            entry.inode = 0

    def _forget_idle(self) -> None:
        """Detach what nobody uses beyond IDLE_KEPT, and what is no longer on disk: an open file keeps its room."""
        with self._lock:
            excess = len(self._known) - IDLE_KEPT
            for key, entry in list(self._known.items()):
                if entry.users or (excess <= 0 and hot_path(key).exists()):
                    continue
                if entry.lock.acquire(blocking=False):
                    try:
                        excess -= self._forgotten(key, entry)
                    finally:
                        entry.lock.release()

    def _forgotten(self, key: str, entry: _Attachment) -> bool:
        if entry.users:
            return False
        self._detach(key, entry)
        entry.gone = True
        del self._known[key]
        return True
