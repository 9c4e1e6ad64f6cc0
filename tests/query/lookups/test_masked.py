"""Masks that keep the order: what is looked up is compared, and put in order, as it is shown, and as the engine shows it."""

from __future__ import annotations

import io
import itertools
import math
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bocage.access.restrictions import Masked, Restriction
from bocage.access.viewer import ANONYMOUS
from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType as T
from bocage.query.lookups import masked
from bocage.query.lookups.lookup import Lookup
from bocage.query.lookups.lookup import opened as opened_lookup
from bocage.query.lookups.masked import Coarse, Veil, coarse
from bocage.query.lookups.veiling import veiled
from bocage.query.lookups.writing import _put_index
from bocage.query.masks import masked_sql
from bocage.query.requests import OdsqlRequest
from bocage.query.services import records
from bocage.store import engine
from bocage.store.sections import SectionsWriter
from tests.query.companies import COMPANIES
from tests.query.lookups.kept import KEPT, USED, looking_up

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TYPES = {T.STRING: pa.string(), T.INTEGER: pa.int64(), T.NUMBER: pa.float64(), T.DATE: pa.date32(),
         T.DATETIME: pa.timestamp("us", "UTC")}  # fmt: skip
MASKS = {
    T.STRING: [("truncate", "0"), ("truncate", "1"), ("truncate", "3"), ("truncate", "99999")],
    T.INTEGER: [("round", "1"), ("round", "7"), ("round", "100000"), ("round", str(2**61))],
    T.NUMBER: [("round", "5"), ("round", "0.1"), ("round", "2.5"), ("round", "1e-7"), ("round", "1e300")],
    T.DATE: [("period", "month"), ("period", "year")],
    T.DATETIME: [("period", "month"), ("period", "year")],
}
VALUES = {
    T.STRING: st.text("aAéé̂🙂👩‍🚀ﷺ \U0010ffff0", max_size=6),
    T.INTEGER: st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(-50, 50)),
    T.NUMBER: st.one_of(st.floats(allow_nan=False), st.floats(-20, 20).map(lambda one: round(one, 1)), st.just(-0.0)),
    T.DATE: st.one_of(st.dates(), st.integers(-(2**31) + 1, 2**31 - 1)),
    T.DATETIME: st.one_of(st.datetimes(timezones=st.just(UTC)), st.integers(-(2**62), 2**62)),
}


