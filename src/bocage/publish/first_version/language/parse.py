"""`q` → a condition: words, fields, NOT, AND, OR and brackets; what stands side by side must all hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bocage.publish.first_version.language.fields import compared, in_interval, of_the_field
from bocage.publish.first_version.language.functions import predicate
from bocage.publish.first_version.language.tokens import Token, tokens_of
from bocage.publish.first_version.refusals import Malformed
from bocage.query.odsql import nodes
from bocage.query.odsql.printing import printed

if TYPE_CHECKING:
    from bocage.query.odsql.scope import Scope

DEEPEST = 12
"""Brackets inside brackets."""
MOST_WORDS = 50
EVERYTHING = ("*", "*:*")
ALIASES = {"recordid": "_id"}
"""Names that are no field, and what they stand for."""


def where_of(text: str, scope: Scope) -> str:
    """The ODSQL of a query; empty when it asks for nothing. Raises Malformed and the errors of ODSQL."""
    if text.strip() in ("", *EVERYTHING):
        return ""
    node = _Reader(text, scope).read()
    return printed(node) if node is not None else ""


class _Reader:
    """Recursive descent, whose depth is bounded."""

    def __init__(self, text: str, scope: Scope) -> None:
        self.scope = scope
        known = dict.fromkeys((*scope.fields, *ALIASES))
        prefixed = {f"{prefix}.{name}": None for prefix in scope.prefixes for name in scope.fields}
        self.tokens = list(tokens_of(text, known | prefixed))
        self.at = 0
        self.depth = self.words = 0
        self.field = ""  # what the words inside `field:(…)` are looked for in

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def read(self) -> nodes.Node | None:
        node = self._either()
        if self.token.kind != "end":
            raise Malformed("q", f"an unexpected {self.token.text!r} at position {self.token.start}")
        return node

    def _either(self) -> nodes.Node | None:
        return _joined(nodes.Or, self._chain(self._all, "OR"))

    def _all(self) -> nodes.Node | None:
        operands: list[nodes.Node | None] = []
        while True:
            operands.append(self._not())
            if self._is_operator("AND") and not self._ends_after_operator():
                self.at += 1
            elif self.token.kind in ("end", "close") or (self._is_operator("OR") and not self._ends_after_operator()):
                return _joined(nodes.And, operands)

    def _chain(self, read: Callable[[], nodes.Node | None], word: str) -> list[nodes.Node | None]:
        operands = [read()]
        while self._is_operator(word) and not self._ends_after_operator():
            self.at += 1
            operands.append(read())
        return operands

    def _is_operator(self, word: str) -> bool:
        return self.token.kind == "word" and self.token.text.upper() == word

    def _ends_after_operator(self) -> bool:
        """A last “or” is a word like another: gold, in French."""
        return self.tokens[self.at + 1].kind in ("end", "close")

    def _not(self) -> nodes.Node | None:
        negated = False
        while self._is_operator("NOT") and not self._ends_after_operator():
            negated = not negated
            self.at += 1
        node = self._one()
        if not negated:
            return node
        return nodes.Truth(False) if node is None else nodes.Not(node)

    def _one(self) -> nodes.Node | None:
        token = self.token
        self.at += 1
        if token.kind == "open":
            return self._bracket()
        if token.kind == "word":
            return self._word(token.text)
        if token.kind == "quoted":
            exactly = token.text.replace("*", " ")
            return of_the_field(self.field, token.text, self.scope) if self.field else nodes.Text(exactly)
        if token.kind == "function":
            return predicate(token.text, token.low, self.scope)
        if token.kind == "field":
            return self._comparison(token)
        raise Malformed("q", f"a word was expected at position {token.start}")

    def _word(self, word: str) -> nodes.Node | None:
        if word in EVERYTHING:
            return None
        self.words += 1
        if self.words > MOST_WORDS:
            raise Malformed("q", f"more than {MOST_WORDS} words")
        if self.field:
            return of_the_field(self.field, word, self.scope, bare=True)
        return nodes.Text(word.rstrip("*") + "*")  # film finds films, filmography

    def _bracket(self) -> nodes.Node | None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Malformed("q", f"more than {DEEPEST} brackets inside one another")
        node = self._either()
        closing = self.token
        if closing.kind != "close":
            raise Malformed("q", "a bracket is never closed")
        self.at += 1
        self.depth -= 1
        return node

    def _comparison(self, token: Token) -> nodes.Node | None:
        name = ALIASES.get(token.text, token.text) if token.text not in self.scope.fields else token.text
        self.scope.expression(name)  # raises UnknownField
        operand = self.token
        self.at += 1
        same = token.operator in (":", "=", "==")
        if operand.kind == "open" and same:
            outer, self.field = self.field, name
            node = self._bracket()
            self.field = outer
            return node
        if operand.kind == "range" and same:
            return in_interval(name, operand, self.scope)
        if operand.kind not in ("word", "quoted", "function"):
            raise Malformed("q", f"a value was expected at position {operand.start}")
        if not same or operand.kind == "function":
            return compared(name, "=" if same else token.operator, operand, self.scope)
        return of_the_field(name, operand.text, self.scope, bare=operand.kind == "word")


def _joined(kind: type[nodes.And | nodes.Or], operands: list[nodes.Node | None]) -> nodes.Node | None:
    """`None` is everything: it adds nothing to an AND, and leaves nothing of an OR."""
    found = [operand for operand in operands if operand is not None]
    if not found or (kind is nodes.Or and len(found) < len(operands)):
        return None
    return kind(tuple(found)) if len(found) > 1 else found[0]
