"""What a reader gets is the naive application of the rules in plain Python; nothing else can be asked, counted or guessed."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bocage.access.restrictions import Cells, Masked, Restriction
from bocage.access.viewer import ANONYMOUS, OPERATOR
from bocage.query.errors import OdsqlError, OdsqlSyntaxError, RecordNotFound, UnknownField
from bocage.query.requests import FacetRequest, OdsqlRequest
from bocage.query.services import facets, record, records, stream
from tests.query.table import FIELDS, ROWS, TABLE, TableRelation

Row = dict[str, Any]
MASKS = (
    Masked("code", "truncate", "3"), Masked("code", "hash"), Masked("nom", "truncate", "1"), Masked("nom", "hash"),
    Masked("nom", "hide"), Masked("pop", "round", "10"), Masked("pop", "hash"), Masked("surface", "round", "2.5"),
    Masked("jour", "period", "month"), Masked("jour", "period", "year"), Masked("maj", "period", "month"),
    Masked("tags", "hide"), Masked("tags", "hash"), Masked("ouvert", "hide"), Masked("ouvert", "round", "2"),
    Masked("meta", "hide"), Masked("pop", "truncate", "1"), Masked("pop", "round", "0"), Masked("nom", "truncate", "x"),
)  # fmt: skip
CONDITIONS = {
    "pop > 20": lambda r: r["pop"] is not None and r["pop"] > 20,
    "nom in ('Nantes', 'Orvault')": lambda r: r["nom"] in ("Nantes", "Orvault"),
    "jour < date'2024'": lambda r: r["jour"] is not None and r["jour"] < date(2024, 1, 1),
    "'eau' in tags": lambda r: "eau" in (r["tags"] or []),
    "false": lambda r: False,
    "gone = 3": lambda r: False,
    "nom = 3 and (": lambda r: False,
    "search('nantes')": lambda r: False,
}
RESTRICTIONS = st.builds(
    lambda masks, hidden, rows, grid: Restriction(
        frozenset(hidden) | {m.field for m in masks if m.mask == "hide"},
        tuple({m.field: m for m in masks if m.mask != "hide"}.values()),
        tuple(rows),
        grid,
    ),
    st.lists(st.sampled_from(MASKS), max_size=4),
    st.sets(st.sampled_from([field.name for field in FIELDS if field.name != "code"]), max_size=3),
    st.lists(st.sampled_from(sorted(CONDITIONS)), max_size=2, unique=True),
    st.sampled_from([0, 0, 500, 10_000]),
)


def limited(limits: Restriction) -> TableRelation:
    return replace(TABLE, limits=limits)


def naive(row: Row, limits: Restriction) -> Row:
    """The row as the rules say it, without any code of ours. A hash is compared apart: it only has to be stable."""
    shown: Row = {}
    masks = {one.field: one for one in limits.masks}
    kinds = {field.name: field.type.value for field in FIELDS}
    for name, kind in kinds.items():
        if name in limits.hidden:
            continue
        value = row[name]
        if one := masks.get(name):
            done = masked(value, kind, one)
            if done is not NOTHING:
                shown[name] = done
        elif kind in ("geopoint", "geojson") and limits.grid_m:
            shown[name] = blurred(value, limits.grid_m)
        else:
            shown[name] = value
    return shown


NOTHING = object()


def masked(value: Any, kind: str, one: Masked) -> Any:
    simple = kind in ("string", "integer", "number", "boolean", "date", "datetime")
    if one.mask == "hash" and simple:
        return None if value is None else ("pseudonym", value)
    if one.mask == "truncate" and kind == "string" and one.to.isdigit():
        return None if value is None else value[: int(one.to)]
    if one.mask == "round" and kind in ("integer", "number") and float(one.to) > 0:
        step = float(one.to)
        return None if value is None else math.floor(value / step) * step
    if one.mask == "period" and kind in ("date", "datetime"):
        return None if value is None else value.replace(**({"day": 1} if one.to == "month" else {"month": 1, "day": 1}),
            **({"hour": 0, "minute": 0, "second": 0, "microsecond": 0} if isinstance(value, datetime) else {}))  # fmt: skip
    return NOTHING


def blurred(value: Any, grid: int) -> Any:
    if value is None:
        return None
    x, y = (
        value
        if isinstance(value, tuple)
        else ((value.bounds[0] + value.bounds[2]) / 2, (value.bounds[1] + value.bounds[3]) / 2)
    )
    side = grid / (math.pi * 6_371_008.771_4 / 180)
    lat = (math.floor(y / side) + 0.5) * side
    wide = side / max(math.cos(math.radians(lat)), 0.01)
    return ((math.floor(x / wide) + 0.5) * wide, lat)


def seen(limits: Restriction) -> list[Row]:
    return [naive(row, limits) for row in ROWS if all(CONDITIONS[text](row) for text in limits.rows)]


def comparable(row: Row) -> Row:
    """An answer in the shapes of the oracle."""
    shown: Row = {}
    for name, value in row.items():
        if isinstance(value, dict) and "lon" in value:
            shown[name] = (value["lon"], value["lat"])
        elif isinstance(value, dict) and value.get("type") == "Feature":
            shape = value["geometry"]
            shown[name] = tuple(shape["coordinates"]) if shape["type"] == "Point" else "shape"
        else:
            shown[name] = value
    return shown


def same(found: Any, expected: Any) -> bool:
    if isinstance(expected, tuple) and expected[0] == "pseudonym":
        return isinstance(found, str) and len(found) == 16
    if isinstance(expected, tuple):
        return found is not None and all(abs(a - b) < 1e-9 for a, b in zip(found, expected, strict=True))
    if isinstance(expected, (date, datetime)):
        return found is not None and found[:10] == expected.isoformat()[:10]
    if isinstance(expected, float):
        return found is not None and abs(found - expected) < 1e-9
    return hasattr(expected, "bounds") or found == expected or (expected is not None and isinstance(found, list | dict))


@settings(max_examples=150, deadline=None)
@given(RESTRICTIONS)
def test_a_reader_gets_what_the_rules_say_and_nothing_else(limits):
    expected = seen(limits)
    page = records(ANONYMOUS, limited(limits), OdsqlRequest(limit=100))
    assert page.total_count == len(expected)
    assert len(page.rows) == len(expected)
    for found, row in zip(page.rows, expected, strict=True):
        assert set(found) == set(row)
        for name, value in comparable(found).items():
            assert same(value, row[name]), (name, value, row[name])
    with stream(ANONYMOUS, limited(limits), OdsqlRequest(limit=-1)) as export:
        assert export.row_count == len(expected)
        assert {field.name for field in export.columns} == (
            set(expected[0]) if expected else {f.name for f in export.columns}
        )
        assert sum(batch.num_rows for batch in export.batches) == len(expected)


@settings(max_examples=60, deadline=None)
@given(RESTRICTIONS, st.sampled_from([field.name for field in FIELDS]), st.sampled_from(ROWS))
def test_a_value_is_found_only_by_what_is_shown_of_it(limits, name, row):
    """Filtering, sorting, counting and searching see the masked value: the real one finds nothing that it should not."""
    relation = limited(limits)
    rows = seen(limits)
    fields = set(rows[0]) if rows else set()
    for request in (OdsqlRequest(where=(f"`{name}` is not null",)), OdsqlRequest(select=f"`{name}`")):
        if rows and name in fields:
            records(ANONYMOUS, relation, request)
        elif rows:
            with pytest.raises(UnknownField):
                records(ANONYMOUS, relation, request)
    value = row["nom"]
    if value and "nom" in fields:
        found = records(ANONYMOUS, relation, OdsqlRequest(where=(f"nom = '{value}'",), limit=0)).total_count
        assert found == sum(one["nom"] == value for one in rows)
        words = records(ANONYMOUS, relation, OdsqlRequest(where=(f"search(nom, '{value}')",), limit=0)).total_count
        assert words <= sum(isinstance(one["nom"], str | tuple) for one in rows)


def test_the_words_of_a_hidden_column_are_not_searched():
    limits = Restriction(masks=(Masked("nom", "truncate", "1"),))
    assert records(ANONYMOUS, limited(limits), OdsqlRequest(where=("'herblain'",), limit=0)).total_count == 0
    assert records(OPERATOR, TABLE, OdsqlRequest(where=("'herblain'",), limit=0)).total_count > 0


def test_a_pseudonym_is_stable_and_tells_nothing():
    limits = Restriction(masks=(Masked("nom", "hash"),))
    rows = records(ANONYMOUS, limited(limits), OdsqlRequest(limit=100)).rows
    real = {}
    for found, row in zip(rows, ROWS, strict=True):
        assert real.setdefault(row["nom"], found["nom"]) == found["nom"]
    given = [value for value in real.values() if value]
    assert len(set(given)) == len(given)
    guessed = {hashlib.sha256(str(name).encode()).hexdigest()[:16] for name in real}
    assert not guessed & set(given)


def test_a_record_is_found_by_what_is_seen_of_it():
    hidden = Restriction(hidden=frozenset({"nom"}))
    whole = records(OPERATOR, TABLE, OdsqlRequest(select="_id, code, nom", limit=1)).rows[0]
    found = record(ANONYMOUS, limited(hidden), whole["_id"])
    assert found["code"] == whole["code"]
    assert "nom" not in found
    none = Restriction(rows=("false",))
    with pytest.raises(RecordNotFound):
        record(ANONYMOUS, limited(none), whole["_id"])


CELLS = Restriction(cells=(Cells(4, ("nom", "ouvert"), ("pop",)),))


def in_cells(threshold: int = 4) -> list[Row]:
    sizes = Counter((row["nom"], row["ouvert"]) for row in ROWS)
    return [row for row in ROWS if sizes[row["nom"], row["ouvert"]] >= threshold]


def test_small_groups_do_not_exist_and_large_ones_are_whole():
    kept = in_cells()
    assert 0 < len(kept) < len(ROWS)
    page = records(ANONYMOUS, limited(CELLS), OdsqlRequest(select="nom, count(*) as n, sum(pop) as s", group_by="nom"))
    assert {row["nom"]: (row["n"], row["s"]) for row in page.rows} == {
        name: (
            sum(row["nom"] == name for row in kept),
            sum((row["pop"] or 0) for row in kept if row["nom"] == name),
        )
        for name in {row["nom"] for row in kept}
    }
    assert records(ANONYMOUS, limited(CELLS), OdsqlRequest(limit=0)).total_count == len(kept)
    rows = records(ANONYMOUS, limited(CELLS), OdsqlRequest(limit=100)).rows
    assert all(set(row) == {"nom", "ouvert"} for row in rows)
    counted = facets(ANONYMOUS, limited(CELLS), OdsqlRequest(), [FacetRequest("nom")])["nom"]
    assert all(value.count >= 4 for value in counted)


@pytest.mark.parametrize(
    "clauses",
    [
        {"select": "pop"}, {"select": "max(pop)"}, {"select": "min(pop)"}, {"select": "count(pop)"},
        {"select": "count(distinct pop)"}, {"select": "median(pop)"}, {"select": "percentile(pop, 10)"},
        {"select": "sum(1 / (pop - 12))"}, {"select": "avg(pop * 1)"}, {"select": "sum(-pop)"},
        {"where": ("pop = 12",)}, {"where": ("pop is null",)}, {"order_by": "pop"}, {"order_by": "max(pop)"},
        {"select": "count(*)", "group_by": "pop"}, {"select": "count(*)", "group_by": "range(pop, 10)"},
        {"refine": ("pop:12",)}, {"exclude": ("pop:12",)}, {"select": "include(po*)"}, {"select": "surface"},
        {"where": ("code = '44001'",)}, {"select": "sum(surface)"}, {"where": ("search('44001')",)},
        {"where": ("startswith(code, '44')",)}, {"select": "length(code)"}, {"select": "exclude(nom)"},
    ],
)  # fmt: skip
def test_a_measure_is_summed_or_averaged_whole_and_nothing_else(clauses):
    """Whatever is answered is the same when the measure of any row is another: only its sum may be seen."""
    relation = limited(CELLS)
    try:
        page = records(ANONYMOUS, relation, OdsqlRequest(limit=100, **clauses))
    except (OdsqlError, OdsqlSyntaxError):
        return
    assert all(set(row) <= {"nom", "ouvert", "count(*)"} for row in page.rows), clauses
    assert page.total_count in (0, len(in_cells()), *(len({r["nom"] for r in in_cells()}),))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["nom = 'Nantes'", "nom > 'O'", "ouvert", "not ouvert", "nom is null", "length(nom) > 7",
    "nom like 'saint*'", "startswith(nom, 'N')", "'nantes'", "search('nante')"]), min_size=1, max_size=3),
    st.sampled_from([" and ", " or "]))  # fmt: skip
def test_the_difference_of_two_answers_is_never_a_few(conditions, joint):
    """Any condition takes cells whole: what is left of the total is nothing, or as many as a cell."""
    where = joint.join(conditions)
    total = len(in_cells())
    count = records(ANONYMOUS, limited(CELLS), OdsqlRequest(where=(where,), limit=0)).total_count
    assert count == 0 or count >= 4
    assert total - count == 0 or total - count >= 4


def test_restrictions_are_never_mixed_in_caches():
    """One table, read by turns by readers of different rights, from the same process."""
    shows = [Restriction(), Restriction(hidden=frozenset({"nom"})), Restriction(rows=("pop > 20",)), CELLS]
    answers: dict[int, Any] = {}
    for _turn in range(2):
        for rank, limits in enumerate(shows):
            relation = limited(limits) if limits else TABLE
            page = records(ANONYMOUS, relation, OdsqlRequest(limit=100, where=("search('nantes') or true",)))
            assert answers.setdefault(rank, (page.total_count, page.rows)) == (page.total_count, page.rows)
    assert len({repr(answer) for answer in answers.values()}) == 4


def test_positions_of_the_world_are_blurred_within_it():
    extremes = [(-180.0, -90.0), (180.0, 90.0), (179.9999, 0.0), (0.0, 89.9999), (-0.00001, -0.00001)]
    rows = tuple(dict(ROWS[0], _row=rank, centre=place, code=f"{rank}") for rank, place in enumerate(extremes))
    relation = TableRelation(key="extremes", rows=rows, limits=Restriction(grid_m=50_000))
    for found in records(ANONYMOUS, relation, OdsqlRequest(limit=10)).rows:
        assert -180 <= found["centre"]["lon"] <= 180
        assert -90 <= found["centre"]["lat"] <= 90


def test_a_moment_is_masked_in_utc():
    row = dict(ROWS[0], _row=0, maj=datetime(2024, 1, 1, 0, 30, tzinfo=UTC))
    relation = TableRelation(key="moment", rows=(row,), limits=Restriction(masks=(Masked("maj", "period", "year"),)))
    for zone in ("UTC", "Europe/Paris", "America/Cayenne"):
        found = records(ANONYMOUS, relation, OdsqlRequest(select="maj", timezone=zone)).rows[0]["maj"]
        assert datetime.fromisoformat(found) == datetime(2024, 1, 1, tzinfo=UTC)


def test_what_is_seen_of_a_table_keeps_its_order():
    """The engine joins the rows that are seen to the table, or the table to them, whichever is smaller."""
    rows = tuple(dict(ROWS[0], _row=rank, code=f"{rank:05}", pop=rank % 60) for rank in range(3000))
    for condition in ("pop > 2", "pop = 7", "code < '00012'"):
        relation = TableRelation(key="long", rows=rows, limits=Restriction(rows=(condition,)))
        with stream(ANONYMOUS, relation, OdsqlRequest(select="code", limit=-1)) as export:
            codes = [code for batch in export.batches for code in batch.column(0).to_pylist()]
        assert codes == sorted(codes)
        page = records(ANONYMOUS, relation, OdsqlRequest(select="code", limit=100)).rows
        assert [row["code"] for row in page] == codes[:100]
