"""`y.<name>.func`, `.expr`, `.subsets`, `.cumulative`: the statistics of an analysis, as aggregates of a plan."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.publish.first_version.parameters import named
from bocage.publish.first_version.refusals import Malformed, NotComputable
from bocage.query.odsql import nodes
from bocage.query.odsql.parse import parse_select
from bocage.query.odsql.types import DATES, NUMBERS
from bocage.query.odsql.values import parts, value
from bocage.query.plan import Aggregate, Call, Expression, Operation, Output, Summary

if TYPE_CHECKING:
    from bocage.publish.first_version.inquiry import Inquiry
    from bocage.query.odsql.scope import Scope

MOST_SERIES = 50
MOST_RANKS = 20
_NAME = re.compile(r"(?P<name>[\w-]{1,100})\.(?P<what>\w+)", re.ASCII)
SUMMARIES = {
    "AVG": Summary.AVERAGE, "SUM": Summary.SUM, "MIN": Summary.MINIMUM, "MAX": Summary.MAXIMUM,
    "STDDEV": Summary.DEVIATION,
}  # fmt: skip
FUNCTIONS = ("COUNT", *SUMMARIES, "SUMSQUARES", "QUANTILES")
KEEPING = (Summary.MINIMUM, Summary.MAXIMUM, Summary.SUM)
"""Of whole numbers, a whole number."""


@dataclass(frozen=True)
class Series:
    """`ranks`: of quantiles, 0 to 100."""

    name: str
    function: str = "COUNT"
    expression: str = ""
    ranks: tuple[float, ...] = ()
    cumulative: bool = False

    def outputs(self, scope: Scope, prefix: str) -> list[Output]:
        """One column, or one per quantile, named from `prefix`. Raises NotComputable, WrongType, UnknownField."""
        aggregates = self._aggregates(scope)
        return [
            Output(Field(f"{prefix}_{position}", aggregate.type), aggregate)
            for position, aggregate in enumerate(aggregates)
        ]

    def value(self, row: dict[str, Any], prefix: str) -> Any:
        """What a row of the answer says; several quantiles are named by their ranks."""
        if self.function != "QUANTILES" or len(self.ranks) == 1:
            return row[f"{prefix}_0"]
        return {f"{rank:g}": row[f"{prefix}_{position}"] for position, rank in enumerate(self.ranks)}

    def _aggregates(self, scope: Scope) -> list[Aggregate]:
        if self.function == "COUNT":
            return [Aggregate(Summary.COUNT, None, FieldType.INTEGER)]
        operand = self._operand(scope.in_clause("select"))
        if self.function == "SUMSQUARES":
            square = Call(Operation.MULTIPLY, (operand, operand), FieldType.NUMBER)
            return [Aggregate(Summary.SUM, square, FieldType.NUMBER)]
        if self.function == "QUANTILES":
            return [
                Aggregate(Summary.PERCENTILE, operand, FieldType.NUMBER, fraction=rank / 100) for rank in self.ranks
            ]
        summary = SUMMARIES[self.function]
        return [Aggregate(summary, operand, operand.type if summary in KEEPING else FieldType.NUMBER)]

    def _operand(self, scope: Scope) -> Expression:
        """A field or an arithmetic expression; numbers, or dates for the first and the last."""
        clause = parse_select(self.expression)
        item = clause.items[0]
        if len(clause.items) != 1 or not isinstance(item, nodes.Labelled):
            raise Malformed(f"y.{self.name}.expr", "one expression is expected")
        scope.check_size(item)
        operand = value(item.expression, scope)
        if any(isinstance(part, Aggregate) for part in parts(operand)):
            raise NotComputable(f"{self.expression[:100]!r}")
        allowed = NUMBERS | DATES if self.function in ("MIN", "MAX") else NUMBERS
        if operand.type not in allowed:
            raise NotComputable(f"{self.function} of {self.expression[:100]!r}")
        return operand


def read_series(inquiry: Inquiry) -> list[Series]:
    """In the order of their names in the address. Raises Malformed, NotComputable."""
    told: dict[str, dict[str, str]] = {}
    for rest, values in named(inquiry.given, "y."):
        found = _NAME.fullmatch(rest)
        if found is None:
            raise Malformed(f"y.{rest[:50]}", "a name of letters, digits and hyphens, then func or expr, are expected")
        told.setdefault(found["name"], {})[found["what"].lower()] = values[-1]
    if len(told) > MOST_SERIES:
        raise Malformed("y", f"{len(told)} series, at most {MOST_SERIES} are accepted")
    return [_series(name, what) for name, what in told.items()]


def _series(name: str, told: dict[str, str]) -> Series:
    function = told.get("func", "COUNT").upper()
    if function not in FUNCTIONS:
        raise NotComputable(f"The function {function[:50]!r} of y.{name} (one of {', '.join(FUNCTIONS)} is expected)")
    expression = told.get("expr", "").strip()
    if function != "COUNT" and not expression:
        raise Malformed(f"y.{name}.expr", "an expression is expected")
    written = told.get("subsets") or told.get("subset") or "50"
    ranks = _ranks(name, written) if function == "QUANTILES" else ()
    return Series(name, function, expression, ranks, told.get("cumulative", "").lower() == "true")


def _ranks(name: str, text: str) -> tuple[float, ...]:
    try:
        ranks = tuple(float(part) for part in text.split(",")) if len(text) < 500 else ()
    except ValueError:
        ranks = ()
    if not 0 < len(ranks) <= MOST_RANKS or not all(0 <= rank <= 100 for rank in ranks):
        raise Malformed(f"y.{name}.subsets", f"up to {MOST_RANKS} ranks from 0 to 100 are expected")
    return ranks
