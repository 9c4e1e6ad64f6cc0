"""No tile is too heavy, and what makes it lighter is never a feature that is left out."""

from __future__ import annotations

import gzip
from dataclasses import replace

import pytest

from bocage.access.models import DataRule
from bocage.access.viewer import ANONYMOUS
from bocage.catalog.models import Dataset
from bocage.catalog.vocabulary import FieldType
from bocage.query.plan import Column, Compare, Constant
from bocage.query.tiles import WEB_MERCATOR_QUAD, Address, Finished, TileQuery, encoding, finished, part_of, tile
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
        cache.keep(Finished(ten, key), address(key))
    assert cache.find("a") == Finished(ten, "a")
    cache.keep(Finished(ten, "d"), address("d"))
    assert [cache.find(key) is not None for key in "abcd"] == [True, False, True, True]
    assert [cache.find_at(address(key)) is not None for key in "abcd"] == [True, False, True, True]
    cache.keep(Finished(b"other", "d"), address("d"))
    assert cache.find("d") == Finished(ten, "d")
    cache.keep(Finished(bytes(10_000), "huge"), address("huge"))
    assert cache.find_at(address("huge")) is None
    cache.clear()
    assert cache.find("a") is None
    assert cache.find_at(address("a")) is None


def address(part: str) -> Address:
    return Address(part, "WebMercatorQuad", 0, 0, 0)


def test_warm_tiles_read_nothing(layer, monkeypatch):
    relation, query = layer("points"), TileQuery(WEB_MERCATOR_QUAD, 0, 0, 0)
    first = tile(ANONYMOUS, relation, query)
    for name in ("opened", "composed"):
        monkeypatch.setattr(f"bocage.query.tiles.serving.{name}", None)
    assert tile(ANONYMOUS, relation, query) == first


def test_finished_tiles_are_found_without_asking_anybody(layer, django_assert_num_queries):
    relation = layer("points")
    at = Address(part_of(relation), "WebMercatorQuad", 0, 0, 0)
    assert finished(at) is None
    made = tile(ANONYMOUS, relation, TileQuery(WEB_MERCATOR_QUAD, 0, 0, 0))
    with django_assert_num_queries(0):
        found = finished(at)
    assert found is not None
    assert (found.content, found.etag) == (made.content, made.etag)
    assert gzip.decompress(found.compressed) == made.content
    for other in ("LAMB93", "WebMercatorQuad"):
        assert finished(replace(at, grid=other, zoom=1)) is None
    assert finished(replace(at, properties=frozenset({"rang"}))) is None


def test_what_is_asked_with_a_condition_is_at_no_address(layer):
    def small(scope):
        return Compare("<", Column("rang", FieldType.INTEGER), Constant(500, FieldType.INTEGER))

    relation = layer("points")
    tile(ANONYMOUS, relation, TileQuery(WEB_MERCATOR_QUAD, 0, 0, 0, condition=small))
    assert finished(Address(part_of(relation), "WebMercatorQuad", 0, 0, 0)) is None


def test_what_is_made_for_a_restricted_reader_is_at_no_address(layer):
    dataset = Dataset.objects.get(slug="points")
    DataRule.objects.create(dataset=dataset.uid, audience="everyone", reason="x", rows="rang < 700")
    relation = layer("points")
    assert tile(ANONYMOUS, relation, TileQuery(WEB_MERCATOR_QUAD, 0, 0, 0)).content
    assert finished(Address(part_of(relation), "WebMercatorQuad", 0, 0, 0)) is None


@pytest.mark.parametrize("change", [{"slug": "dots"}, {"primary_key": []}])
def test_a_part_is_of_one_description(layer, change):
    relation = layer("points")
    before = part_of(relation)
    Dataset.objects.filter(slug="points").update(**change)
    assert part_of(layer(change.get("slug", "points"))) != before
