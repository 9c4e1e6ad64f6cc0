"""CQL2 text → tree of nodes. The tables of the parser are built once per process."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any, cast

from lark import Lark, Token, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken, VisitError
from lark.tree import Meta
from lark.visitors import Transformer_NonRecursive

from bocage.query.cql2 import making, nodes
from bocage.query.cql2.bounds import LONGEST, check_size
from bocage.query.cql2.making import NotCql2
from bocage.query.errors import Cql2SyntaxError, TooComplex

KINDS = {
    "linestring": "LineString", "polygon": "Polygon", "multipoint": "MultiPoint", "multilinestring": "MultiLineString",
    "multipolygon": "MultiPolygon",
}  # fmt: skip


def parse_text(text: str) -> nodes.Node:
    """Raises Cql2SyntaxError with the position of what was not expected, TooComplex when the filter is too large."""
    if len(text) > LONGEST:
        raise TooComplex(clause="filter", what="characters", found=len(text), most=LONGEST)
    if "\0" in text:  # no engine takes one in a name
        raise Cql2SyntaxError(token="\ufffd", position=text.index("\0"))  # noqa: S106  of a language, not a secret
    try:
        found = cast("nodes.Node", _Builder().transform(_parser().parse(text)))
    except UnexpectedInput as error:
        raise _syntax_error(text, error) from None
    except VisitError as error:
        raise _refusal(error, text) from None
    check_size(found)
    return found


def _syntax_error(text: str, error: UnexpectedInput) -> Cql2SyntaxError:
    position, token = len(text), ""
    if isinstance(error, UnexpectedCharacters):
        position = error.pos_in_stream or 0
        token = text[position]
    elif isinstance(error, UnexpectedToken) and error.token.type != "$END":
        position, token = error.token.start_pos or 0, str(error.token)
    return Cql2SyntaxError(token=token[:50], position=position)


def _refusal(error: VisitError, text: str) -> Exception:
    """What `making` refused, where it was written."""
    cause = error.orig_exc
    if not isinstance(cause, NotCql2):
        return cause
    meta = getattr(error.obj, "meta", None)
    position = getattr(meta, "start_pos", 0)
    token = text[position : getattr(meta, "end_pos", position)]
    return Cql2SyntaxError(token=token[:50], position=position, detail=cause.detail, **cause.fields)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    grammar = files("bocage.query.cql2").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", start="whole", propagate_positions=True, maybe_placeholders=False)


def _at(meta: Meta) -> dict[str, int]:
    return {"start": meta.start_pos, "end": meta.end_pos} if not meta.empty else {}


@v_args(meta=True)
class _Builder(Transformer_NonRecursive[Token, Any]):
    """One method per rule of the grammar, called bottom up and without recursion."""

    def parenthesis(self, _meta: Meta, children: list[Any]) -> Any:
        return children[0]

    whole = parenthesis

    def or_(self, meta: Meta, children: list[Any]) -> nodes.Node:
        return making.operation("or", tuple(children), **_at(meta))

    def and_(self, meta: Meta, children: list[Any]) -> nodes.Node:
        return making.operation("and", tuple(children), **_at(meta))

    def not_(self, meta: Meta, children: list[Any]) -> nodes.Node:
        return making.operation("not", (children[1],), **_at(meta))

    def comparison(self, meta: Meta, children: list[Any]) -> nodes.Node:
        left, operator, right = children
        return making.operation(str(operator).lower(), (left, right), **_at(meta))

    arithmetic = comparison

    def _perhaps_not(self, name: str, meta: Meta, children: list[Any]) -> nodes.Node:
        arguments = tuple(one for one in children if not isinstance(one, Token))
        if name == "in":
            arguments = (arguments[0], nodes.Array(arguments[1:]))
        found = making.operation(name, arguments, **_at(meta))
        negated = len(arguments) < len(children) if name != "in" else isinstance(children[1], Token)
        return making.operation("not", (found,), **_at(meta)) if negated else found

    def like(self, meta: Meta, children: list[Any]) -> nodes.Node:
        return self._perhaps_not("like", meta, children)

    def between(self, meta: Meta, children: list[Any]) -> nodes.Node:
        return self._perhaps_not("between", meta, children)

    def in_(self, meta: Meta, children: list[Any]) -> nodes.Node:
        return self._perhaps_not("in", meta, children)

    def is_null(self, meta: Meta, children: list[Any]) -> nodes.Node:
        return self._perhaps_not("isNull", meta, children)

    def negative(self, meta: Meta, children: list[Any]) -> nodes.Node:
        operand = children[1]
        if isinstance(operand, nodes.Number):
            return nodes.Number(-operand.value, **_at(meta))
        return making.operation("*", (nodes.Number(-1), operand), **_at(meta))

    def positive(self, _meta: Meta, children: list[Any]) -> Any:
        return children[1]

    def property(self, meta: Meta, children: list[Token]) -> nodes.Node:
        token = children[0]
        name = token[1:-1].replace('""', '"') if token.type == "QUOTED_NAME" else str(token)
        return nodes.Property(name, **_at(meta))

    def text(self, meta: Meta, children: list[Token]) -> nodes.Node:
        return nodes.Text(children[0][1:-1].replace("\\'", "'").replace("''", "'"), **_at(meta))

    def number(self, meta: Meta, children: list[Token]) -> nodes.Node:
        return making.number(str(children[0]), **_at(meta))

    def truth(self, meta: Meta, children: list[Token]) -> nodes.Node:
        return nodes.Truth(children[0].lower() == "true", **_at(meta))

    def array(self, meta: Meta, children: list[Any]) -> nodes.Node:
        return nodes.Array(tuple(children), **_at(meta))

    def function(self, meta: Meta, children: list[Any]) -> nodes.Node:
        name, arguments = str(children[0]), tuple(children[1:])
        match name.lower():
            case "date" if len(arguments) == 1:
                return making.date(getattr(arguments[0], "value", None), **_at(meta))
            case "timestamp" if len(arguments) == 1:
                return making.timestamp(getattr(arguments[0], "value", None), **_at(meta))
            case "interval" if len(arguments) == 2:
                return nodes.Interval(_end(arguments[0]), _end(arguments[1]), **_at(meta))
            case "bbox":
                return making.box(tuple(getattr(one, "value", None) for one in arguments), **_at(meta))  # type: ignore[misc]
        return making.called(name, arguments, **_at(meta))

    def coordinate(self, _meta: Meta, children: list[Token]) -> float:
        return float("".join(children))

    def line(self, _meta: Meta, children: list[Any]) -> tuple[Any, ...]:
        return tuple(children)

    position = lines = line

    def point(self, meta: Meta, children: list[Any]) -> nodes.Node:
        return making.geometry("Point", children[1], **_at(meta))

    def shape(self, meta: Meta, children: list[Any]) -> nodes.Node:
        return making.geometry(KINDS[children[0].lower()], children[1], **_at(meta))

    def positions(self, meta: Meta, children: list[Any]) -> nodes.Node:
        return making.geometry(KINDS[children[0].lower()], tuple(children[1:]), **_at(meta))

    def collection(self, meta: Meta, children: list[Any]) -> nodes.Node:
        return nodes.Collection(tuple(children[1:]), **_at(meta))


def _end(node: nodes.Node) -> nodes.Node:
    return making.instant(node.value, start=node.start, end=node.end) if isinstance(node, nodes.Text) else node
