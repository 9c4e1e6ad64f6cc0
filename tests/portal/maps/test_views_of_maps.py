"""What addresses say of a map, read and written; scales of sheets."""

from __future__ import annotations

import math

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from bocage.portal.map_view import PIXEL_M, Box, MapView
from bocage.portal.sheets import PAPERS, SCALES, Sheet, zoom_of

zooms = st.floats(0, 22)
latitudes = st.floats(-85, 85)
longitudes = st.floats(-179.9, 179.9)


@given(zooms, latitudes, longitudes)
def test_a_view_is_read_as_it_is_written(zoom: float, latitude: float, longitude: float) -> None:
    view = MapView.read(MapView(zoom, latitude, longitude).text)
    assert view is not None
    assert (view.zoom, view.latitude, view.longitude) == pytest.approx((zoom, latitude, longitude), abs=0.006)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    view, box = MapView.read(text), Box.read(text)
    assert view is None or 0 <= view.zoom <= 22
    assert box is None or (-90 <= box.south <= box.north <= 90 and abs(box.west) <= 180 and abs(box.east) <= 180)


@pytest.mark.parametrize(
    "text", ["", "1/2", "nan/1/1", "30/47/0", "-1/47/0", "5/89/0", "1/2/3/4", "inf/0/0", "5/47/9e9"]
)
def test_what_is_no_view_is_none(text: str) -> None:
    assert MapView.read(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-2,46,0,48", (-2, 46, 0, 48)),
        ("179,-10,181,10", (179, -10, -179, 10)),  # the antimeridian
        ("-200,40,-190,41", (160, 40, 170, 41)),  # after a turn round the world
        ("-1,-95,1,95", (-1, -90, 1, 90)),
    ],
)
def test_boxes_of_maps_that_were_moved_far(text: str, expected: tuple[float, ...]) -> None:
    box = Box.read(text)
    assert box is not None
    assert (box.west, box.south, box.east, box.north) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["-180,-90,180,90", "-500,0,500,10", "3,0,1,1", "1,5,2,4", "a,b,c,d", "1,2,3"])
def test_the_whole_world_and_no_box_are_none(text: str) -> None:
    assert Box.read(text) is None


@given(zooms, latitudes)
def test_a_scale_and_its_zoom_are_one(zoom: float, latitude: float) -> None:
    view = MapView(zoom, latitude, 0)
    assert zoom_of(view.scale, latitude) == pytest.approx(zoom)


@given(st.sampled_from(SCALES), st.sampled_from(PAPERS), st.floats(-60, 60), longitudes)
def test_the_bar_measures_what_it_says(scale: int, paper, latitude: float, longitude: float) -> None:
    sheet = Sheet.read({"paper": paper.code, "scale": str(scale)}, MapView(12, latitude, longitude), None)
    millimetres, metres = sheet.bar
    assert 20 <= millimetres <= 60.000001
    assert millimetres / 1000 * scale == pytest.approx(metres)
    assert sheet.view.metres_per_pixel / PIXEL_M == pytest.approx(scale)
    assert math.log10(metres / int(str(metres)[0])) % 1 == pytest.approx(0)


def test_the_first_sheet_shows_all_that_there_is() -> None:
    bbox = (-1.86, 47.10, -1.34, 47.37)
    sheet = Sheet.read({}, None, bbox)
    width, height = (side / 1000 * sheet.scale for side in sheet.paper.frame)
    wide = math.radians(bbox[2] - bbox[0]) * 6_371_000 * math.cos(math.radians(47.2))
    high = math.radians(bbox[3] - bbox[1]) * 6_371_000
    assert wide < width
    assert high < height
    assert sheet.scale == 250_000 or min(width / wide, height / high) < 2.1
    with translation.override("fr"):
        assert sheet.bar_text.endswith("km")


@pytest.mark.parametrize(
    "given", [{"scale": "12"}, {"scale": "-1"}, {"scale": "x"}, {"paper": "a0", "scale": "１０００"}]
)
def test_a_sheet_that_is_not_offered_is_the_usual_one(given: dict[str, str]) -> None:
    sheet = Sheet.read(given, MapView(14, 47.2, -1.5), None)
    assert sheet.paper == PAPERS[0]
    assert sheet.scale in SCALES
