"""Several who ask at once: the same questions through 1, 4 and 16 connections, each system in turn.

Bare DuckDB is left out: it has no connections. A question is drawn anew for each request, from one seed per connection.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from benchmarks.systems import Bocage, Datasette
from benchmarks.workload import QUERIES, Query

CONNECTIONS = (1, 4, 16)
SECONDS = 3.0
ASKED = ("Q1", "Q3", "Q7", "Q10")
HEAD = (
    "",
    (
        "Several who ask at once, each its next question as soon as it is answered: answers per second, and the time of an answer. "
        "Two processes on two processors: beyond four, connections wait their turn."
    ),
    "",
    "| | connections | Bocage, per second | p50, ms | p95 | Datasette, per second | p50, ms | p95 | Bocage ÷ Datasette |",
    "|---|---|---|---|---|---|---|---|---|",
)


@dataclass
class Answers:
    """Milliseconds of each answer, and the seconds that they took together."""

    times: list[float] = field(default_factory=list)
    seconds: float = 0.0
    faults: list[Exception] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds

    def quantile(self, share: float) -> float:
        return sorted(self.times)[min(len(self.times) - 1, int(len(self.times) * share))]


def crowd(system: Bocage | Datasette, query: Query, connections: int) -> Answers:
    """Every answer must come: the first that fails ends the measure."""
    found = Answers()
    start = time.perf_counter()

    def ask(seed: int) -> None:
        random = Random(f"{query.name} {seed}")
        while time.perf_counter() - start < SECONDS and not found.faults:
            before = time.perf_counter()
            try:
                system.ask(query.draw(random), query.key)
            except Exception as fault:  # noqa: BLE001  told below, from the thread that measures
                found.faults.append(fault)
            found.times.append((time.perf_counter() - before) * 1000)

    askers = [threading.Thread(target=ask, args=(seed,)) for seed in range(connections)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    found.seconds = time.perf_counter() - start
    if found.faults:
        raise RuntimeError(f"{query.name} through {connections} connections") from found.faults[0]
    return found


def measure(bocage: Bocage, peer: Datasette) -> Iterator[str]:
    """The lines of the table."""
    for query in QUERIES:
        for connections in CONNECTIONS if query.name in ASKED else ():
            ours, theirs = crowd(bocage, query, connections), crowd(peer, query, connections)
            cells = [query.name, str(connections)]
            for answers in (ours, theirs):
                middle = statistics.median(answers.times)
                cells += [f"{answers.per_second:.1f}", f"{middle:.0f}", f"{answers.quantile(0.95):.0f}"]
            line = "| " + " | ".join([*cells, f"{ours.per_second / theirs.per_second:.1f} ×"]) + " |"
            print(line, flush=True)
            yield line
