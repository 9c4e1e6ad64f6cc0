"""For random rules and random questions, what a reader gets is a naive reading of the rows as the rules show them."""

# ruff: noqa: E501  tables are read better whole
from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.access.restrictions import Cells, Masked, Restriction
from bocage.access.viewer import ANONYMOUS
from bocage.query.errors import OdsqlError
from bocage.query.odsql import nodes
from bocage.query.odsql.printing import printed
from bocage.query.requests import FacetRequest, OdsqlRequest
from bocage.query.services import facets, records, stream
from tests.query.companies import COMPANIES, FIELDS, ROWS, Row
from tests.query.table import TableRelation
from tests.query.test_random_everything import conditions, holds

MASKS = (
    Masked("siret", "truncate", "5"), Masked("nom", "truncate", "3"), Masked("commune", "truncate", "2"), Masked("effectif", "round", "50"),
    Masked("ca", "round", "10"), Masked("creation", "period", "year"), Masked("creation", "period", "month"),
    Masked("maj", "period", "month"), Masked("chemin", "truncate", "1"), Masked("year", "round", "2"),
)  # fmt: skip
HIDEABLE = [field.name for field in FIELDS if field.name not in ("position", "zone")]
LISTED = [field.name for field in FIELDS if field.type.value in ("string", "integer", "boolean", "date")]


def searching(node: Any) -> bool:
    """Whether the condition looks for words: a rule on rows may not."""
    match node:
        case nodes.Text() | nodes.Like():
            return True
        case nodes.Not(operand):
            return searching(operand)
        case nodes.And(operands) | nodes.Or(operands):
            return any(searching(one) for one in operands)
    return False


def named(node: Any) -> set[str]:
    """Fields that a condition names."""
    if isinstance(node, nodes.Name):
        return {node.name}
    if isinstance(node, tuple | list):
        return {name for one in node for name in named(one)}
    return {name for one in vars(node).values() for name in named(one)} if hasattr(node, "__dict__") else set()


RESTRICTIONS = st.builds(
    lambda masks, hidden, rule: (
        Restriction(
            frozenset(hidden),
            tuple({one.field: one for one in masks if one.field not in hidden}.values()),
            (printed(rule),) if rule is not None else (),
        ),
        rule,
    ),
    st.lists(st.sampled_from(MASKS), max_size=4),
    st.sets(st.sampled_from(HIDEABLE), max_size=4),
    st.one_of(st.none(), conditions),
)


def masked(value: Any, one: Masked) -> Any:
    if value is None:
        return None
    if one.mask == "truncate":
        return value[: int(one.to)]
    if one.mask == "round":
        return rounded(value, int(one.to))
    first = {"day": 1} if one.to == "month" else {"month": 1, "day": 1}
    return (
        value.replace(**first)
        if type(value) is date
        else value.replace(**first, hour=0, minute=0, second=0, microsecond=0)
    )


def rounded(value: int | float, step: int) -> int | float | None:
    """A whole number of 64 bits, or nothing."""
    if isinstance(value, float):
        return math.floor(value / step) * float(step)
    down = value // step * step
    return down if down >= -(2**63) else None


def shown(limits: Restriction, rule: Any) -> list[Row]:
    """The rows as the rules say it; a hidden field is one without a value."""
    masks = {one.field: one for one in limits.masks}
    kept = [row for row in ROWS if rule is None or (not searching(rule) and holds(rule, row))]
    return [
        {
            name: None if name in limits.hidden else masked(value, masks[name]) if name in masks else value
            for name, value in row.items()
        }
        for row in kept
    ]


def relation(limits: Restriction) -> TableRelation:
    return replace(COMPANIES, limits=limits)


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def quoted(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RESTRICTIONS, conditions)
def test_a_question_is_answered_as_a_naive_reading_of_what_is_shown(ruled, tree):
    limits, rule = ruled
    names = [name for name in LISTED if name not in limits.hidden]
    asked = OdsqlRequest(select=quoted(names), where=(printed(tree),), limit=100)
    if named(tree) & limits.hidden:
        with pytest.raises(OdsqlError):
            records(ANONYMOUS, relation(limits), asked)
        return
    expected = [[plain(row[name]) for name in names] for row in shown(limits, rule) if holds(tree, row)]
    page = records(ANONYMOUS, relation(limits), asked)
    assert [[row[name] for name in names] for row in page.rows] == expected
    assert page.total_count == len(expected)
    with stream(ANONYMOUS, relation(limits), replace(asked, limit=-1)) as export:
        assert export.row_count == len(expected)
        assert sum(batch.num_rows for batch in export.batches) == len(expected)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RESTRICTIONS, conditions, st.sampled_from(["commune", "effectif", "creation", "year", "12"]))
