"""Filter Encoding 2.0 (ISO 19143, and the writings before it) → predicates of the plan: the same as those of CQL2.

Leaves become nodes of CQL2, read by what reads CQL2: types, masks and three-valued logic are decided there, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bocage.catalog.vocabulary import FieldType
from bocage.publish.ows.errors import OwsError
from bocage.publish.wfs.names import field_name, identifier_of
from bocage.publish.wfs.shapes import geometry_of, is_geometry, require_few_positions
from bocage.query.cql2 import making, nodes
from bocage.query.cql2.conditions import condition
from bocage.query.cql2.instants import read_date, read_timestamp
from bocage.query.cql2.places import geographic
from bocage.query.cql2.reading import Reading
from bocage.query.cql2.shapes import shape_of
from bocage.query.odsql.scope import DEEPEST, MOST_OPERANDS
from bocage.query.plan import ROW_ID, Always, And, Column, Constant, Denied, Near, OneOf, Or, Predicate
from bocage.query.rendering import main_geometry

if TYPE_CHECKING:
    from bocage.publish.ows.xml import Node
    from bocage.query.coordinates import Crs
    from bocage.query.odsql.scope import Scope

COMPARISONS = {
    "PropertyIsEqualTo": "=", "PropertyIsNotEqualTo": "<>", "PropertyIsLessThan": "<", "PropertyIsGreaterThan": ">",
    "PropertyIsLessThanOrEqualTo": "<=", "PropertyIsGreaterThanOrEqualTo": ">=",
}  # fmt: skip
SPATIAL = ("Equals", "Disjoint", "Touches", "Within", "Overlaps", "Crosses", "Intersects", "Contains")
TEMPORAL = {
    "After": "t_after", "Before": "t_before", "Begins": "t_starts", "BegunBy": "t_startedby", "TContains": "t_contains",
    "During": "t_during", "TEquals": "t_equals", "TOverlaps": "t_overlaps", "Meets": "t_meets", "MetBy": "t_metby",
    "OverlappedBy": "t_overlappedby", "EndedBy": "t_finishedby", "Ends": "t_finishes", "AnyInteracts": "t_intersects",
}  # fmt: skip
IDENTIFIERS = {"ResourceId": "rid", "GmlObjectId": "id", "FeatureId": "fid"}
ARITHMETIC = {"Add": "+", "Sub": "-", "Mul": "*", "Div": "/"}
METRES = {"": 1.0, "m": 1.0, "metre": 1.0, "meter": 1.0, "meters": 1.0, "metres": 1.0, "km": 1000.0, "kilometers": 1000.0,
          "ft": 0.3048, "feet": 0.3048, "mi": 1609.344, "nmi": 1852.0}  # fmt: skip


@dataclass(frozen=True)
class Filtering:
    """What a filter is read with: the names of the viewer, the dataset, the default reference system."""

    scope: Scope
    slug: str
    crs: Crs


def filter_predicate(root: Node, filtering: Filtering) -> Predicate:
    """`root`: the element Filter. Raises OwsError, and the errors of the language."""
    children = root.children
    if not children:
        raise _refused(_("it is empty"))
    require_few_positions(root)
    if all(one.name in IDENTIFIERS for one in children):
        return by_identifiers([one.attributes.get(IDENTIFIERS[one.name], "") for one in children], filtering.slug)
    if len(children) > 1:
        raise _refused(_("one condition is expected"))
    return _read(children[0], filtering, 1)


def by_identifiers(features: list[str], slug: str) -> Predicate:
    """The features that bear these `gml:id`."""
    if len(features) > MOST_OPERANDS:
        raise _refused(_("at most %(most)s identifiers are accepted") % {"most": MOST_OPERANDS})
    found = [identifier_of(slug, one)[:100] for one in features]
    wanted = tuple(Constant(one, FieldType.STRING) for one in dict.fromkeys(found) if one)
    return OneOf(Column(ROW_ID, FieldType.STRING), wanted) if wanted else Always(False)


def in_bounds(box: nodes.Box, crs: Crs, scope: Scope) -> Predicate:
    """Of a table without geometry, nothing is in a box."""
    drawn = main_geometry(list(scope.fields.values()))
    if drawn is None:
        return Always(False)
    return condition(nodes.Operation("s_intersects", (nodes.Property(drawn.name), box)), Reading(scope, crs))


def _refused(reason: str) -> OwsError:
    return OwsError(
        "InvalidParameterValue", _("The filter cannot be read: %(reason)s.") % {"reason": reason}, locator="filter"
    )


def _read(node: Node, filtering: Filtering, depth: int) -> Predicate:
    if depth > DEEPEST:
        raise _refused(_("it has too many elements"))
    if node.name in ("And", "Or"):
        if not 1 <= len(node.children) <= MOST_OPERANDS:
            raise _refused(_("“%(name)s” has no condition, or too many") % {"name": node.name})
        parts = tuple(_read(one, filtering, depth + 1) for one in node.children)
        return parts[0] if len(parts) == 1 else And(parts) if node.name == "And" else Or(parts)
    if node.name == "Not":
        if len(node.children) != 1:
            raise _refused(_("one condition is expected"))
        return Denied(_read(node.children[0], filtering, depth + 1))
    return _leaf(node, filtering)


def _leaf(node: Node, filtering: Filtering) -> Predicate:
    reader = _LEAVES.get(node.name)
    if reader is None:
        raise OwsError(
            "OperationProcessingFailed", _("The filter uses “%(name)s”, which is not offered.") % {"name": node.name[:50]},
            locator="filter",
        )  # fmt: skip
    try:
        return reader(node, filtering)
    except making.NotCql2 as error:
        raise _refused(_(error.detail) % error.fields) from None


# --- values --------------------------------------------------------------------------------------------------------


def _value(node: Node, depth: int = 1) -> nodes.Node:
    if depth > DEEPEST:
        raise _refused(_("it has too many elements"))
    if node.name in ("ValueReference", "PropertyName"):
        return nodes.Property(field_name(node.text))
    if node.name == "Literal":
        return _literal(node)
    if node.name in ARITHMETIC:
        return making.operation(ARITHMETIC[node.name], tuple(_number(one, depth + 1) for one in node.children))
    raise _refused(_("“%(name)s” is not a value") % {"name": node.name[:50]})


def _literal(node: Node) -> nodes.Node:
    """As a text: it is brought to the type of the field that it is compared with."""
    return nodes.Text(node.text if node.text.strip() == node.text or not node.text.strip() else node.text.strip())


def _number(node: Node, depth: int) -> nodes.Node:
    if node.name != "Literal":
        return _value(node, depth)
    try:
        return making.number(node.text.strip())
    except ValueError:
        raise _refused(_("“%(text)s” is not a number") % {"text": node.text.strip()[:50]}) from None


def _operands(node: Node, count: int) -> list[nodes.Node]:
    if len(node.children) != count:
        raise _refused(_("“%(name)s” takes %(count)s values") % {"name": node.name, "count": count})
    return [_value(one) for one in node.children]


def _insensitive(node: Node) -> bool:
    return node.attributes.get("matchCase", "true").strip() in ("false", "0")


# --- comparisons -----------------------------------------------------------------------------------------------------


def _comparison(node: Node, filtering: Filtering) -> Predicate:
    left, right = _operands(node, 2)
    reading = Reading(filtering.scope)
    if _insensitive(node) and all(_is_text(one, filtering.scope) for one in (left, right)):
        left, right = (making.operation("casei", (one,)) for one in (left, right))
    return condition(nodes.Operation(COMPARISONS[node.name], (left, right)), reading)


def _is_text(node: nodes.Node, scope: Scope) -> bool:
    if isinstance(node, nodes.Property):
        found = scope.fields.get(node.name)
        return found is not None and found.type == FieldType.STRING
    return isinstance(node, nodes.Text)


def _like(node: Node, filtering: Filtering) -> Predicate:
    left, right = _operands(node, 2)
    if not isinstance(right, nodes.Text):
        raise _refused(_("the pattern is a text"))
    pattern: nodes.Node = nodes.Text(_pattern(right.value, node))
    if _insensitive(node):
        left, pattern = (making.operation("casei", (one,)) for one in (left, pattern))
    return condition(nodes.Operation("like", (left, pattern)), Reading(filtering.scope))


def _pattern(text: str, node: Node) -> str:
    """With the marks of CQL2: %, _ and a backslash before those that stand for themselves."""
    told = node.attributes
    marks = [told.get(name, default)[:1] for name, default in (("wildCard", "*"), ("singleChar", "."))]
    escape = (told.get("escapeChar") or told.get("escape") or "\\")[:1]
    written, escaped = [], False
    for letter in text:
        if not escaped and letter == escape:
            escaped = True
            continue
        if not escaped and letter in marks:
            written.append("%" if letter == marks[0] else "_")
        else:
            written.append(f"\\{letter}" if letter in "%_\\" else letter)
        escaped = False
    return "".join(written)


def _between(node: Node, filtering: Filtering) -> Predicate:
    bounds = [node.child("LowerBoundary"), node.child("UpperBoundary")]
    operand = next((one for one in node.children if one.name not in ("LowerBoundary", "UpperBoundary")), None)
    if operand is None or any(one is None or len(one.children) != 1 for one in bounds):
        raise _refused(_("“%(name)s” takes %(count)s values") % {"name": node.name, "count": 3})
    low, high = (_value(one.children[0]) for one in bounds if one is not None)
    return condition(nodes.Operation("between", (_value(operand), low, high)), Reading(filtering.scope))


def _is_null(node: Node, filtering: Filtering) -> Predicate:
    return condition(nodes.Operation("isNull", tuple(_operands(node, 1))), Reading(filtering.scope))


# --- places ----------------------------------------------------------------------------------------------------------


def _place(node: Node, filtering: Filtering) -> tuple[nodes.Node, nodes.Node, Crs]:
    """The property, the one that is drawn when none is named; and a geometry."""
    shapes = [one for one in node.children if is_geometry(one)]
    properties = [one for one in node.children if one.name in ("ValueReference", "PropertyName") and one.text.strip()]
    if len(shapes) != 1 or len(properties) > 1:
        raise _refused(_("“%(name)s” takes a property and a geometry") % {"name": node.name})
    shape, crs = geometry_of(shapes[0], filtering.crs)
    if properties:
        return nodes.Property(field_name(properties[0].text)), shape, crs
    drawn = main_geometry(list(filtering.scope.fields.values()))
    return nodes.Property(drawn.name if drawn else "geometry"), shape, crs


def _spatial(node: Node, filtering: Filtering) -> Predicate:
    field, shape, crs = _place(node, filtering)
    relation = "intersects" if node.name == "BBOX" else node.name.lower()
    return condition(nodes.Operation(f"s_{relation}", (field, shape)), Reading(filtering.scope, crs))


def _near(node: Node, filtering: Filtering) -> Predicate:
    field, shape, crs = _place(node, filtering)
    reading = Reading(filtering.scope, crs)
    metres = _metres(node)
    near = Near(geographic(field, node.name, reading), shape_of(shape, crs, filtering.scope), metres)
    return near if node.name == "DWithin" else Denied(near)


def _metres(node: Node) -> float:
    told = node.child("Distance")
    unit = (told.attributes.get("uom") or told.attributes.get("units") or "").rpartition(":")[2] if told else ""
    try:
        metres = float(told.text if told else "") * METRES[unit.strip().lower()]
    except (ValueError, KeyError):
        raise _refused(_("a distance in metres is expected")) from None
    if not 0 <= metres <= 1e8:
        raise _refused(_("a distance in metres is expected"))
    return metres


# --- times -----------------------------------------------------------------------------------------------------------


def _temporal(node: Node, filtering: Filtering) -> Predicate:
    if len(node.children) != 2:
        raise _refused(_("“%(name)s” takes %(count)s values") % {"name": node.name, "count": 2})
    left, right = (_moment(one) for one in node.children)
    name = TEMPORAL[node.name]
    if name == "t_during" and isinstance(left, nodes.Property) and isinstance(right, nodes.Interval):
        inside = (nodes.Operation("t_after", (left, right.first)), nodes.Operation("t_before", (left, right.last)))
        found = [
            condition(one, Reading(filtering.scope)) for one in inside if not isinstance(one.arguments[1], nodes.Open)
        ]
        return And(tuple(found)) if len(found) > 1 else found[0] if found else Always(True)
    return condition(nodes.Operation(name, (left, right)), Reading(filtering.scope))


def _moment(node: Node) -> nodes.Node:
    if node.name in ("ValueReference", "PropertyName"):
        return nodes.Property(field_name(node.text))
    if node.name == "TimePeriod":
        ends = [node.child("beginPosition", "begin"), node.child("endPosition", "end")]
        return nodes.Interval(*(_end(one) for one in ends))
    if node.name == "TimeInstant":
        return _end(node)
    return _instant(node.text.strip())


def _end(node: Node | None) -> nodes.Node:
    """A position, by itself or within TimeInstant."""
    if node is None:
        return nodes.Open()
    inner = node.child("TimeInstant") or node
    position = inner.child("timePosition") or inner
    unknown = position.attributes.get("indeterminatePosition", "") and not position.text.strip()
    return nodes.Open() if unknown else _instant(position.text.strip())


def _instant(written: str) -> nodes.Node:
    """As XML Schema writes them; without an offset, an instant is in universal time."""
    if read_date(written):
        return nodes.Date(written)
    found = written if read_timestamp(written) else f"{written}Z"
    if read_timestamp(found) is None:
        raise _refused(_("“%(text)s” is neither a date nor an instant") % {"text": written[:50]})
    return nodes.Timestamp(found)


_LEAVES: dict[str, Callable[[Node, Filtering], Predicate]] = {
    **dict.fromkeys(COMPARISONS, _comparison),
    "PropertyIsLike": _like,
    "PropertyIsBetween": _between,
    "PropertyIsNull": _is_null,
    "PropertyIsNil": _is_null,
    **dict.fromkeys((*SPATIAL, "BBOX"), _spatial),
    "DWithin": _near,
    "Beyond": _near,
    **dict.fromkeys(TEMPORAL, _temporal),
}
