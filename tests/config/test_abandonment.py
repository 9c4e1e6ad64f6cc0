"""A query whose reader has left is stopped, and one whose reader waits is not."""

from __future__ import annotations

import socket
import time

import pytest

from bocage.config.abandonment import has_left
from bocage.store.engine import session
from bocage.store.errors import QueryStopped
from bocage.store.limits import ABANDONED

LONG = "SELECT count(*) FROM range(100000000000) a(i) WHERE i % 7 = 3"


def test_has_left_looks_without_reading() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert not has_left(ours)
        theirs.sendall(b"GET")
        assert not has_left(ours)
        assert ours.recv(3) == b"GET"
        theirs.close()
        assert has_left(ours)


def test_a_query_stops_when_its_reader_leaves() -> None:
    ours, theirs = socket.socketpair()
    token = ABANDONED.set(lambda: has_left(ours))
    try:
        with ours, theirs, session(seconds=60) as opened:
            theirs.close()
            start = time.monotonic()
            with pytest.raises(QueryStopped):
                opened.execute(LONG)
            assert time.monotonic() - start < 10
    finally:
        ABANDONED.reset(token)


def test_a_reader_who_waits_is_answered() -> None:
    ours, theirs = socket.socketpair()
    token = ABANDONED.set(lambda: has_left(ours))
    try:
        with ours, theirs, session() as opened:
            assert opened.execute("SELECT 42") == [(42,)]
    finally:
        ABANDONED.reset(token)
