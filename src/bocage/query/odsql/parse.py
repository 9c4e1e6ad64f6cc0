"""Text of a clause → tree of nodes. LALR tables are built once per process; trees of short clauses are cached, being
immutable."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import Any, TypeVar, cast

from lark import Lark, Token, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.tree import Meta
from lark.visitors import Transformer_NonRecursive

from bocage.query.errors import OdsqlSyntaxError, TooComplex
from bocage.query.odsql import nodes
from bocage.query.odsql.escapes import unescape

LONGEST_CLAUSE = 10_000
"""Characters of one clause."""
LONGEST_CACHED = 500
"""Characters: the tree of a long clause weighs megabytes, and hostile ones would fill the memory."""
_BLANKS = re.compile(r"\s*")
_QUANTITY = re.compile(r"([\d.]+)\s*([A-Za-z]+)")


def parse_select(text: str) -> nodes.Clause:
    return cast("nodes.Clause", _parse("select", text))


def parse_group_by(text: str) -> nodes.Clause:
    return cast("nodes.Clause", _parse("group_by", text))


def parse_order_by(text: str) -> nodes.Clause:
    return cast("nodes.Clause", _parse("order_by", text))


def parse_where(text: str) -> nodes.Node:
    return cast("nodes.Node", _parse("where", text))


def _parse(clause: str, text: str) -> Any:
    """Raises OdsqlSyntaxError with the position of what was not expected, TooComplex when the text is too long."""
    return _cached(clause, text) if len(text) <= LONGEST_CACHED else _read(clause, text)


@lru_cache(maxsize=512)
def _cached(clause: str, text: str) -> Any:
    return _read(clause, text)


def _read(clause: str, text: str) -> Any:
    if len(text) > LONGEST_CLAUSE:
        raise TooComplex(clause=clause, what="characters", found=len(text), most=LONGEST_CLAUSE)
    if "\0" in text:  # no engine takes one in a name
        position, shown = text.index("\0"), text.replace("\0", "\ufffd")
        raise OdsqlSyntaxError(clause=clause, token=shown[position], position=position, text=shown)
    try:
        tree: Any = _Builder().transform(_parser().parse(text, start=clause))
    except UnexpectedInput as error:
        raise _syntax_error(clause, text, error) from None
    if clause == "select":
        _refuse_labelled_clusters(tree, text)
    return _with_sources(tree, text) if isinstance(tree, nodes.Clause) else tree


def _refuse_labelled_clusters(select: nodes.Clause, text: str) -> None:
    """`geo_cluster(…) as c` is a fault of syntax in select, at its `as`."""
    for item in select.items:
        cluster = item.expression if isinstance(item, nodes.Labelled) else item
        if cluster is not item and isinstance(cluster, nodes.Function) and cluster.name == "geo_cluster":
            blanks = _BLANKS.match(text, cluster.end)
            position = blanks.end() if blanks else cluster.end
            raise OdsqlSyntaxError(clause="select", token=text[position : position + 2], position=position, text=text)


def _syntax_error(clause: str, text: str, error: UnexpectedInput) -> OdsqlSyntaxError:
    position, token = len(text), "end of query"
    if isinstance(error, UnexpectedCharacters):
        position, token = error.pos_in_stream or 0, text[error.pos_in_stream or 0]
    elif isinstance(error, UnexpectedToken) and error.token.type != "$END":
        position, token = error.token.start_pos or 0, str(error.token)
    return OdsqlSyntaxError(clause=clause, token=token, position=position, text=text)


def _with_sources(clause: nodes.Clause, text: str) -> nodes.Clause:
    """Items keep how their expression was written."""
    items: list[nodes.Node] = []
    for given in clause.items:
        item = given
        if isinstance(item, nodes.Labelled):
            item = nodes.Labelled(
                item.expression, item.label, _slice(item.expression, text), start=item.start, end=item.end
            )
        elif isinstance(item, nodes.Sort):
            source = _slice(item.expression, text)
            item = nodes.Sort(item.expression, item.descending, source, start=item.start, end=item.end)
        elif not isinstance(item, nodes.Star | nodes.Patterns):
            item = nodes.Labelled(item, "", _slice(item, text), start=item.start, end=item.end)
        items.append(item)
    return nodes.Clause(tuple(items))


def _slice(node: nodes.Node, text: str) -> str:
    return text[node.start : node.end]


@lru_cache(maxsize=1)
def _parser() -> Lark:
    grammar = files("bocage.query.odsql").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(
        grammar,
        parser="lalr",
        start=["select", "where", "group_by", "order_by"],
        propagate_positions=True,
        maybe_placeholders=False,
    )


N = TypeVar("N", bound=nodes.Node)


def _at(meta: Meta) -> dict[str, int]:
    return {"start": meta.start_pos, "end": meta.end_pos} if not meta.empty else {}


def _name(token: Token) -> str:
    return unescape(token[1:-1]) if token.type == "QUOTED_NAME" else str(token)


@v_args(meta=True)
class _Builder(Transformer_NonRecursive[Token, Any]):
    """One method per rule of the grammar; called bottom up and without recursion: depth is refused later, with a sentence."""

    def select(self, meta: Meta, children: list[Any]) -> nodes.Clause:
        return nodes.Clause(tuple(children))

    group_by = order_by = select

    def where(self, _meta: Meta, children: list[Any]) -> Any:
        return children[0]

    def everything(self, meta: Meta, _children: list[Any]) -> nodes.Star:
        return nodes.Star(**_at(meta))

    star = everything

    def pattern(self, _meta: Meta, children: list[Any]) -> str:
        return "".join(str(child) for child in children)

    def patterns(self, meta: Meta, children: list[Any]) -> nodes.Patterns:
        return nodes.Patterns(children[0].lower() == "include", tuple(children[1:]), **_at(meta))

    def label(self, _meta: Meta, children: list[Token]) -> str:
        return _name(children[0])

    name_token = label

    def name(self, meta: Meta, children: list[str]) -> nodes.Name:
        return nodes.Name(children[0], **_at(meta))

    def labelled(self, meta: Meta, children: list[Any]) -> nodes.Labelled:
        return nodes.Labelled(children[0], children[2], "", **_at(meta))

    def order_item(self, meta: Meta, children: list[Any]) -> nodes.Sort:
        expression, descending = children[0], len(children) > 1 and children[1].type == "DESC"
        if isinstance(expression, nodes.Negative):  # `-population`: the other way round
            expression, descending = expression.operand, not descending
        return nodes.Sort(expression, descending, "", **_at(meta))

    def or_(self, meta: Meta, children: list[Any]) -> nodes.Or:
        left, _, right = children
        return nodes.Or((*left.operands, right) if isinstance(left, nodes.Or) else (left, right), **_at(meta))

    def and_(self, meta: Meta, children: list[Any]) -> nodes.And:
        left, _, right = children
        return nodes.And((*left.operands, right) if isinstance(left, nodes.And) else (left, right), **_at(meta))

    def not_(self, meta: Meta, children: list[Any]) -> nodes.Not:
        return nodes.Not(children[1], **_at(meta))

    def parenthesis(self, meta: Meta, children: list[Any]) -> nodes.Node:
        """The brackets belong to the source of what they hold, as does a sign that changes nothing."""
        inner = children[-1]
        values = {key: value for key, value in vars(inner).items() if key not in ("start", "end")}
        built: nodes.Node = type(inner)(**values, **_at(meta))
        return built

    def comparison(self, meta: Meta, children: list[Any]) -> nodes.Comparison:
        left, operator, right = children
        return nodes.Comparison({":": "=", "<>": "!="}.get(operator, str(operator)), left, right, **_at(meta))

    def in_range(self, meta: Meta, children: list[Any]) -> nodes.InRange:
        operand, _, opening, low, _, high, closing = children
        return nodes.InRange(operand, low, high, opening == "[", closing == "]", **_at(meta))

    def in_list(self, meta: Meta, children: list[Any]) -> nodes.InList:
        return nodes.InList(children[0], tuple(children[2:]), **_at(meta))

    def in_field(self, meta: Meta, children: list[Any]) -> nodes.InField:
        return nodes.InField(children[0], children[2], **_at(meta))

    def like(self, meta: Meta, children: list[Any]) -> nodes.Like:
        token = children[2]
        pattern = nodes.Text(unescape(token[1:-1]), start=token.start_pos, end=token.end_pos)
        return nodes.Like(children[0], pattern, **_at(meta))

    def is_null(self, meta: Meta, children: list[Any]) -> nodes.IsNull:
        return nodes.IsNull(children[0], children[2].type == "NOT", **_at(meta))

    def is_truth(self, meta: Meta, children: list[Any]) -> nodes.IsTruth:
        return nodes.IsTruth(children[0], children[-1].type == "TRUE", children[2].type == "NOT", **_at(meta))

    def arithmetic(self, meta: Meta, children: list[Any]) -> nodes.Arithmetic:
        left, operator, right = children
        return nodes.Arithmetic(str(operator), left, right, **_at(meta))

    def negative(self, meta: Meta, children: list[Any]) -> nodes.Negative:
        return nodes.Negative(children[1], **_at(meta))

    def string(self, meta: Meta, children: list[Token]) -> nodes.Text:
        return nodes.Text(unescape(children[0][1:-1]), **_at(meta))

    def number(self, meta: Meta, children: list[Token]) -> nodes.Number:
        return nodes.Number(str(children[0]), **_at(meta))

    def truth(self, meta: Meta, children: list[Token]) -> nodes.Truth:
        return nodes.Truth(children[0].type == "TRUE", **_at(meta))

    def null(self, meta: Meta, _children: list[Token]) -> nodes.Null:
        return nodes.Null(**_at(meta))

    def date(self, meta: Meta, children: list[Token]) -> nodes.DateText:
        return nodes.DateText(unescape(children[0][4:].lstrip()[1:-1]), **_at(meta))

    def geometry(self, meta: Meta, children: list[Token]) -> nodes.GeometryText:
        return nodes.GeometryText(unescape(children[0][4:].lstrip()[1:-1]), **_at(meta))

    def quantity(self, meta: Meta, children: list[Token]) -> nodes.Quantity:
        number, unit = cast("re.Match[str]", _QUANTITY.match(children[0])).groups()
        return nodes.Quantity(number, unit, **_at(meta))

    def distinct(self, meta: Meta, children: list[Any]) -> nodes.Function:
        """Until its function is read; `function` unwraps it."""
        return nodes.Function("distinct", (children[1],), distinct=True, **_at(meta))

    def named(self, meta: Meta, children: list[Any]) -> nodes.Named:
        return nodes.Named(str(children[0]).lower(), children[2], **_at(meta))

    def function(self, meta: Meta, children: list[Any]) -> nodes.Function:
        name, arguments = children[0].lower(), tuple(children[1:])
        distinct = len(arguments) == 1 and isinstance(arguments[0], nodes.Function) and arguments[0].name == "distinct"
        if distinct:
            arguments = arguments[0].arguments
        return nodes.Function(name, arguments, distinct, **_at(meta))
