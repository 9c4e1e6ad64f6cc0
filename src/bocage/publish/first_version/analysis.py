"""`/api/records/1.0/analyze/`: statistics by groups, as an array of points."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

from bocage.catalog.fields import Field
from bocage.publish.first_version import parameters, sorting
from bocage.publish.first_version.aggregations import aggregations
from bocage.publish.first_version.answers import json_answer, kept_by
from bocage.publish.first_version.axes import Axis, read_axes, shown, there
from bocage.publish.first_version.refusals import NotComputable
from bocage.publish.first_version.series import Series, read_series
from bocage.query import services
from bocage.query.plan import Expression, Output, Plan, SortKey, all_of
from bocage.query.planning import MOST_GROUPS, plan_of

if TYPE_CHECKING:
    from bocage.publish.first_version.inquiry import Inquiry
    from bocage.query.odsql.scope import Scope

TRUNCATED = "ODS-Analyze-Truncated"
Point = dict[str, Any]


def analyze(inquiry: Inquiry) -> HttpResponse:
    """An array; with `agg.…`, an object of the array and of what is computed over its points."""
    if any(name.startswith("join.") for name in inquiry.given):
        raise NotComputable("An analysis joined with another dataset")
    series = read_series(inquiry) or [Series("count")]
    axes: list[Axis] = []
    most = parameters.whole("maxpoints", inquiry.text("maxpoints"), 0, -1, 10**9)
    limit = min(most, MOST_GROUPS) if most > 0 else MOST_GROUPS

    def plan_in(scope: Scope) -> Plan:
        axes.extend(read_axes(inquiry, scope))
        return _plan(inquiry, scope, axes, series, limit)

    page = services.planned(inquiry.viewer, inquiry.relation, plan_in, timezone=inquiry.timezone, lang=inquiry.lang)
    points = [_point(row, axes, series) for row in page.rows]
    _cumulate(points, axes, series)
    headers = {TRUNCATED: "true"} if page.total_count > limit >= MOST_GROUPS else {}
    if inquiry.text("format") == "csv":
        return kept_by(inquiry, _csv(points, series), open_data=inquiry.open_data)
    extra = aggregations(inquiry, points, [one.name for one in series])
    payload = {"results": points, "aggregations": extra} if extra else points
    return json_answer(inquiry, payload, open_data=inquiry.open_data, **headers)


def _plan(inquiry: Inquiry, scope: Scope, axes: Sequence[Axis], series: Sequence[Series], limit: int) -> Plan:
    base = filtered(inquiry, scope)
    outputs = [Output(Field(f"x{position}", axis.key.type), axis.key) for position, axis in enumerate(axes)]
    for position, one in enumerate(series):
        outputs += one.outputs(scope, f"y{position}")
    return dataclasses.replace(
        base,
        outputs=tuple(outputs),
        condition=all_of([part for part in (base.condition, *there(axes)) if part]),
        groups=tuple(dict.fromkeys(axis.key for axis in axes)),
        summarised=True,
        sort=_sort(inquiry, axes, series, outputs),
        limit=limit,
    )


def filtered(inquiry: Inquiry, scope: Scope) -> Plan:
    """A plan of nothing yet, with the conditions of the question."""
    return plan_of(inquiry.odsql(scope, select="count(*) as n"), scope, page=True)


def _sort(
    inquiry: Inquiry, axes: Sequence[Axis], series: Sequence[Series], outputs: Sequence[Output]
) -> tuple[SortKey, ...]:
    """A series from its highest value, an axis from its lowest; a minus sign turns either. Sorts of records are left out."""
    by_name = {f"x.{axis.field}.{axis.part}" if axis.part else f"x.{axis.field}": [axis.key] for axis in axes}
    for axis in axes:
        for name in ("x", f"x.{axis.field}", axis.field):
            keys = by_name.setdefault(name, [])
            if axis.key not in keys:
                keys.append(axis.key)
    columns: dict[str, Expression] = {output.field.name: output.expression for output in outputs}
    ranked = {one.name: columns[f"y{position}_0"] for position, one in enumerate(series)}
    found: list[SortKey] = []
    for name, minus in sorting.keys(inquiry.texts("sort")):
        if name in ranked:
            found.append(SortKey(ranked[name], descending=not minus))
        else:
            found += [SortKey(key, descending=minus) for key in by_name.get(name, [])]
    return tuple(found)


def _point(row: dict[str, Any], axes: Sequence[Axis], series: Sequence[Series]) -> Point:
    point: Point = {"x": shown(axes, [row[f"x{position}"] for position in range(len(axes))])} if axes else {}
    return point | {one.name: one.value(row, f"y{position}") for position, one in enumerate(series)}


def _cumulate(points: Sequence[Point], axes: Sequence[Axis], series: Sequence[Series]) -> None:
    """Each value added to the ones before it, apart for each value of the other fields than the first."""
    names = [one.name for one in series if one.cumulative]
    several = len({axis.field for axis in axes}) > 1
    sums: dict[str, dict[str, float]] = {}
    for point in points if names else ():
        others = {name: value for name, value in point["x"].items() if name != axes[0].field} if several else {}
        running = sums.setdefault(json.dumps(others, sort_keys=True, default=str), dict.fromkeys(names, 0))
        for name in names:
            if isinstance(point[name], int | float):
                running[name] += point[name]
                point[name] = running[name]


def _csv(points: Sequence[Point], series: Sequence[Series]) -> HttpResponse:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(["x", *(one.name for one in series)])
    for point in points:
        x = point.get("x", "")
        writer.writerow([_cell(x), *(_cell(point[one.name]) for one in series)])
    return HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
