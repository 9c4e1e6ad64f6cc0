"""The data folder of the tests, new for each process: a plug-in (`-p tests.environment`), to come before the settings."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

for name in [name for name in os.environ if name.startswith("BOCAGE_") and not name.startswith("BOCAGE_TEST_")]:
    del os.environ[name]
os.environ["BOCAGE_DATA_DIR"] = tempfile.mkdtemp(prefix="bocage-tests-")
os.environ["BOCAGE_CALLS_PER_ADDRESS"] = os.environ["BOCAGE_CALLS_PER_ACCOUNT"] = (
    "0"  # the tests of the limits set them
)
_OWNER = os.getpid()


@atexit.register
def _remove() -> None:
    if os.getpid() == _OWNER:
        shutil.rmtree(os.environ["BOCAGE_DATA_DIR"], ignore_errors=True)
