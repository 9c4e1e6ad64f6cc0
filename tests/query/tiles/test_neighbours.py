"""Read where neighbours lie side by side or in the order of the file, the pages of a small box are the same."""

from __future__ import annotations

import dataclasses
import random

import pytest

from bocage.access.models import DataRule
from bocage.access.viewer import ANONYMOUS
from bocage.catalog.models import Dataset
from bocage.catalog.vocabulary import FieldType
from bocage.query import neighbours
from bocage.query.features import FeatureQuery, features, hits, plan_of
from bocage.query.plan import ROW_ID, And, Column, Compare, Constant, InBox, Near, Shape, Spatial
from bocage.query.relation import DatasetRelation
from bocage.query.rendering import FeatureLine
from bocage.query.restricted import seen_by
from bocage.query.rights import scope_for
from bocage.query.warming import warm
from tests.query.tiles import world

GEO = Column("geo", FieldType.GEOMETRY)
RANK = Compare(">=", Column("rang", FieldType.INTEGER), Constant(600, FieldType.INTEGER))


@pytest.fixture
def large(layer, monkeypatch):
    """The layer is large enough to be read so, and its tables are made."""
    monkeypatch.setattr(neighbours, "MANY", 1)

    def relation(slug: str) -> DatasetRelation:
        found: DatasetRelation = layer(slug)
        found.version.geometry |= {"bbox": [world.LON - 0.03, world.LAT - 0.03, world.LON + 0.03, world.LAT + 0.03]}
        warm(found.version)
        return found

    return relation


def read(relation: DatasetRelation, query: FeatureQuery) -> list[tuple[int, int, bytes]]:
    """All the pages, one after the other."""
    found = []
    while True:
        with features(ANONYMOUS, relation, query, FeatureLine(ROW_ID, ",")) as page:
            text = b"".join(one.as_py().encode() for batch in page.batches for one in batch.column(0))
            found.append((page.matched, page.returned, text))
        if not page.next:
            return found
        query = dataclasses.replace(query, after=page.next, offset=0)


def conditions(dice: random.Random):
    x, y = world.LON + dice.uniform(-0.03, 0.02), world.LAT + dice.uniform(-0.03, 0.02)
    wide, high = dice.uniform(0.0005, 0.012), dice.uniform(0.0005, 0.012)
    box = InBox(GEO, x, y, x + wide, y + high)
    corners = f"{x} {y}, {x + wide} {y}, {x} {y + high}, {x} {y}"
    triangle = Spatial("intersects", GEO, Shape(f"POLYGON (({corners}))", (x, y, x + wide, y + high)))
    circle = Near(GEO, Shape(f"POINT ({x} {y})", (x, y, x, y), (x, y)), dice.uniform(30, 600))
    return dice.choice([box, triangle, circle, And((RANK, box)), And((box, And((RANK, triangle))))])


@pytest.mark.parametrize("slug", ["points", "surfaces", "lines"])
@pytest.mark.parametrize("limit", [7, 100, 5_000])
def test_pages_are_the_same(large, monkeypatch, slug, limit):
    relation, dice, used = large(slug), random.Random(f"{slug} {limit}"), 0
    for _again in range(6):
        condition = conditions(dice)
        query = FeatureQuery(condition=lambda _scope, one=condition: one, limit=limit, offset=dice.choice([0, 0, 3]))
        found, counted = read(relation, query), hits(ANONYMOUS, relation, query)
        with monkeypatch.context() as plain:
            plain.setattr(neighbours, "MANY", 10**9)
            assert found == read(relation, query)
            assert counted == hits(ANONYMOUS, relation, query) == found[0][0]
        used += counted
    assert used


def chosen(relation, condition):
    query = FeatureQuery(condition=lambda _scope: condition, limit=10)
    plan = plan_of(query, scope_for(ANONYMOUS, relation))
    return neighbours.neighbours(seen_by(ANONYMOUS, relation), plan)


SMALL = InBox(GEO, world.LON, world.LAT, world.LON + 0.002, world.LAT + 0.002)


def test_a_reader_from_whom_something_is_kept_never_reads_it(large):
    relation = large("points")
    assert chosen(relation, SMALL) is not None
    DataRule.objects.create(
        dataset=Dataset.objects.get(slug="points").uid,
        audience="everyone",
        reason="RGPD",
        columns={"code": {"mask": "hide"}},
    )
    assert chosen(DatasetRelation(relation.dataset, relation.version), SMALL) is None


def test_what_reads_most_of_the_layer_is_read_in_order(large):
    relation = large("points")
    assert chosen(relation, InBox(GEO, -3, 46, 0, 49)) is None
    assert chosen(relation, RANK) is None
    assert chosen(relation, Spatial("disjoint", GEO, Shape("POINT (0 0)", (0, 0, 0, 0)))) is None
    assert chosen(relation, InBox(GEO, 179, 46, -179, 49)) is None


def test_nobody_waits_for_the_table(large, monkeypatch):
    relation = large("points")
    monkeypatch.setattr(neighbours.engine, "side_copy_is_there", lambda _version, _name: False)
    assert chosen(relation, SMALL) is None
