"""Tiles of readers from whom something is kept, made of packs: what the engine makes of the rows that they see, and no more."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely

from bocage.access.models import DataRule
from bocage.access.viewer import ANONYMOUS, OPERATOR
from bocage.catalog.models import Dataset
from bocage.catalog.vocabulary import FieldType as T
from bocage.query import rights
from bocage.query.lookups import writing
from bocage.query.plan import Column, Compare, Constant
from bocage.query.relation import DatasetRelation
from bocage.query.tiles import LAMB93, WEB_MERCATOR_QUAD, TileQuery, crowding, existing, restricting, tile
from bocage.query.tiles.drawing import Frame
from bocage.store.selectors import current_version
from tests.publish.published import SHAPES, Published, published_in
from tests.query.tiles import world
from tests.query.tiles.mercator import shape_of
from tests.query.tiles.reading import Feature, read
from tests.query.tiles.test_geometry import address_of
from tests.query.tiles.test_pack import INSIDE, named

RULES: dict[str, dict[str, Any]] = {
    "rows": {"rows": "rang < 1500 and not ouvert"},
    "nearly all the rows": {"rows": "rang != 7"},
    "no row": {"rows": "rang < 0"},
    "columns": {"columns": {
        "rang": {"mask": "round", "to": "100"}, "jour": {"mask": "period", "to": "month"}, "part": {"mask": "hide"},
    }},
    "rows and columns": {"rows": "ouvert", "columns": {"ouvert": {"mask": "hide"}, "rang": {"mask": "round", "to": "1000"}}},
    "the key": {"rows": "rang > 20", "columns": {"code": {"mask": "truncate", "to": "4"}}},
    "a pseudonym": {"columns": {"code": {"mask": "hash"}}},
    "squares": {"grid_m": 400},
    "squares, rows and columns": {"grid_m": 90, "rows": "rang < 2000", "columns": {"rang": {"mask": "round", "to": "10"}}},
}  # fmt: skip
PLACES = [(WEB_MERCATOR_QUAD, 6), (WEB_MERCATOR_QUAD, 14), (LAMB93, 11)]


def rule(slug: str, **kept: object) -> None:
    DataRule.objects.create(dataset=Dataset.objects.get(slug=slug).uid, audience="everyone", reason="RGPD", **kept)


@pytest.fixture
def by_engine(monkeypatch) -> Callable[[Any, TileQuery], bytes]:
    def made(relation: Any, query: TileQuery) -> bytes:
        with monkeypatch.context() as patched:
            patched.setattr(restricting.Part, "_pack", lambda _part: None)
            return tile(ANONYMOUS, relation, query).content

    return made


@pytest.fixture
def packed(monkeypatch) -> list[bytes | None]:
    """What was made of packs."""
    found: list[bytes | None] = []
    plain = restricting.Part.composed

    def listened(*asked: Any) -> bytes | None:
        found.append(plain(*asked))
        return found[-1]

    monkeypatch.setattr(restricting.Part, "composed", listened)
    return found


def assert_same(made: list[Feature], expected: list[Feature]) -> None:
    """The same records with the same values, at the same places; what stands for several, as many times. Shapes may be simplified
    otherwise, by less than a pixel."""
    ours, theirs = named(made), named(expected)
    for one in ours.keys() ^ theirs.keys():  # in the margin, what is cut may vanish when it is rounded
        (only,) = [found[one] for found in (ours, theirs) if one in found]
        assert only.kind != 1
        assert shapely.make_valid(shape_of(only)).intersection(INSIDE).area < 4
    for one in ours.keys() & theirs.keys():
        assert (ours[one].kind, ours[one].properties) == (theirs[one].kind, theirs[one].properties)
        assert apart(shape_of(ours[one]), shape_of(theirs[one])) <= 8, one
    ours_counted, theirs_counted = (sorted(map(crowd, filter(is_crowd, found))) for found in (made, expected))
    assert [count for count, *_place in ours_counted] == [count for count, *_place in theirs_counted]
    if all(feature.kind == 1 for feature in made):
        assert np.allclose(ours_counted, theirs_counted, rtol=0, atol=1)


def apart(one: Any, other: Any) -> float:
    """Of surfaces that are too thin to keep their form, only where they are is known."""
    if one.area and min(one.area, other.area) < 2.2 * max(one.length, other.length):
        return shapely.box(*one.bounds).distance(shapely.box(*other.bounds))
    return one.hausdorff_distance(other)


def is_crowd(feature: Feature) -> bool:
    return "_count" in feature.properties


def crowd(feature: Feature) -> tuple[float, ...]:
    return (feature.properties["_count"], *feature.parts[0][0])


ASKED = [
    (slug, kept)
    for slug in ("points", "surfaces", "lines")
    for kept in RULES
    if slug != "lines" or kept.startswith("rows")
]


@pytest.mark.parametrize(("slug", "kept"), ASKED)
def test_what_the_engine_makes_of_the_rows_that_are_seen(layer, by_engine, packed, slug, kept):
    rule(slug, **RULES[kept])
    relation = layer(slug)
    for grid, zoom in PLACES:
        query = TileQuery(grid, *address_of(grid, zoom))
        made = tile(ANONYMOUS, relation, query).content
        assert packed.pop() == made
        if not (RULES[kept].get("rows") or RULES[kept].get("grid_m")):
            assert_places_of_all(relation, query, made)
            if zoom == 6:
                continue  # all is together, and more coarsely for what is counted once for each zoom
        if slug == "points" or RULES[kept].get("rows") or RULES[kept].get("grid_m"):
            assert_same(read(made).features, read(by_engine(relation, query)).features)
        packed.clear()


@pytest.mark.parametrize("kept", ["squares", "squares, rows and columns"])
def test_identifiers_of_what_is_blurred_are_looked_up(layer, by_engine, packed, monkeypatch, kept):
    monkeypatch.setattr(writing, "MANY", 1)
    rule("surfaces", **RULES[kept])
    relation = layer("surfaces")
    writing.make_lookup(relation)
    monkeypatch.setattr("bocage.query.rights.record_ids", None)
    query = TileQuery(WEB_MERCATOR_QUAD, *address_of(WEB_MERCATOR_QUAD, 14))
    made = tile(ANONYMOUS, relation, query).content
    assert packed.pop() == made
    monkeypatch.undo()
    assert len(named(read(made).features)) > 10
    assert_same(read(made).features, read(by_engine(relation, query)).features)


def assert_places_of_all(relation: Any, query: TileQuery, made: bytes) -> None:
    """Where only columns are masked, everything is where it is for those from whom nothing is kept."""
    whole = read(tile(OPERATOR, relation, query).content).features
    places = [
        [(one.kind, one.parts, one.properties.get("_count")) for one in found] for found in (whole, read(made).features)
    ]
    assert places[0] == places[1]


@pytest.mark.parametrize("slug", ["points", "surfaces"])
@pytest.mark.parametrize(
    "kept", [{}, {"rows": "ouvert"}, {"columns": {"rang": {"mask": "round", "to": "1000"}}}, {"grid_m": 200}]
)
def test_conditions_are_of_what_is_seen(layer, by_engine, packed, slug, kept):
    """A condition on a masked column is on the values that are shown."""
    rule(slug, **({"columns": {"tags": {"mask": "hide"}}} | kept))

    def shown(scope: Any) -> Compare:
        return Compare("=", Column("rang", scope.fields["rang"].type), Constant(1000, T.INTEGER))

    def several(scope: Any) -> Compare:
        return Compare(">=", Column("rang", scope.fields["rang"].type), Constant(1000, T.INTEGER))

    for condition in (shown, several):
        query = TileQuery(WEB_MERCATOR_QUAD, *address_of(WEB_MERCATOR_QUAD, 12), condition=condition)
        made = tile(ANONYMOUS, layer(slug), query).content
        assert packed.pop() == made
        assert_same(read(made).features, read(by_engine(layer(slug), query)).features)


def test_small_cells(layer, by_engine, packed):
    """Two dimensions alone exist, and places that fewer than two rows share are nowhere."""
    rule("points", threshold=2, dimensions=["geo", "ouvert"], measures=["rang"])
    rule("surfaces", threshold=40, dimensions=["jour"], measures=["rang"])
    for zoom in (6, 15, 17):
        query = TileQuery(WEB_MERCATOR_QUAD, *address_of(WEB_MERCATOR_QUAD, zoom))
        made = tile(ANONYMOUS, layer("points"), query).content
        assert packed.pop() == made
        assert_same(read(made).features, read(by_engine(layer("points"), query)).features)
        assert tile(ANONYMOUS, layer("surfaces"), query).content == b""


def test_a_reading_is_told(layer, monkeypatch):
    rule("points", rows="ouvert")
    tellings = []
    real = rights._telling
    monkeypatch.setattr(
        "bocage.query.rights._telling", lambda viewer, seen: tellings.append(real(viewer, seen)) or tellings[-1]
    )
    tile(ANONYMOUS, layer("points"), TileQuery(WEB_MERCATOR_QUAD, 0, 0, 0))
    assert tellings
    assert all(one.told for one in tellings)


def test_more_shapes_than_memory_bears_are_left_to_the_engine(layer, packed, monkeypatch):
    rule("lines", rows="ouvert")
    monkeypatch.setattr("bocage.query.tiles.picking.MOST_SHAPES", 5)
    query = TileQuery(WEB_MERCATOR_QUAD, *address_of(WEB_MERCATOR_QUAD, 15))
    assert tile(ANONYMOUS, layer("lines"), query).content
    assert packed == [None]


# --- Two worlds --------------------------------------------------------------------------------------------------------


def _rows(dice: random.Random, slug: str) -> list[dict[str, Any]]:
    return [dict(row) for row in dice.sample(world.LAYERS[slug]()[:2_500], 600)]


def _hidden(number: int, shape: Any) -> dict[str, Any]:
    return world._row(10_000 + number, shape) | {"ouvert": False, "code": f"H{number:05}"}


WORLDS = {
    "a": lambda: [_hidden(number, shapely.box(-1.6, 47.1, -1.5, 47.2 + number)) for number in range(3)],
    "b": lambda: [
        _hidden(number, shapely.Point(random.Random(number).uniform(-60, 60), 47.2).buffer(0.001))
        for number in range(2_000)
    ],
}


@pytest.fixture(scope="module")
def two_worlds(django_db_setup, django_db_blocker, tmp_path_factory) -> Published:
    """The same rows that are open, among others that are not: few and large ones, or many and far."""
    folder = tmp_path_factory.mktemp("worlds")

    def publish(organization: Any) -> None:
        for slug in ("points", "surfaces"):
            seen = [row | {"ouvert": True} for row in _rows(random.Random(slug), slug)]
            for name, hidden in WORLDS.items():
                kept = hidden()
                if slug == "points":
                    kept = [row | {"geo": row["geo"].centroid} for row in kept]
                world.publish_rows(organization, folder, f"{slug}-{name}", [*seen, *kept])

    with django_db_blocker.unblock():
        return published_in(folder, SHAPES, publish)


@pytest.mark.parametrize("slug", ["points", "surfaces"])
@pytest.mark.parametrize("kept", [{}, {"grid_m": 300}, {"columns": {"code": {"mask": "truncate", "to": "4"}}}])
def test_hidden_rows_change_no_byte(db, settings, two_worlds, packed, slug, kept):
    """Neither the order, nor the middle of a cell, nor what is alone."""
    two_worlds.take(settings)
    relations = []
    for name in WORLDS:
        rule(f"{slug}-{name}", rows="ouvert", **kept)
        dataset = Dataset.objects.get(slug=f"{slug}-{name}")
        relations.append(DatasetRelation(dataset, current_version(dataset)))
    for zoom in (0, 10, 13, 15):
        query = TileQuery(WEB_MERCATOR_QUAD, *address_of(WEB_MERCATOR_QUAD, zoom))
        one, other = (tile(ANONYMOUS, relation, query).content for relation in relations)
        assert one or kept
        assert one.replace(f"{slug}-a".encode(), f"{slug}-b".encode(), 1) == other, zoom
    assert None not in packed


def test_what_is_known_of_readers_is_bounded():
    known = existing.KnownRows(most=2 * 13)
    asked: list[str] = []

    def truths(key: str) -> np.ndarray:
        dice = np.random.default_rng(len(key))
        return known.get(key, 100, lambda: asked.append(key) or dice.random(100) < 0.3)

    first = truths("a")
    assert first.dtype == np.bool_
    assert (truths("a") == first).all()
    truths("bb")
    truths("ccc")  # forgets the first
    assert (truths("a") == first).all()
    assert asked == ["a", "bb", "ccc", "a"]


def test_positions_at_the_edges_count_in_one_cell():
    """What a rounding would put beyond the tile stays in it."""
    frame = Frame(WEB_MERCATOR_QUAD, 7, 63, 44, flat=True)
    cells = crowding._Cells(frame)
    left, bottom, right, top = frame.bounds
    hx = np.array([left, np.nextafter(right, left), left, np.nextafter(right, left)])
    hy = np.array([top, top, np.nextafter(bottom, top), np.nextafter(bottom, top)])
    cells.add(hx, hy, np.arange(4))
    found = cells.picked()
    assert found.count.tolist() == [1, 1, 1, 1]
    assert found.key.tolist() == [0, 1, 2, 3]
