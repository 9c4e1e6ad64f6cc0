"""Requests of the Explore API written by a bad-tempered client: mostly near the language, sometimes far from it.

Everything comes from the seed: a request that breaks something is written again from its number.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

TEXTS = (
    "", "a", "é", "Nantes", "%", "*", "a*", "*a*", "'", '"', "\\", "\\'", "' OR 1=1 --", "'; DROP TABLE rows; --",
    "\U0001f600", "\u202e", "a" * 300, "../../etc/passwd", "/etc/passwd", "Rue de Nantes", "PARIS",
    "read_csv('/etc/passwd')", "{{7*7}}", "%s%n",
    "\x01", "\r\nX-Evil: 1", "null", "NaN", "-Infinity", "1e999", "2024-13-45", "9999-12-31", "0001-01-01", "2024-02-30",
    "POINT(0 0)", "POINT(1e400 1)", "POLYGON((0 0,1 1,2 2,0 0))", "POLYGON((0 0))", "GEOMETRYCOLLECTION(POINT(0 0))",
    '{"type":"Point","coordinates":[0,0]}', '{"type":"Polygon","coordinates":[]}', "LINESTRING(0 0, 0 0)", "POINT EMPTY",
    "POLYGON((0 0,2 2,2 0,0 2,0 0))", "yyyy-MM-dd", "yyyy'''", "EEEE d MMMM", "ZZZZ", "%Y", "''", "w e D x", "yyyyyyyyy",
)  # fmt: skip
NUMBERS = (
    "0", "1", "2", "-1", "0.0", "1e308", "1e400", "1e-400", "9223372036854775807", "9223372036854775808", "007", "0.1",
    "18446744073709551616", "1" + "0" * 60, "0" * 5000 + "1", "3.141592653589793238462643", "45", "100", "40",
)  # fmt: skip
DATES = (
    "2024", "2024-05", "2024-05-04", "9999", "9999-12", "9999-12-31", "9999-12-31T23:59:59", "0001", "0001-01-01",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2024-05-04T08:00:00.123456789Z", "20240504", "0000", "soon",
)  # fmt: skip
UNITS = ("km", "m", "mi", "day", "days", "month", "year", "w", "M", "y", "hour", "ms", "s", "q")
PARTS = ("year", "month", "day", "hour", "minute", "second", "length", "lower", "json_format")
AGGREGATES = ("count", "avg", "sum", "min", "max", "median", "envelope", "bbox")
PLACES = ("intersects", "within", "disjoint", "polygon", "geometry", "within_distance", "distance", "in_bbox")
SHIFTS = (
    "days",
    "months",
    "years",
    "weekday",
    "mondays",
    "hour",
    "day",
    "month",
    "year",
    "microseconds",
    "weeks",
    "nope",
)
ZONES = (
    "UTC",
    "Europe/Paris",
    "America/Caracas",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "europe/paris",
    "../UTC",
    "",
    "Z",
    "+02:00",
)
LANGUAGES = ("fr", "en", "de", "xx", "", "FR", "../fr")
SORTS = ("count", "-count", "alphanum", "-alphanum", "num", "-num", "nope")
FORMATS = ("csv", "json", "jsonl", "geojson", "parquet", "xlsx", "exe", "csv.gz", "CSV", "..", "%00")
LABELS = ("x", "Y", "`a b`", "_row", '`"`', "c0", "`\\``")
NOISE = "()[]<>=!:,.*+-/'\"`\\ \t\n\u00e9\u0660{}$;#@&|~^%_aA09"


NUMERIC, TIMES, PLACED = ("int", "double"), ("date", "datetime"), ("geo_point_2d", "geo_shape")
SHAPES = (
    "POINT(-1.55 47.22)", "POLYGON((-2 47,-1 47,-1 48,-2 48,-2 47))", "POLYGON((0 0,2 2,2 0,0 2,0 0))", "LINESTRING(0 0, 0 0)",
    "MULTIPOINT(0 0, 1 1)", "POLYGON((0 0,1 0,1 1,0 0),(5 5,6 5,6 6,5 5))", "POINT(1000000 -1000000)", "POINT(0 90)",
    "GEOMETRYCOLLECTION(POINT(0 0), LINESTRING(0 0, 1 1))", "LINESTRING(-179 0, 179 0)", "POINT(1e-300 1e-300)",
    "POLYGON((0 0,0 0,0 0,0 0))",
)  # fmt: skip


@dataclass(frozen=True)
class Writer:
    """`fields`: name → type, in the words of the API. One piece in `1 / wild` is not of the type that is expected."""

    dice: random.Random
    fields: Mapping[str, str]
    wild: int = 25

    def one(self, choices: Sequence[str]) -> str:
        return self.dice.choice(choices)

    def name(self, *kinds: str) -> str:
        names = [name for name, kind in self.fields.items() if not kinds or kind in kinds]
        if not names or self.dice.randrange(self.wild) == 0:
            names = [*self.fields, "absent", "_row", "_id", "rows", "default.title"]
        name = self.one(names)
        return f"`{name}`" if self.dice.random() < 0.2 else name

    def of(self, kind: str, depth: int = 0) -> str:
        """A value of this kind: number, time, text."""
        if self.dice.randrange(self.wild) == 0:
            return self.value(depth + 1)
        deep = depth > 3 or self.dice.random() < 0.5
        if kind == "number":
            if deep:
                return self.one([self.name(*NUMERIC), self.name(*NUMERIC), self.one(NUMBERS)])
            return self.dice.choice(
                (
                    lambda: f"{self.of(kind, depth + 1)} {self.one('+-*/')} {self.of(kind, depth + 1)}",
                    lambda: f"-{self.of(kind, depth + 1)}",
                    lambda: f"({self.of(kind, depth + 1)})",
                    lambda: f"{self.one(PARTS[:6])}({self.of('time', depth + 1)})",
                    lambda: f"length({self.of('text', depth + 1)})",
                    lambda: f"ifnull({self.of(kind, depth + 1)}, {self.of(kind, depth + 1)})",
                    lambda: f"distance({self.name(*PLACED)}, geom'{self.one(SHAPES)}')",
                )
            )()
        if kind == "time":
            if deep:
                return self.one([self.name(*TIMES), self.name(*TIMES), f"date'{self.one(DATES)}'", self.moment()])
            return f"ifnull({self.of(kind, depth + 1)}, {self.of(kind, depth + 1)})"
        if deep:
            return self.one([self.name("text"), self.name("text"), self.text()])
        return self.dice.choice(
            (
                lambda: f"lower({self.of(kind, depth + 1)})",
                lambda: f"date_format({self.of('time', depth + 1)}, {self.pattern()})",
                lambda: f"ifnull({self.of(kind, depth + 1)}, {self.of(kind, depth + 1)})",
                lambda: f"json_format({self.of(kind, depth + 1)})",
            )
        )()

    def any_of(self, depth: int = 0) -> str:
        return self.of(self.one(("number", "time", "text")), depth)

    def moment(self) -> str:
        shifts = ", ".join(
            f"{self.one(SHIFTS)}={self.one(['-', ''])}{self.one(NUMBERS)}" for _ in range(self.dice.randrange(3))
        )
        return f"now({shifts})"

    def pattern(self) -> str:
        letters = (
            "yyyy",
            "yy",
            "MM",
            "MMM",
            "MMMM",
            "dd",
            "d",
            "EEE",
            "EEEE",
            "HH",
            "mm",
            "ss",
            "-",
            " ",
            "'T'",
            "''",
            "%Y",
            "w",
            "xx",
            "D",
        )
        return "'" + "".join(self.one(letters) for _ in range(self.dice.randrange(6))).replace("'", "\\'") + "'"

    def text(self) -> str:
        quote = self.one("'\"")
        body = self.one(TEXTS)
        return (
            quote
            + (body if self.dice.random() < 0.1 else body.replace("\\", "\\\\").replace(quote, "\\" + quote))
            + quote
        )

    def value(self, depth: int = 0) -> str:  # noqa: C901  one way of writing a value per line
        way = self.dice.randrange(16 if depth < 3 else 5)
        if way < 3:
            return self.name()
        if way == 3:
            return self.text()
        if way == 4:
            return self.one(NUMBERS)
        if way == 5:
            return f"date'{self.one(DATES)}'"
        if way == 6:
            return f"({self.value(depth + 1)})"
        if way == 7:
            return f"-{self.value(depth + 1)}"
        if way in (8, 9):
            return f"{self.value(depth + 1)} {self.one('+-*/')} {self.value(depth + 1)}"
        if way == 10:
            return self.moment()
        if way == 11:
            return f"date_format({self.value(depth + 1)}, {self.text()})"
        if way == 12:
            return f"ifnull({self.value(depth + 1)}, {self.value(depth + 1)})"
        if way == 13:
            return f"distance({self.name()}, geom{self.text()})"
        return f"{self.one(PARTS)}({self.value(depth + 1)})"

    def aggregate(self) -> str:
        return self.dice.choice(
            (
                lambda: "count(*)",
                lambda: f"count({self.one(['distinct ', ''])}{self.any_of()})",
                lambda: f"percentile({self.of('number')}, {self.one(NUMBERS)})",
                lambda: f"{self.one(('min', 'max', 'median'))}({self.of(self.one(('number', 'time')))})",
                lambda: f"{self.one(('sum', 'avg'))}({self.of('number')})",
                lambda: f"{self.one(('envelope', 'bbox'))}({self.name(*PLACED)})",
            )
        )()

    def condition(self, depth: int = 0) -> str:
        kind = self.one(("number", "time", "text"))
        ways = [
            lambda: f"{self.of(kind)} {self.one(['=', '!=', '<', '>', '<=', '>=', '<>', ':'])} {self.of(kind)}",
            lambda: f"{self.of(kind)} in ({', '.join(self.of(kind) for _ in range(self.dice.randrange(1, 6)))})",
            lambda: (
                f"{self.of(kind)} in {self.one('[]')}{self.of(kind)} {self.one(['to', '..'])} {self.of(kind)}{self.one('[]')}"
            ),
            lambda: f"{self.name('text')} like {self.text()}",
            lambda: f"{self.any_of()} is {self.one(['', 'not '])}null",
            lambda: (
                f"{self.one(['search', 'suggest', 'startswith'])}({self.one(['', '*, ', self.name('text') + ', '])}{self.text()})"
            ),
            self.place,
            self.text,
            lambda: f"{self.text()} in {self.name('text')}",
        ]
        if "boolean" in self.fields.values():
            ways.append(lambda: f"{self.name('boolean')} is {self.one(['', 'not '])}{self.one(['true', 'false'])}")
        if depth < 4:
            ways += [
                lambda: f"not {self.condition(depth + 1)}",
                lambda: f"({self.condition(depth + 1)})",
                lambda: f"{self.condition(depth + 1)} {self.one(['and', 'or'])} {self.condition(depth + 1)}",
            ]
        return self.dice.choice(ways)()

    def place(self) -> str:
        name = self.one(PLACES)
        if name == "in_bbox":
            return (
                f"in_bbox({self.name(*PLACED)}, {', '.join(self.one(['-', '']) + self.one(NUMBERS) for _ in range(4))})"
            )
        shape = f"geom{self.text()}" if self.dice.randrange(self.wild) == 0 else f"geom'{self.one(SHAPES)}'"
        last = (
            f", {self.one(['0', '1', '2.5', '9' * 400])}{self.one(UNITS[:3])}"
            if name in ("within_distance", "distance")
            else ""
        )
        last = f", {self.one(['INTERSECTS', 'within', 'nope'])}" if name == "geometry" else last
        return f"{name}({self.name(*PLACED)}, {shape}{last})"

    def select(self, grouped: bool) -> str:
        plain = (
            lambda: "*",
            self.name,
            self.any_of,
            lambda: f"include({self.name()}*)",
            lambda: f"exclude({self.name()})",
        )
        summaries = (self.aggregate,)
        ways = summaries if grouped or self.dice.random() < 0.3 else plain
        return ", ".join(self.labelled(self.dice.choice(ways)()) for _ in range(self.dice.randrange(1, 4)))

    def labelled(self, item: str) -> str:
        if item.startswith(("*", "include(", "exclude(")) or self.dice.random() < 0.6:
            return item
        return f"{item} as {self.one([*LABELS, self.name()])}"

    def group_by(self) -> str:
        ways = (
            self.name,
            self.any_of,
            lambda: f"range({self.of('number')}, {self.one(NUMBERS)})",
            lambda: f"range({self.name(*TIMES)}, {self.one(('1', '2', '999999'))}{self.one(UNITS)})",
            lambda: f"range({self.name(*NUMERIC)}, *, 1, 1.5, {self.one(NUMBERS)}, *)",
            lambda: f"range({self.name(*TIMES)}, date'2000', date'{self.one(DATES)}', *)",
            lambda: f"geo_cluster({self.name(*PLACED)}, {self.one(('0', '5', '25'))}, {self.one(NUMBERS)})",
        )
        return ", ".join(self.labelled(self.dice.choice(ways)()) for _ in range(self.dice.randrange(1, 3)))

    def order_by(self, grouped: bool) -> str:
        ways = (
            (self.aggregate,) if grouped else (self.name, self.any_of, lambda: "random(3)", lambda: f"-{self.name()}")
        )
        return ", ".join(
            self.dice.choice(ways)() + self.one(["", " asc", " desc"]) for _ in range(self.dice.randrange(1, 3))
        )

    def facet(self) -> str:
        if self.dice.random() < 0.4:
            return ",".join(self.name() for _ in range(self.dice.randrange(1, 4)))
        options = "".join(
            f", {name}={self.one(values)}"
            for name, values in (
                ("disjunctive", ("true", "false", *self.odd("x"))),
                ("hierarchical", ("true", "false")),
                ("separator", ('"/"', '""', "'\\''", '"é"')),
                ("sort", (*SORTS[:6], *self.odd(SORTS[6]))),
                ("limit", ("1", "20", *self.odd("0", "-1", "1001", "9" * 30, "0" * 5000 + "1", "\u0663"))),
            )
            if self.dice.random() < 0.4
        )
        return f'facet(name="{self.name()}"{options})'

    def refinement(self) -> str:
        value = self.one([self.one(TEXTS), self.one(DATES), self.one(DATES), self.one(NUMBERS), self.text()])
        return f"{self.name()}{self.one([':', ':', ':', ' : ', ''])}{value}"

    def odd(self, *values: str) -> tuple[str, ...]:
        return values if self.dice.randrange(self.wild // 5) == 0 else ()

    def spoiled(self, text: str) -> str:
        """The same with some characters lost, doubled or replaced."""
        letters = list(text)
        for _ in range(self.dice.randrange(1, 4)):
            at = self.dice.randrange(len(letters) + 1)
            letters[at : at + self.dice.randrange(3)] = self.one(["", self.one(NOISE), self.one(TEXTS)])
        return "".join(letters)

    def parameters(self) -> list[tuple[str, str]]:
        given: list[tuple[str, str]] = []
        grouped = self.dice.random() < 0.3
        writers = (
            ("select", lambda: self.select(grouped), 0.5), ("where", self.condition, 0.6), ("where", self.condition, 0.1),
            ("group_by", self.group_by, float(grouped)), ("order_by", lambda: self.order_by(grouped), 0.3),
            ("refine", self.refinement, 0.2), ("exclude", self.refinement, 0.15), ("facet", self.facet, 0.5),
        )  # fmt: skip
        for name, write, chance in writers:
            if self.dice.random() < chance:
                text = write()
                given.append((name, self.spoiled(text) if self.dice.random() < 0.05 else text))
        for name, values, chance in (
            ("limit", ("0", "1", "20", "100", "-1", *self.odd("-2", "101", "20000", "x", "1e3", "9" * 25)), 0.5),
            ("offset", ("0", "1", "9000", *self.odd("10000", "-1", "x", "9" * 17)), 0.3),
            ("timezone", (*ZONES[:6], *self.odd(*ZONES[6:])), 0.3), ("lang", (*LANGUAGES[:3], *self.odd(*LANGUAGES)), 0.2),
            ("include_links", ("true", "1", *self.odd("maybe")), 0.1), ("use_labels", ("true", *self.odd("x")), 0.1),
            ("delimiter", (";", ",", "\t", "|", *self.odd("é", "'")), 0.1),
            ("list_separator", (",", "'", "\\", "' || 'x", *self.odd("\x00", "é" * 20)), 0.15),
            ("compressed", ("true", *self.odd("x")), 0.1), ("epsg", ("4326", *self.odd("2154", "x", "9" * 30)), 0.05),
            ("quote_all", ("true",), 0.1), ("with_bom", ("false",), 0.1),
            ("parquet_compression", ("zstd", "snappy", *self.odd("lzma")), 0.1),
        ):  # fmt: skip
            if self.dice.random() < chance:
                given.append((name, self.one(values)))
        return given


def request(seed: int, fields: Mapping[str, str]) -> list[tuple[str, str]]:
    """The parameters of request number `seed`."""
    return Writer(random.Random(seed), fields).parameters()
