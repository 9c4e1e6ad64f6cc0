"""What every test may ask for. The data folder comes from tests/environment.py."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("BOCAGE_TEST_SHARED_DATA", Path(__file__).parent.parent.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real files; skips, and says so, where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("real files absent: set BOCAGE_TEST_SHARED_DATA to the folder that holds them")
    return SHARED
