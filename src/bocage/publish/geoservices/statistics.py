"""outStatistics, groupByFieldsForStatistics, returnDistinctValues: summaries, by the same plan as everywhere."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.publish.geoservices.asked import condition, sort
from bocage.publish.geoservices.errors import Invalid
from bocage.publish.geoservices.fields import TYPES
from bocage.publish.geoservices.layer import MOST_RECORDS
from bocage.publish.geoservices.shapes import document_of
from bocage.query.cql2.names import named
from bocage.query.plan import Aggregate, Column, Output, Plan, SortKey, Summary
from bocage.query.services import planned

if TYPE_CHECKING:
    from bocage.publish.geoservices.call import Call
    from bocage.query.odsql.scope import Scope

SUMMARIES = {
    "count": Summary.COUNT, "sum": Summary.SUM, "min": Summary.MINIMUM, "max": Summary.MAXIMUM, "avg": Summary.AVERAGE,
    "stddev": Summary.DEVIATION,
}  # fmt: skip
MOST_STATISTICS = 50
_NAME = re.compile(r"\w{1,128}")
NUMBERS = (FieldType.INTEGER, FieldType.NUMBER)
NOT_GROUPS = (FieldType.GEOPOINT, FieldType.GEOMETRY, FieldType.OBJECT, FieldType.ARRAY)


def statistics(call: Call) -> dict[str, Any]:
    """Raises Invalid, and the errors of the language."""
    asked = document_of(call.text("outStatistics"), "outStatistics")
    if not isinstance(asked, list) or not all(isinstance(one, dict) for one in asked) or len(asked) > MOST_STATISTICS:
        raise Invalid("outStatistics", _("a list of statistics is expected"))
    if call.text("having"):
        raise Invalid("having", _("it is not offered"))

    def plan(scope: Scope) -> Plan:
        groups = _columns(call.names("groupByFieldsForStatistics"), scope)
        told = [_statistic(one, scope) for one in asked]
        outputs = (*(_as_it_is(one, scope) for one in groups), *told)
        names = {one.field.name: one.expression for one in told}
        keys = _order(call, scope, names)
        return Plan(
            outputs, condition(call, scope), groups=groups, summarised=True, sort=keys,
            limit=min(call.number("resultRecordCount", MOST_RECORDS, MOST_RECORDS) or MOST_RECORDS, MOST_RECORDS),
            offset=call.number("resultOffset", 0, 2**40),
        )  # fmt: skip

    return _answer(call, plan)


def distinct(call: Call) -> dict[str, Any]:
    """The different combinations of the fields asked."""
    names = call.names("outFields")
    if not names or "*" in names:
        raise Invalid("outFields", _("name the fields whose values are wanted"))

    def plan(scope: Scope) -> Plan:
        groups = _columns(names, scope)
        keys = sort(call, scope) or tuple(SortKey(one) for one in groups)
        outputs = tuple(_as_it_is(one, scope) for one in groups)
        limit = call.number("resultRecordCount", MOST_RECORDS, MOST_RECORDS) or MOST_RECORDS
        offset = call.number("resultOffset", 0, 2**40)
        return Plan(
            outputs, condition(call, scope), groups=groups, summarised=True, sort=keys, limit=limit, offset=offset
        )

    return _answer(call, plan)


def _answer(call: Call, plan: Any) -> dict[str, Any]:
    page = planned(call.viewer, call.layer.relation, plan)
    fields = [
        {"name": one.name, "alias": one.label or one.name, "type": TYPES.get(one.type, "esriFieldTypeString")}
        for one in page.columns
    ]
    dated = {one.name for one in page.columns if one.type in (FieldType.DATE, FieldType.DATETIME)}
    features = [
        {"attributes": {name: _value(value, name in dated) for name, value in row.items()}} for row in page.rows
    ]
    return {
        "displayFieldName": "",
        "fields": fields,
        "features": features,
        "exceededTransferLimit": page.total_count > len(page.rows) + call.number("resultOffset", 0, 2**40),
    }


def _value(value: Any, dated: bool) -> Any:
    if dated and isinstance(value, str):
        instant = datetime.fromisoformat(value)
        return int((instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp() * 1000)
    return int(value) if isinstance(value, bool) else value


def _columns(names: list[str], scope: Scope) -> tuple[Column, ...]:
    found = [named(name, scope) for name in names]
    if not all(isinstance(one, Column) and one.type not in NOT_GROUPS for one in found):
        raise Invalid("groupByFieldsForStatistics", _("these fields do not make groups"))
    return tuple(one for one in found if isinstance(one, Column))


def _as_it_is(column: Column, scope: Scope) -> Output:
    return Output(scope.fields[column.name], column)


def _statistic(asked: dict[str, Any], scope: Scope) -> Output:
    kind, name = str(asked.get("statisticType", "")).lower(), str(asked.get("onStatisticField", ""))
    summary = SUMMARIES.get(kind)
    if summary is None:
        raise Invalid("outStatistics", _("“%(kind)s” is not offered") % {"kind": kind[:30]})
    called = str(asked.get("outStatisticFieldName") or f"{kind}_{name}")
    if not _NAME.fullmatch(called):
        raise Invalid("outStatistics", _("a name of field is made of letters, digits and _"))
    measure = scope.measures.get(name)
    found = Column(measure.name, measure.type) if measure is not None else named(name, scope)
    if summary not in (Summary.COUNT, Summary.MINIMUM, Summary.MAXIMUM) and found.type not in NUMBERS:
        raise Invalid("outStatistics", _("“%(kind)s” is made of numbers") % {"kind": kind})
    if found.type in NOT_GROUPS and summary is not Summary.COUNT:
        raise Invalid("outStatistics", _("these fields do not make groups"))
    result = FieldType.INTEGER if summary is Summary.COUNT else found.type if summary in _SAME else FieldType.NUMBER
    return Output(Field(called, result), Aggregate(summary, found, result))


_SAME = (Summary.MINIMUM, Summary.MAXIMUM, Summary.SUM)


def _order(call: Call, scope: Scope, names: dict[str, Any]) -> tuple[SortKey, ...]:
    """By fields, or by the names given to statistics."""
    keys = []
    for one in (part.split() for part in call.text("orderByFields").split(",") if part.strip()):
        descending = len(one) > 1 and one[1].upper() == "DESC"
        keys.append(SortKey(names[one[0]] if one[0] in names else named(one[0], scope), descending))
    return tuple(keys)