def test_groups_facets_and_sorts_see_what_is_shown(ruled, tree, name):
    limits, rule = ruled
    if {name, *named(tree)} & limits.hidden:
        with pytest.raises(OdsqlError):
            records(ANONYMOUS, relation(limits), OdsqlRequest(where=(printed(tree),), order_by=f"`{name}`"))
        return
    rows = [row for row in shown(limits, rule) if holds(tree, row)]
    counted = Counter(plain(row[name]) for row in rows)
    request = OdsqlRequest(
        select=f"`{name}` as value, count(*) as n", group_by=f"`{name}` as value", where=(printed(tree),), limit=100
    )
    found = records(ANONYMOUS, relation(limits), request).rows
    assert {row["value"]: row["n"] for row in found} == dict(counted)
    ordered = OdsqlRequest(select=f"`{name}`", order_by=f"`{name}` desc", where=(printed(tree),), limit=100)
    values = [row[name] for row in records(ANONYMOUS, relation(limits), ordered).rows]
    there = sorted((value for value in counted.elements() if value is not None), reverse=True)
    assert values == there + [None] * counted[None]
    if name in ("commune", "12"):
        asked = facets(ANONYMOUS, relation(limits), OdsqlRequest(where=(printed(tree),)), [FacetRequest(name)])[name]
        assert {one.value: one.count for one in asked} == {value: n for value, n in counted.items() if value}


DIMENSIONS = ("commune", "actif", "year", "12")
CONDITIONS_ON_CELLS = {
    "": lambda row: True,
    "commune = '44109'": lambda row: row["commune"] == "44109",
    "actif is true": lambda row: row["actif"] is True,
    "not year = 2020": lambda row: row["year"] != 2020,
    "commune > '2' or year = 2021": lambda row: (
        (row["commune"] is not None and row["commune"] > "2") or row["year"] == 2021
    ),
    "`12` is null": lambda row: row["12"] is None,
}


def named_in(where: str) -> set[str]:
    return {name for name in DIMENSIONS if name in where.replace("2020", "").replace("2021", "").replace("44109", "")}


@settings(max_examples=40, deadline=None)
@given(
    st.sets(st.sampled_from(DIMENSIONS), min_size=1),
    st.integers(2, 30),
    st.one_of(st.none(), conditions.filter(lambda tree: not searching(tree))),
    st.data(),
)
def test_small_numbers_are_those_of_whole_cells(dimensions, threshold, rule, data):
    """Counts and sums are of whole cells of enough rows; and so is what one answer has and another has not."""
    names = sorted(dimensions)
    limits = Restriction(
        rows=(printed(rule),) if rule is not None else (), cells=(Cells(threshold, tuple(names), ("ca",)),)
    )
    met = [row for row in ROWS if rule is None or holds(rule, row)]
    sizes = Counter(tuple(row[name] for name in names) for row in met)
    seen = [row for row in met if sizes[tuple(row[name] for name in names)] >= threshold]
    known = {where: test for where, test in CONDITIONS_ON_CELLS.items() if not named_in(where) - dimensions}
    for (where, test), (without, other) in product(known.items(), known.items()):
        asked = " and ".join(filter(None, [where and f"({where})", without and f"not ({without})"]))
        request = OdsqlRequest(select="count(*) as n, sum(ca) as s", where=(asked,) if asked else (), limit=1)
        (found,) = records(ANONYMOUS, relation(limits), request).rows
        rows = [row for row in seen if test(row) and not (without and other(row))]
        amounts = [row["ca"] for row in rows if row["ca"] is not None]
        assert found["n"] == len(rows)
        assert found["n"] == 0 or found["n"] >= threshold
        assert math.isclose(found["s"], math.fsum(amounts), abs_tol=1) if amounts else found["s"] is None
    hidden = data.draw(st.sampled_from([name for name in HIDEABLE if name not in dimensions]))
    with pytest.raises(OdsqlError):
        records(ANONYMOUS, relation(limits), OdsqlRequest(where=(f"`{hidden}` is null",)))
