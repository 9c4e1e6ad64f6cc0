"""Two writers at once, killed in the middle: no edit is lost, none is done twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_no_edit_is_lost_nor_doubled_when_writers_are_killed(tmp_path, migrated):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BOCAGE_")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.pipeline.edits.killing", "--kills", "3", "--seed", "7"],
        cwd=ROOT,
        env=kept | {"BOCAGE_DATA_DIR": str(migrated(tmp_path / "data"))},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    told = json.loads(done.stdout)
    assert (told["kills"] >= 3, told["landed"] >= 1) == (True, True)
