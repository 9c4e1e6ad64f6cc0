"""The predicates of the abstract tests, asked over HTTP of layers captured from the standard's own file."""

from __future__ import annotations

import json

from bocage.query.cql2.documents import document_of
from bocage.query.cql2.parse import parse_text
from tests.publish.ogc.conftest import LAYERS
from tests.query.cql2.layers import assertions


def test_the_274_predicates_over_http(ask, shared_data):
    wrong = []
    for layer, predicate, expected in assertions(shared_data):
        found = ask(f"collections/{LAYERS[layer]}/items", filter=predicate, resultType="hits")["numberMatched"]
        if found != expected:
            wrong.append((predicate, expected, found))
    assert wrong == []


def test_the_same_features_in_json(ask, shared_data):
    for layer, predicate, expected in assertions(shared_data)[::12]:
        document = json.dumps(document_of(parse_text(predicate)))
        found = ask(f"collections/{LAYERS[layer]}/items", filter=document, filter__lang="cql2-json", properties="")
        assert (found["numberMatched"], len(found["features"])) == (expected, expected), predicate
