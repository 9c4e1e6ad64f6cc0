"""Two thousand requests at random, absurd ones among them: each has an answer of the standard, none is a fault of the server."""

from __future__ import annotations

import json
import random
from typing import Any

from bocage.query.coordinates import SYSTEMS
from bocage.query.cql2.vocabulary import ARITHMETIC, ARRAYS, COMPARISONS, SPATIAL, TEMPORAL
from tests.publish.ogc.conftest import LAYERS

FIELDS = (
    "code",
    "nom",
    "pop",
    "surface",
    "ouvert",
    "jour",
    "maj",
    "tags",
    "centre",
    "contour",
    "meta",
    "_id",
    "name",
    "pop_other",
    "geom",
)
SYSTEM_NAMES = [one.uri for one in SYSTEMS] + [
    "",
    "x",
    "EPSG:4326",
    "http://www.opengis.net/def/crs/EPSG/0/0",
    "é",
    "EPSG:" + "9" * 400,
]
WORDS = ("", " ", "'", "''", "\\", "%", "_", "é", "\u0000", "\ud800", "🌳", "null", "-0", "1e309", "NaN", "0x1", "9" * 400,
         "../../etc/passwd", "'; DROP TABLE r; --", "true", "2020-02-30", "2020-01-01T00:00:00Z", "..", "/", ",,,",
         "+", "*", "POINT(0 0)", "{", "[]")  # fmt: skip
PARTS = (
    "",
    "/items",
    "/items",
    "/items",
    "/items",
    "/schema",
    "/queryables",
    "/sortables",
    "/items/absent",
    "/zut",
    "/items/1/2",
)


