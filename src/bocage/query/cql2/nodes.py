"""The tree of a CQL2 filter (OGC 21-065r2), the same whether it was written as text or as JSON."""

from __future__ import annotations

from dataclasses import dataclass

from bocage.query.odsql import nodes as odsql

Node = odsql.Node


@dataclass(frozen=True)
class Text(Node):
    value: str


@dataclass(frozen=True)
class Number(Node):
    value: int | float


@dataclass(frozen=True)
class Truth(Node):
    value: bool


@dataclass(frozen=True)
class Property(Node):
    name: str


@dataclass(frozen=True)
class Date(Node):
    """`DATE('2022-04-16')`, as written."""

    value: str


@dataclass(frozen=True)
class Timestamp(Node):
    """`TIMESTAMP('2022-04-16T10:13:19Z')`, as written."""

    value: str


@dataclass(frozen=True)
class Open(Node):
    """`'..'`: an interval that does not end there."""


@dataclass(frozen=True)
class Interval(Node):
    first: Node
    last: Node


Position = tuple[float, ...]
Coordinates = tuple["Coordinates", ...] | Position


@dataclass(frozen=True)
class Geometry(Node):
    """`kind`: as GeoJSON names it, collections excepted. `coordinates`: nested as GeoJSON nests them."""

    kind: str
    coordinates: Coordinates


@dataclass(frozen=True)
class Collection(Node):
    members: tuple[Geometry | Collection, ...]


@dataclass(frozen=True)
class Box(Node):
    """Four numbers, or six with heights: the lower corner, then the upper one."""

    bounds: tuple[float, ...]


@dataclass(frozen=True)
class Array(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True)
class Operation(Node):
    """`name`: an operator or a function of the standard, as JSON writes it: and, <>, like, isNull, casei, s_within…"""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Function(Node):
    """A function that the standard does not define."""

    name: str
    arguments: tuple[Node, ...]
