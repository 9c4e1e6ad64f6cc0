"""CQL2 JSON ↔ tree of nodes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_noop

from bocage.query.cql2 import making, nodes
from bocage.query.cql2.bounds import LONGEST, check_size
from bocage.query.cql2.making import NotCql2
from bocage.query.cql2.vocabulary import DEPTHS
from bocage.query.errors import Cql2SyntaxError, TooComplex
from bocage.query.odsql.scope import DEEPEST


def parse_json(text: str) -> nodes.Node:
    """Raises Cql2SyntaxError, whose position is a path in the document, and TooComplex."""
    if len(text) > LONGEST:
        raise TooComplex(clause="filter", what="characters", found=len(text), most=LONGEST)
    try:
        document = json.loads(text, parse_int=making.number, parse_float=making.number, parse_constant=_refused)
    except json.JSONDecodeError as error:
        raise Cql2SyntaxError(token=text[error.pos : error.pos + 20], position=error.pos) from None
    except RecursionError:
        raise TooComplex(clause="filter", what="nested expressions", found=DEEPEST + 1, most=DEEPEST) from None
    except NotCql2 as error:
        raise Cql2SyntaxError(token="", position="$", detail=error.detail, **error.fields) from None
    found = _read(document, "$", 1)
    check_size(found)
    return found


def _refused(constant: str) -> None:
    raise NotCql2(gettext_noop("The number %(written)s is too large"), written=constant)


def _read(value: Any, path: str, depth: int) -> nodes.Node:
    if depth > DEEPEST:
        raise TooComplex(clause="filter", what="nested expressions", found=depth, most=DEEPEST)
    try:
        return _node(value, lambda child, step: _read(child, path + step, depth + 1))
    except NotCql2 as error:
        raise Cql2SyntaxError(token="", position=path, detail=error.detail, **error.fields) from None


Reader = Callable[[Any, str], nodes.Node]


def _node(value: Any, read: Reader) -> nodes.Node:
    if isinstance(value, dict):
        return _object(value, read)
    if isinstance(value, list):
        return nodes.Array(tuple(read(item, f"[{rank}]") for rank, item in enumerate(value)))
    return _scalar(value)


def _scalar(value: Any) -> nodes.Node:
    match value:
        case bool():
            return nodes.Truth(value)
        case str():
            return nodes.Text(_clean(value))
        case nodes.Number():
            return value
    raise _unknown()


def _object(value: dict[str, Any], read: Reader) -> nodes.Node:
    match value:
        case {"op": str(name), "args": list(given)}:
            return making.called(_clean(name), tuple(read(one, f".args[{rank}]") for rank, one in enumerate(given)))
        case {"property": str(name)}:
            return nodes.Property(_clean(name))
        case {"date": written}:
            return making.date(written)
        case {"timestamp": written}:
            return making.timestamp(written)
        case {"interval": [first, last]}:
            return nodes.Interval(_end(first, read, 0), _end(last, read, 1))
    return _geometry(value, read)


def _geometry(value: dict[str, Any], read: Reader) -> nodes.Node:
    match value:
        case {"bbox": list(bounds)}:
            return making.box(tuple(_plain(bounds)))
        case {"type": "GeometryCollection", "geometries": list(members)} if members:
            return nodes.Collection(tuple(_member(read(one, f".geometries[{r}]")) for r, one in enumerate(members)))
        case {"type": str(kind), "coordinates": list(coordinates)}:
            return making.geometry(kind, _plain(coordinates))
    raise _unknown()


def _unknown() -> NotCql2:
    return NotCql2(gettext_noop("This is neither an operation, a property nor a value of CQL2"))


def _clean(text: str) -> str:
    """Half of a surrogate pair is no text, and no engine takes a NUL."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _end(value: Any, read: Reader, rank: int) -> nodes.Node:
    return making.instant(_clean(value)) if isinstance(value, str) else read(value, f".interval[{rank}]")


def _member(node: nodes.Node) -> nodes.Geometry | nodes.Collection:
    if not isinstance(node, nodes.Geometry | nodes.Collection):
        raise NotCql2(gettext_noop("A collection holds geometries"))
    return node


def _plain(value: Any, depth: int = 0) -> Any:
    """Numbers for nodes: coordinates are not values of the filter."""
    if isinstance(value, nodes.Number):
        return value.value
    if isinstance(value, list) and depth <= max(DEPTHS.values()) + 1:
        return [_plain(one, depth + 1) for one in value]
    raise NotCql2(gettext_noop("A coordinate is not a number of degrees or metres"))


def document_of(node: nodes.Node) -> Any:
    """The JSON of a tree, which reads back to the same tree."""
    return _WRITERS[type(node)](node)


def _each(children: tuple[nodes.Node, ...]) -> list[Any]:
    return [document_of(one) for one in children]


def _interval_end(node: nodes.Node) -> Any:
    return node.value if isinstance(node, nodes.Date | nodes.Timestamp) else document_of(node)


def _called(node: nodes.Operation | nodes.Function) -> Any:
    return {"op": node.name, "args": _each(node.arguments)}


_WRITERS: dict[type[nodes.Node], Callable[[Any], Any]] = {
    nodes.Text: lambda node: node.value,
    nodes.Number: lambda node: node.value,
    nodes.Truth: lambda node: node.value,
    nodes.Property: lambda node: {"property": node.name},
    nodes.Date: lambda node: {"date": node.value},
    nodes.Timestamp: lambda node: {"timestamp": node.value},
    nodes.Open: lambda _node: making.OPEN,
    nodes.Interval: lambda node: {"interval": [_interval_end(node.first), _interval_end(node.last)]},
    nodes.Geometry: lambda node: {"type": node.kind, "coordinates": node.coordinates},
    nodes.Collection: lambda node: {"type": "GeometryCollection", "geometries": _each(node.members)},
    nodes.Box: lambda node: {"bbox": list(node.bounds)},
    nodes.Array: lambda node: _each(node.items),
    nodes.Operation: _called,
    nodes.Function: _called,
}
