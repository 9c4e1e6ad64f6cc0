"""What is kept from a reader is in no tile, whatever the zoom, and nothing that was made for others is given to them."""

from __future__ import annotations

import math

import pytest

from bocage.access.models import DataRule
from bocage.access.viewer import ANONYMOUS, OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.models import Dataset
from bocage.kernel.errors import AccessDenied
from bocage.query.plan import Column, Compare, Constant
from bocage.query.tiles import WEB_MERCATOR_QUAD, Tile, TileQuery, etag, restricting, tile
from bocage.query.tiles.cache import tiles
from bocage.store.session import EngineSession
from tests.query.tiles import world
from tests.query.tiles.test_geometry import address_of
from tests.query.tiles.walking import counted, layer_at, walk

ZOOMS = (0, 8, 12, 14, 16)


def rule(slug: str, **kept: object) -> None:
    DataRule.objects.create(dataset=Dataset.objects.get(slug=slug).uid, audience="everyone", reason="RGPD", **kept)


def at(zoom: int) -> TileQuery:
    return TileQuery(WEB_MERCATOR_QUAD, *address_of(WEB_MERCATOR_QUAD, zoom))


def test_a_dataset_that_may_not_be_read_has_no_tile(layer):
    Dataset.objects.filter(slug="points").update(visibility=Visibility.PRIVATE)
    relation = layer("points")
    for ask in (tile, etag):
        with pytest.raises(AccessDenied):
            ask(ANONYMOUS, relation, at(0))


@pytest.mark.parametrize("slug", ["points", "surfaces"])
def test_rows_that_are_hidden_are_in_no_count(layer, slug):
    rule(slug, rows="rang < 700")
    drawn = {row["code"] for row in world.LAYERS[slug]() if row["rang"] < 700}
    for zoom, found in walk(layer(slug), 11):
        if zoom in (0, 9, 11):
            assert counted(found) == len(drawn), zoom
        seen = {one.properties.get("code", "C00000") for tile in found.values() for one in tile.features}
        assert seen <= drawn


@pytest.mark.parametrize("zoom", ZOOMS)
def test_columns_that_are_hidden_or_masked(layer, zoom):
    rule("surfaces", columns={"code": {"mask": "hide"}, "rang": {"mask": "round", "to": "1000"}})
    for feature in layer_at(layer("surfaces"), address_of(WEB_MERCATOR_QUAD, zoom)).features:
        assert "code" not in feature.properties
        assert feature.properties.get("rang", 0) in (0, 1000, 2000)


def test_a_hidden_geometry_draws_nothing(layer):
    rule("surfaces", columns={"geo": {"mask": "hide"}})
    assert tile(ANONYMOUS, layer("surfaces"), at(12)).content == b""


@pytest.mark.parametrize("slug", ["points", "surfaces"])
@pytest.mark.parametrize("zoom", [12, 16, 18])
def test_blurred_positions_are_those_of_the_squares(layer, slug, zoom):
    """From near, only the middle of a square can be there; and no form of a surface."""
    rule(slug, grid_m=1_000)
    relation = layer(slug)
    places = set()
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            _zoom, column, row = address_of(WEB_MERCATOR_QUAD, zoom)
            for feature in layer_at(relation, (zoom, column + dx, row + dy)).features:
                assert feature.kind == 1
                ((x, y),) = feature.parts[0]
                places.add((round((column + dx) * 4096 + x), round((row + dy) * 4096 + y)))
    metres = WEB_MERCATOR_QUAD.tile_side(zoom) / 4096 * math.cos(math.radians(world.LAT))
    if zoom > 12:
        apart = [math.hypot(a - x, b - y) * metres for a, b in places for x, y in places if (a, b) != (x, y)]
        assert all(one > 900 for one in apart)


