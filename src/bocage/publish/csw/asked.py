"""What a request for records asks: which of them, in which order, which part of each, in which schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bocage.publish.csw import cql, filters
from bocage.publish.csw.names import (
    DEFAULT_RECORDS,
    FORMATS,
    MOST_RECORDS,
    SCHEMAS,
    SETS,
    TYPES,
    field_of,
)
from bocage.publish.csw.posted import filter_in
from bocage.publish.iso.parts import GMD
from bocage.publish.ows.errors import invalid, missing
from bocage.query.features import FeatureQuery
from bocage.query.odsql.clauses import UNSORTABLE
from bocage.query.plan import Column, SortKey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bocage.publish.ows.xml import Node
    from bocage.query.odsql.scope import Scope
    from bocage.query.plan import Predicate

MOST_SORTS, MOST_IDENTIFIERS = 5, 500
FURTHEST = 2**31


@dataclass(frozen=True)
class Shape:
    """How records are given. `schema`: its namespace; `elements`: brief, summary or full."""

    schema: str
    elements: str


def shape_of(given: Mapping[str, str]) -> Shape:
    """Raises OwsError."""
    output = given.get("outputformat", "")
    if output and output.partition(";")[0].strip() not in FORMATS:
        raise invalid("outputFormat", output, ", ".join(FORMATS))
    schema = given.get("outputschema") or SCHEMAS[0]
    schema = {"csw:Record": SCHEMAS[0], "csw:IsoRecord": GMD, "gmd:MD_Metadata": GMD}.get(schema, schema)
    if schema not in SCHEMAS:
        raise invalid("outputSchema", schema, ", ".join(SCHEMAS))
    elements = (given.get("elementsetname") or "summary").lower()
    if elements not in SETS:
        raise invalid("ElementSetName", elements, ", ".join(SETS))
    return Shape(schema, elements)


def check_types(given: Mapping[str, str]) -> None:
    """Raises OwsError."""
    names = [one.strip() for one in given.get("typenames", "").replace(" ", ",").split(",") if one.strip()]
    if not names:
        raise missing("typeNames")
    known = {one.partition(":")[2] for one in TYPES}
    for name in names:
        if name.rpartition(":")[2] not in known:
            raise invalid("typeNames", name, ", ".join(TYPES))


def result_type(given: Mapping[str, str]) -> str:
    """Raises OwsError."""
    found = (given.get("resulttype") or "hits").lower()
    if found not in ("hits", "results", "validate"):
        raise invalid("resultType", found, "hits, results, validate")
    return found


def query_of(given: Mapping[str, str], posted: Node | None) -> FeatureQuery:
    """Raises OwsError; what is wrong with a condition is told once it is read."""
    return FeatureQuery(
        condition=lambda scope: _condition(given, posted, scope),
        sort=lambda scope: _sort(given, scope),
        limit=min(_number(given, "maxrecords", DEFAULT_RECORDS, 0), MOST_RECORDS),
        offset=_number(given, "startposition", 1, 1) - 1,
    )


def _number(given: Mapping[str, str], name: str, default: int, least: int) -> int:
    text = given.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text[:12]) <= FURTHEST:
        names = {"maxrecords": "maxRecords", "startposition": "startPosition"}
        raise invalid(names[name], text, _("a whole number is expected"))
    return int(text[:12])


def _condition(given: Mapping[str, str], posted: Node | None, scope: Scope) -> Predicate | None:
    if posted is not None:
        return filters.condition_of(posted, scope)
    constraint = given.get("constraint", "")
    if not constraint:
        return None
    language = (given.get("constraintlanguage") or ("FILTER" if constraint.startswith("<") else "CQL_TEXT")).upper()
    if language == "CQL_TEXT":
        return cql.condition_of(constraint, scope)
    if language == "FILTER":
        return filters.condition_of(filter_in(constraint), scope)
    raise invalid("constraintLanguage", language, "CQL_TEXT, FILTER")


def _sort(given: Mapping[str, str], scope: Scope) -> tuple[SortKey, ...]:
    written = [one.strip() for one in given.get("sortby", "").split(",") if one.strip()]
    if len(written) > MOST_SORTS:
        raise invalid("SortBy", given["sortby"], _("at most %(most)s names") % {"most": MOST_SORTS})
    return tuple(_key(one, scope) for one in written)


def _key(written: str, scope: Scope) -> SortKey:
    """`dc:title:D`: the order is after the last colon, if there is one."""
    name, _colon, order = written.rpartition(":")
    if order.upper() not in ("A", "D", "ASC", "DESC") or not name:
        name, order = written, "A"
    field = scope.fields[field_of(name, "SortBy")]
    if field.type in UNSORTABLE:
        raise invalid("SortBy", written, _("this property has no order"))
    return SortKey(Column(field.name, field.type), descending=order.upper().startswith("D"))


def identifiers_of(given: Mapping[str, str]) -> list[str]:
    """Raises OwsError."""
    found = [one.strip()[:100] for one in given.get("id", "").split(",") if one.strip()]
    if not found:
        raise missing("id")
    if len(found) > MOST_IDENTIFIERS:
        raise invalid("id", given["id"], _("at most %(most)s names") % {"most": MOST_IDENTIFIERS})
    return found
