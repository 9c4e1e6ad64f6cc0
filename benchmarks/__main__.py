"""`make bench`: build the three systems, check that they agree, measure, print the table and keep it in docs/benchmarks.md."""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from benchmarks import crowd, data, machine, publishing, rights
from benchmarks.agreement import check_equal
from benchmarks.systems import BareDuckDB, Bocage, Datasette, timed_download
from benchmarks.workload import EXPORTS, QUERIES, Query

REPORT = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
System = Bocage | Datasette | BareDuckDB
EXPORT_TIMES = 3
WARM = 4
COMMENT = "## What it says"
"""From here on the page is written by people, and kept."""


def measure(query: Query, systems: list[System], times: int) -> dict[str, list[float]]:
    """Milliseconds of each system, interleaved so that a noisy moment hurts them all."""
    random = Random(query.name)
    check_equal(query, systems)
    for _turn in range(WARM):  # each process of a server opens its engine, and the table, when first asked
        for system in systems:
            if query.draw(Random(2)).datasette or not isinstance(system, Datasette):
                system.ask(query.draw(Random(2)), query.key)
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
    for name, path, other, options in EXPORTS:
        columns = "*" if "geojson" in name else "* EXCLUDE (geo_point_2d)"
        sql = f"SELECT {columns} FROM d1" + (" WHERE categorie = 'Eau'" if name.startswith("Q12") else "")
        address = bocage.server.base + path + ("&" if "?" in path else "?")
        machine.forget_peaks(bocage.server.process.pid)
        floors, ours = [], []
        for turn in range(
            EXPORT_TIMES
        ):  # a value never asked before: the finished file of the turn before is not served
            floors.append(bare.copy(sql, folder / f"copy-{name[:3]}{turn}.out", options))
            ours.append(timed_download(f"{address}offset=0&list_separator={'|' * (turn + 1)}"))
        memory, own = machine.highest_peak(bocage.server.process.pid)
        first, total, size = (statistics.median(turn[place] for turn in ours) for place in range(3))
        floor = statistics.median(floors)
        theirs = timed_download(peer.server.base + other)[1] if other else None
        cells = [
            name, f"{first * 1000:.0f} ms", f"{total:.2f} s", f"{size / 1e6:.0f} MB", f"{memory:.0f} MB ({own:.0f})", f"{floor:.2f} s",
            f"{total / floor:.1f} ×", f"{theirs:.1f} s" if theirs else "—", f"{theirs / total:.0f} ×" if theirs else "—",
        ]  # fmt: skip
        rows.append("| " + " | ".join(cells) + " |")
        print(rows[-1], flush=True)
        for draft in folder.glob("copy-*.out"):
            draft.unlink()
    return rows


HEADER = """# Benchmarks

The read workload Q1–Q12 (Q9, clusters on a map, comes with maps), on {rows:,} points × 13 columns, {date}, {machine}.
Bocage and Datasette answer through HTTP on loopback (2 processes × 4 threads; 4 SQL threads, indexes on what is asked, suggestions off);
bare DuckDB runs in process on a native table: it is the floor, without HTTP, rights, JSON or a count of all the rows found, which Bocage gives
with every page. Parameters are drawn at random from a seed; results are checked equal before anything is timed; a machine's noise is shared
because the systems are asked in turn. `make bench` prints and rewrites this page.

Loading the CSV: Bocage {ingest_ours:.1f} s (with types verified on every row, fsync and a process to start), Datasette {ingest_peer:.1f} s (without its
indexes), DuckDB {ingest_bare:.1f} s. What the worker makes of the version afterwards (tables, words, places, lookups): {warmed:.1f} s.
"""


EXPORT_HEAD = (
    "",
    (
        "Whole exports, each turn made anew (a second client is served the finished file). Memory: the most that one process of the web "
        "server held meanwhile, and in brackets without the files that it maps, libraries among them. GeoJSON is written by DuckDB through GDAL. Datasette writes CSV only."
    ),
    "",
    "| export | first byte | Bocage | size | memory | COPY | Bocage ÷ COPY | Datasette | Datasette ÷ Bocage |",
    "|---|---|---|---|---|---|---|---|---|",
)
QUERY_HEAD = (
    "| | query | Bocage p50, ms | p95 | DuckDB p50 | Bocage ÷ DuckDB | Datasette p50 | Datasette ÷ Bocage |",
    "|---|---|---|---|---|---|---|---|",
)


def measured(bocage: Bocage, peer: Datasette, bare: BareDuckDB, options: argparse.Namespace) -> Iterator[str]:
    """The lines of the report, in order."""
    yield HEADER.format(
        rows=options.rows, date=dt.datetime.now(dt.UTC).date(), machine=options.machine,
        ingest_ours=bocage.ingest, warmed=bocage.warmed, ingest_peer=peer.ingest, ingest_bare=bare.ingest,
    )  # fmt: skip
    yield from QUERY_HEAD
    for query in QUERIES:
        line = row_of(query, measure(query, [bare, bocage, peer], options.times))
        print(line, flush=True)
        yield line
    yield from (f"\n{query.name}: {query.notes}." for query in QUERIES if query.notes)
    yield from crowd.HEAD
    yield from crowd.measure(bocage, peer)
    yield from rights.HEAD
    yield from rights.measure(bocage, options.csv)
    yield from EXPORT_HEAD
    yield from exports(bocage, peer, bare, options.folder)
    if not options.no_publishing:
        yield from publishing.HEAD
        yield from publishing.measure(bocage, options.folder)
    if options.memory:
        yield "\n" + publishing.memory(bocage, options.folder)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", type=int, default=data.ROWS)
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "bocage-bench")
    parser.add_argument("--keep", action="store_true", help="write docs/benchmarks.md")
    parser.add_argument(
        "--memory", action="store_true", help="publish five million rows too, for their memory (minutes)"
    )
    parser.add_argument("--no-publishing", action="store_true", help="leave out the time of publishing")
    options = parser.parse_args()
    options.machine = machine.described()
    options.folder.mkdir(parents=True, exist_ok=True)
    csv = options.csv = data.make(options.folder, options.rows)
    bare, peer, bocage = BareDuckDB(options.folder, csv), Datasette(options.folder, csv), Bocage(options.folder, csv)
    try:
        lines = list(measured(bocage, peer, bare, options))
    finally:
        for system in (bocage, peer, bare):
            system.stop()
    print("\n".join(lines))
    if options.keep:
        comment = REPORT.read_text(encoding="utf-8").partition(COMMENT)
        REPORT.write_text("\n".join(lines) + "\n\n" + COMMENT + comment[2], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
