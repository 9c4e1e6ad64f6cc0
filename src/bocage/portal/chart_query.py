"""A quick chart: one category, one measure, drawn from a grouped query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.portal import odsql
from bocage.query.requests import OdsqlRequest

KINDS: Mapping[str, object] = MappingProxyType(
    {"bar": gettext_lazy("Bars"), "line": gettext_lazy("Line"), "area": gettext_lazy("Area")}
)
AGGREGATES: Mapping[str, object] = MappingProxyType(
    {
        "count": gettext_lazy("Number of rows"),
        "sum": gettext_lazy("Sum"),
        "avg": gettext_lazy("Average"),
        "median": gettext_lazy("Median"),
        "min": gettext_lazy("Smallest"),
        "max": gettext_lazy("Largest"),
    }
)
STEPS: Mapping[str, object] = MappingProxyType(
    {"yyyy": gettext_lazy("Year"), "yyyy-MM": gettext_lazy("Month"), "yyyy-MM-dd": gettext_lazy("Day")}
)
MOST_BARS = 30
MOST_POINTS = 1000
TIMES = (FieldType.DATE, FieldType.DATETIME)
CATEGORIES = (FieldType.STRING, FieldType.INTEGER, FieldType.BOOLEAN, FieldType.ARRAY, *TIMES)
MEASURES = (FieldType.INTEGER, FieldType.NUMBER)


@dataclass(frozen=True)
class ChartQuery:
    """What to draw; always drawable: a strange address falls back on the first sensible choice."""

    kind: str
    category: Field
    aggregate: str
    measure: Field | None
    step: str

    @classmethod
    def read(cls, fields: Sequence[Field], parameters: QueryDict) -> ChartQuery | None:
        """The query, or None when no field can be a category."""
        categories = {one.name: one for one in fields if one.type in CATEGORIES}
        measures = {one.name: one for one in fields if one.type in MEASURES}
        if not categories:
            return None
        category = categories.get(parameters.get("category", "")) or _likely(list(categories.values()))
        aggregate = parameters.get("aggregate", "count")
        measure = measures.get(parameters.get("measure", "")) or next(iter(measures.values()), None)
        if aggregate not in AGGREGATES or measure is None:
            aggregate = "count"
        kind = parameters.get("kind", "")
        default = "line" if category.type in TIMES else "bar"
        return cls(
            kind=kind if kind in KINDS else default,
            category=category,
            aggregate=aggregate,
            measure=None if aggregate == "count" else measure,
            step=parameters.get("step", "") if parameters.get("step", "") in STEPS else "yyyy-MM",
        )

    @property
    def in_time(self) -> bool:
        return self.category.type in TIMES

    @property
    def category_label(self) -> str:
        return self.category.label or self.category.name

    @property
    def measure_label(self) -> str:
        """“Sum of places”, “Number of rows”."""
        if self.measure is None:
            return str(AGGREGATES["count"])
        words = {"aggregate": AGGREGATES[self.aggregate], "field": self.measure.label or self.measure.name}
        return _("%(aggregate)s of “%(field)s”") % words

    @property
    def title(self) -> str:
        return _("%(measure)s by “%(category)s”") % {"measure": self.measure_label, "category": self.category_label}

    def request(self) -> OdsqlRequest:
        """Groups: the largest first, or in the order of time; columns `category` and `value`."""
        name = odsql.name(self.category.name)
        category = f"date_format({name}, {odsql.text(self.step)})" if self.in_time else name
        value = "count(*)" if self.measure is None else f"{self.aggregate}({odsql.name(self.measure.name)})"
        ordered = self.in_time or (self.kind != "bar" and self.category.type in MEASURES)
        return OdsqlRequest(
            select=f"{value} as chart_value",
            group_by=f"{category} as chart_category",
            order_by="chart_category asc" if ordered else "chart_value desc",
            limit=MOST_POINTS if ordered else MOST_BARS,
        )


def _likely(categories: list[Field]) -> Field:
    """A category people probably want: a text, a list or a date rather than an identifier in the first column."""
    wanted = ("type", "categorie", "commune", "quartier", "nature", "statut", "theme", "annee", "date")
    for word in wanted:
        for one in categories:
            if word in one.name.lower():
                return one
    texts = [one for one in categories if one.type in (FieldType.STRING, FieldType.ARRAY)]
    return (texts[1:] or texts or categories)[0]
