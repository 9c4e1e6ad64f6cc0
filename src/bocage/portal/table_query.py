"""The table of a dataset: what the form asks (columns, filters, order, page), written as ODSQL.

Names of parameters: `q` words anywhere, `f_<field>` words of a text or one value of a list, `r_<field>` values of a field
that its dataset offers as a filter, `min_<field>` and `max_<field>` bounds, `is_<field>` yes or no, `c` columns to show,
`sort` (`-field` for descending), `page`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.portal import odsql
from bocage.query.requests import FacetValue, OdsqlRequest

PAGE_SIZE = 50
LAST_PAGE = 200
SHOWN_COLUMNS = 30
LONGEST_VALUE = 200
MOST_CHOSEN = 50

BOUNDED = (FieldType.INTEGER, FieldType.NUMBER, FieldType.DATE, FieldType.DATETIME)
NUMBERS = (FieldType.INTEGER, FieldType.NUMBER)
UNSORTED = (FieldType.GEOPOINT, FieldType.GEOMETRY, FieldType.ARRAY, FieldType.OBJECT)


@dataclass
class Control:
    """One column in the form: its inputs by kind (text, bounds, choice, facet, none) and what was wrong with them.

    `options`: the values of a facet, counted under the other filters by whoever shows the form."""

    field: Field
    kind: str
    shown: bool
    values: dict[str, str] = dataclasses.field(default_factory=dict)
    error: str = ""
    chosen: list[str] = dataclasses.field(default_factory=list)
    options: Sequence[FacetValue] = ()

    @property
    def shown_values(self) -> list[str]:
        """What filters by this column, in words."""
        return [*(value for value in self.values.values() if value), *self.chosen]

    @property
    def label(self) -> str:
        return self.field.label or self.field.name

    @property
    def input_type(self) -> str:
        return "date" if self.field.type in (FieldType.DATE, FieldType.DATETIME) else "text"


def _kind(field: Field) -> str:
    type_ = field.type
    if field.annotations.facet and type_ in (FieldType.STRING, FieldType.ARRAY):
        return "facet"
    if type_ in BOUNDED:
        return "bounds"
    if type_ == FieldType.BOOLEAN:
        return "choice"
    return "text" if type_ in (FieldType.STRING, FieldType.ARRAY) else "none"


def _bound(control: Control, sign: str, value: str) -> str:
    """`field >= value` as ODSQL; raises ValueError when the value does not read as the field's type."""
    name = odsql.name(control.field.name)
    if control.field.type in NUMBERS:
        try:
            number = Decimal("".join(value.split()).replace(",", "."))
        except InvalidOperation:
            raise ValueError(_("“%(value)s” is not a number.") % {"value": value}) from None
        if not number.is_finite() or abs(number.adjusted()) > 30:
            raise ValueError(_("“%(value)s” is not a number.") % {"value": value})
        return f"{name} {sign} {number:f}"
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise ValueError(_("“%(value)s” is not a date; write it as 2026-12-31.") % {"value": value}) from None
    if control.field.type == FieldType.DATETIME and sign == "<=" and day < date.max:
        return f"{name} < date'{day + timedelta(days=1)}'"  # the whole of the last day is meant
    return f"{name} {sign} date'{day}'"


def _clauses(control: Control) -> list[str]:
    name, values = odsql.name(control.field.name), control.values
    if control.kind == "text" and values.get("f"):
        if control.field.type == FieldType.ARRAY:
            return [f"{odsql.text(values['f'])} in {name}"]
        return [f"suggest({name}, {odsql.text(values['f'])})"]
    if control.kind == "choice" and values.get("is") in ("yes", "no"):
        return [f"{name} is {'true' if values['is'] == 'yes' else 'false'}"]
    if control.kind == "bounds":
        return [_bound(control, sign, values[key]) for key, sign in (("min", ">="), ("max", "<=")) if values.get(key)]
    return []


def _chosen(parameters: QueryDict, field: Field) -> list[str]:
    """The values chosen of a facet: one, unless several are alternatives."""
    if _kind(field) != "facet":
        return []
    given = [value.replace("\0", "")[:LONGEST_VALUE] for value in parameters.getlist(f"r_{field.name}")]
    kept = list(dict.fromkeys(value for value in given if value))
    return kept[:MOST_CHOSEN] if field.annotations.disjunctive else kept[:1]


