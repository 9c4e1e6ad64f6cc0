"""Programs of the desktop that the machine may have: QGIS and GDAL of Debian, unmodified, each in a process of its own.

`apt-get install --no-install-recommends python3-qgis gdal-bin` on Debian; BOCAGE_TEST_QGIS_PYTHON names another interpreter."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

CLIENTS = Path(__file__).parent / "clients"
QGIS_PYTHON = os.environ.get("BOCAGE_TEST_QGIS_PYTHON", "/usr/bin/python3")
HIDDEN = ("DJANGO", "PYTHON", "BOCAGE", "VIRTUAL_ENV")


def environment(home: Path) -> dict[str, str]:
    """Of a new user, without a screen, who goes through no proxy."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(HIDDEN) and "proxy" not in name.lower()
    }
    return kept | {
        "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "QGIS_CUSTOM_CONFIG_PATH": str(home), "QT_QPA_PLATFORM": "offscreen",
        "LC_ALL": "C.UTF-8", "GDAL_HTTP_MAX_RETRY": "0", "CPL_CURL_VERBOSE": "NO",
    }  # fmt: skip


@cache
def qgis_version() -> str:
    """Empty where QGIS is absent."""
    if not Path(QGIS_PYTHON).is_file():
        return ""
    program = "import qgis.core; print(qgis.core.Qgis.QGIS_VERSION)"
    done = subprocess.run(
        [QGIS_PYTHON, "-c", program], capture_output=True, text=True, check=False, env=environment(Path("/tmp"))
    )
    return done.stdout.strip()


def qgis(home: Path, layers: dict[str, dict[str, Any]], seconds: float = 120) -> dict[str, dict[str, Any]]:
    """What QGIS found of each layer. Skips where QGIS is absent."""
    if not qgis_version():
        pytest.skip("QGIS absent: apt-get install python3-qgis, or BOCAGE_TEST_QGIS_PYTHON")
    done = subprocess.run(
        [QGIS_PYTHON, str(CLIENTS / "read_qgis.py")], input=json.dumps({"layers": layers}), capture_output=True, text=True,
        check=False, timeout=seconds, cwd=home, env=environment(home),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, dict[str, Any]] = json.loads(done.stdout[done.stdout.index("{") :])
    return found


def gdal(home: Path, program: str, *arguments: str, seconds: float = 120) -> str:
    """What `ogrinfo` or `ogr2ogr` of the system writes. Skips where GDAL is absent."""
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} absent: apt-get install gdal-bin")
    done = subprocess.run(
        [path, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
        cwd=home,
        env=environment(home),
    )
    assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-500:]
    return done.stdout
