"""Publishing a CSV file, the whole `bocage publish` command, against DuckDB that reads it and writes Parquet."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import data
from benchmarks.machine import peak_of_children
from benchmarks.systems import Bocage

ROWS = 1_000_000
MANY_ROWS = 5_000_000
TIMES = 5
HEAD = (
    "",
    (
        "Publishing an establishment register in the shape of SIRENE (16 columns) from CSV: the whole command, its start, the checks, "
        "the fsync, the row of the database; against `COPY (FROM read_csv(…)) TO … (FORMAT parquet)`, already started. In turn, "
        f"{TIMES} times; the bar is a ratio under 3."
    ),
    "",
    "| file | Bocage, median | best | DuckDB, median | best | ratio of medians | of bests |",
    "|---|---|---|---|---|---|---|",
)
COPY = """
import sys, time, duckdb
engine = duckdb.connect(config={"threads": 2})
engine.execute("SET enable_progress_bar = false")
start = time.perf_counter()
engine.execute(f"COPY (FROM read_csv('{sys.argv[1]}')) TO '{sys.argv[2]}' (FORMAT parquet)")
print(time.perf_counter() - start)
"""


def copied(csv: Path, target: Path) -> float:
    """Seconds of DuckDB, in a process of its own."""
    done = subprocess.run([sys.executable, "-c", COPY, str(csv), str(target)], check=True, capture_output=True)
    return float(done.stdout)


def published(bocage: Bocage, csv: Path, slug: str) -> float:
    """Seconds of the command."""
    start = time.perf_counter()
    bocage.publish(csv, slug)
    return time.perf_counter() - start


def measure(bocage: Bocage, folder: Path, times: int = TIMES) -> list[str]:
    """Rows of the table."""
    found: dict[str, tuple[list[float], list[float]]] = {kind: ([], []) for kind in data.LAST}
    for turn in range(times):
        for kind, (ours, bare) in found.items():
            csv = data.make_establishments(folder, kind, ROWS)
            bare.append(copied(csv, folder / "copy.parquet"))
            ours.append(published(bocage, csv, f"{kind}-{turn}"))
    lines = []
    for kind, (ours, bare) in found.items():
        middle, floor = statistics.median(ours), statistics.median(bare)
        name = {"plain": "without coordinates", "coordinates": "with coordinates"}[kind]
        cells = [
            f"{ROWS:,} rows, {name}", f"{middle:.1f} s", f"{min(ours):.1f} s", f"{floor:.1f} s", f"{min(bare):.1f} s",
            f"{middle / floor:.1f} ×", f"{min(ours) / min(bare):.1f} ×",
        ]  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
        print(lines[-1], flush=True)
    return lines


def memory(bocage: Bocage, folder: Path) -> str:
    """A sentence: the most memory that publishing MANY_ROWS takes. Minutes long."""
    csv = data.make_establishments(folder, "coordinates", MANY_ROWS)
    seconds = published(bocage, csv, "many")
    return (
        f"{MANY_ROWS:,} rows with coordinates: {seconds:.0f} s, {peak_of_children():.0f} MB at most (the bar: 1 GiB)."
    )
