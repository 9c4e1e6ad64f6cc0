"""Cutting, simplicity and bytes, against GEOS and against the reader of the tests."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bocage.query.tiles.clipping import clipped_lines, clipped_rings
from bocage.query.tiles.gathering import _keys, _numbered
from bocage.query.tiles.rings import NOTHING, Rings, single, spans, together
from bocage.query.tiles.simplicity import MOST, simple
from bocage.query.tiles.values import fields_of, shortened, texts_of
from bocage.query.tiles.wire import Column, layer, varints
from tests.query.tiles.reading import read

BOX = (-64.0, -64.0, 4160.0, 4160.0)


def rings_of(shapes: list[list[Any]]) -> Rings:
    """One ring for each list of positions."""
    counts = np.array([len(one) for one in shapes], np.int64)
    return Rings(np.arange(len(shapes)), counts, np.array([at for one in shapes for at in one], float).reshape(-1, 2))


def parts(rings: Rings) -> list[list[list[float]]]:
    return [rings.at[start : start + count].tolist() for start, count in zip(rings.starts, rings.counts, strict=True)]


@pytest.fixture
def dice() -> random.Random:
    return random.Random(12)


def somewhere(dice: random.Random) -> tuple[float, float]:
    return dice.uniform(-3_000, 7_000), dice.uniform(-3_000, 7_000)


def test_lines_are_cut_as_geos_cuts_them(dice):
    lines = [[somewhere(dice) for _ in range(dice.randint(2, 12))] for _ in range(200)]
    lines += [[(-500, 100), (-500, 300)], [(0, 0), (10, 0)], [(-64, -64), (4160, -64)], [(-100, 5), (5_000, 5)]]
    found = clipped_lines(rings_of(lines), BOX)
    pieces = [shapely.LineString(one) for one in parts(found)]
    for rank, line in enumerate(lines):
        expected = shapely.LineString(line).intersection(shapely.box(*BOX))
        ours = shapely.union_all([piece for piece, owner in zip(pieces, found.owner, strict=True) if owner == rank])
        assert ours.length == pytest.approx(expected.length, abs=1e-6)
        if expected.length:
            assert ours.hausdorff_distance(expected) < 1e-6
    continued = clipped_lines(rings_of([[(0, 0), (10, 10), (20, 0), (9_000, 0), (20, 50), (30, 60)]]), BOX)
    assert [len(one) for one in parts(continued)] == [4, 3]


def test_rings_are_cut_as_geos_cuts_them_or_told_apart(dice):
    shapes = [
        shapely.Point(somewhere(dice)).buffer(dice.uniform(5, 4_000), quad_segs=dice.randint(1, 9)) for _ in range(100)
    ]
    shapes += [shapely.MultiPoint([somewhere(dice) for _ in range(4)]).convex_hull for _ in range(50)]
    comb = shapely.Polygon(
        [(9_999, 0), (4_000, 0), (4_000, 20), (9_000, 20), (9_000, 40), (4_000, 40), (4_000, 60), (9_999, 60)]
    )
    shapes += [shapely.box(-9_000, -9_000, 9_000, 9_000), comb]
    cut, broken = clipped_rings(rings_of([list(one.exterior.coords)[:-1] for one in shapes]), BOX)
    assert broken.tolist() == [False] * (len(shapes) - 1) + [True]
    for shape, ring in list(zip(shapes, parts(cut), strict=True))[:-1]:
        expected = shape.intersection(shapely.box(*BOX))
        ours = shapely.Polygon(ring) if len(ring) > 2 else shapely.Polygon()
        assert ours.is_valid
        assert ours.symmetric_difference(expected).area < 1e-3


def test_what_crosses_itself_is_not_simple(dice):
    rings = []
    while len(rings) < 400:
        ring = [(dice.randint(0, 12), dice.randint(0, 12)) for _ in range(dice.randint(3, 8))]
        if all(a != b for a, b in zip(ring, ring[1:] + ring[:1], strict=True)):
            rings.append(ring)
    expected = [shapely.LinearRing(ring).is_simple and shapely.Polygon(ring).is_valid for ring in rings]
    assert {True, False} == set(expected)
    assert simple(rings_of(rings)).tolist() == expected
    long = shapely.Point(0, 0).buffer(9_000, quad_segs=MOST)
    assert simple(rings_of([list(long.exterior.coords)[:-1]])).tolist() == [False]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 2**63 - 1)))
def test_varints(numbers):
    found = varints(np.array(numbers, np.int64))
    expected = [_varint(one) for one in numbers]
    assert found.content.tobytes() == b"".join(expected)
    assert found.sizes.tolist() == [len(one) for one in expected]


def _varint(number: int) -> bytes:
    found = b""
    while number > 127:
        found += bytes([number & 127 | 128])
        number >>= 7
    return found + bytes([number])


TEXTS = st.none() | st.text(st.characters(codec="utf-8"), max_size=200)
VALUES = st.tuples(
    TEXTS,
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.floats(allow_nan=False),
    st.none() | st.booleans(),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(TEXTS, max_size=20), st.integers(1, 50))
def test_texts_are_read_from_their_bytes_and_shortened(texts, longest):
    fields = fields_of(pa.array(texts, pa.string()))
    assert texts_of(fields).to_pylist() == texts
    assert texts_of(fields[1:]).to_pylist() == texts[1:]
    cut = [one if one is None or len(one) <= longest else one[: longest - 1] + "…" for one in texts]
    assert texts_of(shortened(fields, longest)).to_pylist() == cut


def test_what_is_no_text_is_not_shortened():
    for values in (pa.array([1, None, 45]), pa.array([True, False]), pa.array([0.1, None]), pa.array([], pa.string())):
        fields = fields_of(values)
        assert texts_of(fields).null_count == len(values)
        assert shortened(fields, 1).equals(fields)


@settings(deadline=None, max_examples=40)
@given(st.lists(VALUES, min_size=1, max_size=30), st.text(st.characters(codec="utf-8"), min_size=1, max_size=150))
def test_values_come_back_from_the_bytes(rows, name):
    types = (pa.string(), pa.int64(), pa.float64(), pa.bool_())
    everybody = np.arange(len(rows))
    columns = [
        Column(f"c{rank}", fields_of(pa.array([row[rank] for row in rows], kind)), everybody)
        for rank, kind in enumerate(types)
    ]
    some = everybody[::2]
    columns.append(Column("_id", fields_of(pa.array([f"r{one}" for one in some])), some, distinct=True))
    kinds = everybody % 3
    shapes = [rings_for(rank, kind) for rank, kind in enumerate(kinds.tolist())]
    found = read(layer(name, kinds, together(shapes), columns))
    assert (found.name, len(found.features)) == (name, len(rows))
    for rank, (row, feature) in enumerate(zip(rows, found.features, strict=True)):
        expected = {f"c{one}": value for one, value in enumerate(row) if value is not None}
        assert feature.properties == expected | ({"_id": f"r{rank}"} if rank % 2 == 0 else {})
        assert [type(one) for one in feature.properties.values()] == [
            type(feature.properties[key]) for key in feature.properties
        ]
        assert feature.kind == rank % 3 + 1
        drawn = [[(round(x), round(y)) for x, y in one] for one in parts(shapes[rank])]
        if feature.kind == 1:
            drawn = [[at for one in drawn for at in one]]
        elif feature.kind == 3:
            drawn = [[*one, one[0]] for one in drawn]
        assert feature.parts == drawn


def rings_for(rank: int, kind: int) -> Rings:
    """Two points, two lines, or a square with a hole, somewhere in and around a tile."""
    x, y = rank * 150 - 64, 4_160 - rank * 150
    owner = np.full(2, rank)
    if kind == 0:
        return Rings(owner[:1], np.array([2]), np.array([[x, y], [x + 1, y - 1]], float))
    if kind == 1:
        return single(owner, 2, np.array([[x, y], [x + 3_000, y], [x, y], [x, y - 1]], float))
    square = [[x, y], [x + 100, y], [x + 100, y + 100], [x, y + 100]]
    hole = [[x + 10, y + 10], [x + 10, y + 20], [x + 20, y + 20], [x + 20, y + 10]]
    return single(owner, 4, np.array(square + hole, float))


def test_rings_of_nothing():
    assert together([NOTHING, NOTHING]).counts.tolist() == []
    assert spans(np.array([5, 9]), np.array([2, 3])).tolist() == [5, 6, 9, 10, 11]
    empty = Rings(np.array([0, 1, 2]), np.array([0, 3, 0]), np.array([[0, 0], [1, 0], [1, 1]], float))
    assert empty.areas.tolist() == [0, 1, 0]
    assert empty.following.tolist() == [1, 2, 0]
    assert empty.opened().counts.tolist() == [0, 2, 0]


COLUMNS = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(st.integers(-(2**40), 2**40), min_size=width, max_size=width), max_size=30)
)


@settings(deadline=None, max_examples=80)
@given(COLUMNS | st.lists(st.lists(st.integers(-3, 3), min_size=3, max_size=3), max_size=40))
def test_rows_are_told_apart_whether_they_fit_in_eight_bytes_or_not(rows):
    columns = np.array(rows, np.int64).reshape(len(rows), -1).T if rows else np.zeros((2, 0), np.int64)
    distinct = sorted(set(map(tuple, rows)))
    assert _numbered(*columns).tolist() == [distinct.index(tuple(row)) for row in rows]
    once = np.unique(_keys(*columns), return_index=True)[1]
    assert [tuple(rows[rank]) for rank in once] == distinct
