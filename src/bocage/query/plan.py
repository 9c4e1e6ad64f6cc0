"""One algebra for every query language: what is asked of a relation, in no language's words and for no engine.

Names are resolved and types known: a plan is always answerable. All of it is immutable and hashable, so that two
expressions are the same when they are equal. Types are `FieldType`; values are Python's (aware datetimes, dates,
strings, numbers, booleans).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType

ROW_ID = "_id"
"""The stable identifier of a row; see `record_ids`."""


class Operation(StrEnum):
    """What a Call computes. A missing argument gives a missing value, but for COALESCE."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"
    NEGATE = "negate"
    POWER = "^"
    MODULO = "%"
    WHOLE_DIVIDE = "div"
    """Towards zero. Like MODULO and DIVIDE, missing when the divisor is zero."""
    LENGTH = "length"
    BYTES = "bytes"
    """Of its arguments together, each as a text in UTF-8; missing ones have none."""
    LOWER = "lower"
    FOLD_CASE = "fold case"
    FOLD_ACCENTS = "fold accents"
    """A text that is the same whatever the case, or the accents, of its letters."""
    COALESCE = "coalesce"
    PARSE_JSON = "parse json"
    """Option 0: JSON in the place of what is none; None keeps the text, "" gives nothing."""
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    HOUR = "hour"
    MINUTE = "minute"
    SECOND = "second"
    DAY_END = "day end"
    """The last instant of a day."""
    FORMAT_DATE = "format date"
    """Option: tuple of date_formats.Piece, in order."""
    DISTANCE = "distance"
    """Metres from a geometry to a Shape (option)."""
    STEP = "step"
    """Lower bound of the numeric interval of width option 0."""
    DATE_STEP = "date step"
    """Start, as a local timestamp, of the interval of option 0 (number) times option 1 (unit)."""
    BINS = "bins"
    """Number, from 0, of the interval that holds the value; option: bounds, ascending; None at an end is open."""
    STEP_LABEL = "step label"
    DATE_STEP_LABEL = "date step label"
    BINS_LABEL = "bins label"
    CLUSTER = "cluster"
    """Cell of the Web Mercator grid; options: zoom, radius in pixels."""
    CENTROID = "centroid"
    SHUFFLE = "shuffle"
    """A pseudo-random number of the row, or of the arguments when there are some; option: seed."""
    EACH = "each"
    """Of a list, each value in turn: the row counts once for each. Only a key of groups."""
    LIST = "list"
    """The list of its arguments, which are texts."""
    SHAPE = "shape"
    """The geometry of the Shape in its options."""


@dataclass(frozen=True)
class Column:
    name: str
    type: FieldType


@dataclass(frozen=True)
class Constant:
    """`written`: as typed, when it was a bare number: compared with a text, it is that text."""

    value: Any
    type: FieldType
    written: str = ""


@dataclass(frozen=True)
class Call:
    """`timezone`: IANA name, for what depends on the local time."""

    operation: Operation
    arguments: tuple[Expression, ...]
    type: FieldType
    options: tuple[Any, ...] = ()
    timezone: str = "UTC"


class Summary(StrEnum):
    COUNT = "count"
    SUM = "sum"
    AVERAGE = "average"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    PERCENTILE = "percentile"
    DEVIATION = "standard deviation"
    """Of the whole population; missing when a value is too large to be squared."""
    HULL = "hull"
    BOX = "box"
    LONGITUDE = "longitude"
    LATITUDE = "latitude"
    """On average, of the middles of geographic values."""


@dataclass(frozen=True)
class Aggregate:
    """`argument` None counts rows. `fraction`: 0 to 1, of a percentile."""

    summary: Summary
    argument: Expression | None
    type: FieldType
    distinct: bool = False
    fraction: float = 0.5


@dataclass(frozen=True)
class Truth:
    """Whether a condition holds, as a value: missing when it cannot be decided."""

    condition: Predicate

    @property
    def type(self) -> FieldType:
        return FieldType.BOOLEAN


Expression = Column | Constant | Call | Aggregate | Truth


@dataclass(frozen=True)
class Shape:
    """A geometry given in the query, CRS84: well-formed WKT, bounds (west, south, east, north), and its position when it
    is a single point."""

    wkt: str
    bounds: tuple[float, float, float, float]
    point: tuple[float, float] | None = None