class Dice(random.Random):
    def number(self) -> str:
        return self.choice(
            [
                str(self.randint(-10, 10)),
                repr(self.uniform(-1e3, 1e3)),
                "1e308",
                "-1e308",
                "9" * 30,
                "0",
                "-0.0",
                "1e-320",
            ]
        )

    def position(self) -> str:
        return f"{self.number()} {self.number()}"

    def geometry(self) -> str:
        line = ", ".join(self.position() for _ in range(self.randint(1, 4)))
        first = self.position()
        ring = f"({first}, {self.position()}, {self.position()}, {first})"
        return self.choice([
            f"POINT({self.position()})", f"LINESTRING({line})", f"POLYGON({ring})", f"MULTIPOLYGON(({ring}))",
            f"MULTIPOINT({line})",
            f"BBOX({', '.join(self.number() for _ in range(self.choice([4, 6, 3])))})",
            f"GEOMETRYCOLLECTION(POINT({self.position()}))",
            "POLYGON((0 0, 1 1, 0 1, 1 0, 0 0))",
        ])  # fmt: skip

    def instant(self) -> str:
        return self.choice(["DATE('2020-02-29')", "TIMESTAMP('2020-01-01T00:00:00Z')", "DATE('9999-12-31')",
                            "DATE('0001-01-01')", "jour", "maj", "INTERVAL('..', '2020-01-01')", "INTERVAL(jour, maj)",
                            "INTERVAL('..', '..')", "DATE('2020-02-30')"])  # fmt: skip

    def value(self, depth: int) -> str:
        if depth <= 0 or self.random() < 0.4:
            return self.choice(
                [self.number(), self.choice(FIELDS), repr(self.choice(WORDS)), "TRUE", self.instant(), '"nom"']
            )
        one, other = self.value(depth - 1), self.value(depth - 1)
        return self.choice([f"({one} {self.choice(ARITHMETIC)} {other})", f"CASEI({one})", f"ACCENTI({one})", f"year({one})",
                            f"length({one})", f"distance({self.choice(FIELDS)}, {self.geometry()})", f"zut({one})"])  # fmt: skip

    def condition(self, depth: int) -> str:
        if depth > 0 and self.random() < 0.4:
            return f"({self.condition(depth - 1)} {self.choice(['AND', 'OR'])} NOT {self.condition(depth - 1)})"
        field, one, other = self.choice(FIELDS), self.value(depth), self.value(depth - 1)
        return self.choice([
            f"{one} {self.choice(COMPARISONS)} {other}", f"{field} {self.choice(COMPARISONS)} {one}", f"{one} IS NULL",
            f"{field} BETWEEN {one} AND {other}", f"{field} IN ({one}, {other})", f"{field} LIKE {one}",
            f"{self.choice(SPATIAL)}({field}, {self.geometry()})", f"{self.choice(SPATIAL)}({self.geometry()}, {self.geometry()})",
            f"{self.choice(TEMPORAL)}({self.instant()}, {self.instant()})", f"{self.choice(ARRAYS)}(tags, ({one}, {other}))",
            f"({field} IS NULL) = TRUE",
        ])  # fmt: skip

    def likely(self) -> str:
        """A condition whose types agree, of the layer with every type."""
        pop, box = (
            self.randint(-5, 70),
            f"BBOX({self.uniform(-2, -1)}, 46, {self.uniform(-1, 0)}, {self.uniform(46, 48)})",
        )
        one = self.choice([
            f"pop {self.choice(COMPARISONS)} {pop}", f"surface * 2 > {pop} ^ 2", "nom LIKE '%e%'", "ouvert", "jour IS NULL",
            f"{self.choice(SPATIAL)}(contour, {box})", f"{self.choice(TEMPORAL[:5])}(maj, INTERVAL('2024-01-01', '..'))",
            f"{self.choice(ARRAYS)}(tags, ('eau', 'vélo'))", f"CASEI(nom) IN (CASEI('NANTES'), {self.choice(['nom', 'code'])})",
            f"pop % {self.randint(0, 3)} = 0", f"S_INTERSECTS(contour, {self.geometry()})",
        ])  # fmt: skip
        return (
            one
            if self.random() < 0.5
            else f"{self.choice(['NOT ', ''])}({one}) {self.choice(['AND', 'OR'])} {self.likely()}"
        )

    def filter(self) -> str:
        dice = self.random()
        return self.likely() if dice < 0.5 else self.condition(3) if dice < 0.9 else self.choice(WORDS)

    def numbers(self) -> str:
        if self.random() < 0.6:
            return f"-2,46,{self.uniform(-2, 0)},{self.uniform(46, 48)}"
        return ",".join(self.number() for _ in range(self.choice([4, 6, 5])))

    def system(self) -> str:
        return self.choice(SYSTEM_NAMES[: len(SYSTEMS)] if self.random() < 0.8 else SYSTEM_NAMES)

    def order(self) -> str:
        return ",".join(self.choice("+-") + self.choice(FIELDS) for _ in range(self.randint(1, 3)))

    def given(self) -> dict[str, Any]:
        words: dict[str, tuple[str, ...]] = {
            "filter-lang": ("cql2-text", "cql2-text", "cql2-json", "sql"), "f": ("json", "jsonfg", "html", "csv", "zut"),
            "datetime": ("2024-01-01", "../2024-01-01", "2024-01-01/..", "0000-00-00", "a/b/c", "9999-12-31T23:59:59Z/.."),
            "offset": ("0", "1", "79", "-1", "9" * 40, "x"), "cursor": WORDS, "resultType": ("hits", "results", "x"),
            "skipGeometry": ("true", "false", "x"), self.choice(FIELDS): WORDS, self.choice(WORDS): ("1",),
        }  # fmt: skip
        made = {"filter": self.filter, "filter-crs": self.system, "bbox": self.numbers, "bbox-crs": self.system, "crs": self.system,
                "sortby": self.order, "properties": lambda: ",".join(self.sample(FIELDS, 2))}  # fmt: skip
        found = {"limit": self.choice(("1", "5", "3", "99999999999999", "", "2", "4", "0", "-1", "1e9"))}
        for name in self.sample(("filter", "filter", "bbox", "crs", *words, *made), self.randint(0, 3)):
            found[name] = made[name]() if name in made else self.choice(words[name])
        return found


def text_of(given: dict[str, Any]) -> dict[str, str]:
    """Half of a surrogate pair cannot be sent."""
    return {
        name.encode("utf-8", "replace").decode(): value.encode("utf-8", "replace").decode()
        for name, value in given.items()
    }


def test_none_is_a_fault(ask):
    dice = Dice(20261122)
    seen: dict[int, int] = {}
    for turn in range(2_000):
        name = dice.choice(["lieux"] * 8 + [*LAYERS.values(), "agents", "é"])
        path = (
            f"collections/{name}{dice.choice(PARTS)}"
            if dice.random() < 0.9
            else dice.choice(["", "api", "conformance", "collections"])
        )
        given = text_of(dice.given())
        response = ask.client.get(f"/ogc/{path}", given)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        seen[response.status_code] = seen.get(response.status_code, 0) + 1
        assert response.status_code in (200, 400, 404), (turn, path, given, response.status_code, body[:300])
        if response.status_code == 200 and given.get("f", "json") == "json":
            json.loads(body)
    assert seen[200] > 150, seen
    assert seen[400] > 300, seen
