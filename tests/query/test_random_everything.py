"""Laws over every type: a condition keeps the rows that a naive reading keeps; any clause printed reads back the same."""

# ruff: noqa: E501  strategies read better whole

from __future__ import annotations

import operator
from datetime import UTC, date, datetime, time
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.query.odsql import nodes
from bocage.query.odsql.parse import parse_group_by, parse_order_by, parse_select, parse_where
from bocage.query.odsql.printing import printed
from tests.query.companies import ROWS, Row, ask, texts_of, words

N = nodes.Name
numbers = st.one_of(
    st.integers(-300, 300), st.sampled_from([2**53 + 1, 2**63 - 1, 0, 1, 12, 49, 50, 100]), st.sampled_from([0.1, 20.5, 1e15, 19.99, 1e-9])
).map(lambda n: nodes.Number(repr(n)) if n >= 0 else nodes.Negative(nodes.Number(repr(-n))))  # fmt: skip
numeric = st.deferred(
    lambda: st.one_of(
        numbers,
        st.sampled_from([N("effectif"), N("ca"), N("year"), nodes.Function("length", (N("nom"),))]),
        st.sampled_from([nodes.Function(part, (N("creation"),)) for part in ("year", "month", "day")]),
        st.sampled_from([nodes.Function(part, (N("maj"),)) for part in ("hour", "minute", "second")]),
        st.builds(nodes.Arithmetic, st.sampled_from("+-*/"), numeric, numeric),
        numeric.map(nodes.Negative),
        st.builds(lambda one, other: nodes.Function("ifnull", (one, other)), st.just(N("effectif")), st.just(nodes.Number("7"))),
    )
)  # fmt: skip
written = st.one_of(
    st.sampled_from(
        ["Boulangerie de l'Étang", "ETANG SUD", "", "Culture", "44109", "01004", "62.01Z", "café", "Zoé\\Fils", "É"]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5),
)
texts = written.map(nodes.Text)
text_fields = st.sampled_from([N(name) for name in ("nom", "commune", "chemin", "siret", "12", "Été à Noël", "brut")])
moments = st.one_of(
    st.dates(date(1890, 1, 1), date(2030, 1, 1)).map(date.isoformat),
    st.sampled_from([d.isoformat() for d in (date(2000, 2, 29), date(2024, 2, 29), date(2021, 1, 4), date(2023, 7, 14))]),
    st.builds(datetime, st.just(2024), st.integers(1, 12), st.integers(1, 28), st.integers(0, 23), st.integers(0, 59), tzinfo=st.just(UTC)).map(datetime.isoformat),
    st.sampled_from(["2024-03-31T01:00:00Z", "2024-10-27T02:30:00+02:00", "2024-06-30T21:59:59.999999Z", "1969-07-20T20:17:40Z"]),
).map(nodes.DateText)  # fmt: skip
time_fields = st.sampled_from([N("creation"), N("maj")])
operators = st.sampled_from(["=", "!=", ">", "<", ">=", "<="])
brackets = (st.booleans(), st.booleans())
searched = st.sampled_from(["etang", "Café", "caf*", "star wars", "l etang", "62.01Z", "sec* book", "zzz", "musée art"])
field = st.sampled_from(
    [N(name) for name in ("nom", "effectif", "ca", "actif", "creation", "maj", "naf", "position", "zone", "brut")]
)
several = {"min_size": 1, "max_size": 4}
atoms = st.one_of(
    st.builds(nodes.Comparison, operators, numeric, numeric),
    st.builds(nodes.Comparison, operators, text_fields, st.one_of(texts, text_fields)),
    st.builds(nodes.Comparison, operators, time_fields, st.one_of(moments, time_fields)),
    st.builds(nodes.Comparison, operators, moments, time_fields),
    st.builds(nodes.InRange, st.sampled_from([N("effectif"), N("ca")]), numbers, numbers, *brackets),
    st.builds(nodes.InRange, text_fields, texts, texts, *brackets),
    st.builds(nodes.InRange, time_fields, moments, moments, *brackets),
    st.builds(nodes.InList, st.sampled_from([N("effectif"), N("ca")]), st.lists(numbers, **several).map(tuple)),
    st.builds(nodes.InList, st.one_of(text_fields, st.just(N("naf"))), st.lists(texts, **several).map(tuple)),
    st.builds(nodes.InList, time_fields, st.lists(moments, **several).map(tuple)),
    st.builds(nodes.InField, texts, st.just(N("naf"))),
    st.builds(nodes.Comparison, st.sampled_from(["=", "!="]), st.just(N("naf")), texts),
    st.builds(nodes.Like, st.sampled_from([N("nom"), N("naf"), N("chemin")]), searched.map(nodes.Text)),
    searched.map(nodes.Text),
    st.builds(lambda name, text: nodes.Function("startswith", (name, text)), text_fields, texts),
    st.builds(nodes.IsNull, st.one_of(field, numeric.filter(lambda n: not isinstance(n, nodes.Negative))), st.booleans()),
    st.builds(nodes.IsTruth, st.just(N("actif")), st.booleans(), st.booleans()),
    st.just(N("actif")),
    st.booleans().map(nodes.Truth),
)  # fmt: skip
conditions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        inner.map(nodes.Not),
        st.lists(inner, min_size=2, max_size=3).map(lambda operands: nodes.And(tuple(operands))),
        st.lists(inner, min_size=2, max_size=3).map(lambda operands: nodes.Or(tuple(operands))),
    ),
    max_leaves=6,
)


