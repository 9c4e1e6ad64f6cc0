"""What the parameters of /query ask, in the terms of a FeatureQuery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bocage.catalog.vocabulary import FieldType
from bocage.publish.geoservices.errors import Invalid
from bocage.publish.geoservices.shapes import filter_of
from bocage.publish.geoservices.where import condition_of
from bocage.query.cql2 import nodes
from bocage.query.cql2.conditions import condition as read_condition
from bocage.query.cql2.making import NotCql2
from bocage.query.cql2.names import named
from bocage.query.cql2.reading import Reading
from bocage.query.cql2.shapes import shape_of
from bocage.query.features import FeatureQuery
from bocage.query.odsql.clauses import UNSORTABLE
from bocage.query.plan import Always, Column, Constant, Near, OneOf, Predicate, SortKey, all_of

if TYPE_CHECKING:
    from bocage.catalog.fields import Field
    from bocage.publish.geoservices.call import Call
    from bocage.query.odsql.scope import Scope

RELATIONS = {
    "": "s_intersects", "esriSpatialRelIntersects": "s_intersects", "esriSpatialRelEnvelopeIntersects": "s_intersects",
    "esriSpatialRelIndexIntersects": "s_intersects", "esriSpatialRelContains": "s_within",
    "esriSpatialRelWithin": "s_contains", "esriSpatialRelTouches": "s_touches", "esriSpatialRelCrosses": "s_crosses",
    "esriSpatialRelOverlaps": "s_overlaps",
}  # fmt: skip
"""What the geometry of the filter does to the feature → what the feature does to it."""
METRES = {
    "": 1.0, "esriSRUnit_Meter": 1.0, "esriSRUnit_Kilometer": 1_000.0, "esriSRUnit_Foot": 0.3048,
    "esriSRUnit_StatuteMile": 1_609.344, "esriSRUnit_NauticalMile": 1_852.0,
}  # fmt: skip
MOST_IDS = 10_000
MOST_SORTS = 10
LARGEST_OFFSET = 2**40


def query_of(call: Call, limit: int | None) -> FeatureQuery:
    """Raises Invalid, and the errors of the language."""
    return FeatureQuery(
        condition=lambda scope: condition(call, scope),
        sort=lambda scope: sort(call, scope),
        properties=lambda scope: properties(call, scope),
        drawn=call.truth("returnGeometry", True) and bool(call.layer.kind),
        limit=limit,
        offset=call.number("resultOffset", 0, LARGEST_OFFSET),
    )


def condition(call: Call, scope: Scope) -> Predicate | None:
    found = [condition_of(call.text("where"), scope), _identified(call), _placed(call, scope)]
    if call.text("time"):
        raise Invalid("time", _("it is not offered; write a condition on the date"))
    return all_of([one for one in found if one is not None])


def properties(call: Call, scope: Scope) -> tuple[Field, ...] | None:
    """The number comes with every feature."""
    names = call.names("outFields")
    if not names or "*" in names:
        return None
    wanted = {call.layer.number} | {
        one.name for one in (named(name, scope) for name in names) if isinstance(one, Column)
    }
    return tuple(field for field in scope.fields.values() if field.name in wanted)


def sort(call: Call, scope: Scope) -> tuple[SortKey, ...]:
    keys = [one for one in call.text("orderByFields").split(",") if one.strip()]
    if len(keys) > MOST_SORTS:
        raise Invalid("orderByFields", _("there are too many names"))
    return tuple(_key(one.split(), scope) for one in keys)


def _key(words: list[str], scope: Scope) -> SortKey:
    if len(words) > 2 or (len(words) == 2 and words[1].upper() not in ("ASC", "DESC")):
        raise Invalid("orderByFields", _("a name is expected, then ASC or DESC"))
    found = named(words[0].strip('"'), scope)
    if found.type in UNSORTABLE:
        raise Invalid("orderByFields", _("this field decides no order"))
    return SortKey(found, descending=len(words) == 2 and words[1].upper() == "DESC")


def _identified(call: Call) -> Predicate | None:
    if not call.text("objectIds"):
        return None
    wanted = tuple(Constant(one, FieldType.INTEGER) for one in numbers(call, "objectIds"))
    return OneOf(Column(call.layer.number, FieldType.INTEGER), wanted) if wanted else Always(False)


def numbers(call: Call, name: str) -> list[int]:
    """Raises Invalid."""
    found = [one.strip().strip("[]") for one in call.text(name).split(",") if one.strip(" []")]
    if len(found) > MOST_IDS:
        raise Invalid(name, _("there are too many numbers"))
    if not all(one.lstrip("-").isascii() and one.lstrip("-").isdigit() and len(one) < 19 for one in found):
        raise Invalid(name, _("whole numbers are expected"))
    return list(dict.fromkeys(int(one) for one in found))


def _placed(call: Call, scope: Scope) -> Predicate | None:
    given = call.text("geometry")
    if not given or given == "{}":
        return None
    drawn = call.layer.drawn
    if drawn is None:
        raise Invalid("geometry", _("this table has no geometry"))
    relation = RELATIONS.get(call.text("spatialRel"))
    if relation is None:
        raise Invalid("spatialRel", _("this relation is not offered"))
    try:
        node, crs = filter_of(given, call.text("geometryType"), call.text("inSR"))
    except NotCql2 as error:
        raise Invalid("geometry", str(error.detail)) from None
    reading = Reading(scope.in_clause("geometry"), crs)
    if metres := _metres(call):
        return Near(Column(drawn.name, drawn.type), shape_of(node, crs, reading.scope), metres)
    return read_condition(nodes.Operation(relation, (nodes.Property(drawn.name), node)), reading)


def _metres(call: Call) -> float:
    given = call.text("distance")
    if not given:
        return 0.0
    unit = METRES.get(call.text("units"))
    try:
        distance = float(given) * (unit or 0.0)
    except ValueError:
        distance = -1.0
    if unit is None or not 0 <= distance < 1e8:
        raise Invalid("distance", _("a number is expected, and a unit of length"))
    return distance
