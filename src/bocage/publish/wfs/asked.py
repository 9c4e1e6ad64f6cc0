"""What a request asks, in the terms of a FeatureQuery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bocage.catalog.vocabulary import FieldType
from bocage.publish.ows.errors import OwsError, invalid, missing
from bocage.publish.ows.systems import named
from bocage.publish.ows.xml import read
from bocage.publish.wfs.filters import Filtering, by_identifiers, filter_predicate, in_bounds
from bocage.publish.wfs.names import field_name, slug_of
from bocage.query.coordinates import WGS84
from bocage.query.cql2 import nodes
from bocage.query.cql2.making import LARGEST
from bocage.query.cql2.names import named as field_named
from bocage.query.features import FeatureQuery
from bocage.query.odsql.clauses import UNSORTABLE
from bocage.query.plan import ROW_ID, Column, Predicate, SortKey, all_of

if TYPE_CHECKING:
    from bocage.catalog.fields import Field
    from bocage.publish.ogc.call import Subject
    from bocage.publish.ows.call import Call
    from bocage.publish.ows.xml import Node
    from bocage.query.coordinates import Crs
    from bocage.query.odsql.scope import Scope

MOST_FEATURES = 100_000
"""Of a page: CountDefault of the capabilities, by which clients know how far each page goes."""
MOST_SORTS = 10
LARGEST_START = 2**40


@dataclass(frozen=True)
class Asked:
    """`crs`: of the coordinates of the answer."""

    subject: Subject
    query: FeatureQuery
    crs: Crs
    hits: bool


def type_asked(call: Call) -> str:
    """The identifier of the dataset. Raises OwsError."""
    written = call.get("typenames") or call.get("typename")
    if not written and call.get("featureid", call.get("resourceid")):
        written = call.get("featureid", call.get("resourceid")).partition(",")[0].rpartition(".")[0]
    if not written and call.dataset:
        return call.dataset
    if not written:
        raise missing("typeNames")
    names = [one for one in written.replace("(", "").replace(")", ",").split(",") if one.strip()]
    if len(set(names)) > 1:
        raise OwsError("OptionNotSupported", _("One feature type is answered at a time."), locator="typeNames")
    return slug_of(names[0])


def asked(call: Call, root: Node | None = None) -> Asked:
    """`root`: the filter of a document that was posted. Raises OwsError, NotFound."""
    subject = call.subject(type_asked(call))
    crs = named(call.get("srsname"), "srsName") if call.get("srsname") else WGS84
    sent = call.get("filter", call.get("query"))  # OWSLib writes its filters under that name
    if sent:
        root = read(sent.encode())
    if root is not None and root.name != "Filter":
        raise invalid("filter", root.name, _("the element Filter is expected"))
    identifiers = call.get("resourceid", call.get("featureid"))
    box = _box(call)
    ways = [name for name, there in (("filter", root), ("bbox", box), ("resourceId", identifiers)) if there]
    if len(ways) > 1:
        raise invalid(ways[1], ways[1], _("filter, bbox and resourceId exclude one another"))

    def condition(scope: Scope) -> Predicate | None:
        scope = scope.in_clause("filter")
        found = []
        if root is not None:
            found.append(filter_predicate(root, Filtering(scope, subject.name, WGS84)))
        if box is not None:
            found.append(in_bounds(*box, scope))
        if identifiers:
            found.append(by_identifiers(identifiers.split(","), subject.name))
        return all_of(found)

    query = FeatureQuery(
        condition=condition,
        sort=lambda scope: _sort(call, scope.in_clause("sortby")),
        properties=lambda scope: _properties(call, scope.in_clause("propertyname")),
        drawn=not call.get("propertyname") or _names_geometry(call, subject),
        limit=_count(call),
        offset=_whole(call, "startindex", 0, LARGEST_START),
    )
    return Asked(subject, query, crs, hits=_hits(call))


def _hits(call: Call) -> bool:
    found = call.get("resulttype", "results").lower()
    if found not in ("results", "hits"):
        raise invalid("resultType", found, _("one of %(names)s") % {"names": "results, hits"})
    return found == "hits"


def _count(call: Call) -> int:
    name = "count" if call.get("count") else "maxfeatures"
    return _whole(call, name, MOST_FEATURES, MOST_FEATURES)


def _whole(call: Call, name: str, default: int, most: int) -> int:
    """Larger is brought down to the largest."""
    text = call.get(name)
    if not text:
        return default
    if not text.isascii() or not text.isdigit():
        raise invalid(name, text, _("a whole number is expected"))
    return min(int(text[:20]), most)


def _box(call: Call) -> tuple[nodes.Box, Crs] | None:
    """Four numbers, then the system of their axes: that of the default system when none is named."""
    given = call.get("bbox")
    if not given:
        return None
    parts = [one.strip() for one in given.split(",")]
    crs = named(",".join(parts[4:]), "bbox") if len(parts) > 4 else WGS84
    try:
        numbers = tuple(float(one) for one in parts[:4])
    except ValueError:
        numbers = ()
    if len(numbers) != 4 or not all(abs(one) <= LARGEST for one in numbers):
        raise invalid("bbox", given, _("four numbers are expected"))
    return nodes.Box(numbers), crs


def _sort(call: Call, scope: Scope) -> tuple[SortKey, ...]:
    """`nom ASC,pop DESC`, or with a sign, as some clients write it."""
    keys = [one.strip() for one in call.get("sortby").split(",") if one.strip()]
    if len(keys) > MOST_SORTS:
        raise invalid("sortBy", call.get("sortby"), _("at most %(most)s names") % {"most": MOST_SORTS})
    return tuple(_key(one, scope) for one in keys)


def _key(written: str, scope: Scope) -> SortKey:
    name, _space, order = written.partition(" ")
    order = order.strip().upper()
    if order not in ("", "A", "D", "ASC", "DESC"):
        raise invalid("sortBy", written, _("ASC or DESC is expected after a name"))
    name = field_name(name)
    expression = Column(ROW_ID, FieldType.STRING) if name == ROW_ID else field_named(name, scope)
    if expression.type in UNSORTABLE:
        raise invalid("sortBy", written, _("it cannot be sorted"))
    return SortKey(expression, descending=order in ("D", "DESC"))


def property_names(call: Call) -> list[str]:
    given = call.get("propertyname").replace("(", "").replace(")", "")
    names = [field_name(one) for one in given.split(",") if one.strip()]
    return [] if "*" in names else names


def _properties(call: Call, scope: Scope) -> tuple[Field, ...] | None:
    names = property_names(call)
    if not names:
        return None
    found = (field_named(one, scope) for one in names if one != ROW_ID)
    return tuple(scope.fields[one.name] for one in found if isinstance(one, Column) and one.name in scope.fields)


def _names_geometry(call: Call, subject: Subject) -> bool:
    names = property_names(call)
    geographic = {one.name for one in subject.fields if one.type.is_geographic} | {"geometry", "geom"}
    return not names or any(one in geographic for one in names)
