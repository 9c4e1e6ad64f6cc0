"""`python -m benchmarks.gis`: maps side by side with tipg and pygeoapi on PostGIS, the same layers, in one run.

`--share 0.01` tries it whole on a hundredth of the rows; `--keep` writes the tables of docs/benchmarks-gis.md."""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from benchmarks import gis_data, machine
from benchmarks.gis_data import Layer
from benchmarks.gis_peers import PeerAbsent, PostGIS, Pygeoapi, Tipg
from benchmarks.gis_work import Line, System, Work, crowd, features_of, works
from benchmarks.systems import BIN, MADE_AFTER, Server, free_port

REPORT = Path(__file__).resolve().parent.parent / "docs" / "benchmarks-gis.md"
COMMENT = "## What it says"
"""From here on the page is written by people, and kept."""
CONNECTIONS = (1, 4, 16)
IN_A_CROWD = ("page in a box of 400 m", "filtered page", "tile z14")
BEFORE, TURN = 3, 10
"""Questions that are asked first, and not kept: what is slow once, in each process; then at a time, of one system, after one more
that is not kept."""
FAULTS = (OSError, RuntimeError, http.client.HTTPException)


class Bocage:
    name = "Bocage"

    def __init__(self, folder: Path, layers: list[Layer], files: dict[str, Path]) -> None:
        data = folder / "bocage-gis"
        shutil.rmtree(data, ignore_errors=True)
        self.environ = {k: v for k, v in os.environ.items() if not k.startswith("BOCAGE_")}
        self.environ |= {"BOCAGE_DATA_DIR": str(data), "BOCAGE_LOG_FORMAT": "json", "BOCAGE_CALLS_PER_ADDRESS": "0"}
        self._run("manage", "migrate", "--verbosity", "0", "--skip-checks")
        make = (
            "from bocage.organizations.services import create_organization as c;"
            "from bocage.organizations.vocabulary import OrganizationKind as K;"
            "c(slug='banc', name='Banc d’essai', kind=K.EPCI)"
        )
        self._run("manage", "shell", "-v", "0", "-c", make)
        for layer in layers:
            options = [
                "--organization",
                "banc",
                "--dataset",
                layer.name,
                "--visibility",
                "open",
                "--key",
                "id",
                "--json",
            ]
            self._run("publish", str(files[layer.name]), *options)
        self._run("manage", "shell", "-v", "0", "-c", MADE_AFTER)
        port = free_port()
        root = f"http://127.0.0.1:{port}"
        command = [str(BIN / "bocage"), "web", "--host", "127.0.0.1", "--port", str(port)]
        self.server = Server(command, root, f"{root}/healthz", self.environ)

    def _run(self, *arguments: str) -> None:
        done = subprocess.run(
            [str(BIN / "bocage"), *arguments], env=self.environ, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"bocage {arguments[0]}: {(done.stderr or done.stdout)[-800:]}")

    def items(self, layer: str, given: dict[str, object]) -> str:
        return f"/ogc/collections/{layer}/items?{urlencode(given | {'f': 'json'})}"

    def tile(self, layer: str, zoom: int, column: int, row: int) -> str:
        return f"/tiles/{layer}/{zoom}/{column}/{row}.mvt"

    def stop(self) -> None:
        self.server.stop()


