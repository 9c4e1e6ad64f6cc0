"""Sheets of paper on which maps are printed: size, direction, scale."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bocage.portal.map_view import EQUATOR_M, PIXEL_M, TILE_PIXELS, MapView

MARGIN_MM = 10
HEAD_MM, FOOT_MM = 18, 36
"""Room for the title above the map, and for the legend, the source and the code below."""
SCALES = (
    500,
    1_000,
    2_000,
    2_500,
    5_000,
    10_000,
    15_000,
    20_000,
    25_000,
    50_000,
    100_000,
    200_000,
    250_000,
    500_000,
    1_000_000,
)
LONGEST_BAR_MM = 60
FRANCE = (-5.0, 42.0, 8.5, 51.0)


@dataclass(frozen=True)
class Paper:
    """Sides in millimetres, as the sheet is held."""

    code: str
    label: Promise
    width: int
    height: int

    @property
    def frame(self) -> tuple[int, int]:
        """Width and height of the map, in millimetres."""
        return self.width - 2 * MARGIN_MM, self.height - 2 * MARGIN_MM - HEAD_MM - FOOT_MM


PAPERS = (
    Paper("a4-landscape", gettext_lazy("A4, landscape"), 297, 210),
    Paper("a4-portrait", gettext_lazy("A4, portrait"), 210, 297),
    Paper("a3-landscape", gettext_lazy("A3, landscape"), 420, 297),
    Paper("a3-portrait", gettext_lazy("A3, portrait"), 297, 420),
)


@dataclass(frozen=True)
class Sheet:
    """`view`: centre, and the zoom at which a pixel of style sheets on paper measures what the scale says."""

    paper: Paper
    scale: int
    view: MapView

    @classmethod
    def read(cls, given: Mapping[str, str], view: MapView | None, bbox: Sequence[float] | None) -> Sheet:
        """What the form asks; a scale that is not offered is that of the view, the sheet that shows it all at first."""
        paper = next((one for one in PAPERS if one.code == given.get("paper")), PAPERS[0])
        seen = view or _whole(bbox or FRANCE, paper)
        asked = given.get("scale", "")
        scale = int(asked) if asked in {str(one) for one in SCALES} else _rounded(seen.scale)
        return cls(paper, scale, _at(scale, seen))

    @property
    def bar(self) -> tuple[float, int]:
        """Length of the scale bar in millimetres, and what it measures on the ground in metres: 1, 2 or 5 times a power of ten."""
        longest = LONGEST_BAR_MM / 1000 * self.scale
        power = 10 ** math.floor(math.log10(longest))
        metres = max(step * power for step in (1, 2, 5) if step * power <= longest)
        return metres / self.scale * 1000, int(metres)

    @property
    def bar_text(self) -> str:
        metres = self.bar[1]
        number = number_format(metres if metres < 1000 else metres // 1000, force_grouping=True)
        return (_("%(n)s m") if metres < 1000 else _("%(n)s km")) % {"n": number}


def zoom_of(scale: float, latitude: float) -> float:
    """The zoom of MapLibre at which a map is printed at this scale."""
    return math.log2(EQUATOR_M * math.cos(math.radians(latitude)) / (TILE_PIXELS * PIXEL_M * scale))


def _at(scale: int, seen: MapView) -> MapView:
    zoom = min(max(zoom_of(scale, seen.latitude), 0.0), 22.0)
    return MapView(zoom, seen.latitude, seen.longitude)


def _rounded(scale: float) -> int:
    """The smallest scale offered that shows as much."""
    return next((one for one in SCALES if one >= scale * 0.999), SCALES[-1])


def _whole(bbox: Sequence[float], paper: Paper) -> MapView:
    """The view that holds these bounds on this sheet."""
    west, south, east, north = bbox
    latitude, longitude = max(-85.0, min(85.0, (south + north) / 2)), (west + east) / 2
    width, height = (side / 1000 for side in paper.frame)
    wide = math.radians(max(east - west, 1e-4)) * 6_371_000 * math.cos(math.radians(latitude)) / width
    high = math.radians(max(north - south, 1e-4)) * 6_371_000 / height
    return MapView(min(max(zoom_of(max(wide, high) * 1.05, latitude), 0.0), 22.0), latitude, longitude)
