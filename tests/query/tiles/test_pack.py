"""What is composed without the engine is what the engine makes: the same features, counts and values, and the same places."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from typing import Any

import pytest
import shapely

from bocage.access.viewer import ANONYMOUS
from bocage.query.tiles import LAMB93, WEB_MERCATOR_QUAD, Grid, TileQuery, composing, packing, picking, serving, tile
from bocage.query.tiles.cache import tiles
from bocage.query.tiles.packing import pack_of
from bocage.query.tiles.pyramid import placed_relation
from bocage.store import hot_files
from bocage.store.layout import hot_directory, hot_path, side_key
from bocage.store.sections import SectionsWriter
from tests.query.tiles import world
from tests.query.tiles.mercator import shape_of, to_mercator
from tests.query.tiles.reading import Feature, read
from tests.query.tiles.test_geometry import address_of
from tests.query.tiles.walking import layer_at

PLACES = [
    (WEB_MERCATOR_QUAD, 6),
    (WEB_MERCATOR_QUAD, 11),
    (WEB_MERCATOR_QUAD, 13),
    (WEB_MERCATOR_QUAD, 15),
    (LAMB93, 10),
]


INSIDE = shapely.box(0, 0, 4096, 4096)


def both(
    relation: Any, grid: Grid, address: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> list[list[Feature]]:
    """Features of a tile: of the pack, then of the engine."""
    query = TileQuery(grid, *address)
    made = read(tile(ANONYMOUS, relation, query).content).features
    tiles.clear()
    with monkeypatch.context() as patched:
        patched.setattr(serving, "pack_of", lambda _relation: None)
        return [made, read(tile(ANONYMOUS, relation, query).content).features]


def named(features: list[Feature]) -> dict[str, Feature]:
    return {one.properties["_id"]: one for one in features if "_id" in one.properties}


@pytest.mark.parametrize("slug", ["points", "surfaces", "lines"])
@pytest.mark.parametrize(("grid", "zoom"), PLACES)
def test_the_engine_makes_the_same(layer, monkeypatch, slug, grid, zoom):
    made, expected = both(layer(slug), grid, address_of(grid, zoom), monkeypatch)
    assert expected
    ours, theirs = named(made), named(expected)
    for one in ours.keys() ^ theirs.keys():  # in the margin, what is cut may vanish when it is rounded
        (only,) = [found[one] for found in (ours, theirs) if one in found]
        assert shapely.make_valid(shape_of(only)).intersection(INSIDE).area < 4
    for one in ours.keys() & theirs.keys():
        assert (ours[one].kind, ours[one].properties) == (theirs[one].kind, theirs[one].properties)
        drawn, expected_shape = shape_of(ours[one]), shape_of(theirs[one])
        if min(drawn.area, expected_shape.area) > 2.2 * max(drawn.length, expected_shape.length) or not drawn.area:
            assert drawn.hausdorff_distance(expected_shape) <= 3, one
        else:  # too thin to keep its form
            assert drawn.distance(expected_shape) <= 3, one
    counts = [
        sorted(one.properties["_count"] for one in found if "_count" in one.properties) for found in (made, expected)
    ]
    assert counts[0] == counts[1]
    if grid.pyramid > zoom:
        assert counts[0]


def test_what_arithmetic_cannot_cut_is_cut_by_the_engine(layer, monkeypatch):
    """Quarters with hundreds of corners, courtyards and slivers, where sides of tiles go through them."""
    asked: list[int] = []
    plain = composing.cut_by_engine

    def listened(relation, frame, table, keys):
        asked.extend(keys.tolist())
        return plain(relation, frame, table, keys)

    monkeypatch.setattr(composing, "cut_by_engine", listened)
    relation = layer("surfaces")
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            _zoom, column, row = address_of(WEB_MERCATOR_QUAD, 14)
            made, expected = both(relation, WEB_MERCATOR_QUAD, (14, column + dx, row + dy), monkeypatch)
            for one, feature in named(expected).items():
                there = shapely.make_valid(shape_of(feature)).intersection(INSIDE).area > 4
                assert one in named(made) or not there
    assert asked


def test_a_damaged_pack_is_made_again(layer):
    relation = placed_relation(layer("points"), WEB_MERCATOR_QUAD)
    assert relation is not None
    pack_of(relation)
    path = hot_path(side_key(relation.version.uid, "pack-WebMercatorQuad"))
    whole = path.read_bytes()
    for damaged in (whole[:500], whole[:-9], whole.replace(b"1 2 ", b"0 0 ", 1), b""):
        path.unlink()
        path.write_bytes(damaged)
        packing._packs._forget()
        made = pack_of(relation)
        assert made is not None
        assert made.content.content.size == len(whole) - 1024


def test_a_version_too_large_for_the_cache_has_no_pack(layer, settings):
    relation = placed_relation(layer("points"), WEB_MERCATOR_QUAD)
    assert relation is not None
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"hot_cache_mb": 0})
    assert pack_of(relation) is None


@pytest.mark.parametrize(("slug", "limit"), [("points", "MOST_POSITIONS"), ("lines", "MOST_SHAPES")])
def test_more_rows_than_memory_bears_are_left_to_the_engine(layer, monkeypatch, slug, limit):
    query = TileQuery(WEB_MERCATOR_QUAD, *address_of(WEB_MERCATOR_QUAD, 14))
    made = tile(ANONYMOUS, layer(slug), query)
    tiles.clear()
    monkeypatch.setattr(picking, limit, 5)
    found = tile(ANONYMOUS, layer(slug), query)
    assert found.etag == made.etag
    assert named(read(found.content).features).keys() == named(read(made.content).features).keys()


def test_what_is_removed_from_the_disk_is_let_go(layer):
    relations = [placed_relation(layer(slug), WEB_MERCATOR_QUAD) for slug in ("points", "lines")]
    for relation in relations:
        assert relation is not None
        pack_of(relation)
    first, second = (side_key(one.version.uid, "pack-WebMercatorQuad") for one in relations if one)
    hot_path(first).unlink()
    packing._packs._let_go()
    assert first not in packing._packs._known
    assert second in packing._packs._known


@pytest.mark.parametrize("slug", ["surfaces", "lines"])
@pytest.mark.parametrize("by_engine", [False, True])
def test_what_is_alone_in_a_crowd_goes_on_in_the_next_tile(layer, monkeypatch, slug, by_engine):
    """One full tile is enough for a whole zoom to be gathered: nothing may stop at the edges of the others."""
    relation, zoom, rung, grid = layer(slug), 15, 200, WEB_MERCATOR_QUAD
    gathered = replace(pack_of(placed_relation(relation, grid)), said={str(zoom): rung})
    monkeypatch.setattr(serving, "pack_of", lambda _relation: None if by_engine else gathered)
    monkeypatch.setattr(serving, "rung_of", lambda *_asked: rung)
    shapes = {row["code"]: shapely.transform(row["geo"], to_mercator) for row in world.LAYERS[slug]()}
    _zoom, column, row = address_of(grid, zoom)
    found = {
        address: layer_at(relation, address, grid).features
        for address in [(zoom, column + dx, row + dy) for dx in range(-2, 3) for dy in range(-2, 3)]
    }
    alone = {
        address: {one.properties["code"] for one in named(features).values()} for address, features in found.items()
    }
    everywhere, crossed = set().union(*alone.values()), 0
    slivers = {
        code for code, shape in shapes.items() if 0 < shape.area < shape.length
    }  # told where they count, and no more
    for address, codes in alone.items():
        inside = shapely.box(*grid.tile_bounds(*address)).buffer(-8 * grid.tile_side(zoom) / 4096)
        met = {code for code in everywhere - slivers if shapes[code].intersects(inside)}
        assert met <= codes
        crossed += sum(
            1 for code in met if not shapely.box(*grid.tile_bounds(*address)).contains(shapes[code].centroid)
        )
    assert crossed > 20
    # Whatever is counted in a cell is counted in one tile alone.
    here = shapely.union_all([shapely.box(*grid.tile_bounds(*address)) for address in found])
    total = sum(one.properties.get("_count", 0) for features in found.values() for one in features)
    home = [code for code, shape in shapes.items() if here.contains(shapely.box(*shape.bounds).centroid)]
    assert total + sum(1 for code in everywhere if code in set(home)) == len(home)


def test_a_full_disk_keeps_nobody_from_a_tile(layer, monkeypatch):
    relation = layer("points")
    placed = placed_relation(relation, WEB_MERCATOR_QUAD)
    query = TileQuery(WEB_MERCATOR_QUAD, *address_of(WEB_MERCATOR_QUAD, 13))
    expected = read(tile(ANONYMOUS, relation, query).content).features
    path = hot_path(side_key(relation.version.uid, "pack-WebMercatorQuad"))
    for patched in ((SectionsWriter, "put"), (hot_files, "flush")):
        path.unlink()
        monkeypatch.setattr(packing, "_packs", packing.MappedCopies(packing.opened))
        tiles.clear()
        with monkeypatch.context() as full:

            def refuse(*_asked):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

            full.setattr(*patched, refuse)
            made = read(tile(ANONYMOUS, relation, query).content).features
        assert named(made).keys() == named(expected).keys()
        assert not path.exists()
        assert not any((hot_directory() / hot_files.BUILDING).iterdir())
        assert pack_of(placed) is not None
