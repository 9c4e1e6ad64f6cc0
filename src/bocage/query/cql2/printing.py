"""A tree back to CQL2 text, in a form that reads back to the same tree.

Two things that JSON can say have no text: a backslash at the end of a text or before a quote, since it would protect the quote,
and a list of a single value outside of the functions of lists, or of a single property."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bocage.query.cql2 import nodes
from bocage.query.cql2.making import OPEN
from bocage.query.cql2.vocabulary import ARITHMETIC, CALLED, COMPARISONS


def printed(node: nodes.Node) -> str:
    """Operands that are not simple are put in brackets."""
    return _PRINTERS[type(node)](node)


def _inner(node: nodes.Node) -> str:
    text = printed(node)
    return f"({text})" if isinstance(node, nodes.Operation) and node.name not in CALLED else text


def _list(items: tuple[nodes.Node, ...]) -> str:
    return ", ".join(printed(item) for item in items)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _name(node: nodes.Property) -> str:
    return '"' + node.name.replace('"', '""') + '"'


def _end(node: nodes.Node) -> str:
    return _quoted(node.value) if isinstance(node, nodes.Date | nodes.Timestamp) else printed(node)


def _coordinates(value: Any) -> str:
    if value and isinstance(value[0], tuple):
        return f"({', '.join(_coordinates(one) for one in value)})"
    return " ".join(repr(one) for one in value)


def _geometry(node: nodes.Geometry) -> str:
    written = _coordinates(node.coordinates)
    return f"{node.kind.upper()}{written if written.startswith('(') else f'({written})'}"


def _operation(node: nodes.Operation) -> str:
    name, arguments = node.name, node.arguments
    if name in CALLED:
        return f"{name.upper()}({_list(arguments)})"
    if name in ("and", "or"):
        return f" {name.upper()} ".join(_inner(one) for one in arguments)
    if name in COMPARISONS or name in ARITHMETIC or name == "like":
        return f" {name.upper()} ".join(_inner(one) for one in arguments)
    return _OTHERS[name](arguments)


_OTHERS: dict[str, Callable[[tuple[Any, ...]], str]] = {
    "not": lambda given: f"NOT {_inner(given[0])}",
    "isNull": lambda given: f"{_inner(given[0])} IS NULL",
    "between": lambda given: f"{_inner(given[0])} BETWEEN {_inner(given[1])} AND {_inner(given[2])}",
    "in": lambda given: f"{_inner(given[0])} IN ({_list(given[1].items)})",
}
_PRINTERS: dict[type[nodes.Node], Callable[[Any], str]] = {
    nodes.Text: lambda node: _quoted(node.value),
    nodes.Number: lambda node: repr(node.value),
    nodes.Truth: lambda node: "TRUE" if node.value else "FALSE",
    nodes.Property: _name,
    nodes.Date: lambda node: f"DATE({_quoted(node.value)})",
    nodes.Timestamp: lambda node: f"TIMESTAMP({_quoted(node.value)})",
    nodes.Open: lambda _node: _quoted(OPEN),
    nodes.Interval: lambda node: f"INTERVAL({_end(node.first)}, {_end(node.last)})",
    nodes.Geometry: _geometry,
    nodes.Collection: lambda node: f"GEOMETRYCOLLECTION({_list(node.members)})",
    nodes.Box: lambda node: f"BBOX({', '.join(repr(one) for one in node.bounds)})",
    nodes.Array: lambda node: f"({_list(node.items)})",
    nodes.Operation: _operation,
    nodes.Function: lambda node: f"{node.name}({_list(node.arguments)})",
}
