"""Nodes out of names and arguments: what text and JSON have in common. Whatever is not in the standard is refused here."""

from __future__ import annotations

import math
from typing import Any

from django.utils.translation import gettext_noop

from bocage.query.cql2 import nodes
from bocage.query.cql2.vocabulary import ARRAYS, BY_LOWER_CASE, DEPTHS, FEWEST_AND_MOST

MOST_DIGITS = 37
"""Of a whole number; longer ones are decimal."""
OPEN = ".."
LARGEST = 1e9
"""Of a coordinate, in degrees or metres."""


class NotCql2(ValueError):
    """`detail`: msgid of what is wrong, `fields` what it mentions. Where it was is added by the reader."""

    def __init__(self, detail: str, **fields: Any) -> None:
        super().__init__(detail % fields)
        self.detail = detail
        self.fields = fields


def operation(name: str, arguments: tuple[nodes.Node, ...], **at: int) -> nodes.Operation:
    """`name`: one of FEWEST_AND_MOST."""
    fewest, most = FEWEST_AND_MOST[name]
    if not fewest <= len(arguments) <= most:
        raise NotCql2(
            gettext_noop("“%(name)s” takes %(expected)s arguments, %(found)s were given"),
            name=name,
            expected=fewest,
            found=len(arguments),
        )
    if name == "in" and not (isinstance(arguments[1], nodes.Array) and arguments[1].items):
        raise NotCql2(gettext_noop("“in” needs a list of values"))
    if name in ARRAYS:
        arguments = tuple(_as_array(one) for one in arguments)
    return nodes.Operation(name, arguments, **at)


def _as_array(node: nodes.Node) -> nodes.Node:
    """In text, a list of one value looks like that value in brackets."""
    known = isinstance(node, nodes.Array | nodes.Property | nodes.Function)
    return node if known else nodes.Array((node,), start=node.start, end=node.end)


def called(name: str, arguments: tuple[nodes.Node, ...], **at: int) -> nodes.Node:
    """A word and its arguments: an operation of the standard, or a function of ours."""
    known = BY_LOWER_CASE.get(name.lower())
    return operation(known, arguments, **at) if known else nodes.Function(name, arguments, **at)


def number(written: str, **at: int) -> nodes.Number:
    digits = written.lstrip("+-").lstrip("0")
    if not any(mark in written for mark in ".eE") and len(digits) <= MOST_DIGITS:
        return nodes.Number(int(written[:1].strip("+0123456789") + (digits or "0")), **at)
    value = float(written)
    if not math.isfinite(value):
        raise NotCql2(gettext_noop("The number %(written)s is too large"), written=written[:50])
    return nodes.Number(value, **at)


def date(written: Any, **at: int) -> nodes.Date:
    return nodes.Date(_text(written, "date"), **at)


def timestamp(written: Any, **at: int) -> nodes.Timestamp:
    return nodes.Timestamp(_text(written, "timestamp"), **at)


def _text(written: Any, name: str) -> str:
    if not isinstance(written, str):
        raise NotCql2(gettext_noop("“%(name)s” needs a text"), name=name)
    return written


def instant(written: str, **at: int) -> nodes.Node:
    """An end of an interval."""
    if written == OPEN:
        return nodes.Open(**at)
    return nodes.Timestamp(written, **at) if "T" in written.upper() else nodes.Date(written, **at)


def box(bounds: tuple[float, ...], **at: int) -> nodes.Box:
    if len(bounds) not in (4, 6):
        raise NotCql2(gettext_noop("A box has four numbers, or six with heights"))
    return nodes.Box(tuple(coordinate(one) for one in bounds), **at)


def coordinate(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST:
        raise NotCql2(gettext_noop("A coordinate is not a number of degrees or metres"))
    return float(value)


def geometry(kind: str, coordinates: Any, **at: int) -> nodes.Geometry:
    """`kind` as GeoJSON writes it; `coordinates`: lists of lists."""
    if kind not in DEPTHS:
        raise NotCql2(gettext_noop("“%(kind)s” is not a kind of geometry"), kind=str(kind)[:50])
    return nodes.Geometry(kind, _nested(kind, coordinates, DEPTHS[kind]), **at)


def _nested(kind: str, value: Any, depth: int) -> nodes.Coordinates:
    if not isinstance(value, list | tuple):
        raise NotCql2(gettext_noop("The coordinates of this “%(kind)s” are not nested as they should be"), kind=kind)
    if depth == 0:
        if not 2 <= len(value) <= 4:
            raise NotCql2(gettext_noop("A position has two coordinates, or three"))
        return tuple(coordinate(one) for one in value)
    items = tuple(_nested(kind, one, depth - 1) for one in value)
    _check_length(kind, items, depth)
    return items


def _check_length(kind: str, items: tuple[Any, ...], depth: int) -> None:
    """Rings are closed and long enough, lines have two ends: the engine would refuse others late and obscurely."""
    if not items:
        raise NotCql2(gettext_noop("This “%(kind)s” is empty"), kind=kind)
    if depth == 1 and kind.endswith("LineString") and len(items) < 2:
        raise NotCql2(gettext_noop("A line needs at least two positions"))
    if depth == 1 and kind.endswith("Polygon") and (len(items) < 4 or items[0] != items[-1]):
        raise NotCql2(gettext_noop("A ring needs four positions, the last being the first"))
