"""Figures of a chart as shapes in a 100 × 100 box and as a Vega-Lite specification."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.portal.cells import cell
from bocage.portal.chart_query import ChartQuery


@dataclass(frozen=True)
class Mark:
    """One category: its words, its value in words and as a number, the length of its bar from 0 to 100."""

    label: str
    text: str
    value: float
    start: float
    length: float


@dataclass(frozen=True)
class Drawing:
    """`path`: the line in a 100 × 100 box, y downwards; empty for bars. `others`: groups left out."""

    marks: list[Mark]
    path: str
    area: str
    highest: str
    lowest: str
    others: int
    specification: dict[str, Any]


_VALUE = Field("chart_value", FieldType.NUMBER)


def _label(query: ChartQuery, raw: Any) -> str:
    if raw is None or raw == "":
        return _("(empty)")
    if query.in_time:
        return str(raw)
    kind = FieldType.STRING if query.category.type == FieldType.ARRAY else query.category.type
    return cell(Field("category", kind), raw).text


def _rounded(value: float) -> float:
    return round(value, 2) if abs(value) >= 1 else float(f"{value:.3g}")


def draw(query: ChartQuery, rows: Sequence[dict[str, Any]], total: int) -> Drawing:
    """Groups as marks. A group without a value (average of nothing) is not drawn."""
    kept = [(row["chart_category"], float(row["chart_value"])) for row in rows if row["chart_value"] is not None]
    values = [value for _category, value in kept]
    low, high = min([0.0, *values]), max([0.0, *values])
    span = (high - low) or 1.0
    zero = -low / span * 100
    marks = [
        Mark(
            label=_label(query, category),
            text=cell(_VALUE, _rounded(value)).text,
            value=_rounded(value),
            start=round(min(zero, zero + value / span * 100), 3),
            length=round(abs(value) / span * 100, 3),
        )
        for category, value in kept
    ]
    path = _line(values, low, span) if query.kind != "bar" else ""
    area = f"{path}L100 {100 - zero:.2f}L0 {100 - zero:.2f}Z" if path and query.kind == "area" else ""
    return Drawing(
        marks=marks,
        path=path,
        area=area,
        highest=cell(_VALUE, _rounded(high)).text,
        lowest=cell(_VALUE, _rounded(low)).text or "0",
        others=max(0, total - len(rows)),
        specification=specification(query, marks),
    )


def _line(values: Sequence[float], low: float, span: float) -> str:
    if not values:
        return ""
    step = 100 / max(1, len(values) - 1)
    points = (f"{i * step:.2f} {100 - (value - low) / span * 100:.2f}" for i, value in enumerate(values))
    return "M" + "L".join(points)


def specification(query: ChartQuery, marks: Sequence[Mark]) -> dict[str, Any]:
    """Vega-Lite: the stored and exchanged form of a chart, with its figures inside."""
    category: dict[str, Any] = {
        "field": "category",
        "type": "ordinal" if query.kind != "bar" else "nominal",
        "sort": None,
        "title": None,
    }
    if len(marks) <= 12:
        category["axis"] = {"labelAngle": 0}
    value = {"field": "value", "type": "quantitative", "title": query.measure_label}
    tooltip = [
        {"field": "category", "type": "nominal", "title": query.category_label},
        {"field": "value", "type": "quantitative", "title": query.measure_label},
    ]
    mark: dict[str, Any] = {"type": query.kind, "tooltip": True}
    if query.kind != "bar":
        mark |= {"point": len(marks) <= 60}
    across, down = ("y", "x") if query.kind == "bar" else ("x", "y")
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": query.title,
        "width": "container",
        "data": {"values": [{"category": mark_.label, "value": mark_.value} for mark_ in marks]},
        "mark": mark,
        "encoding": {across: category, down: value, "tooltip": tooltip},
    }
