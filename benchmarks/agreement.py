"""Do the systems give the same answers? Asked before anything is timed."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any, Protocol

from benchmarks.workload import Query, Question

DRAWS = 5
"""Questions compared, for each query: one may agree by chance."""


class Answering(Protocol):
    name: str

    def ask(self, question: Question, key: str) -> list[dict[str, Any]]: ...


def check_equal(query: Query, systems: Sequence[Answering], draws: int = DRAWS) -> None:
    """Stop when two systems do not say the same, every value of every row compared; or when no question has an answer."""
    compared = sum(_compare(query, query.draw(Random(seed)), systems) for seed in range(1, draws + 1))
    if not compared:
        raise SystemExit(f"{query.name}: nothing to compare")


def _compare(query: Query, question: Question, systems: Sequence[Answering]) -> int:
    """Rows compared."""
    first = systems[0].ask(question, query.key)
    for system in systems[1:]:
        peer = system.name == "Datasette"
        if peer and not question.datasette:
            continue
        columns = (question.peer_columns if peer else ()) or question.columns
        expected, found = query.read(first, columns), query.read(system.ask(question, query.key), columns)
        if found != expected:
            told = [pair for pair in zip(expected, found, strict=False) if pair[0] != pair[1]][:3]
            lengths = f"{len(expected)} and {len(found)} rows"
            raise SystemExit(f"{query.name}: {system.name} does not answer like {systems[0].name}: {lengths}, {told}")
    return len(query.read(first, question.columns))