@dataclass(frozen=True)
class Compare:
    operator: Literal["=", "!=", ">", "<", ">=", "<="]
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Between:
    operand: Expression
    low: Expression
    high: Expression
    low_closed: bool = True
    high_closed: bool = True


@dataclass(frozen=True)
class OneOf:
    operand: Expression
    values: tuple[Expression, ...]


@dataclass(frozen=True)
class Includes:
    """A list holds at least one of the values."""

    operand: Expression
    values: tuple[Constant, ...]


@dataclass(frozen=True)
class Lists:
    """Two lists, as sets: the first equals, holds all of, is held by, or shares a value with the second."""

    relation: Literal["equals", "contains", "contained", "overlaps"]
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Like:
    """The whole text fits a pattern, a constant in calls that fold it: % is any text, _ one character, a backslash takes their
    meaning from them, and is itself before anything else."""

    operand: Expression
    pattern: Expression


@dataclass(frozen=True)
class Missing:
    operand: Expression


@dataclass(frozen=True)
class Holds:
    """A boolean expression is true."""

    operand: Expression


@dataclass(frozen=True)
class Word:
    """A normalised word and how it may be found: itself, as a prefix, or mistyped."""

    text: str
    prefix: bool = False
    fuzzy: bool = False


@dataclass(frozen=True)
class Matches:
    """Full text: every word is found in at least one of the fields."""

    fields: tuple[str, ...]
    words: tuple[Word, ...]


@dataclass(frozen=True)
class BeginsWith:
    """The whole text of at least one field begins with `prefix`, case and accents included."""

    fields: tuple[Column, ...]
    prefix: str


@dataclass(frozen=True)
class Near:
    operand: Column
    shape: Shape
    metres: float


@dataclass(frozen=True)
class InBox:
    operand: Column
    west: float
    south: float
    east: float
    north: float


Relation = Literal["intersects", "within", "disjoint", "contains", "crosses", "equals", "overlaps", "touches"]
"""Of simple features: what the left one does to the right one."""


@dataclass(frozen=True)
class Spatial:
    relation: Relation
    operand: Column
    shape: Shape


@dataclass(frozen=True)
class Related:
    """The same between two geometries of the row, or two of the query."""

    relation: Relation
    left: Expression
    right: Expression


@dataclass(frozen=True)
class InRows:
    """The row is one of these, by number: what an earlier statement found."""

    rows: tuple[int, ...]


@dataclass(frozen=True)
class Always:
    value: bool


@dataclass(frozen=True)
class Not:
    operand: Predicate


@dataclass(frozen=True)
class Denied:
    """Negation in three-valued logic: what cannot be decided stays so."""

    operand: Predicate


@dataclass(frozen=True)
class And:
    operands: tuple[Predicate, ...]


@dataclass(frozen=True)
class Or:
    operands: tuple[Predicate, ...]


Predicate = (
    Compare
    | Between
    | OneOf
    | Includes
    | Lists
    | Like
    | Missing
    | Holds
    | Matches
    | BeginsWith
    | Near
    | InBox
    | Spatial
    | Related
    | InRows
    | Always
    | Not
    | Denied
    | And
    | Or
)
"""Two-valued but for Denied: what cannot be decided, because a value is missing, is false; its negation is true."""


def all_of(predicates: list[Predicate]) -> Predicate | None:
    """Their conjunction; None when there is nothing to ask."""
    if len(predicates) <= 1:
        return predicates[0] if predicates else None
    return And(tuple(predicates))


@dataclass(frozen=True)
class Output:
    """A column of the answer; `field.name` is its name there."""

    field: Field
    expression: Expression


@dataclass(frozen=True)
class SortKey:
    """Missing values are last, whichever the direction."""

    expression: Expression
    descending: bool = False


@dataclass(frozen=True)
class Plan:
    """`groups` empty and `summarised`: one row for everything. `limit` None: all."""

    outputs: tuple[Output, ...]
    condition: Predicate | None = None
    groups: tuple[Expression, ...] = ()
    summarised: bool = False
    sort: tuple[SortKey, ...] = ()
    limit: int | None = None
    offset: int = 0