def kept(kind: T, values: list[Any]) -> pa.Array:
    """Numbers of days, or of microseconds, may be beyond the years that Python knows."""
    if kind == T.DATE:
        whole = [one if isinstance(one, int) or one is None else (one - date(1970, 1, 1)).days for one in values]
        return pa.array(whole, pa.int32()).cast(pa.date32())
    if kind == T.DATETIME:
        micro = [one if isinstance(one, int) or one is None else (one - EPOCH) // (EPOCH.resolution) for one in values]
        return pa.array(micro, pa.int64()).cast(TYPES[kind])
    return pa.array(values, TYPES[kind])


def lookup_of(column: pa.Array) -> Lookup:
    file = io.BytesIO()
    writer = SectionsWriter(file)
    writer.put("rows", pa.record_batch([column], names=["v"]))
    writer.put("ids", pa.record_batch([pa.array([str(rank) for rank in range(len(column))])], names=["~id"]))
    _put_index(writer, "v", pa.chunked_array([column]))
    writer.finish({"same": {}})
    return opened_lookup(pa.py_buffer(file.getvalue()))


def shown_by_engine(field: Field, mask: Masked, column: pa.Array) -> list[Any]:
    """Dates as days, instants as microseconds."""
    with engine.session() as session:
        table = session.lend(pa.table({"v": column, "rank": list(range(len(column)))}))
        found = pa.Table.from_batches(
            session.arrow(f"SELECT {masked_sql(field, mask, '')} AS v FROM {table} AS t ORDER BY rank")
        ).column(0)
    return whole_numbers(field.type, found)


def whole_numbers(kind: T, found: Any) -> list[Any]:
    whole = {T.DATE: pa.int32(), T.DATETIME: pa.int64()}.get(kind)
    return list((found.cast(whole) if whole else found).to_pylist())


def veil_of(field: Field, mask: Masked) -> Veil | None:
    return masked._veil(field, mask)


CASES = [(kind, mask, to) for kind, masks in MASKS.items() for mask, to in masks]


@pytest.mark.parametrize(("kind", "mask", "to"), CASES)
@settings(max_examples=12, deadline=None)
@given(st.data())
def test_what_is_compared_is_what_the_engine_shows(kind, mask, to, data):
    field, rule = Field("v", kind), Masked("v", mask, to)
    values = data.draw(st.lists(st.one_of(st.none(), VALUES[kind]), min_size=1, max_size=40))
    column = kept(kind, values)
    lookup, veil = lookup_of(column), veil_of(field, rule)
    assert veil is not None
    index = coarse(lookup, veil)
    if index is None:
        assert lookup.index("v") is None or any(strange(kind, to, one) for one in values)
        return
    shown = shown_by_engine(field, rule, column)
    known = {int(row): index.value(int(row)) for row in index.order}
    assert [known.get(row) for row in range(len(values))] == shown
    assert repr(whole_numbers(kind, veiled(column, veil))) == repr(shown)
    assert_in_order(index, shown)


def strange(kind: T, to: str, value: Any) -> bool:
    """A value of which the engine may show nothing, or that Python does not know."""
    if kind == T.INTEGER:
        return value is not None and value < -(2**63) + int(to)
    if kind == T.NUMBER:
        return value is not None and not math.isfinite(value / float(to))
    return isinstance(value, int)


def assert_in_order(index: Coarse, shown: list[Any]) -> None:
    """Ranks are those of what is shown: equal for what is equal, and no more."""
    rows = np.arange(len(shown), dtype=np.uint32)
    ranks = index.ranks_of(rows).tolist()
    for (rank, one), (other_rank, other) in itertools.product(zip(ranks, shown, strict=True), repeat=2):
        if one is not None and other is not None:
            assert (rank < other_rank) == (one < other)
            assert (rank == other_rank) == (one == other)
    in_order = [shown[int(row)] for row in index.order]
    for place, one in enumerate(in_order):
        assert (index.start_of(place), index.end_of(place)) == (
            in_order.index(one), len(in_order) - in_order[::-1].index(one),
        )  # fmt: skip


@pytest.mark.parametrize("to", ["0.30000000000000004", "123456789.0123456789"])
def test_a_step_that_the_engine_may_read_otherwise_is_left_to_it(to):
    assert veil_of(Field("v", T.NUMBER), Masked("v", "round", to)) is None


def test_pseudonyms_have_no_order():
    assert veil_of(Field("v", T.STRING), Masked("v", "hash")) is None
    assert veil_of(Field("v", T.STRING), Masked("v", "hide")) is None
    assert veil_of(Field("v", T.STRING), Masked("v", "period", "month")) is None


def test_the_least_number_of_32_bits_is_rounded_below_it():
    veil = veil_of(Field("v", T.INTEGER), Masked("v", "round", "100"))
    assert veil is not None
    assert veiled(pa.array([-(2**31), None, -1, 250], pa.int32()), veil).to_pylist() == [-2147483700, None, -100, 200]


def test_what_is_no_number_stays_so():
    veil = veil_of(Field("v", T.NUMBER), Masked("v", "round", "2.5"))
    assert veil is not None
    assert repr(veiled(pa.array([math.nan, None, 6.0]), veil).to_pylist()) == "[nan, None, 5.0]"


def test_too_many_values_are_sorted_by_the_engine(monkeypatch):
    veil = veil_of(Field("v", T.INTEGER), Masked("v", "round", "2"))
    assert veil is not None
    column = pa.array(range(40))
    assert coarse(lookup_of(column), veil).sorts
    monkeypatch.setattr(masked, "MOST", 19)
    assert not coarse(lookup_of(column), veil).sorts


LEFT = "effectif"
"""It holds the least of whole numbers, of which the engine shows nothing."""
ASKED = [
    (LEFT, "round", "50", ["effectif = 50", "effectif > 49", "effectif >= 50", "effectif < 50", "effectif in (0, 50)"]),
    ("year", "round", "2", ["`year` = 2020", "`year` > 2019", "`year` >= 2021", "`year` in (2018, 2020, 2021)", "`year` != 2020"]),
    ("ca", "round", "10", ["ca >= 10", "ca > 9.5", "ca < 10", "ca in [0..20]", "ca is null", "not ca = 10"]),
    ("creation", "period", "year", ["creation >= date'2020-01-01'", "creation > date'2020-01-01'", "year(creation) = 2020"]),
    ("maj", "period", "month", ["maj < date'2024-05-02'", "maj > date'2024-01-01'", "maj is not null"]),
    ("nom", "truncate", "3", ["nom = 'Bou'", "nom > 'C'", "nom in ('Gar', 'Bou')", "startswith(nom, 'Bo')"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "mask", "to", "conditions"), ASKED)
def test_conditions_and_orders_are_of_what_is_shown(name, mask, to, conditions):
    """Nothing of the order among those that are shown alike: the number of the row decides."""
    limits = Restriction(masks=(Masked(name, mask, to),))
    USED.clear()
    for where, (way, more), offset in itertools.product(
        ["", *conditions], [("asc", ""), ("desc", ", commune desc"), ("desc", "")], [0, 7]
    ):
        request = OdsqlRequest(
            where=(where,) if where else (), order_by=f"`{name}` {way}{more}", limit=30, offset=offset
        )
        with looking_up():
            looked = records(ANONYMOUS, replace(KEPT, limits=limits), request)
        assert looked == records(ANONYMOUS, replace(COMPANIES, limits=limits), request), request
    assert (USED["page"] >= 2 * len(conditions)) == (name != LEFT)
