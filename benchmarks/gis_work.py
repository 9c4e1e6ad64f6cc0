"""What is asked of the maps: pages in a box, deep pages, filtered pages, tiles, exports. The same question for each system, by path."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

from benchmarks.gis_data import CATEGORIES, Layer, box, tile
from benchmarks.systems import Server

PATIENCE = 15.0
"""Seconds after which an answer is not waited for any more."""
ZOOMS = (6, 10, 14, 17)


class System(Protocol):
    name: str
    server: Server

    def items(self, layer: str, given: dict[str, object]) -> str: ...

    def tile(self, layer: str, zoom: int, column: int, row: int) -> str: ...


@dataclass(frozen=True)
class Work:
    """`path`: of one question, drawn from a seed. `equal`: whether every system must count the same features in the answer."""

    name: str
    layer: str
    path: Callable[[System, Random], str]
    equal: bool = True
    heavy: bool = False


def works(layers: list[Layer]) -> list[Work]:
    return [work for layer in layers for work in (*_pages(layer), *_tiles(layer))]


def _pages(layer: Layer) -> list[Work]:
    def page(draw: Callable[[Random], dict[str, object]]) -> Callable[[System, Random], str]:
        return lambda system, random: system.items(layer.name, draw(random))

    def boxed(side: float, limit: int) -> Callable[[Random], dict[str, object]]:
        return lambda random: {"bbox": ",".join(f"{one:.6f}" for one in box(random, side)), "limit": limit}

    def deep(random: Random) -> dict[str, object]:
        return {"offset": int(layer.rows * 0.9) - random.randrange(100), "limit": 100}

    def filtered(random: Random) -> dict[str, object]:
        low = random.randrange(900)
        text = f"categorie = '{random.choice(CATEGORIES)}' AND valeur >= {low} AND valeur < {low + 10}"
        return {"filter": text, "filter-lang": "cql2-text", "limit": 100}

    return [
        Work(f"{layer.name}: page in a box of 400 m", layer.name, page(boxed(0.0036, 1_000))),
        Work(f"{layer.name}: page in a box of 3 km", layer.name, page(boxed(0.027, 10_000))),
        Work(f"{layer.name}: deep page (at nine tenths)", layer.name, page(deep)),
        Work(f"{layer.name}: filtered page", layer.name, page(filtered)),
        Work(
            f"{layer.name}: 100,000 features at once", layer.name, page(lambda _random: {"limit": 100_000}), heavy=True
        ),
    ]


def _tiles(layer: Layer) -> list[Work]:
    def at(zoom: int) -> Callable[[System, Random], str]:
        return lambda system, random: system.tile(layer.name, zoom, *tile(random, zoom))

    return [Work(f"{layer.name}: tile z{zoom}", layer.name, at(zoom), equal=False, heavy=zoom < 10) for zoom in ZOOMS]


class Line:
    """One connection that is kept open, as clients keep it."""

    def __init__(self, system: System) -> None:
        self.host = system.server.base.removeprefix("http://").partition("/")[0]
        self.open()

    def open(self) -> None:
        self.connection = http.client.HTTPConnection(self.host, timeout=PATIENCE)

    def ask(self, path: str) -> tuple[float, bytes]:
        """Milliseconds, and the body. Raises TimeoutError after PATIENCE, RuntimeError for what is not an answer."""
        try:
            return self._ask(path)
        except ConnectionError:  # servers close connections that wait while the others are asked: clients ask again
            return self._ask(path)

    def _ask(self, path: str) -> tuple[float, bytes]:
        start = time.perf_counter()
        try:
            self.connection.request("GET", path, headers={"Accept-Encoding": "identity"})
            answer = self.connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            self.open()
            raise
        if answer.status not in (200, 204):
            raise RuntimeError(f"{path}: {answer.status} {body[:300]!r}")
        return (time.perf_counter() - start) * 1000, body


def features_of(body: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(body)["features"]
    return found


@dataclass
class Crowd:
    """Milliseconds of the answers of several connections, and the seconds that they took together."""

    times: list[float] = field(default_factory=list)
    seconds: float = 0.0
    fault: str = ""

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds if self.seconds else 0.0


def crowd(system: System, work: Work, connections: int, seconds: float) -> Crowd:
    """Each connection asks its next question as soon as the last is answered."""
    found, start = Crowd(), time.perf_counter()

    def ask(seed: int) -> None:
        random, line = Random(f"{work.name} {seed}"), Line(system)
        while time.perf_counter() - start < seconds and not found.fault:
            try:
                found.times.append(line.ask(work.path(system, random))[0])
            except (OSError, RuntimeError, http.client.HTTPException) as error:
                found.fault = f"{type(error).__name__}: {error}"[:200]

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(connections)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    found.seconds = time.perf_counter() - start
    return found
