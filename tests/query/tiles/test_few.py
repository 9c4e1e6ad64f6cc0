"""What is written without arrays is what arrays write, byte for byte."""

from __future__ import annotations

import random

import numpy as np
import pyarrow as pa
import pytest

from bocage.query.tiles import few, wire
from bocage.query.tiles.rings import Rings
from bocage.query.tiles.values import fields_of
from bocage.query.tiles.wire import Column

NUMBERS = [0, 1, 127, 128, 16_383, 16_384, 2**31, 2**63 - 1]
VALUES = {
    pa.string(): ["", "chêne", "a" * 127, "é" * 64, "b" * 128, "🌳", "c" * 20_000, "chêne"],
    pa.large_string(): ["", "é" * 64, "chêne"],
    pa.int64(): [*NUMBERS, -1, -(2**63)],
    pa.float64(): [0.0, -0.0, 1.5, -1e300, 5e-324],
    pa.bool_(): [True, False],
}


def columns(draw: random.Random, features: int) -> list[Column]:
    """Of every type, in any order, with what is missing; some of none of the features, some of nothing but missing values."""
    found = []
    for number in range(draw.randrange(9)):
        kind = draw.choice(list(VALUES))
        which = sorted(draw.sample(range(features), draw.randint(0, features)))
        missing = draw.choice([0, 0.3, 1])
        values = [None if draw.random() < missing else draw.choice(VALUES[kind]) for _ in which]
        array = pa.array([None, *values, None], kind)[1:-1] if draw.random() < 0.5 else pa.array(values, kind)
        found.append(Column(f"c{number}" * draw.choice([1, 90]), fields_of(array), np.array(which, np.int64)))
    return found


def shapes(draw: random.Random, kinds: list[int]) -> Rings:
    owner = [rank for rank, kind in enumerate(kinds) for _ring in range(draw.randint(1, 3) if kind else 1)]
    counts = [draw.randint(1, 4) if kinds[one] == 0 else draw.randint(2 + (kinds[one] == 2), 60) for one in owner]
    at = [[draw.randint(-64, 4160), draw.randint(-64, 4160)] for _ in range(sum(counts))]
    return Rings(np.array(owner, np.int64), np.array(counts, np.int64), np.array(at, float).reshape(-1, 2))


@pytest.mark.parametrize("seed", range(40))
def test_the_same_bytes(seed, monkeypatch) -> None:
    draw = random.Random(seed)
    kinds = [draw.randrange(3) for _feature in range(draw.choice([1, 2, 7, 40, 200]))]
    told, rings = columns(draw, len(kinds)), shapes(draw, kinds)
    written = []
    for most, positions in ((0, 0), (10**9, 0), (10**9, 10**9)):
        monkeypatch.setattr(wire, "FEW", most)
        monkeypatch.setattr(wire, "FEW_POSITIONS", positions)
        written.append(wire.layer("arbres", np.array(kinds), rings, told))
    assert written[1:] == written[:1] * 2


@pytest.mark.parametrize("number", [*NUMBERS, 2**64 - 1])
def test_a_whole_number(number) -> None:
    assert few.varint(number) == wire.varints(np.array([number], np.uint64)).content.tobytes()


def test_few_things_are_written_without_arrays(monkeypatch) -> None:
    """Otherwise the comparison above would be of arrays with themselves."""
    asked = []
    monkeypatch.setattr(few, "featured", lambda *given: asked.append(given) or b"")
    draw = random.Random(1)
    wire.layer("arbres", np.array([0]), shapes(draw, [0]), [])
    assert len(asked) == 1
    wire.layer("arbres", np.zeros(wire.FEW + 1, np.int64), shapes(draw, [0] * (wire.FEW + 1)), [])
    assert len(asked) == 1
