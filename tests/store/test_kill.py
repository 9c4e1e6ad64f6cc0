"""`kill -9` at any instant of a publication."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_a_publication_killed_at_random_instants(tmp_path: Path, migrated: Callable[[Path], Path]) -> None:
    environment = {
        **os.environ,
        "BOCAGE_DATA_DIR": str(migrated(tmp_path)),
        "DJANGO_SETTINGS_MODULE": "bocage.config.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.killing", "8"],
        env=environment,
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    killed, versions, files = map(int, re.findall(r"=(\d+)", done.stdout))
    assert killed == 8
    assert versions == files >= 8
