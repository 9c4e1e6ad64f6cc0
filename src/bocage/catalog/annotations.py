"""What the keepers of a dataset say of its fields, whatever file comes next: filters, order, separators, units.

They are settings of the dataset, by name of field (`Dataset.field_settings`), never part of a version: a column that is
missing from one file finds its settings again in the next.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

LONGEST_SEPARATOR = 5
LONGEST_WORD = 60


class FacetSort(TextChoices):
    """Order of the values of a filter, in the codes of the Explore API."""

    MOST_FREQUENT = "-count", _("most frequent first")
    LEAST_FREQUENT = "count", _("least frequent first")
    ALPHABETICAL = "alphanum", _("in alphabetical order")
    REVERSED = "-alphanum", _("in reverse alphabetical order")
    ASCENDING = "num", _("smallest number first")
    DESCENDING = "-num", _("largest number first")


@dataclass(frozen=True)
class Annotations:
    """`facet`: offered as a filter; `disjunctive`: several values at once are alternatives. `separator`: values are paths,
    whose steps it stands between. `multivalued`: one text holds several values, which it stands between.
    `semantic_type`: a word of the Explore API. Empty texts say nothing."""

    facet: bool = False
    facet_sort: str = ""
    disjunctive: bool = False
    separator: str = ""
    multivalued: str = ""
    sortable: bool = False
    timeserie_precision: str = ""
    unit: str = ""
    semantic_type: str = ""

    @property
    def hierarchical(self) -> bool:
        return bool(self.separator)

    def as_dict(self) -> dict[str, Any]:
        """What was said, and nothing else."""
        return {name: value for name, value in dataclasses.asdict(self).items() if value}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Annotations:
        """What is not understood is left out: a later release may have known more."""
        kept: dict[str, Any] = {}
        for one in dataclasses.fields(cls):
            value = data.get(one.name)
            if isinstance(one.default, bool):
                kept[one.name] = value is True
            elif isinstance(value, str):
                kept[one.name] = value[: LONGEST_SEPARATOR if one.name in _SEPARATORS else LONGEST_WORD]
        if kept.get("facet_sort") not in FacetSort.values:
            kept["facet_sort"] = ""
        return cls(**kept)


_SEPARATORS = ("separator", "multivalued")
NONE = Annotations()
