"""What the legend of a map says."""

from __future__ import annotations

import pytest

from bocage.portal.map_shapes import shapes_of


@pytest.mark.parametrize(
    ("types", "names"),
    [
        (["MultiPolygon", "Polygon"], ["area"]),
        (["LineString", "Point", "Polygon"], ["place", "line", "area"]),
        ([], ["place"]),
    ],
)
def test_each_kind_of_shape_has_its_entry(types: list[str], names: list[str]) -> None:
    assert [one.name for one in shapes_of(types)] == names
