"""The territory of `territory.py`, in the data folder of the test process."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.pipeline.references.territory import Territory


@pytest.fixture(autouse=True)
def data_folder(settings):
    """The engine of this process was opened on the folder of the tests: stay in it."""
    settings.DATA_DIR = Path(os.environ["BOCAGE_DATA_DIR"])
    return settings.DATA_DIR


@pytest.fixture
def territory(db, data_folder):
    return Territory(data_folder)
