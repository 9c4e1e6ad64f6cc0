"""A workshop of each test's own; layouts as tables in it."""

from __future__ import annotations

import pytest

from bocage.store.engine import workshop


@pytest.fixture
def shop(tmp_path):
    with workshop(tmp_path, spatial=False) as opened:
        yield opened
