"""The spatial index that Bocage writes in FlatGeobuf, as GDAL reads it: by a box, whatever the number of features."""

from __future__ import annotations

import itertools
import random

import pyogrio
import pytest
import shapely

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType as T
from bocage.publish.files.formats import Options
from bocage.publish.files.packed_tree import level_starts
from tests.publish.engine import Engine
from tests.publish.test_formats import made

pytestmark = pytest.mark.usefixtures("exports_folder")
FIELDS = (Field("rang", T.INTEGER), Field("nom", T.STRING), Field("g", T.GEOMETRY))


def layer(count):
    """Points and squares of all sizes, texts of all lengths, drawn from a seed."""
    drawn = random.Random(count)
    shapes = []
    for _rank in range(count):
        west, south, side = drawn.uniform(-2, -1), drawn.uniform(47, 48), drawn.uniform(0, 0.05)
        square = shapely.box(west, south, west + side, south + side)
        shapes.append(shapely.Point(west, south) if drawn.random() < 0.5 else square)
    rows = [(rank, "é" * drawn.randrange(60), shape.wkt) for rank, shape in enumerate(shapes)]
    return shapes, made(Engine(rows, FIELDS), "fgb", Options(title="x"))


def read(path, **asked):
    meta, _fids, geometry, columns = pyogrio.raw.read(path, **asked)
    values = dict(zip(meta["fields"], columns, strict=True))
    return {int(rank): shape for rank, shape in zip(values["rang"], shapely.from_wkb(geometry), strict=True)}


@pytest.mark.parametrize("count", [1, 2, 16, 17, 255, 256, 257, 900])
def test_a_box_finds_the_features_in_it_and_the_whole_is_whole(tmp_path, count):
    shapes, content = layer(count)
    path = tmp_path / "x.fgb"
    path.write_bytes(content)
    found = read(path)
    assert sorted(found) == list(range(count))
    assert all(found[rank].equals_exact(shape, 1e-9) for rank, shape in enumerate(shapes))
    for west, south, side in ((-2.1, 46.9, 1.3), (-1.6, 47.4, 0.1), (-1.2, 47.9, 0.02), (5, 5, 1)):
        box = (west, south, west + side, south + side)
        area = shapely.box(*box)
        assert sorted(read(path, bbox=box)) == [rank for rank, shape in enumerate(shapes) if shape.intersects(area)]


def test_the_header_says_how_many_features_there_are_and_where(tmp_path):
    shapes, content = layer(300)
    path = tmp_path / "x.fgb"
    path.write_bytes(content)
    told = pyogrio.read_info(path)
    assert told["features"] == 300
    assert told["total_bounds"] == pytest.approx(shapely.total_bounds(shapes))
    assert told["capabilities"]["fast_spatial_filter"], "there is an index"


def test_features_follow_one_another_in_space(tmp_path):
    """What a reader asks by a box lies together in the file: that is what the order is for."""
    path = tmp_path / "x.fgb"
    shapes, content = layer(900)
    path.write_bytes(content)
    along = [shape.centroid for shape in read(path).values()]
    as_given = [shape.centroid for shape in shapes]

    def length(points):
        return sum(one.distance(other) for one, other in itertools.pairwise(points))

    assert length(along) < length(as_given) / 5


def test_places_all_the_same(tmp_path):
    engine = Engine([(rank, "", "POINT (1 2)") for rank in range(40)], FIELDS)
    path = tmp_path / "x.fgb"
    path.write_bytes(made(engine, "fgb", Options(title="x")))
    assert sorted(read(path, bbox=(0, 1, 2, 3))) == list(range(40))
    assert not read(path, bbox=(3, 3, 4, 4))


def test_levels_of_the_tree():
    assert level_starts(1) == [1, 0]
    assert level_starts(16) == [1, 0]
    assert level_starts(17) == [3, 1, 0]
    assert level_starts(257) == [17 + 2 + 1, 2 + 1, 1, 0]
