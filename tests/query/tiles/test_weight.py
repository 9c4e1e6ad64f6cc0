"""No tile is too heavy, and what makes it lighter is never a feature that is left out."""

from __future__ import annotations

import gzip

import pytest

from bocage.access.viewer import ANONYMOUS
from bocage.query.tiles import WEB_MERCATOR_QUAD, Tile, TileQuery, encoding, tile
from bocage.query.tiles.cache import OVERHEAD, TileCache
from tests.query.tiles import world
from tests.query.tiles.reading import read
from tests.query.tiles.test_geometry import address_of
from tests.query.tiles.walking import counted


@pytest.mark.parametrize("slug", ["points", "surfaces", "lines"])
@pytest.mark.parametrize("most", [30_000, 5_000])
def test_a_heavy_tile_holds_less_but_stands_for_as_much(layer, monkeypatch, slug, most):
    monkeypatch.setattr(encoding, "MOST_BYTES", most)
    address = address_of(WEB_MERCATOR_QUAD, 9)
    found = tile(ANONYMOUS, layer(slug), TileQuery(WEB_MERCATOR_QUAD, *address))
    assert 0 < len(found.content) <= max(most, 5_000)
    expected = {"points": 3_002, "surfaces": len(world.surfaces()), "lines": len(world.lines())}
    assert counted({address: read(found.content)}) == expected[slug]


@pytest.mark.parametrize("most", [60_000, 20_000])
def test_a_heavy_tile_from_near(layer, monkeypatch, most):
    """Surfaces that belong to the tiles around are drawn as long as they are alone."""
    monkeypatch.setattr(encoding, "MOST_BYTES", most)
    address = address_of(WEB_MERCATOR_QUAD, 14)
    found = tile(ANONYMOUS, layer("surfaces"), TileQuery(WEB_MERCATOR_QUAD, *address))
    assert 0 < len(found.content) <= most
    assert all(("_id" in one.properties) != ("_count" in one.properties) for one in read(found.content).features)


def test_the_cache_forgets_what_was_not_asked_for_long():
    cache = TileCache(3 * (OVERHEAD + 2 * 10))
    ten = b"0123456789"
    for key in "abc":
        cache.keep(Tile(ten, key))
    assert cache.find("a") == Tile(ten, "a")
    cache.keep(Tile(ten, "d"))
    assert [cache.find(key) is not None for key in "abcd"] == [True, False, True, True]
    cache.keep(Tile(b"other", "d"))
    assert cache.find("d") == Tile(ten, "d")
    cache.keep(Tile(bytes(10_000), "huge"))
    assert cache.find("huge") is None
    cache.clear()
    assert cache.find("a") is None


def test_warm_tiles_read_nothing(layer, monkeypatch):
    relation, query = layer("points"), TileQuery(WEB_MERCATOR_QUAD, 0, 0, 0)
    first = tile(ANONYMOUS, relation, query)
    for name in ("opened", "composed"):
        monkeypatch.setattr(f"bocage.query.tiles.serving.{name}", None)
    again = tile(ANONYMOUS, relation, query)
    assert again == first
    assert gzip.decompress(again.compressed) == first.content
    assert again.compressed is again.compressed
