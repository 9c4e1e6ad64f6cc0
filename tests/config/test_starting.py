"""What every command pays before it does anything: the heavy libraries come with what needs them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

HEAVY = ("duckdb", "numpy", "pyarrow", "requests", "sqlglot")
COUNT = """
import sys
from bocage.config.command_line import main
try:
    code = main(sys.argv[1:])
except SystemExit as end:
    code = end.code
print("LOADED", *(name for name in {heavy!r} if name in sys.modules))
sys.exit(code)
"""


@pytest.fixture(scope="module")
def environ(tmp_path_factory):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BOCAGE_")}
    found = kept | {"BOCAGE_DATA_DIR": str(tmp_path_factory.mktemp("installed") / "data")}
    migrated = [sys.executable, "-m", "bocage.config.command_line", "manage", "migrate", "--verbosity", "0"]
    subprocess.run(migrated, env=found, check=True, capture_output=True)
    return found


@pytest.mark.parametrize("arguments", [["--help"], ["schemas", "list"], ["references", "list"]])
def test_a_command_that_reads_no_data_loads_nothing_heavy(environ, arguments):
    code = [sys.executable, "-c", COUNT.format(heavy=HEAVY), *arguments]
    done = subprocess.run(code, env=environ, check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "LOADED"
