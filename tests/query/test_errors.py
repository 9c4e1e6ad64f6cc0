"""What is refused, where, and in which words. Several wordings are relied upon by clients."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.utils import translation

from bocage.access.viewer import OPERATOR
from bocage.query.errors import (
    InvalidParameter,
    OdsqlError,
    OdsqlSyntaxError,
    QueryError,
    RecordNotFound,
    TooComplex,
    UnknownField,
)
from bocage.query.requests import FacetRequest, OdsqlRequest
from bocage.query.services import facets, record, records
from tests.query.table import TABLE, TableRelation

STATISTICS = "StatAggregation only supports numeric or date expression."


def failure(**clauses):
    with pytest.raises(QueryError) as caught:
        records(OPERATOR, TABLE, OdsqlRequest(**clauses))
    return caught.value


@pytest.mark.parametrize(
    ("clause", "text", "token", "position"),
    [
        ("where", "BOGUS(pop)", "(", 5),
        ("where", "len(nom) = 2", "(", 3),
        ("where", "pop >", "end of query", 5),
        ("where", "pop > > 2", ">", 6),
        ("where", "pop > 2 AND AND pop < 3", "AND", 12),
        ("where", "pop in [1..2", "end of query", 12),
        ("where", "pop = 2)", ")", 7),
        ("where", "nom = 'Nantes", "'", 6),
        ("where", "pop ? 2", "?", 4),
        ("where", "nom = 'a' 'b'", "'b'", 10),
        ("where", "if(pop > 2, 1, 0)", "(", 2),
        ("where", "pop; drop table x", ";", 3),
        ("select", "sum(pop > 2)", ">", 8),
        ("select", "nom as", "end of query", 6),
        ("select", "nom,,pop", ",", 4),
        ("group_by", "nom asc", "asc", 4),
        ("order_by", "nom up", "up", 4),
        ("order_by", "pop > 2", ">", 4),
    ],
)
def test_syntax_errors_say_what_where_and_in_which_clause(clause, text, token, position):
    error = failure(**{clause: [text] if clause == "where" else text})
    assert isinstance(error, OdsqlSyntaxError)
    assert error.error_code == "ODSQLSyntaxError"
    assert error.api_message == (
        f"ODSQL syntax exception: unexpected {token} at position {position} in {text}. "
        f"Clause(s) containing the error(s): {clause}."
    )


@pytest.mark.parametrize(
    ("clauses", "message"),
    [
        ({"select": "nope"}, "Unknown field: nope. Clause(s) containing the error(s): select."),
        ({"where": ["nope = 2"]}, "Unknown field: nope. Clause(s) containing the error(s): where."),
        ({"group_by": "nope"}, "Unknown field: nope. Clause(s) containing the error(s): group_by."),
        ({"order_by": "nope"}, "Unknown field: nope. Clause(s) containing the error(s): order_by."),
        ({"refine": ["nope:1"]}, "Unknown field: nope. Clause(s) containing the error(s): refine."),
        ({"select": "avg(nom)"}, STATISTICS),
        ({"select": "max(nom)"}, STATISTICS),
    ],
)  # fmt: skip
def test_known_messages_of_odsql_errors(clauses, message):
    error = failure(**clauses)
    assert error.error_code == "ODSQLError"
    assert error.api_message == f"ODSQL query is malformed: {message}"


def test_grouping_by_a_position_has_its_own_words():
    assert failure(group_by="centre").api_message == "Aggregation on geo point field is not possible"


@pytest.mark.parametrize(
    "clauses",
    [
        {"where": ["nom"]},
        {"where": ["pop + 1"]},
        {"where": ["nom = 12 + 1"]},
        {"where": ["pop = 'douze'"]},
        {"where": ["jour > 'hier'"]},
        {"where": ["jour > date'2024-13'"]},
        {"where": ["maj > now(fortnights=1)"]},
        {"where": ["maj > now(days=1.5)"]},
        {"where": ["centre = 'x'"]},
        {"where": ["meta = 'x'"]},
        {"where": ["tags > 'a'"]},
        {"where": ["pop like 'a'"]},
        {"where": ["search(pop, 'a')"]},
        {"where": ["search(nom)"]},
        {"where": ["length(pop) = 2"]},
        {"where": ["year(pop) = 2"]},
        {"where": ["distance(centre, geom'POINT(-1 47)') < 50000"]},
        {"where": ["sum(pop) > 2"]},
        {"where": ["count(*) > 2"]},
        {"where": ["within_distance(centre, geom'POINT(1 2)', 10)"]},
        {"where": ["within_distance(centre, geom'POINT(1 2)', 10h)"]},
        {"where": ["within_distance(nom, geom'POINT(1 2)', 10km)"]},
        {"where": ["intersects(centre, geom'POINT(1)')"]},
        {"where": ["intersects(centre, geom'CIRCLE(1 2)')"]},
        {"where": ["intersects(centre, geom'POLYGON((0 0, 1 1))')"]},
        {"where": ['intersects(centre, geom\'{"type": "Point"}\')']},
        {"where": ["intersects(centre, geom'{')"]},
        {"where": ["in_bbox(centre, 1, 2, 3)"]},
        {"where": ["geometry(centre, geom'POINT(1 2)', TOUCHES)"]},
        {"select": "nom, count(*)"},
        {"select": "sum(sum(pop))"},
        {"select": "nom + 1"},
        {"select": "random(1)"},
        {"select": "range(pop, 2)"},
        {"select": "percentile(pop, 101)"},
        {"select": "date_format(jour, 'QQ')"},
        {"select": 'date_format(jour, "\'open")'},
        {"select": "pop as x, surface as x"},
        {"select": "pop, surface as POP"},
        {"select": "search('x')"},
        {"select": "geom'POINT(1 2)'"},
        {"select": "surface", "group_by": "pop"},
        {"group_by": "range(pop, 0)"},
        {"group_by": "range(pop, -1)"},
        {"group_by": "range(pop, 3, 2)"},
        {"group_by": "range(jour, 2)"},
        {"group_by": "range(jour, 2 months)"},
        {"group_by": "range(jour, 2 km)"},
        {"group_by": "range(nom, 2)"},
        {"group_by": "count(*)"},
        {"group_by": "geo_cluster(centre, 99)"},
        {"order_by": "count(*)"},
        {"order_by": "centre"},
        {"order_by": "tags"},
        {"order_by": "random(nom)"},
        {"group_by": "nom", "order_by": "pop"},
    ],
    ids=str,
)
def test_what_has_no_meaning_is_refused_with_a_sentence(clauses):
    error = failure(**clauses)
    assert isinstance(error, OdsqlError)
    assert error.api_message.endswith(f"Clause(s) containing the error(s): {error.fields['clause']}.")
    for language in ("fr", "en"):
        with translation.override(language):
            assert len(error.sentence()) > 20


@pytest.mark.parametrize(
    ("clauses", "what"),
    [
        ({"where": ["pop = " + "1" * 10_001]}, "characters"),
        ({"where": ["(" * 3000 + "pop = 1" + ")" * 3000]}, None),
        ({"where": ["-" * 5000 + "pop = 1"]}, "nested expressions"),
        ({"where": ["not " * 2000 + "ouvert"]}, "nested expressions"),
        ({"select": "+".join("1" * 4000)}, "nested expressions"),
        ({"where": [f"pop in ({','.join('1' * 1001)})"]}, "values"),
        ({"select": ",".join(f"1 as a{n}" for n in range(1001))}, "expressions"),
        ({"group_by": ",".join(f"pop + {n}" for n in range(21))}, "expressions"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_every_input_is_bounded(clauses, what):
    if what is None:  # brackets alone cost nothing
        assert records(OPERATOR, TABLE, OdsqlRequest(**clauses)).total_count >= 0
    else:
        error = failure(**clauses)
        assert isinstance(error, TooComplex)
        assert error.fields["what"] == what


def test_a_thousand_alternatives_are_accepted():
    where = " or ".join(f"pop={n}" for n in range(900))
    assert records(OPERATOR, TABLE, OdsqlRequest(where=[where])).total_count > 60


@pytest.mark.parametrize("zone", ["Nowhere/City", "../../etc/passwd", "", "/etc/passwd", "Europe/Paris'; SELECT 1"])
def test_an_unknown_time_zone_is_refused(zone):
    error = failure(timezone=zone)
    assert isinstance(error, InvalidParameter)
    assert error.error_code == "InvalidRESTParameterError"


@pytest.mark.parametrize("refine", ["nom", ":x", "nom Nantes", "`nom:x"])
def test_a_refinement_is_a_field_and_a_value(refine):
    assert isinstance(failure(refine=[refine]), InvalidParameter)


def test_a_hidden_field_does_not_exist_in_any_clause():
    masked = TableRelation(key="tests masked", hidden=frozenset({"nom"}))
    for clauses in (
        {"select": "nom"}, {"where": ["nom = 'x'"]}, {"where": ["search(nom, 'x')"]}, {"group_by": "nom"}, {"order_by": "nom"},
        {"refine": ["nom:x"]}, {"select": "count(nom)"},
    ):  # fmt: skip
        with pytest.raises(UnknownField):
            records(OPERATOR, masked, OdsqlRequest(**clauses))
    with pytest.raises(UnknownField):
        facets(OPERATOR, masked, OdsqlRequest(), [FacetRequest("nom")])
    assert "nom" not in records(OPERATOR, masked, OdsqlRequest(limit=1)).rows[0]
    assert records(OPERATOR, masked, OdsqlRequest(where=['"nantes"'])).total_count == 0
    assert records(OPERATOR, masked, OdsqlRequest(where=['startswith("Nan")'])).total_count == 0


def test_an_unknown_record_says_so():
    with pytest.raises(RecordNotFound) as caught:
        record(OPERATOR, TABLE, "nope")
    assert caught.value.error_code == "NotFoundResource"


HOSTILE = [
    "'; DROP TABLE x; --", '" OR 1=1 --', "$1", "a' || (SELECT 1) || '", "read_csv('/etc/passwd')", "\\'; SELECT 1", "{x}", "%s",
    "'' ''", "`", "😀", "\\u0027", "nom\" FROM y --",
]  # fmt: skip


def test_a_nul_is_refused_or_replaced():
    assert failure(select="pop as `a\0b`").fields["position"] == 9
    assert records(OPERATOR, TABLE, OdsqlRequest(select="pop as `a\\u0000b`", limit=1)).columns[0].name == "a\ufffdb"
    assert records(OPERATOR, TABLE, OdsqlRequest(refine=["nom:a\0b"])).total_count == 0


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_request_reaches_the_sql(text):
    """As a value it is only a value; as a name it is only a name; elsewhere it is refused by the grammar."""
    from bocage.query.odsql.escapes import escape

    value = escape(text, "'")
    for where in (f"nom = {value}", f"nom in ({value})", f"startswith(nom, {value})", f"search({value}) and false",
                  f"{value} in tags", f"nom like {value} and false", f"ifnull(nom, {value}) = 'x'"):  # fmt: skip
        assert records(OPERATOR, TABLE, OdsqlRequest(where=[where])).total_count == 0, where
    label = escape(text, "`")
    page = records(OPERATOR, TABLE, OdsqlRequest(select=f"pop as {label}", order_by=label, limit=1))
    assert page.columns[0].name == text
    assert list(records(OPERATOR, TABLE, OdsqlRequest(group_by=f"ouvert as {label}")).rows[0]) == [text]
    assert records(OPERATOR, TABLE, OdsqlRequest(refine=[f"nom:{value}"])).total_count == 0
    pattern = escape("'" + text.replace("'", "''") + "'", '"')
    shown = records(
        OPERATOR, TABLE, OdsqlRequest(select=f"date_format(jour, {pattern}) as d", where=["jour is not null"], limit=1)
    )
    assert shown.rows == [{"d": text}]
    with pytest.raises(UnknownField):
        records(OPERATOR, TABLE, OdsqlRequest(select=label))
    for clause in ("select", "where", "group_by", "order_by"):
        with suppress(QueryError):  # and no error of the engine
            records(OPERATOR, TABLE, OdsqlRequest(**{clause: [text] if clause == "where" else text}))
