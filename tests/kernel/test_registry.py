"""Kinds are registered once, known by name, and filled when first asked for, by whoever asks."""

from __future__ import annotations

import threading
import time

import pytest

from bocage.kernel.registry import Registry, UnknownKind


def test_a_name_is_registered_once_and_an_unknown_one_says_which_exist():
    kinds: Registry[int] = Registry("tests.nothing")
    kinds.register("one", 1)
    with pytest.raises(RuntimeError, match="twice"):
        kinds.register("one", 2)
    with pytest.raises(UnknownKind, match="known: one"):
        kinds.get("two")
    kinds.load_entry_points()
    with pytest.raises(RuntimeError, match="ready"):
        kinds.register("late", 3)


def test_nothing_is_imported_before_somebody_asks():
    kinds: Registry[int] = Registry("tests.nothing")
    asked = []
    kinds.fill_when_asked(lambda: (asked.append(1), kinds.register("one", 1)))
    assert asked == []
    assert "one" in kinds
    assert list(kinds) == ["one"]
    assert asked == [1]


def test_threads_that_ask_while_it_fills_see_it_whole():
    kinds: Registry[int] = Registry("tests.nothing")

    def slowly():
        for rank in range(20):
            kinds.register(str(rank), rank)
            time.sleep(0.002)
            assert str(rank) in kinds, "who fills sees what is there already"

    kinds.fill_when_asked(slowly)
    seen: list[int] = []
    threads = [threading.Thread(target=lambda: seen.append(len(kinds.items()))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [20] * 8


def test_a_filling_that_fails_is_tried_again():
    kinds: Registry[int] = Registry("tests.nothing")
    attempts = []

    def ours():
        attempts.append(1)
        if len(attempts) == 1:
            raise OSError("disk")
        kinds.register("one", 1)

    kinds.fill_when_asked(ours)
    with pytest.raises(OSError, match="disk"):
        kinds.get("one")
    assert kinds.get("one") == 1
