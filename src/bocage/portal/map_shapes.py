"""The kinds of shapes that a map draws, for its legend."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import Promise


@dataclass(frozen=True)
class Shape:
    """`name`: of its mark in style sheets; `types`: of geometry, as a dataset tells them."""

    name: str
    label: Promise
    types: frozenset[str]


SHAPES = (
    Shape("place", _("Points"), frozenset({"Point", "MultiPoint"})),
    Shape("line", _("Lines"), frozenset({"LineString", "MultiLineString"})),
    Shape("area", _("Surfaces"), frozenset({"Polygon", "MultiPolygon"})),
)


def shapes_of(types: Collection[str]) -> list[Shape]:
    """Those found, points first; points where nothing is known."""
    return [one for one in SHAPES if one.types & set(types)] or [SHAPES[0]]
