"""GDAL reads our tiles with its own driver, unmodified."""

from __future__ import annotations

import pyogrio
import pytest

from bocage.access.viewer import ANONYMOUS
from bocage.query.tiles import WEB_MERCATOR_QUAD, TileQuery, tile
from tests.query.tiles.reading import read
from tests.query.tiles.test_geometry import address_of

GEOMETRIES = {"points": "Point", "surfaces": "Polygon", "lines": "LineString"}


@pytest.mark.parametrize("slug", GEOMETRIES)
@pytest.mark.parametrize("zoom", [9, 14])
def test_gdal_reads_as_many_features(layer, tmp_path, slug, zoom):
    content = tile(ANONYMOUS, layer(slug), TileQuery(WEB_MERCATOR_QUAD, *address_of(WEB_MERCATOR_QUAD, zoom))).content
    file = tmp_path / "0.pbf"
    file.write_bytes(content)
    _described, table = pyogrio.raw.read_arrow(file, layer=slug, CLIP="NO")  # what is in the margin alone, too
    features = read(content).features
    assert table.num_rows == len(features)
    if zoom == 14:
        assert sorted(table["_id"].to_pylist()) == sorted(one.properties["_id"] for one in features)
    else:
        counts = [one for one in table["_count"].to_pylist() if one is not None]
        assert sum(counts) == sum(one.properties.get("_count", 0) for one in features)
