"""`make bench`: build the three systems, check that they agree, measure, print the table and keep it in docs/benchmarks.md."""

from __future__ import annotations

import argparse
import datetime as dt
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

from benchmarks import data
from benchmarks.systems import BareDuckDB, Bocage, Datasette, timed_download
from benchmarks.workload import EXPORTS, QUERIES, Query, Question

REPORT = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
System = Bocage | Datasette | BareDuckDB


def comparable(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [tuple(str(row[name]) for name in columns) for row in rows]


def check_equal(query: Query, question: Question, systems: list[System]) -> None:
    """Stop when two systems do not give the same rows."""
    reference = comparable(systems[0].ask(question, query.key), question.columns)
    for system in systems[1:]:
        if isinstance(system, Datasette) and not question.datasette:
            continue
        found = comparable(system.ask(question, query.key), question.columns)
        if found != reference:
            raise SystemExit(
                f"{query.name}: {system.name} does not answer like {systems[0].name}\n{reference[:3]}\n{found[:3]}"
            )


def measure(query: Query, systems: list[System], times: int) -> dict[str, list[float]]:
    """Milliseconds of each system, interleaved so that a noisy moment hurts them all."""
    random = Random(query.name)
    check_equal(query, query.draw(Random(1)), systems)
    found: dict[str, list[float]] = {system.name: [] for system in systems}
    for _turn in range(times):
        question = query.draw(random)
        for system in systems:
            if isinstance(system, Datasette) and not question.datasette:
                continue
            start = time.perf_counter()
            system.ask(question, query.key)
            found[system.name].append((time.perf_counter() - start) * 1000)
    return found


def p(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def row_of(query: Query, found: dict[str, list[float]]) -> str:
    ours, bare = statistics.median(found["Bocage"]), statistics.median(found["DuckDB"])
    peer = statistics.median(found["Datasette"]) if found["Datasette"] else None
    cells = [
        query.name, query.what, f"{ours:.1f}", f"{p(found['Bocage'], 0.95):.1f}", f"{bare:.1f}", f"{ours / bare:.1f} ×",
        f"{peer:.1f}" if peer else "—", f"{peer / ours:.1f} ×" if peer else "—",
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def exports(bocage: Bocage, peer: Datasette, bare: BareDuckDB, folder: Path) -> list[str]:
    rows = []
    columns = "* EXCLUDE (geo_point_2d)"
    for name, path, other, options in EXPORTS:
        sql = f"SELECT {columns} FROM d1" + (" WHERE categorie = 'Eau'" if name.startswith("Q12") else "")
        floor = bare.copy(sql, folder / "copy.out", options) if options else None
        first, total, size = min(
            (
                timed_download(bocage.server.base + path + ("&" if "?" in path else "?") + f"bench={i}")
                for i in range(3)
            ),
            key=lambda found: found[1],
        )
        theirs = timed_download(peer.server.base + other)[1] if other else None
        cells = [
            name, f"{first * 1000:.0f} ms", f"{total:.2f} s", f"{size / 1e6:.0f} MB", f"{floor:.2f} s" if floor else "—",
            f"{total / floor:.1f} ×" if floor else "—", f"{theirs:.1f} s" if theirs else "—", f"{theirs / total:.0f} ×" if theirs else "—",
        ]  # fmt: skip
        rows.append("| " + " | ".join(cells) + " |")
        print(rows[-1], flush=True)
    return rows


HEADER = """# Benchmarks

The read workload Q1–Q12 (Q9, clusters on a map, comes with maps), on {rows:,} points × 13 columns, {date}, {machine}.
Bocage and Datasette answer through HTTP on loopback (2 processes × 4 threads; 4 SQL threads, indexes on what is asked, suggestions off);
bare DuckDB runs in process on a native table: it is the floor, without HTTP, rights, JSON or a count of all the rows found, which Bocage gives
with every page. Parameters are drawn at random from a seed; results are checked equal before anything is timed; a machine's noise is shared
because the systems are asked in turn. `make bench` prints and rewrites this page.

Loading the CSV: Bocage {ingest_ours:.1f} s (with types verified on every row, fsync and a process to start), Datasette {ingest_peer:.1f} s (without its
indexes), DuckDB {ingest_bare:.1f} s.
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", type=int, default=data.ROWS)
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "bocage-bench")
    parser.add_argument("--keep", action="store_true", help="write docs/benchmarks.md")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    csv = data.make(options.folder, options.rows)
    bare, peer, bocage = BareDuckDB(options.folder, csv), Datasette(options.folder, csv), Bocage(options.folder, csv)
    try:
        lines = [
            HEADER.format(
                rows=options.rows, date=dt.datetime.now(dt.UTC).date(), machine=f"{platform.machine()}, 2 cores",
                ingest_ours=bocage.ingest, ingest_peer=peer.ingest, ingest_bare=bare.ingest,
            ),
            "| | query | Bocage p50, ms | p95 | DuckDB p50 | Bocage ÷ DuckDB | Datasette p50 | Datasette ÷ Bocage |",
            "|---|---|---|---|---|---|---|---|",
        ]  # fmt: skip
        print("\n".join(lines), flush=True)
        for query in QUERIES:
            lines.append(row_of(query, measure(query, [bare, bocage, peer], options.times)))
            print(lines[-1], flush=True)
        head = [
            "",
            "| export | first byte | Bocage | size | COPY | Bocage ÷ COPY | Datasette | Datasette ÷ Bocage |",
            "|---|---|---|---|---|---|---|---|",
        ]
        print("\n".join(head))
        lines += [*head, *exports(bocage, peer, bare, options.folder)]
    finally:
        for system in (bocage, peer, bare):
            system.stop()
    if options.keep:
        REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
