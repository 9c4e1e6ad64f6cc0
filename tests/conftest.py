"""What every test may ask for. The data folder comes from tests/environment.py."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.conf import settings

from bocage.store import process

_current = process.current


@pytest.fixture(autouse=True, scope="session")
def engine_of_the_present_folder():
    """An engine reads below the data folder on which it was opened. A test that has a folder of its own may leave one open
    there, for the tests after it in the same process."""

    def current() -> process.Engine:
        opened = process._process.engine
        if opened is not None and not Path(opened.spill.path).is_relative_to(settings.DATA_DIR):
            process.close()
        return _current()

    process.current = current
    yield
    process.current = _current


SHARED = Path(os.environ.get("BOCAGE_TEST_SHARED_DATA", Path(__file__).parent.parent.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real files; skips, and says so, where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("real files absent: set BOCAGE_TEST_SHARED_DATA to the folder that holds them")
    return SHARED
