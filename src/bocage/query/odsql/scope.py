"""What the names of a clause mean: fields that the viewer may see, labels, local time, language, bounds."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.query.errors import OdsqlError, TooComplex, UnknownField, WrongType
from bocage.query.odsql import nodes
from bocage.query.odsql.dates import zone
from bocage.query.plan import ROW_ID, Call, Column, Constant, Expression, Operation

DEEPEST = 40
"""Expressions inside expressions; each level costs several Python frames when SQL is written."""
MOST_OPERANDS = 1000


STAMP = "_timestamp"
SIZE = "_size"
"""Technical fields beside the identifier: when the rows were published, bytes of what the row holds for its reader."""


@dataclass(frozen=True)
class Scope:
    """`clause` is the one being read, for errors. `labels`: expressions that a name may stand for, after fields.
    `measures`: fields that exist as what is summed or averaged, and nowhere else. `stamp`: when the rows were published."""

    fields: Mapping[str, Field]
    timezone: str
    lang: str
    now: datetime
    clause: str = "where"
    prefixes: tuple[str, ...] = ()
    labels: Mapping[str, Expression] = field(default_factory=dict)
    measures: Mapping[str, Field] = field(default_factory=dict)
    stamp: datetime | None = None

    @property
    def zone(self) -> ZoneInfo:
        return zone(self.timezone)

    def in_clause(self, clause: str, labels: Mapping[str, Expression] | None = None) -> Scope:
        return dataclasses.replace(self, clause=clause, labels=self.labels if labels is None else labels)

    def field(self, name: str) -> Field | None:
        """The field of that name; in the catalogue, the name of its template may stand before it."""
        if found := self.fields.get(name):
            return found
        prefix, _, rest = name.partition(".")
        return self.fields.get(rest) if rest and prefix in self.prefixes else None

    def expression(self, name: str) -> Expression:
        """A field, a label, the row's identifier, size or moment of publication. Raises UnknownField."""
        if found := self.field(name):
            return Column(found.name, found.type)
        if name in self.labels:
            return self.labels[name]
        if name == ROW_ID:
            return Column(ROW_ID, FieldType.STRING)
        if name == STAMP and self.stamp is not None:
            return Constant(self.stamp, FieldType.DATETIME)
        if name == SIZE:
            seen = tuple(Column(one.name, one.type) for one in self.fields.values())
            return Call(Operation.BYTES, seen, FieldType.INTEGER)
        raise UnknownField(clause=self.clause, field=name)

    def measure(self, node: nodes.Node) -> Column | None:
        """The measure that a sum or an average is of, by itself: of an expression, it would tell more than its sum."""
        found = self.measures.get(node.name) if isinstance(node, nodes.Name) else None
        return Column(found.name, found.type) if found else None

    def column(self, node: nodes.Node, operation: str) -> Column:
        """The field that an argument must be."""
        if not isinstance(node, nodes.Name):
            raise self.wrong(operation, gettext_noop("the first argument of %(operation)s must be a field"))
        found = self.expression(node.name)
        if not isinstance(found, Column):
            raise self.wrong(operation, gettext_noop("the first argument of %(operation)s must be a field"))
        return found

    def wrong(self, operation: str, detail: str, **fields: Any) -> WrongType:
        """`detail`: msgid of the explanation, `fields` what it mentions."""
        return WrongType(clause=self.clause, detail=detail, operation=operation, **fields)

    def malformed(self, detail: str, **fields: Any) -> OdsqlError:
        """The same for what has no meaning."""
        return OdsqlError(clause=self.clause, detail=detail, **fields)

    def check_size(self, node: nodes.Node) -> None:
        """Raises TooComplex when the tree is too deep or a list too long. Without recursion."""
        waiting = [(node, 1)]
        while waiting:
            current, depth = waiting.pop()
            if depth > DEEPEST:
                raise TooComplex(clause=self.clause, what="nested expressions", found=depth, most=DEEPEST)
            for value in vars(current).values():
                if isinstance(value, nodes.Node):
                    waiting.append((value, depth + 1))
                elif isinstance(value, tuple):
                    if len(value) > MOST_OPERANDS:
                        raise TooComplex(clause=self.clause, what="values", found=len(value), most=MOST_OPERANDS)
                    waiting += [(child, depth + 1) for child in value if isinstance(child, nodes.Node)]