def moment(value: date | datetime | str) -> datetime:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return value if isinstance(value, datetime) else datetime.combine(value, time.min, UTC)


def computed(sign: str, one: Any, other: Any) -> Any:
    """Whole numbers stay whole and of 64 bits; a division gives a decimal number."""
    if one is None or other is None:
        return None
    if sign == "/":
        return float(one) / float(other) if other else None
    found = {"+": operator.add, "-": operator.sub, "*": operator.mul}[sign](*_alike(one, other))
    return found if isinstance(found, float) or -(2**63) <= found < 2**63 else None


def _alike(one: Any, other: Any) -> tuple[Any, Any]:
    if isinstance(one, float) or isinstance(other, float):
        return float(one), float(other)
    return one, other


def value(node: nodes.Node, row: Row) -> Any:
    match node:
        case nodes.Name(name):
            found = row[name]
            return moment(found) if name in ("creation", "maj") and found is not None else found
        case nodes.Text(text):
            return text
        case nodes.DateText(text):
            return moment(text)
        case nodes.Number(digits):
            return int(digits) if digits.isdigit() else float(digits)
        case nodes.Negative(operand):
            return computed("-", 0, value(operand, row))
        case nodes.Arithmetic(sign, left, right):
            return computed(sign, value(left, row), value(right, row))
        case nodes.Function("length", (name,)):
            found = value(name, row)
            return None if found is None else len(found)
        case nodes.Function("ifnull", (one, other)):
            found = value(one, row)
            return value(other, row) if found is None else found
        case nodes.Function(part, (name,)):
            found = value(name, row)
            return None if found is None else getattr(found, part)
    raise AssertionError(node)


def compare(sign: str, one: Any, other: Any) -> bool:
    if one is None or other is None:
        return False
    if isinstance(one, str):
        one, other = one.encode(), other.encode()
    elif not isinstance(one, datetime):
        one, other = _alike(one, other)
    signs = {"=": "eq", "!=": "ne", ">": "gt", "<": "lt", ">=": "ge", "<=": "le"}
    return bool(getattr(operator, signs[sign])(one, other))


def found_words(pattern: str, texts: list[str]) -> bool:
    known = {word for text in texts for word in words(text)}
    for chunk in pattern.replace("*", "* ").split():
        *whole, last = words(chunk)
        if not set(whole) <= known or not any(w.startswith(last) if chunk.endswith("*") else w == last for w in known):
            return False
    return True


