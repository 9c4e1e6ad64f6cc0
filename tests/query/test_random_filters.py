"""Laws: a compiled filter agrees with a naive Python filter, missing values included; what is printed reads back."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.access.viewer import OPERATOR
from bocage.query.errors import QueryError
from bocage.query.odsql import nodes
from bocage.query.odsql.parse import parse_where
from bocage.query.odsql.printing import printed
from bocage.query.requests import OdsqlRequest
from bocage.query.services import records
from tests.query.table import ROWS, TABLE

numbers = st.integers(-5, 65).map(lambda n: nodes.Number(str(n)) if n >= 0 else nodes.Negative(nodes.Number(str(-n))))
numeric = st.deferred(
    lambda: st.one_of(
        numbers,
        st.sampled_from([nodes.Name("pop"), nodes.Name("surface")]),
        st.builds(nodes.Arithmetic, st.sampled_from("+-*/"), numeric, numeric),
    )
)
texts = st.one_of(
    st.just(nodes.Name("nom")),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6).map(nodes.Text),
    st.sampled_from(["Nantes", "Rezé", "nantes"]).map(nodes.Text),
)
comparisons = st.sampled_from(["=", "!=", ">", "<", ">=", "<="])
atoms = st.one_of(
    st.builds(nodes.Comparison, comparisons, st.sampled_from([nodes.Name("pop"), nodes.Name("surface")]), numeric),
    st.builds(nodes.Comparison, comparisons, st.just(nodes.Name("nom")), texts),
    st.builds(nodes.InRange, st.just(nodes.Name("pop")), numbers, numbers, st.booleans(), st.booleans()),
    st.builds(nodes.InList, st.just(nodes.Name("pop")), st.lists(numbers, min_size=1, max_size=4).map(tuple)),
    st.builds(nodes.IsNull, st.sampled_from([nodes.Name("pop"), nodes.Name("nom"), nodes.Name("tags")]), st.booleans()),
    st.builds(nodes.IsTruth, st.just(nodes.Name("ouvert")), st.booleans(), st.booleans()),
    st.builds(nodes.InField, st.sampled_from(["eau", "vélo", "x"]).map(nodes.Text), st.just(nodes.Name("tags"))),
    st.just(nodes.Name("ouvert")),
    st.booleans().map(nodes.Truth),
)
filters = st.recursive(
    atoms,
    lambda inner: st.one_of(
        inner.map(nodes.Not),
        st.lists(inner, min_size=2, max_size=3).map(lambda operands: nodes.And(tuple(operands))),
        st.lists(inner, min_size=2, max_size=3).map(lambda operands: nodes.Or(tuple(operands))),
    ),
    max_leaves=8,
)


def value(node: nodes.Node, row: dict[str, Any]) -> Any:
    match node:
        case nodes.Name(name):
            return row[name]
        case nodes.Text(text):
            return text
        case nodes.Number(written):
            return float(written)
        case nodes.Negative(operand):
            return -value(operand, row)
        case nodes.Arithmetic(operator, left, right):
            one, other = value(left, row), value(right, row)
            if one is None or other is None or (operator == "/" and other == 0):
                return None
            return {
                "+": lambda: one + other,
                "-": lambda: one - other,
                "*": lambda: one * other,
                "/": lambda: one / other,
            }[operator]()
    raise AssertionError(node)


def holds(node: nodes.Node, row: dict[str, Any]) -> bool:  # noqa: C901
    match node:
        case nodes.Name(name):
            return row[name] is True
        case nodes.Truth(true):
            return true
        case nodes.Not(operand):
            return not holds(operand, row)
        case nodes.And(operands):
            return all(holds(operand, row) for operand in operands)
        case nodes.Or(operands):
            return any(holds(operand, row) for operand in operands)
        case nodes.IsNull(operand, negated):
            return (value(operand, row) is None) != negated
        case nodes.IsTruth(operand, wanted, negated):
            return (value(operand, row) is wanted) != negated
        case nodes.InField(item, field):
            return item.value in (row[field.name] or [])
        case nodes.InList(operand, values):
            return row[operand.name] is not None and row[operand.name] in [value(v, row) for v in values]
        case nodes.InRange(operand, low, high, low_closed, high_closed):
            found, least, most = row[operand.name], value(low, row), value(high, row)
            if found is None:
                return False
            return (least <= found if low_closed else least < found) and (
                found <= most if high_closed else found < most
            )
        case nodes.Comparison(operator, left, right):
            one, other = value(left, row), value(right, row)
            if one is None or other is None:
                return False
            if isinstance(one, str):
                one, other = one.encode(), other.encode()
            return {
                "=": one == other,
                "!=": one != other,
                ">": one > other,
                "<": one < other,
                ">=": one >= other,
                "<=": one <= other,
            }[operator]
    raise AssertionError(node)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(filters)
def test_compiled_filters_agree_with_naive_python(tree):
    page = records(OPERATOR, TABLE, OdsqlRequest(select="code", where=[printed(tree)], limit=100))
    assert [row["code"] for row in page.rows] == [row["code"] for row in ROWS if holds(tree, row)]


def flat(node: nodes.Node) -> nodes.Node:
    """AND inside AND reads back as one AND."""
    if isinstance(node, nodes.And | nodes.Or):
        kind = type(node)
        operands: list[nodes.Node] = []
        for position, operand in enumerate(flat(one) for one in node.operands):
            operands += operand.operands if isinstance(operand, kind) and position == 0 else [operand]
        return kind(tuple(operands))
    return nodes.Not(flat(node.operand)) if isinstance(node, nodes.Not) else node


@settings(max_examples=200, deadline=None)
@given(filters)
def test_what_is_printed_reads_back(tree):
    assert parse_where(printed(tree)) == flat(tree)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_any_text_as_a_clause_is_read_or_refused_with_a_reason(text):
    for clause in ("select", "group_by", "order_by", "where"):
        with suppress(QueryError):  # and no error of the engine
            records(OPERATOR, TABLE, OdsqlRequest(**{clause: [text] if clause == "where" else text}, limit=1))
