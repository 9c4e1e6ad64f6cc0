"""What the parameters of /items ask: conditions, order, properties, in the terms of a FeatureQuery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bocage.publish.ogc import parameters as p
from bocage.publish.ogc.errors import InvalidParameterValue
from bocage.publish.ogc.negotiation import HTML
from bocage.publish.ogc.schemas import moment_of
from bocage.query.coordinates import CRS84, Crs, crs_of
from bocage.query.cql2 import nodes
from bocage.query.cql2.conditions import condition as read_condition
from bocage.query.cql2.instants import read_date, read_timestamp
from bocage.query.cql2.names import named
from bocage.query.cql2.reading import Reading, read_filter
from bocage.query.features import FeatureQuery
from bocage.query.odsql.clauses import UNSORTABLE
from bocage.query.plan import Always, Column, Predicate, SortKey, all_of
from bocage.query.rendering import main_geometry

if TYPE_CHECKING:
    from bocage.catalog.fields import Field
    from bocage.publish.ogc.call import Call
    from bocage.query.odsql.scope import Scope

MOST_SORTS = 10
HTML_LIMIT, MOST_HTML = 20, 100


def query_of(call: Call) -> FeatureQuery:
    """Raises OgcError for what is wrong whatever the collection; the rest is read with its fields."""
    boxed, moments = _box(call), _moments(call)
    systems = {one.name: system(call, one) for one in (p.BBOX_CRS, p.FILTER_CRS)}
    language = p.choice(call.given, p.FILTER_LANG)

    def condition(scope: Scope) -> Predicate | None:
        found = [
            read_filter(call.given["filter"], scope, language, systems["filter-crs"])  # type: ignore[arg-type]
            if call.given.get("filter")
            else None,
            _in_box(boxed, systems["bbox-crs"], scope) if boxed else None,
            _during(moments, scope) if moments else None,
            *(_equal(name, value, scope) for name, value in _equalities(call).items()),
        ]
        return all_of([one for one in found if one is not None])

    return FeatureQuery(
        condition=condition,
        sort=lambda scope: _sort(call, scope),
        properties=lambda scope: _properties(call, scope),
        drawn=not p.truth(call.given, p.SKIP_GEOMETRY),
        limit=limit_of(call),
        offset=p.whole_number(call.given, p.OFFSET),
        after=call.given.get("cursor", ""),
    )


def limit_of(call: Call) -> int:
    if call.format != HTML:
        return p.whole_number(call.given, p.LIMIT)
    return min(p.whole_number(call.given, p.LIMIT), MOST_HTML) if call.given.get("limit") else HTML_LIMIT


def system(call: Call, parameter: p.Parameter) -> Crs:
    """Raises OgcError."""
    given = call.given.get(parameter.name, "")
    found = crs_of(given) if given else CRS84
    if found is None:
        raise InvalidParameterValue(parameter.name, given, _("the collection lists its reference systems under “crs”"))
    return found


def _equalities(call: Call) -> dict[str, str]:
    """Names of fields used as parameters, but for those of the standard."""
    return {name: value for name, value in call.given.items() if name not in p.RESERVED}


def _equal(name: str, value: str, scope: Scope) -> Predicate:
    node = nodes.Operation("=", (nodes.Property(name), nodes.Text(value)))
    return read_condition(node, Reading(scope.in_clause(name)))


def _box(call: Call) -> nodes.Box | None:
    given = call.given.get("bbox", "")
    if not given:
        return None
    try:
        numbers = tuple(float(one) for one in given.split(","))
    except ValueError:
        numbers = ()
    if len(numbers) not in (4, 6) or not all(abs(one) <= LARGEST for one in numbers):
        raise InvalidParameterValue("bbox", given, _("four numbers, or six, are expected"))
    return nodes.Box(numbers)


LARGEST = 1e9


def _in_box(box: nodes.Box, crs: Crs, scope: Scope) -> Predicate:
    """Of a table without geometry, nothing is in a box."""
    drawn = main_geometry(list(scope.fields.values()))
    if drawn is None:
        return Always(False)
    node = nodes.Operation("s_intersects", (nodes.Property(drawn.name), box))
    return read_condition(node, Reading(scope.in_clause("bbox"), crs))


def _moments(call: Call) -> nodes.Interval | None:
    given = call.given.get("datetime", "")
    if not given:
        return None
    first, slash, last = given.partition("/")
    ends = (_end(first, given), _end(last if slash else first, given))
    if all(isinstance(end, nodes.Open) for end in ends):
        raise _not_moments(given)
    return nodes.Interval(*ends)


def _end(written: str, given: str) -> nodes.Node:
    if written in ("", ".."):
        return nodes.Open()
    if read_date(written):
        return nodes.Date(written)
    if read_timestamp(written):
        return nodes.Timestamp(written)
    raise _not_moments(given)


def _not_moments(given: str) -> InvalidParameterValue:
    return InvalidParameterValue("datetime", given, _("a date, an instant, or two of them with a slash between"))


def _during(span: nodes.Interval, scope: Scope) -> Predicate:
    """Of a table without dates, nothing is at any time."""
    moment = moment_of(list(scope.fields.values()))
    if moment is None:
        return Always(False)
    node = nodes.Operation("t_intersects", (nodes.Property(moment.name), span))
    return read_condition(node, Reading(scope.in_clause("datetime")))


def _sort(call: Call, scope: Scope) -> tuple[SortKey, ...]:
    names = p.names(call.given, p.SORTBY)
    if len(names) > MOST_SORTS:
        raise InvalidParameterValue("sortby", call.given["sortby"], _("at most %(most)s names") % {"most": MOST_SORTS})
    return tuple(_key(one, scope.in_clause("sortby")) for one in names)


def _key(written: str, scope: Scope) -> SortKey:
    found = named(written.lstrip("+-").strip(), scope)
    if found.type in UNSORTABLE:
        raise InvalidParameterValue("sortby", written, _("the collection lists its “sortables”"))
    return SortKey(found, descending=written.startswith("-"))


def _properties(call: Call, scope: Scope) -> tuple[Field, ...] | None:
    if "properties" not in call.given:
        return None
    found = (named(one, scope.in_clause("properties")) for one in p.names(call.given, p.PROPERTIES))
    return tuple(scope.fields[one.name] for one in found if isinstance(one, Column) and one.name in scope.fields)
