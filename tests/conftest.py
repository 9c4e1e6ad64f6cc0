"""The cast and the stage of every test. The data folder is new for each test process."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_DATA = Path(tempfile.mkdtemp(prefix="bocage-tests-"))
for name in [name for name in os.environ if name.startswith("BOCAGE_") and not name.startswith("BOCAGE_TEST_")]:
    del os.environ[name]
os.environ["BOCAGE_DATA_DIR"] = str(_DATA)

import pytest  # noqa: E402  the environment above must come first

SHARED = Path(os.environ.get("BOCAGE_TEST_SHARED_DATA", Path(__file__).parent.parent.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real files; skips, and says so, where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("real files absent: set BOCAGE_TEST_SHARED_DATA to the folder that holds them")
    return SHARED
