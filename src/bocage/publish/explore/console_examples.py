"""Questions that make sense on a dataset, from its fields: what the console offers to begin with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bocage.catalog.vocabulary import FieldType as T

if TYPE_CHECKING:
    from bocage.catalog.fields import Field
    from bocage.catalog.models import Dataset


@dataclass(frozen=True)
class Question:
    """`given`: the parameters of getRecords that ask it."""

    title: str
    given: dict[str, str]


def questions(dataset: Dataset) -> Iterator[Question]:
    """At most one of each kind; always one."""
    yield Question(_("The first ten records"), {"limit": "10"})
    if text := _first(dataset, T.STRING):
        counted = {"select": f"{name(text)}, count(*) as n", "group_by": name(text), "order_by": "n desc"}
        yield Question(_("Counted by “%(field)s”") % {"field": text.label or text.name}, counted)
    if number := _first(dataset, T.INTEGER, T.NUMBER):
        summary = ", ".join(f"{function}({name(number)}) as {label}" for function, label in SUMMARY)
        field = {"field": number.label or number.name}
        yield Question(_("The least, average, greatest and total of “%(field)s”") % field, {"select": summary})
        highest = {"where": f"{name(number)} is not null", "order_by": f"{name(number)} desc", "limit": "5"}
        yield Question(_("The five greatest of “%(field)s”") % field, highest)
    if date := _first(dataset, T.DATE, T.DATETIME):
        by_year = {"select": "count(*) as n", "group_by": f"year({name(date)}) as year", "order_by": "year"}
        yield Question(_("Counted by year of “%(field)s”") % {"field": date.label or date.name}, by_year)
    place = _first(dataset, T.GEOPOINT)
    if place and dataset.bbox:
        west, south, east, north = dataset.bbox
        middle = f"geom'POINT({(west + east) / 2:.4f} {(south + north) / 2:.4f})'"
        near = {"where": f"within_distance({name(place)}, {middle}, 1km)"}
        yield Question(_("Within a kilometre of the middle of the map"), near)


def name(field: Field) -> str:
    """The field in the query language; between back-quotes where it could be taken for something else."""
    plain = field.name.isascii() and field.name.isidentifier() and field.name.lower() not in RESERVED
    return field.name if plain else "`" + field.name.replace("`", "\\`") + "`"


SUMMARY = (("min", "least"), ("avg", "average"), ("max", "greatest"), ("sum", "total"))
_WORDS = (
    "and as asc avg by count date_format day dayofweek desc distinct equi false group hour ifnull in is like limit lower max "
    "median millisecond min minute month not null now or percentile quarter range search second select sum to top true "
    "upper where year envelope bbox include exclude"
)
RESERVED = frozenset(_WORDS.split())


def _first(dataset: Dataset, *kinds: T) -> Field | None:
    return next((field for field in dataset.fields if field.type in kinds), None)
