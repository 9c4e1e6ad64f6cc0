"""What was written: the tree of a clause. `start` and `end` are positions in the text of the clause, from 0."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Node:
    """Equality ignores where a node was written: the same thing written twice is the same thing."""

    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Name(Node):
    """A field or a label."""

    name: str


@dataclass(frozen=True)
class Text(Node):
    value: str


@dataclass(frozen=True)
class Number(Node):
    """As written: `0042` compared with a text is the text `0042`."""

    written: str


@dataclass(frozen=True)
class Truth(Node):
    value: bool


@dataclass(frozen=True)
class Null(Node):
    pass


@dataclass(frozen=True)
class DateText(Node):
    """`date'…'`"""

    value: str


@dataclass(frozen=True)
class GeometryText(Node):
    """`geom'…'`"""

    value: str


@dataclass(frozen=True)
class Quantity(Node):
    """`10km`, `1 day`: the unit is case-sensitive when short (m minute or metre, M month)."""

    number: str
    unit: str


@dataclass(frozen=True)
class Star(Node):
    pass


@dataclass(frozen=True)
class Negative(Node):
    operand: Node


@dataclass(frozen=True)
class Arithmetic(Node):
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Named(Node):
    """`days=-1`, an argument of now()."""

    name: str
    value: Node


@dataclass(frozen=True)
class Function(Node):
    """`name` in lower case. `distinct` for count(distinct x)."""

    name: str
    arguments: tuple[Node, ...] = ()
    distinct: bool = False


@dataclass(frozen=True)
class Comparison(Node):
    """`operator`: = != > < >= <= (`:` is =, `<>` is !=)."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class InList(Node):
    operand: Node
    values: tuple[Node, ...]


@dataclass(frozen=True)
class InRange(Node):
    operand: Node
    low: Node
    high: Node
    low_closed: bool
    high_closed: bool


@dataclass(frozen=True)
class InField(Node):
    """`'x' IN tags`"""

    value: Node
    field: Name


@dataclass(frozen=True)
class Like(Node):
    operand: Node
    pattern: Text


@dataclass(frozen=True)
class IsNull(Node):
    operand: Node
    negated: bool


@dataclass(frozen=True)
class IsTruth(Node):
    operand: Node
    value: bool
    negated: bool


@dataclass(frozen=True)
class Not(Node):
    operand: Node


@dataclass(frozen=True)
class And(Node):
    operands: tuple[Node, ...]


@dataclass(frozen=True)
class Or(Node):
    operands: tuple[Node, ...]


@dataclass(frozen=True)
class Patterns(Node):
    """`include(a*, b)`, `exclude(…)`."""

    keep: bool
    patterns: tuple[str, ...]


@dataclass(frozen=True)
class Labelled(Node):
    """An item of select or group_by. `source` is the expression as written: the key of an unlabelled one."""

    expression: Node
    label: str = ""
    source: str = field(default="", compare=False)


@dataclass(frozen=True)
class Sort(Node):
    expression: Node
    descending: bool
    source: str = field(default="", compare=False)


@dataclass(frozen=True)
class Clause(Node):
    """A whole select, group_by or order_by."""

    items: tuple[Node, ...]