class Measure:
    """Of one work: milliseconds of each system. They are asked in turn so that a noisy moment hurts them all, several questions at a
    time, as a map asks its tiles; a fault is told, not timed."""

    def __init__(self, work: Work, systems: list[System], times: int) -> None:
        self.work, self.faults = work, dict[str, str]()
        self.cold: dict[str, list[float]] = {one.name: [] for one in systems}
        self.warm: dict[str, list[float]] = {one.name: [] for one in systems}
        self.largest: dict[str, int] = {one.name: 0 for one in systems}
        lines = {one.name: Line(one) for one in systems}
        self._turn(systems, lines, [f"{work.name} before {rank}" for rank in range(BEFORE)], kept=False)
        seeds = [f"{work.name} {rank}" for rank in range(times)]
        for first in range(0, times, TURN):
            self._turn(systems, lines, seeds[first : first + TURN], kept=True)

    def _turn(self, systems: list[System], lines: dict[str, Line], seeds: list[str], *, kept: bool) -> None:
        bodies: dict[str, list[bytes]] = {}
        for system in systems:
            if system.name in self.faults:
                continue
            try:
                self._asked(system, lines[system.name], f"{seeds[0]} before", kept=False)
                bodies[system.name] = [self._asked(system, lines[system.name], seed, kept=kept) for seed in seeds]
            except FAULTS as error:
                self.faults[system.name] = f"{type(error).__name__}: {error}"[:160]
                machine.settle()
        if self.work.equal:
            self._check(bodies)

    def _asked(self, system: System, line: Line, seed: str, *, kept: bool) -> bytes:
        path = self.work.path(system, Random(seed))
        cold, body = line.ask(path)
        warm, _again = line.ask(path) if not self.work.equal else (cold, b"")
        self.largest[system.name] = max(self.largest[system.name], len(body))
        if kept:
            self.cold[system.name].append(cold)
            self.warm[system.name].append(warm)
        return body

    def _check(self, bodies: dict[str, list[bytes]]) -> None:
        """Every system must have told of as many features."""
        counts = {name: [len(features_of(body)) for body in found] for name, found in bodies.items()}
        if any(found != next(iter(counts.values())) for found in counts.values()):
            raise AssertionError(f"{self.work.name}: {counts}")


def cells(measure: Measure, found: dict[str, list[float]], peers: list[str]) -> list[str]:
    """Milliseconds of Bocage, then of each peer with how many times as long it takes."""
    if not found["Bocage"]:
        return [f"refused ({measure.faults.get('Bocage', '')})", *("—" for _ in range(2 * len(peers)))]
    ours = statistics.median(found["Bocage"])
    shown = [f"{ours:.1f}"]
    for peer in peers:
        if found[peer]:
            theirs = statistics.median(found[peer])
            shown += [f"{theirs:.1f}", f"{theirs / ours:.1f} ×"]
        else:
            shown += [measure.faults.get(peer, "—"), "—"]
    return shown


def row(*found: str) -> str:
    return "| " + " | ".join(one.replace("|", "/") for one in found) + " |"


def heading(first: str, peers: list[str], *more: str) -> list[str]:
    names = [
        first,
        "Bocage p50, ms",
        *(name for peer in peers for name in (f"{peer} p50, ms", f"{peer} ÷ Bocage")),
        *more,
    ]
    return ["", row(*names), "|" + "---|" * len(names)]


def measured(systems: list[System], layers: list[Layer], options: argparse.Namespace) -> Iterator[str]:
    """The lines of the report, in order."""
    peers = [one.name for one in systems if one.name != "Bocage"]
    pages = [one for one in works(layers) if one.equal]
    tiles = [one for one in works(layers) if not one.equal]
    yield from heading("page, one connection", peers)
    for work in pages:
        taken = Measure(work, systems, 3 if work.heavy else options.times)
        yield row(work.name, *cells(taken, taken.cold, peers))
    yield from heading("tile never asked before", peers, "largest, kB: " + ", ".join(one.name for one in systems))
    again = []
    for work in tiles:
        taken = Measure(work, systems, 3 if work.heavy else options.times)
        sizes = ", ".join(f"{taken.largest[one.name] / 1000:.0f}" for one in systems)
        yield row(work.name, *cells(taken, taken.cold, peers), sizes)
        again.append(row(work.name, *cells(taken, taken.warm, peers)))
    yield from heading("the same tile again", peers)
    yield from again
    yield from crowds(systems, layers, peers, options.seconds)


