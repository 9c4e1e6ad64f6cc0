"""Several processes, some of them killed in the middle: one chain, and nothing lost of what was acknowledged."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from bocage.access.audit.chain import COLUMNS, GENESIS, sealed

ROOT = Path(__file__).parents[3]


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BOCAGE_")}
    return kept | {"BOCAGE_DATA_DIR": str(folder), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}


def run(folder: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.access.audit.writer", *words]
    return subprocess.Popen(command, env=environment(folder), cwd=ROOT, stdout=subprocess.PIPE, text=True)


def lines_before_death(process: subprocess.Popen[str], wanted: int) -> list[str]:
    """What it had said, killed after `wanted` lines: in the middle of whatever it was doing."""
    said = [process.stdout.readline().strip() for _rank in range(wanted)]
    process.send_signal(signal.SIGKILL)
    rest, _errors = process.communicate()
    return said + rest.split("\n")[:-1]


def test_killed_in_the_middle(tmp_path):
    made = run(tmp_path, "make")
    made.communicate()
    assert made.returncode == 0
    doomed = [run(tmp_path, "write", name, "100000") for name in ("a", "b")]
    patient = run(tmp_path, "write", "c", "40")
    acknowledged = [line for process in doomed for line in lines_before_death(process, 25)]
    said, _errors = patient.communicate()
    assert patient.returncode == 0
    acknowledged += said.split("\n")[:-1]

    with closing(sqlite3.connect(tmp_path / "bocage.sqlite3")) as database:
        names = ", ".join(f'"{name}"' for name in (*COLUMNS, "hash"))
        rows = database.execute(f"SELECT {names} FROM access_journalentry ORDER BY number").fetchall()
        head = database.execute("SELECT number, hash FROM access_journalhead").fetchall()
    last = GENESIS
    for number, (*values, kept) in enumerate(rows, start=1):
        assert values[0] == number
        last = sealed(last, values)
        assert kept == last
    assert head == [(len(rows), last)]
    written = [row[COLUMNS.index("subject")] for row in rows]
    assert set(acknowledged) <= set(written)
    assert len(written) - len(acknowledged) <= 2  # committed, and killed before it could say so
