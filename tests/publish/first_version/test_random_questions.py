"""Random questions: every answer is a 200 or a refusal in the envelope, whatever the words."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bocage.access.viewer import OPERATOR
from bocage.publish.explore.errors import ExploreError
from bocage.publish.first_version.language.parse import where_of
from bocage.query.errors import QueryError
from bocage.query.odsql.parse import parse_where
from bocage.query.rights import scope_for
from tests.query.table import TABLE

PIECES = st.sampled_from(
    ["nantes", "nom", "pop", "jour", "absent", ":", ">", ">=", "<", "==", "=", "(", ")", '"', "'", "[", "]", "{", "}", "TO", "AND",
     "or", "NOT", "#now(", "#null(", "#exact(", "#search(", "days=-1", ",", "*", "2024", "2024/01/02", "12", "-3.5", "\\",
     "`", "é", " ",
     "recordid", "#", "weekday=MO(2)", "\n", "\x7f", "🚲"]
)  # fmt: skip
QUERIES = (
    st.lists(PIECES, max_size=14).map(" ".join) | st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=40)
)
ENDPOINTS = st.sampled_from(["search", "analyze", "download", "geocluster", "geopolygon", "geopreview", "boundingbox"])
NAMES = st.sampled_from(
    ["q", "sort", "rows", "start", "fields", "facet", "refine.nom", "refine.jour", "exclude.tags", "disjunctive.nom", "x",
     "maxpoints",
     "y.a.func", "y.a.expr", "y.a.subsets", "y.a.cumulative", "geofilter.distance", "geofilter.polygon", "geofilter.bbox", "format",
     "callback", "timezone", "lang", "clusterprecision", "clusterdistance", "geo_field", "periodic", "precision", "geo_digest",
     "x.jour.pattern", "facetsort.nom", "agg.a.func", "pretty_print", "csv_separator"]
)  # fmt: skip
VALUES = (
    st.sampled_from(
        ["nom", "pop", "jour", "maj", "tags", "centre", "contour", "meta", "-pop", "dist", "jour.month", "3", "-1", "0",
         "10000", "1e9",
         "47,-1,500", "(47,-1),(48,0),(46,0)", "46,-2,48,0", "48,0,46,-2", "json", "csv", "geojson", "SUM", "STDDEV", "QUANTILES",
         "pop*2", "pop/0", "true", "week", "weekday", "month", "f", "yyyy", "Europe/Paris", "2024", "25,50"]
    )
    | QUERIES
)  # fmt: skip


@given(QUERIES)
@settings(max_examples=300, deadline=None)
def test_a_query_is_odsql_or_a_refusal(text):
    """What is made of it always reads back: no text escapes its quotes."""
    assume("\x00" not in text)  # refused before, as in every parameter
    scope = scope_for(OPERATOR, TABLE)
    try:
        where = where_of(text, scope)
    except (ExploreError, QueryError):
        return
    if where:
        parse_where(where)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(endpoint=ENDPOINTS, parameters=st.dictionaries(NAMES, VALUES, max_size=5))
def test_no_question_is_a_fault(lieux, endpoint, parameters):
    answer = Client().get(f"/api/records/1.0/{endpoint}/", {"dataset": "lieux", "clusterprecision": "5"} | parameters)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code in (200, 400, 404), (endpoint, parameters, body[:300])
    if answer.status_code != 200:
        assert answer.json().keys() == {"errorcode", "error"}
