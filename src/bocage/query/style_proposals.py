"""A style proposed from what a keeper asks and from the data: the most frequent values, or classes of a number, in colours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from bocage.catalog.styles.choices import MOST_CATEGORIES, Band, Category, Choices, Kind, Rest
from bocage.catalog.styles.palettes import OTHERS, UNKNOWN, category_colors, ramp_colors
from bocage.catalog.styles.usual import ACCENT
from bocage.query.classes import Method, breaks_of, missing_of, values_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bocage.access.viewer import Viewer
    from bocage.query.relation import Relation

MANY_CATEGORIES = 8
"""Beyond, colours come back: nobody finds the ninth in a legend."""
SIZES = {
    2: (8, 20),
    3: (7, 14, 24),
    4: (6, 11, 18, 27),
    5: (6, 10, 15, 22, 30),
    6: (5, 9, 13, 18, 24, 31),
    7: (5, 8, 11, 15, 20, 26, 33),
}
"""Pixels across a mark, by the number of classes: their surfaces tell the number, not their widths."""


@dataclass(frozen=True)
class Wish:
    """What the form asks. `count`: of classes."""

    kind: Kind = "one"
    field: str = ""
    method: Method = "quantile"
    count: int = 5
    ramp: str = "green"
    color: str = ACCENT
    width: float = 1.0
    shapes: bool = False
    label: str = ""


def proposed(viewer: Viewer, relation: Relation, wish: Wish, kinds: Iterable[str]) -> Choices:
    """`kinds`: of the geometries. Classes are none when the field has no values for that. Raises AccessDenied, UnknownField."""
    base = Choices(wish.kind, wish.field, wish.color, wish.width, wish.shapes, label=wish.label)
    if wish.kind == "category":
        return _by_value(viewer, relation, base)
    if wish.kind in ("class", "size"):
        return _by_number(viewer, relation, wish, base, edged=not any("Line" in one for one in kinds))
    return replace(base, field="")


def _by_value(viewer: Viewer, relation: Relation, base: Choices) -> Choices:
    values = values_of(viewer, relation, base.field, MOST_CATEGORIES)
    shown = [(value, count) for value, count in values.found if len(value) <= 1_000]
    if values.distinct > MOST_CATEGORIES:
        shown = shown[:MANY_CATEGORIES]
    colors = category_colors(len(shown))
    categories = tuple(
        Category(value, _in_words(value), color) for (value, _count), color in zip(shown, colors, strict=True)
    )
    others = Rest(_("Other values"), OTHERS, values.distinct > len(shown))
    return replace(
        base, categories=categories, others=others, missing=Rest(_("Not known"), UNKNOWN, values.missing > 0)
    )


def _in_words(value: str) -> str:
    return {"true": _("Yes"), "false": _("No"), "": _("Empty")}.get(value, value[:200])


def _by_number(viewer: Viewer, relation: Relation, wish: Wish, base: Choices, *, edged: bool) -> Choices:
    count = min(max(wish.count, 2), max(SIZES))
    bounds = breaks_of(viewer, relation, wish.field, wish.method, count)
    if not bounds:
        return base
    ends: Sequence[tuple[float | None, float | None]] = list(zip([None, *bounds], [*bounds, None], strict=True))
    sized = wish.kind == "size"
    colors = [wish.color] * len(ends) if sized else ramp_colors(wish.ramp, len(ends), edged=edged)
    sizes = SIZES[len(ends)]
    bands = tuple(
        Band(low, high, words_of(low, high), color, float(size))
        for (low, high), color, size in zip(ends, colors, sizes, strict=True)
    )
    missing = missing_of(viewer, relation, wish.field)
    return replace(base, bands=bands, missing=Rest(_("Not known"), UNKNOWN, missing > 0))


def words_of(low: float | None, high: float | None) -> str:
    """A class in plain words, in the language of the moment."""
    first, last = (None if one is None else number_format(_plain(one), use_l10n=True) for one in (low, high))
    if first is None:
        return _("Less than %(high)s") % {"high": last}
    if last is None:
        return _("%(low)s or more") % {"low": first}
    return _("From %(low)s to less than %(high)s") % {"low": first, "high": last}


def _plain(number: float) -> int | float:
    return int(number) if number == int(number) and abs(number) < 1e15 else number
