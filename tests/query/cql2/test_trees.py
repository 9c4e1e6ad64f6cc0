"""Any tree is written and read again, in text and in JSON; anything else is refused with a sentence, never with a fault."""

from __future__ import annotations

import json
import math
import re

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from bocage.query.cql2 import nodes
from bocage.query.cql2.documents import document_of, parse_json
from bocage.query.cql2.parse import parse_text
from bocage.query.cql2.printing import printed
from bocage.query.cql2.vocabulary import ARITHMETIC, ARRAYS, COMPARISONS, SPATIAL, TEMPORAL
from bocage.query.errors import Cql2SyntaxError, QueryError, TooComplex

UNPRINTABLE = re.compile(r"\\(?='|$)")
"""A backslash there protects the quote: the grammar of the standard has no way to write it."""
texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)
numbers = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
values = st.one_of(
    st.builds(nodes.Text, texts.filter(lambda text: not UNPRINTABLE.search(text))),
    st.builds(nodes.Number, numbers),
    st.builds(nodes.Truth, st.booleans()),
    st.builds(nodes.Property, texts.filter(bool)),
    st.just(nodes.Date("2022-04-16")),
    st.just(nodes.Timestamp("2022-04-16T10:13:19Z")),
)
places = st.floats(-180, 180).map(float)
position = st.tuples(places, places) | st.tuples(places, places, places)
geometries = st.one_of(
    st.builds(nodes.Geometry, st.just("Point"), position),
    st.builds(nodes.Geometry, st.just("LineString"), st.lists(position, min_size=2, max_size=4).map(tuple)),
    st.builds(nodes.Geometry, st.just("MultiPoint"), st.lists(position, min_size=1, max_size=4).map(tuple)),
    st.builds(
        nodes.Geometry, st.just("Polygon"), st.lists(position, min_size=3, max_size=4).map(lambda p: ((*p, p[0]),))
    ),
    st.builds(nodes.Box, st.tuples(places, places, places, places)),
)
shapes = geometries | st.builds(
    nodes.Collection,
    st.lists(geometries.filter(lambda g: isinstance(g, nodes.Geometry)), min_size=1, max_size=3).map(tuple),
)
ends = st.sampled_from(
    [nodes.Open(), nodes.Date("2020-01-01"), nodes.Timestamp("2020-01-01T00:00:00Z"), nodes.Property("a")]
)
instants = st.builds(nodes.Interval, ends, ends) | st.just(nodes.Date("2020-01-01")) | st.just(nodes.Property("d"))
lists = st.builds(
    nodes.Array,
    st.lists(values, max_size=3)
    .filter(lambda found: len(found) != 1 or not isinstance(found[0], nodes.Property))  # (a) is a, in text
    .map(tuple),
) | st.just(nodes.Property("tags"))


def operation(names, *arguments):
    return st.builds(nodes.Operation, st.sampled_from(names), st.tuples(*arguments))


def scalars(inner):
    return operation(ARITHMETIC, inner, inner) | operation(("casei", "accenti"), inner)


scalar = st.recursive(values, scalars, max_leaves=6)
items = st.lists(scalar, min_size=1, max_size=3).map(lambda found: nodes.Array(tuple(found)))
predicates = st.one_of(
    operation(COMPARISONS, scalar, scalar),
    operation(("like",), scalar, values),
    operation(("between",), scalar, scalar, scalar),
    operation(("in",), scalar, items),
    operation(("isNull",), scalar),
    operation(SPATIAL, shapes, shapes | st.just(nodes.Property("geom"))),
    operation(TEMPORAL, instants, instants),
    operation(ARRAYS, lists, lists),
    st.builds(nodes.Function, st.just("Foo"), st.lists(scalar, max_size=3).map(tuple)),
)
trees = st.recursive(
    predicates,
    lambda inner: (
        operation(("not",), inner)
        | st.builds(nodes.Operation, st.sampled_from(("and", "or")), st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=8,
)


@given(trees)
@settings(max_examples=60, deadline=None)
def test_a_tree_reads_back(tree):
    assert parse_text(printed(tree)) == tree
    assert parse_json(json.dumps(document_of(tree))) == tree


@given(trees, st.data())
@settings(max_examples=60, deadline=None)
def test_a_text_cut_or_mixed_is_read_or_refused(tree, data):
    text = printed(tree)
    at = data.draw(st.integers(0, len(text)))
    other = data.draw(
        st.sampled_from(["", "(", ")", "'", '"', "AND", " 1", "..", "\\", "é", "\0", "NOT ", ",", "^", "\u2028"])
    )
    try:
        parse_text(text[:at] + other + text[at + data.draw(st.integers(0, 3)) :])
    except QueryError as refused:
        assert str(refused)  # noqa: PT017  a text that is read is as good


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | texts,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["op", "args", "property", "date", "interval", "type", "coordinates", "bbox"]),
                inner,
                max_size=3,
            )
        ),
        max_leaves=12,
    )
)
@settings(max_examples=80, deadline=None)
def test_any_json_is_read_or_refused(document):
    try:
        parse_json(json.dumps(document))
    except QueryError as refused:
        assert str(refused)  # noqa: PT017  a text that is read is as good


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("pop > 1 AND", 11, "s’arrête trop tôt"),
        ("a = 1 b", 6, "« b »"),
        ("a = 1 AND AND b = 2", 10, "« AND »"),
        ("S_INTERSECTS(geom)", 0, "2"),
        ("a = 1 AND BBOX(1,2,3) = 4", 10, "quatre"),
        ("a = 1e999", 4, "1e999"),
        ("x IN ()", 6, "« ) »"),
        ("POLYGON((0 0,1 1,0 0)) = a", 0, "quatre positions"),
    ],
)
def test_a_fault_says_where_it_is(text, position, said):
    with pytest.raises(Cql2SyntaxError) as refused:
        parse_text(text)
    assert refused.value.fields["position"] in (position, len(text))
    with translation.override("fr"):
        assert said in str(refused.value)


def test_a_fault_of_a_document_says_where_it_is():
    with pytest.raises(Cql2SyntaxError) as refused:
        parse_json('{"op":"and","args":[true,{"op":"=","args":[{"property":"a"},{"x":1}]}]}')
    assert refused.value.fields["position"] == "$.args[1].args[1]"


@pytest.mark.parametrize(
    "text",
    [
        "a = 1" + " AND a = 1" * 1001,
        "a IN (" + ",".join(["1"] * 1002) + ")",
        "S_INTERSECTS(a, LINESTRING(" + ",".join(["1 2"] * 5001) + "))",
        "NOT " * 60 + "a = 1",
        "casei(" * 60 + "a" + ")" * 60 + " = 'x'",
        "a = '" + "x" * 100_000 + "'",
    ],
)
def test_what_is_too_large_is_refused(text):
    with pytest.raises(TooComplex):
        parse_text(text)


def test_brackets_without_end_cost_nothing():
    assert parse_text("(" * 20_000 + "a" + ")" * 20_000) == nodes.Property("a")
    with pytest.raises(TooComplex):
        parse_json("[" * 50_000)
    with pytest.raises(TooComplex):
        parse_json('{"op":"not","args":[' * 2000 + "true" + "]}" * 2000)


def test_numbers_keep_their_digits():
    tree = parse_text("a = 9007199254740993")
    assert isinstance(tree, nodes.Operation)
    assert tree.arguments[1] == nodes.Number(9007199254740993)
    assert parse_json('{"op":"=","args":[{"property":"a"},9007199254740993]}') == tree
    assert math.copysign(1, parse_text("-0.0").value) == -1  # type: ignore[attr-defined]