@dataclass
class TableQuery:
    """`controls`: every column that may be shown; `words`: searched in all of them."""

    words: str
    controls: list[Control]
    sort: str
    page: int
    parameters: Mapping[str, Sequence[str]]

    @classmethod
    def read(cls, fields: Sequence[Field], parameters: QueryDict) -> TableQuery:
        tabular = [one for one in fields if one.type != FieldType.GEOMETRY]
        wanted = set(parameters.getlist("c")) & {one.name for one in tabular}
        wanted = wanted or {one.name for one in tabular[:SHOWN_COLUMNS]}
        controls = [
            Control(
                field=one,
                kind=_kind(one),
                shown=one.name in wanted,
                values={
                    key: parameters.get(f"{key}_{one.name}", "").replace("\0", "").strip()[:LONGEST_VALUE]
                    for key in ("f", "min", "max", "is")
                    if key != "f" or _kind(one) != "facet"
                },
                chosen=_chosen(parameters, one),
            )
            for one in tabular
        ]
        sort = parameters.get("sort", "")
        sortable = {one.name for one in tabular if one.type not in UNSORTED}
        page = parameters.get("page", "1")
        return cls(
            words=parameters.get("q", "").replace("\0", "").strip()[:LONGEST_VALUE],
            controls=controls,
            sort=sort if sort.removeprefix("-") in sortable else "",
            page=min(max(int(page), 1), LAST_PAGE) if page.isascii() and page.isdigit() and len(page) < 5 else 1,
            parameters={key: parameters.getlist(key) for key in parameters},
        )

    @property
    def columns(self) -> list[Field]:
        return [control.field for control in self.controls if control.shown]

    @property
    def active(self) -> list[Control]:
        """The columns that filter something."""
        return [control for control in self.controls if control.shown_values]

    @property
    def facets(self) -> list[Control]:
        """The columns that the dataset offers as filters."""
        return [control for control in self.controls if control.kind == "facet"]

    @property
    def faulty(self) -> bool:
        """A filter could not be read; known once `request` was made."""
        return any(control.error for control in self.controls)

    def request(self) -> OdsqlRequest:
        """The rows of the page. A filter that cannot be read is left out, and says so on its control."""
        where = [f"search({odsql.text(self.words)})"] if self.words else []
        for control in self.controls:
            try:
                where += _clauses(control)
            except ValueError as error:
                control.error = str(error)
        refine = [
            f"{odsql.name(control.field.name)}:{odsql.text(value)}"
            for control in self.facets
            for value in control.chosen
        ]
        direction = "desc" if self.sort.startswith("-") else "asc"
        return OdsqlRequest(
            select=", ".join(odsql.name(column.name) for column in self.columns),
            where=where,
            refine=refine,
            order_by=f"{odsql.name(self.sort.removeprefix('-'))} {direction}" if self.sort else "",
            limit=PAGE_SIZE,
            offset=(self.page - 1) * PAGE_SIZE,
        )

    def address(self, **changes: str | None) -> str:
        """The same table with some parameters changed; None takes one away. Back to the first page unless told."""
        kept = {key: list(values) for key, values in self.parameters.items() if key != "page" and any(values)}
        for key, value in changes.items():
            kept.pop(key, None)
            if value is not None:
                kept[key] = [value]
        return "?" + urlencode([(key, value) for key, values in kept.items() for value in values if value])

    @property
    def filters(self) -> str:
        """The query that keeps the same rows in another section; empty when nothing is filtered."""
        pairs = [("q", self.words)] if self.words else []
        for control in self.controls:
            name = control.field.name
            pairs += [(f"{key}_{name}", value) for key, value in control.values.items() if value]
            pairs += [(f"r_{name}", value) for value in control.chosen]
        return "?" + urlencode(pairs) if pairs else ""

    def without(self, control: Control) -> str:
        """The address without the filters of this column."""
        return self.address(**{f"{key}_{control.field.name}": None for key in ("f", "r", "min", "max", "is")})

    def sorted_by(self, column: Field) -> str:
        """The order to say in the header: ascending, descending or none."""
        return {column.name: "ascending", f"-{column.name}": "descending"}.get(self.sort, "none")
