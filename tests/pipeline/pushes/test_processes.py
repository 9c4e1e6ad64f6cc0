"""Several processes push at once, and the worker dies: nothing acknowledged is lost, nothing is published twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_nothing_is_lost_nor_doubled_when_the_worker_is_killed(tmp_path, migrated):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BOCAGE_")}
    command = [sys.executable, "-m", "tests.pipeline.pushes.killing", "--kills", "5", "--records", "60", "--seed", "7"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=kept | {"BOCAGE_DATA_DIR": str(migrated(tmp_path / "data"))},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    assert json.loads(done.stdout)["kills"] >= 5