def test_combinations_that_are_too_rare_are_not_there(layer):
    """Only two dimensions exist; a place that fewer than two rows share is nowhere."""
    rule("points", threshold=2, dimensions=["geo", "ouvert"], measures=["rang"])
    same = [row for row in world.points()[3_000:3_002] if row["geo"] is not None]
    shared = len({row["ouvert"] for row in same}) == 1
    for zoom, found in walk(layer("points"), 10):
        assert counted(found) == (2 if shared else 0), zoom
        assert all("rang" not in one.properties for tile in found.values() for one in tile.features)


def test_validators_are_of_what_is_seen(layer):
    whole = [etag(OPERATOR, layer("points"), at(zoom)) for zoom in ZOOMS]
    assert len(set(whole)) == len(ZOOMS)
    assert whole == [etag(OPERATOR, layer("points"), at(zoom)) for zoom in ZOOMS]
    rule("points", rows="rang < 700")
    ruled = [etag(ANONYMOUS, layer("points"), at(zoom)) for zoom in ZOOMS]
    assert set(ruled).isdisjoint(whole)
    assert [tile(ANONYMOUS, layer("points"), at(zoom)).etag for zoom in ZOOMS] == ruled
    DataRule.objects.update(rows="rang < 701")
    assert set(ruled).isdisjoint(etag(ANONYMOUS, layer("points"), at(zoom)) for zoom in ZOOMS)


def test_what_was_made_for_others_is_not_given(layer):
    """A rule that comes later holds for the next tile, though the one of everybody is at hand."""
    whole = tile(ANONYMOUS, layer("points"), at(12))
    assert tiles.find(whole.etag) == Tile(whole.content, whole.etag)
    rule("points", rows="rang < 0")
    assert tile(ANONYMOUS, layer("points"), at(12)).content == b""
    assert tile(OPERATOR, layer("points"), at(12)).content == whole.content
    assert tiles.find(etag(ANONYMOUS, layer("points"), at(12))) is None


def test_nothing_of_the_whole_is_read_by_the_engine_for_a_restricted_reader(layer, monkeypatch):
    """Neither the generalisation nor the places made beforehand: statements name their rows only below the rules. What packs tell
    is in test_part."""
    monkeypatch.setattr(restricting, "pack_of", lambda _relation: None)
    rule("surfaces", rows="rang < 700", columns={"code": {"mask": "hide"}})
    relation, told = layer("surfaces"), []
    plain = EngineSession.execute

    def listened(self, sql, parameters=()):
        told.append(sql)
        return plain(self, sql, parameters)

    monkeypatch.setattr(EngineSession, "execute", listened)
    for zoom in ZOOMS:
        tile(ANONYMOUS, relation, at(zoom))
    assert told
    assert not any(word in sql for sql in told for word in (".level_", ".zooms", 'r."~'))


def test_conditions_count_what_fulfils_them(layer):
    def small(scope):
        field = scope.fields["rang"]
        return Compare("<", Column("rang", field.type), Constant(500, field.type))

    for zoom, found in walk(layer("surfaces"), 11, condition=small):
        assert counted(found) == 500, zoom
    other = TileQuery(WEB_MERCATOR_QUAD, 0, 0, 0, condition=small)
    plain = TileQuery(WEB_MERCATOR_QUAD, 0, 0, 0)
    relation = layer("surfaces")
    assert etag(ANONYMOUS, relation, other) != etag(ANONYMOUS, relation, plain)
    assert tile(ANONYMOUS, relation, other).content != tile(ANONYMOUS, relation, plain).content


def test_a_condition_on_a_hidden_column_is_of_no_column(layer):
    rule("surfaces", columns={"rang": {"mask": "hide"}})
    assert _names(layer("surfaces")) == {"code", "part", "ouvert", "jour", "maj", "tags", "geo"}


def _names(relation) -> set[str]:
    names: set[str] = set()
    tile(ANONYMOUS, relation, TileQuery(WEB_MERCATOR_QUAD, 0, 0, 0, condition=lambda scope: names.update(scope.fields)))
    return names
