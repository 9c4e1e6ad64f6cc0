"""Folders where queries spill: one per process, gone with it, and swept when it was killed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from bocage.config.environment import ENVIRONMENT
from bocage.store import process
from bocage.store.engine import session
from bocage.store.layout import spill_directory
from bocage.store.spilling import SpillFolder


@pytest.fixture(autouse=True)
def fresh(data_folder: Path) -> None:
    """Data folders of their own."""


def test_a_query_larger_than_memory_spills_and_leaves_nothing(settings: Any) -> None:
    settings.BOCAGE = ENVIRONMENT.model_copy(update={"memory_limit_mb": 48})
    larger = "SELECT md5(range::VARCHAR) || md5((range + 1)::VARCHAR) AS a FROM range(500000) ORDER BY a"
    with session(seconds=120) as opened:
        found = opened.arrow(larger)
        rows = next(found).num_rows
        assert list(process.current().spill.path.iterdir())
        assert rows + sum(batch.num_rows for batch in found) == 500_000
    process.close()
    assert not list(spill_directory().iterdir())


def test_two_processes_never_share_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getpid", lambda: 7)  # as two containers on one data folder may have it
    first, second = SpillFolder(), SpillFolder()
    (first.path / "part").write_bytes(b"x")
    third = SpillFolder()
    assert len({first.path, second.path, third.path}) == 3
    assert (first.path / "part").exists()
    for folder in (first, second, third):
        folder.remove()
        assert not folder.path.exists()


def test_what_a_killed_process_left_is_swept() -> None:
    child = os.fork()
    if child == 0:
        try:
            (SpillFolder().path / "part").write_bytes(b"x")
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    (left,) = spill_directory().iterdir()
    mine = SpillFolder()
    assert not left.exists()
    assert list(spill_directory().iterdir()) == [mine.path]
    mine.remove()


def test_a_child_that_ends_takes_nothing_from_its_parent() -> None:
    with session() as opened:
        opened.execute("SELECT 1")
        folder = process.current().spill.path
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
        other = SpillFolder()
        assert folder.exists()
        other.remove()