def crowds(systems: list[System], layers: list[Layer], peers: list[str], seconds: float) -> Iterator[str]:
    names = ["several at once", "connections", "Bocage, per second"]
    names += [name for peer in peers for name in (f"{peer}, per second", f"Bocage ÷ {peer}")]
    yield from ("", row(*names), "|" + "---|" * len(names))
    for work in works(layers):
        if not work.name.endswith(IN_A_CROWD):
            continue
        faults: dict[str, str] = {}
        for connections in CONNECTIONS:
            found = {one.name: crowd(one, work, connections, seconds) for one in systems if one.name not in faults}
            for name in [name for name, one in found.items() if one.fault]:
                faults[name] = found.pop(name).fault
                machine.settle()
            ours, shown = found["Bocage"].per_second if "Bocage" in found else 0.0, []
            for peer in peers:
                theirs = found[peer].per_second if peer in found else 0.0
                shown += [f"{theirs:.0f}", f"{ours / theirs:.1f} ×"] if theirs else [faults.get(peer, "0"), "—"]
            yield row(work.name, str(connections), faults.get("Bocage") or f"{ours:.0f}", *shown)


def peers_of(
    started: ExitStack, folder: Path, layers: list[Layer], files: dict[str, Path]
) -> tuple[list[Tipg | Pygeoapi], list[str]]:
    """Those that could be started, to be stopped with `started`, and a sentence for each that could not."""
    try:
        postgis = PostGIS(folder, layers, files)
    except (PeerAbsent, RuntimeError) as error:
        return [], [f"tipg and pygeoapi were not measured. {error}"]
    started.callback(postgis.stop)
    found: list[Tipg | Pygeoapi] = []
    absent = []
    for kind in (Tipg, Pygeoapi):
        try:
            peer = kind(folder, postgis, layers)
        except (PeerAbsent, RuntimeError, subprocess.CalledProcessError) as error:
            absent.append(f"{kind.name} was not measured. {str(error)[-400:]}")
            continue
        started.callback(peer.stop)
        found.append(peer)
    return found, absent


HEADER = """# Benchmarks of maps

{layers}, generated from a seed; {date}, {machine}.
Bocage (2 processes × 4 threads), tipg 1.6.1 (one process: more add 40 ms to small answers) and pygeoapi 0.21.0 (2 × 4 threads) answer on
loopback, the files of all are {where}; the peers read PostGIS 3.3, indexed, clustered on its spatial index, analysed. Questions are drawn from a seed, the same for all, ten to a
system after one that is not kept, then ten to the next, through connections that are kept open; pages must hold as many features in each system before they are timed. Bocage counts what matches
(`numberMatched`) and applies rights in every answer; an answer that does not come in 15 s is told as a fault, and
the next question waits until nothing is computed any more.
Tiles are not the same bytes: tipg cuts at 10,000 features without a word, Bocage gathers below zoom 13.
`python -m benchmarks.gis` prints and `--keep` rewrites this page.
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gis", description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="of the rows of each layer")
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each crowd")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "bocage-bench")
    parser.add_argument("--keep", action="store_true", help="write docs/benchmarks-gis.md")
    options = parser.parse_args()
    described = machine.described()
    options.folder.mkdir(parents=True, exist_ok=True)
    layers = gis_data.scaled(options.share)
    files = {layer.name: gis_data.make(options.folder, layer) for layer in layers}
    with ExitStack() as started:
        bocage = Bocage(options.folder, layers, {name: found[0] for name, found in files.items()})
        started.callback(bocage.stop)
        peers, absent = peers_of(started, options.folder, layers, {name: found[1] for name, found in files.items()})
        told = ", ".join(f"{layer.rows:,} {layer.name}" for layer in layers)
        lines = [
            HEADER.format(
                layers=told,
                where=machine.holding(options.folder),
                date=dt.datetime.now(dt.UTC).date(),
                machine=described,
            ),
            *absent,
        ]
        print("\n".join(lines), flush=True)
        for line in measured([bocage, *peers], layers, options):
            print(line, flush=True)
            lines.append(line)
        if options.keep:
            comment = REPORT.read_text(encoding="utf-8").partition(COMMENT) if REPORT.is_file() else ("", "", "\n")
            REPORT.write_text("\n".join(lines) + "\n\n" + COMMENT + comment[2], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
