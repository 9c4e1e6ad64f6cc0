"""A style, whatever the format that tells it: rules, each with the symbols of the records that fulfil its condition.

Lengths are pixels of 0.28 mm, as in Styled Layer Descriptor; colours are `#rrggbb`; opacities go from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Value = str | float | bool
Operator = Literal["=", "!=", "<", "<=", ">", ">="]
Shape = Literal["circle", "square", "triangle", "star", "cross", "x"]


@dataclass(frozen=True)
class Compare:
    operator: Operator
    field: str
    value: Value


@dataclass(frozen=True)
class Between:
    """Both ends are in."""

    field: str
    low: Value
    high: Value


@dataclass(frozen=True)
class Missing:
    field: str


@dataclass(frozen=True)
class Group:
    kind: Literal["all", "any"]
    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    part: Condition


Condition = Compare | Between | Missing | Group | Not


@dataclass(frozen=True)
class Fill:
    color: str
    opacity: float = 1.0


@dataclass(frozen=True)
class Stroke:
    """`dashes`: lengths of strokes and gaps, in pixels; empty: one line."""

    color: str
    width: float = 1.0
    opacity: float = 1.0
    dashes: tuple[float, ...] = ()


@dataclass(frozen=True)
class Surface:
    fill: Fill | None
    outline: Stroke | None = None


@dataclass(frozen=True)
class Line:
    """Of lines, and of the edges of surfaces."""

    stroke: Stroke


@dataclass(frozen=True)
class Mark:
    """Of points. `size`: across."""

    shape: Shape = "circle"
    size: float = 8.0
    fill: Fill | None = None
    outline: Stroke | None = None


@dataclass(frozen=True)
class Label:
    """The value of a field, beside the record. `halo`: colour around the letters, empty for none."""

    field: str
    size: float = 12.0
    color: str = "#16261f"
    halo: str = "#ffffff"


Symbol = Surface | Line | Mark | Label


@dataclass(frozen=True)
class Rule:
    """`nearest`, `farthest`: denominators of the scales between which it holds, None without bound: at least the first, and less
    than the second."""

    title: str
    symbols: tuple[Symbol, ...]
    condition: Condition | None = None
    nearest: float | None = None
    farthest: float | None = None


def named_in(condition: Condition | None) -> Iterator[str]:
    """Names of the fields that a condition looks at."""
    match condition:
        case Compare(field=name) | Between(field=name) | Missing(field=name):
            yield name
        case Group(parts=parts):
            for part in parts:
                yield from named_in(part)
        case Not(part=part):
            yield from named_in(part)


def named_by(rules: Iterable[Rule]) -> frozenset[str]:
    """Names of all the fields that a style tells something of."""
    rules = list(rules)
    labels = {symbol.field for rule in rules for symbol in rule.symbols if isinstance(symbol, Label)}
    return frozenset(labels | {name for rule in rules for name in named_in(rule.condition)})