def holds(node: nodes.Node, row: Row) -> bool:  # noqa: C901
    match node:
        case nodes.Name(name):
            return row[name] is True
        case nodes.Truth(truth):
            return truth
        case nodes.Text(text):
            return found_words(text, texts_of(row))
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
        case nodes.Like(operand, pattern):
            return found_words(pattern.value, texts_of(row, operand.name))
        case nodes.Function("startswith", (name, text)):
            return any(found.startswith(text.value) for found in texts_of(row, name.name))
        case nodes.InField(item, name):
            return item.value in (row[name.name] or [])
        case nodes.Comparison(sign, nodes.Name("naf"), text):
            return row["naf"] is not None and (text.value in row["naf"]) == (sign == "=")
        case nodes.InList(nodes.Name("naf"), values):
            return any(item.value in (row["naf"] or []) for item in values)
        case nodes.InList(operand, values):
            return any(compare("=", value(operand, row), value(item, row)) for item in values)
        case nodes.InRange(operand, low, high, low_closed, high_closed):
            found = value(operand, row)
            above = compare(">=" if low_closed else ">", found, value(low, row))
            return above and compare("<=" if high_closed else "<", found, value(high, row))
        case nodes.Comparison(sign, left, right):
            return compare(sign, value(left, row), value(right, row))
    raise AssertionError(node)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(conditions)
def test_a_condition_keeps_what_a_naive_reading_keeps(tree):
    page = ask(select="siret", where=[printed(tree)], limit=100)
    assert [row["siret"] for row in page.rows] == [row["siret"] for row in ROWS if holds(tree, row)]


labels = st.one_of(st.just(""), st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=6))
calls = st.one_of(
    st.sampled_from([nodes.Function("count", (nodes.Star(),)), nodes.Function("count", (N("nom"),), distinct=True)]),
    st.builds(lambda name, of: nodes.Function(name, (of,)), st.sampled_from(["sum", "avg", "min", "max", "lower"]), numeric),
    st.builds(lambda days: nodes.Function("now", (nodes.Named("days", days),)), numbers),
    st.builds(lambda text: nodes.Function("date_format", (N("maj"), text)), texts),
    st.builds(lambda zoom: nodes.Function("geo_cluster", (N("position"), zoom)), numbers),
    st.just(nodes.Function("range", (N("maj"), nodes.Quantity("1", "day")))),
    st.just(nodes.Function("range", (N("ca"), nodes.Star(), nodes.Number("1"), nodes.Star()))),
)  # fmt: skip
items = st.builds(nodes.Labelled, st.one_of(numeric, texts, moments, calls), labels).filter(
    lambda item: not (item.label and getattr(item.expression, "name", "") == "geo_cluster")
)
clauses = st.lists(items, **several).map(lambda found: nodes.Clause(tuple(found)))
selects = st.lists(
    st.one_of(items, st.just(nodes.Star()), st.builds(nodes.Patterns, st.booleans(), st.just(("c*", "nom")))), **several
).map(lambda found: nodes.Clause(tuple(found)))
sorts = st.builds(
    nodes.Sort, st.one_of(numeric.filter(lambda n: not isinstance(n, nodes.Negative)), calls), st.booleans()
)
orders = st.lists(sorts, **several).map(lambda found: nodes.Clause(tuple(found)))


def flat(node: Any) -> Any:
    """What reading makes of it: AND in the first place of AND is one AND, and a sign before a sign stays."""
    if isinstance(node, nodes.And | nodes.Or):
        kind, operands = type(node), [flat(one) for one in node.operands]
        first = operands[0].operands if isinstance(operands[0], kind) else (operands[0],)
        return kind((*first, *operands[1:]))
    return nodes.Not(flat(node.operand)) if isinstance(node, nodes.Not) else node


@settings(max_examples=150, deadline=None)
@given(conditions, selects, clauses, orders)
def test_every_clause_printed_reads_back(where, select, group_by, order_by):
    assert parse_where(printed(where)) == flat(where)
    assert parse_select(printed(select)) == select
    assert parse_group_by(printed(group_by)) == group_by
    assert parse_order_by(printed(order_by)) == order_by
