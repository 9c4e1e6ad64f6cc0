"""What a request is made of, and the dice: numbers, texts, places, moments, sound and absurd, then bytes lost or doubled."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from tests.interfaces.geo.at_random.values import (
    ABSENT,
    DATASETS,
    FIELDS,
    HEADERS,
    MOMENTS,
    NUMBERS,
    ODD,
    ODD_MOMENTS,
    ODD_SYSTEMS,
    SYSTEMS,
    TEXTS,
)


@dataclass(frozen=True)
class Asked:
    """One request as it leaves the client. `query`: already encoded."""

    door: str
    method: str
    path: str
    query: str = ""
    body: bytes = b""
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Dice(random.Random):
    def often(self, sound: Sequence[str], absurd: Sequence[str], chance: float = 0.12) -> str:
        return self.choice(absurd if self.random() < chance else sound)

    def dataset(self) -> str:
        return self.often(DATASETS, ABSENT)

    def number(self, least: int = 0, most: int = 20) -> str:
        return self.choice(NUMBERS) if self.random() < 0.08 else str(self.randint(least, most))

    def system(self) -> str:
        return self.often(SYSTEMS, ODD_SYSTEMS)

    def moment(self) -> str:
        return self.often(MOMENTS, ODD_MOMENTS)

    def field(self) -> str:
        return self.often(FIELDS, TEXTS, 0.08)

    def text(self) -> str:
        return self.choice(TEXTS)

    def box(self) -> tuple[float, float, float, float]:
        """Near the data, most of the time."""
        if self.random() < 0.25:
            x, y = self.uniform(-200, 200), self.uniform(-100, 100)
            return x, y, x + self.uniform(-1, 400), y + self.uniform(-1, 200)
        x, y = self.uniform(-1.7, -1.4), self.uniform(47.1, 47.3)
        return x, y, x + self.uniform(0, 0.3), y + self.uniform(0, 0.2)

    def numbers(self) -> str:
        if self.random() < 0.1:
            return ",".join(self.choice(NUMBERS) for _ in range(self.choice((3, 4, 5, 6, 50))))
        return ",".join(map(str, self.box()))

    def wkt(self) -> str:
        x, y, east, north = self.box()
        return self.choice(
            (
                f"POINT({x} {y})",
                f"LINESTRING({x} {y}, {east} {north})",
                f"POLYGON(({x} {y}, {east} {y}, {east} {north}, {x} {y}))",
                f"BBOX({x},{y},{east},{north})",
                "POLYGON((0 0,1 1,0 1,1 0,0 0))",
                "POLYGON EMPTY",
                f"POINT({self.choice(NUMBERS)} 0)",
                "MULTIPOLYGON(((" + ",".join(f"{i} {i * i % 7}" for i in range(200)) + ",0 0)))",
            )
        )

    def pick(self, choices: Mapping[str, Sequence[str]], least: int = 0, most: int = 3) -> list[tuple[str, str]]:
        """Some of these parameters, each with one of its values."""
        names = self.sample(list(choices), min(len(choices), self.randint(least, most)))
        return [(name, self.choice(choices[name])) for name in names]

    def case(self, name: str) -> str:
        return self.choice((name, name, name, name.upper(), name.lower(), name.title()))

    def asked(self, door: str, path: str, given: Sequence[tuple[str, str]] = (), method: str = "") -> Asked:
        method = method or self.often(("GET",), ("HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"), 0.06)
        return Asked(door, method, path, encoded(given))

    def spoilt(self, one: Asked) -> Asked:
        """Now and then: a header, the same parameter twice or a thousand times, bytes lost, doubled, replaced."""
        headers = {name: self.choice(HEADERS[name]) for name in HEADERS if self.random() < 0.03}
        query, path = one.query, one.path
        if query and self.random() < 0.04:
            query += ("&" + self.choice(query.split("&"))) * self.choice((1, 2, 50, 1001))
        if self.random() < 0.05:
            query = self.damaged(query)
        if self.random() < 0.03:
            path = self.damaged(path)
        body = (
            self.damaged(one.body.decode("utf-8", "replace")).encode("utf-8", "replace")
            if one.body and self.random() < 0.2
            else one.body
        )
        return dataclasses.replace(one, path=path or "/", query=query, body=body, headers={**one.headers, **headers})

    def damaged(self, text: str) -> str:
        letters = list(text)
        for _ in range(self.randrange(1, 5)):
            at = self.randrange(len(letters) + 1)
            letters[at : at + self.randrange(4)] = self.choice(ODD)
        return "".join(letters)


def encoded(given: Sequence[tuple[str, str]]) -> str:
    """Half of a surrogate pair cannot be sent."""
    return urlencode([(one.encode("utf-8", "replace"), other.encode("utf-8", "replace")) for one, other in given])


def segment(text: str) -> str:
    """Of a path: percent signs that are there already are kept."""
    return quote(text.encode("utf-8", "replace"), safe="%")
