"""What the console says of fields beyond their names: filters, order, separators, units; and what it proposes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bocage.catalog.annotations import LONGEST_SEPARATOR, LONGEST_WORD, Annotations, FacetSort
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.vocabulary import FieldType
from bocage.check.quality.profiles import profile_of
from bocage.store.selectors import current_version

FEWEST_VALUES, MOST_VALUES = 2, 60
"""Distinct values of a text between which a list of them is worth offering."""
ROWS_PER_VALUE = 3
"""Fewer rows than this for each value: a list would be as long as the table."""


class Precision(TextChoices):
    YEAR = "year", _("year")
    MONTH = "month", _("month")
    DAY = "day", _("day")
    HOUR = "hour", _("hour")
    MINUTE = "minute", _("minute")
    SECOND = "second", _("second")


@dataclass(frozen=True)
class FieldRow:
    """One field in the form. `values`: how many there are, when a filter is proposed for it, else 0."""

    field: Field
    values: int = 0

    @property
    def is_text(self) -> bool:
        return self.field.type in (FieldType.STRING, FieldType.ARRAY)

    @property
    def is_written_as_text(self) -> bool:
        """A list that the file itself holds has no separator to choose."""
        return self.field.type == FieldType.STRING or bool(self.field.annotations.multivalued)

    @property
    def can_filter(self) -> bool:
        return not self.field.type.is_geographic and self.field.type != FieldType.OBJECT

    @property
    def is_dated(self) -> bool:
        return self.field.type in (FieldType.DATE, FieldType.DATETIME)

    @property
    def is_number(self) -> bool:
        return self.field.type in (FieldType.INTEGER, FieldType.NUMBER)

    @property
    def said(self) -> bool:
        return bool(self.field.annotations.as_dict())


def field_rows(dataset: Dataset, fields: Sequence[Field]) -> list[FieldRow]:
    """The fields, each with what its values suggest. A dataset whose fields were never annotated proposes filters."""
    version = current_version(dataset)
    profile = profile_of(version) if version else None
    known = {one["name"]: one for one in profile.content.get("columns", [])} if profile and profile.content else {}
    return [FieldRow(one, _values(one, known.get(one.name, {}), dataset)) for one in fields]


def _values(field: Field, measured: dict[str, object], dataset: Dataset) -> int:
    distinct, filled = measured.get("distinct"), measured.get("filled")
    if field.type != FieldType.STRING or field.name in dataset.field_settings or field.name in dataset.primary_key:
        return 0
    if not isinstance(distinct, int) or not isinstance(filled, int):
        return 0
    worth = FEWEST_VALUES <= distinct <= MOST_VALUES and filled >= distinct * ROWS_PER_VALUE
    return distinct if worth else 0


def proposed(rows: Sequence[FieldRow]) -> dict[str, Annotations]:
    """Filters for the fields that suggest one."""
    return {row.field.name: Annotations(facet=True) for row in rows if row.values}


def given_annotations(fields: Sequence[Field], data: QueryDict) -> dict[str, Annotations]:
    """What the form says of the fields that it shows (`said.<name>`); what it does not show of them stays."""
    return {one.name: _given(one, data) for one in fields if f"said.{one.name}" in data}


def _given(field: Field, data: QueryDict) -> Annotations:
    row, name, kept = FieldRow(field), field.name, field.annotations

    def text(kind: str, longest: int = LONGEST_WORD) -> str:
        return data.get(f"{kind}.{name}", "").replace("\0", "")[:longest]

    def among(kind: str, choices: type[TextChoices], default: str) -> str:
        return chosen if (chosen := text(kind)) in choices.values and chosen != default else ""

    return Annotations(
        facet=row.can_filter and f"facet.{name}" in data,
        facet_sort=among("sort", FacetSort, FacetSort.MOST_FREQUENT.value) if row.can_filter else "",
        disjunctive=row.can_filter and f"disjunctive.{name}" in data,
        separator=text("separator", LONGEST_SEPARATOR).strip() if row.is_text else "",
        multivalued=text("multivalued", LONGEST_SEPARATOR).strip() if row.is_written_as_text else "",
        sortable=row.can_filter and f"sortable.{name}" in data,
        timeserie_precision=among("precision", Precision, "") if row.is_dated else "",
        unit=text("unit").strip() if row.is_number else "",
        semantic_type=kept.semantic_type,
    )
