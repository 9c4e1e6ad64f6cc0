"""Geometries that a client sends in GML (3.2, and the writings before it) → nodes of the languages of filters."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bocage.publish.ows.errors import OwsError
from bocage.publish.ows.systems import named
from bocage.query.cql2 import making, nodes
from bocage.query.cql2.bounds import MOST_POSITIONS
from bocage.query.cql2.making import NotCql2

if TYPE_CHECKING:
    from bocage.publish.ows.xml import Node
    from bocage.query.coordinates import Crs

Shape = nodes.Geometry | nodes.Collection | nodes.Box


def geometry_of(node: Node, default: Crs) -> tuple[Shape, Crs]:
    """With the reference system that it names, or `default`. Raises OwsError."""
    written = node.attributes.get("srsName") or _inner_system(node)
    crs = named(written, "srsName") if written else default
    try:
        return _READERS[node.name](node), crs
    except KeyError:
        raise _malformed(_("“%(name)s” is not a geometry of this service") % {"name": node.name[:50]}) from None
    except NotCql2 as error:
        raise _malformed(_(error.detail) % error.fields) from None
    except ValueError:
        raise _malformed(_("a coordinate is not a number")) from None


def require_few_positions(root: Node) -> None:
    """Of all the geometries of a filter together. Raises OwsError. Without recursion."""
    waiting, found = [root], 0
    while waiting:
        node = waiting.pop()
        waiting += node.children
        if node.name in ("posList", "pos", "coordinates"):
            found += len(node.text.replace(",", " ").split())
    if found > 3 * MOST_POSITIONS:
        raise _malformed(_("Too many positions"))


def is_geometry(node: Node) -> bool:
    return node.name in _READERS


def _inner_system(node: Node) -> str:
    """Some writers name it on the parts alone."""
    for child in node.children:
        if found := child.attributes.get("srsName") or _inner_system(child):
            return found
    return ""


def _malformed(reason: str) -> OwsError:
    return OwsError(
        "InvalidParameterValue", _("A geometry cannot be read: %(reason)s.") % {"reason": reason}, locator="filter"
    )


def _numbers(text: str) -> list[float]:
    found = [float(one) for one in text.replace(",", " ").split()]
    if len(found) > 3 * MOST_POSITIONS:
        raise NotCql2(gettext_noop("Too many positions"))
    return found


def _positions(node: Node) -> list[list[float]]:
    """Of a line or a ring: one list, or an element for each."""
    whole = node.child("posList", "coordinates")
    if whole is None:
        return [_numbers(one.text) for one in node.each("pos")] or [
            _position(one) for one in node.each("pointProperty", "pointMember")
        ]
    size = _size(node, whole)
    numbers = _numbers(whole.text)
    if whole.name == "coordinates":  # tuples: a comma between coordinates, a blank between positions
        return [_numbers(one) for one in whole.text.split()]
    if len(numbers) % size:
        raise NotCql2(gettext_noop("A list of positions stops in the middle of one"))
    return [numbers[start : start + size] for start in range(0, len(numbers), size)]


def _size(*places: Node) -> int:
    written = next((one.attributes["srsDimension"] for one in places if "srsDimension" in one.attributes), "2")
    return 3 if written.strip() == "3" else 2


def _position(node: Node) -> list[float]:
    inner = node.child("Point") or node
    found = inner.child("pos", "coordinates")
    return _numbers(found.text) if found is not None else []


def _point(node: Node) -> nodes.Geometry:
    return making.geometry("Point", _position(node))


def _line(node: Node) -> nodes.Geometry:
    return making.geometry("LineString", _positions(node))


def _curve(node: Node) -> nodes.Geometry:
    """Of straight segments, one after the other."""
    segments = node.child("segments")
    parts = segments.children if segments else []
    if not parts or any(one.name != "LineStringSegment" for one in parts):
        raise NotCql2(gettext_noop("A curve is made of straight segments"))
    positions = _positions(parts[0])
    for part in parts[1:]:
        following = _positions(part)
        positions += following[1:] if following[:1] == positions[-1:] else following
    return making.geometry("LineString", positions)


def _polygon(node: Node) -> nodes.Geometry:
    return making.geometry("Polygon", _rings(node))


def _rings(node: Node) -> list[list[list[float]]]:
    sides = node.each("exterior", "outerBoundaryIs") + node.each("interior", "innerBoundaryIs")
    return [_positions(ring) for side in sides for ring in side.each("LinearRing")]


def _surface(node: Node) -> nodes.Geometry:
    patches = node.child("patches", "polygonPatches")
    return making.geometry("MultiPolygon", [_rings(one) for one in (patches.children if patches else [])])


def _envelope(node: Node) -> nodes.Box:
    corners = [node.child("lowerCorner"), node.child("upperCorner")]
    if all(corners):
        return making.box(tuple(number for one in corners if one for number in _numbers(one.text)[:2]))
    listed = node.child("coordinates")
    return making.box(tuple(_numbers(listed.text if listed else "")))


def _members(node: Node) -> list[Node]:
    return [one for member in node.children if member.name.endswith(("Member", "Members")) for one in member.children]


def _many(kind: str) -> Callable[[Node], nodes.Geometry]:
    def read(node: Node) -> nodes.Geometry:
        parts: list[Any] = []
        for member in _members(node):
            one = _READERS[member.name](member)
            if not isinstance(one, nodes.Geometry) or not kind.endswith(one.kind.removeprefix("Multi")):
                raise NotCql2(gettext_noop("A geometry holds parts of another kind"))
            parts += one.coordinates if one.kind == kind else [one.coordinates]
        return making.geometry(kind, parts)

    return read


def _collection(node: Node) -> nodes.Collection:
    found = [_READERS[member.name](member) for member in _members(node)]
    if not found or any(isinstance(one, nodes.Box) for one in found):
        raise NotCql2(gettext_noop("A collection holds geometries"))
    return nodes.Collection(tuple(one for one in found if not isinstance(one, nodes.Box)))


_READERS: dict[str, Callable[[Node], Shape]] = {
    "Point": _point, "LineString": _line, "Curve": _curve, "Polygon": _polygon, "Surface": _surface, "Envelope": _envelope,
    "Box": _envelope, "MultiPoint": _many("MultiPoint"), "MultiLineString": _many("MultiLineString"),
    "MultiCurve": _many("MultiLineString"), "MultiPolygon": _many("MultiPolygon"), "MultiSurface": _many("MultiPolygon"),
    "MultiGeometry": _collection, "GeometryCollection": _collection,
}  # fmt: skip
