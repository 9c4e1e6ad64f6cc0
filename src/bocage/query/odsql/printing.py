"""A tree back to text, in a form that reads back to the same tree: conditions built by the software, saved, shown again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bocage.query.odsql import nodes
from bocage.query.odsql.escapes import escape


def printed(node: nodes.Node) -> str:
    """ODSQL of a node. Operands that are not simple are put in brackets."""
    return _PRINTERS[type(node)](node)


def _inner(node: nodes.Node) -> str:
    text = printed(node)
    return text if isinstance(node, _SIMPLE) else f"({text})"


def _list(items: tuple[nodes.Node, ...]) -> str:
    return ", ".join(printed(item) for item in items)


def _name(text: str) -> str:
    return escape(text, "`")


def _function(node: nodes.Function) -> str:
    return f"{node.name}({'distinct ' if node.distinct else ''}{_list(node.arguments)})"


def _range(node: nodes.InRange) -> str:
    opening, closing = "[" if node.low_closed else "]", "]" if node.high_closed else "["
    return f"{_inner(node.operand)} in {opening}{_inner(node.low)} to {_inner(node.high)}{closing}"


def _labelled(node: nodes.Labelled) -> str:
    return printed(node.expression) + (f" as {_name(node.label)}" if node.label else "")


def _is(negated: bool, what: str) -> str:
    return f"is {'not ' if negated else ''}{what}"


_SIMPLE = (nodes.Name, nodes.Text, nodes.Number, nodes.Truth, nodes.DateText, nodes.GeometryText, nodes.Function)
_PRINTERS: dict[type[nodes.Node], Callable[[Any], str]] = {
    nodes.Name: lambda node: _name(node.name),
    nodes.Text: lambda node: escape(node.value, '"'),
    nodes.Number: lambda node: node.written,
    nodes.Truth: lambda node: "true" if node.value else "false",
    nodes.Null: lambda node: "null",
    nodes.DateText: lambda node: "date" + escape(node.value, "'"),
    nodes.GeometryText: lambda node: "geom" + escape(node.value, "'"),
    nodes.Quantity: lambda node: f"{node.number} {node.unit}",
    nodes.Star: lambda node: "*",
    nodes.Negative: lambda node: f"-{_inner(node.operand)}",
    nodes.Arithmetic: lambda node: f"{_inner(node.left)} {node.operator} {_inner(node.right)}",
    nodes.Named: lambda node: f"{node.name}={_inner(node.value)}",
    nodes.Function: _function,
    nodes.Comparison: lambda node: f"{_inner(node.left)} {node.operator} {_inner(node.right)}",
    nodes.InList: lambda node: f"{_inner(node.operand)} in ({', '.join(_inner(value) for value in node.values)})",
    nodes.InRange: _range,
    nodes.InField: lambda node: f"{_inner(node.value)} in {_name(node.field.name)}",
    nodes.Like: lambda node: f"{_inner(node.operand)} like {printed(node.pattern)}",
    nodes.IsNull: lambda node: f"{_inner(node.operand)} {_is(node.negated, 'null')}",
    nodes.IsTruth: lambda node: f"{_inner(node.operand)} {_is(node.negated, 'true' if node.value else 'false')}",
    nodes.Not: lambda node: f"not {_inner(node.operand)}",
    nodes.And: lambda node: " and ".join(_inner(operand) for operand in node.operands),
    nodes.Or: lambda node: " or ".join(_inner(operand) for operand in node.operands),
    nodes.Patterns: lambda node: (
        f"{'include' if node.keep else 'exclude'}({', '.join(_pattern(p) for p in node.patterns)})"
    ),
    nodes.Labelled: _labelled,
    nodes.Sort: lambda node: f"{printed(node.expression)} {'desc' if node.descending else 'asc'}",
    nodes.Clause: lambda node: _list(node.items),
}


def _pattern(pattern: str) -> str:
    if pattern == "*":
        return "*"
    return _name(pattern.removesuffix("*")) + ("*" if pattern.endswith("*") else "")
