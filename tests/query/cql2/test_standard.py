"""The examples of the standard are read, in both encodings alike; the predicates of its abstract tests count what it says."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter

import pytest

from bocage.query.cql2 import nodes
from bocage.query.cql2.documents import document_of, parse_json
from bocage.query.cql2.parse import parse_text
from bocage.query.cql2.printing import printed
from tests.query.cql2.layers import ERRATA, assertions, count, layer

EXAMPLES = "cql2/examples/standard/schema/examples"
ZEROES = re.compile(r"\.000000Z")


@pytest.fixture(scope="module")
def examples(shared_data):
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (shared_data / EXAMPLES / "text").glob("*.txt")}
    documents = {
        path.stem: path.read_text(encoding="utf-8") for path in (shared_data / EXAMPLES / "json").glob("*.json")
    }
    assert (len(texts), len(documents)) == (120, 109)
    return texts, documents


def test_every_text_is_read_and_written_again(examples):
    for name, text in examples[0].items():
        found = parse_text(text)
        assert parse_text(printed(found)) == found, name
        assert parse_json(json.dumps(document_of(found))) == found, name


def test_every_document_is_read_and_written_again(examples):
    for name, text in examples[1].items():
        found = parse_json(text)
        assert parse_json(json.dumps(document_of(found))) == found, name
        assert parse_text(printed(found)) == found, name


def test_both_encodings_of_an_example_are_one_tree(examples):
    texts, documents = examples
    for name in texts.keys() & documents.keys():
        assert parse_text(ZEROES.sub("Z", texts[name])) == parse_json(documents[name]), name


def test_the_274_predicates_count_what_the_standard_says(shared_data):
    told = assertions(shared_data)
    assert len(told) == 274
    wrong = []
    for name, predicate, expected in told:
        found = count(layer(shared_data, name), predicate)
        if found != expected:
            wrong.append((predicate, expected, found))
    assert wrong == []


def test_errata_are_what_the_layer_says(shared_data):
    def plain(text: str) -> str:
        return "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))

    names = [plain(row["name"]) for row in layer(shared_data, "ne_110m_populated_places_simple").rows]
    assert sum(name.startswith("Ch") for name in names) == 3
    assert sum(name.casefold().startswith("chis") for name in names) == 1
    assert set(ERRATA.values()) == {3, 1}


def test_the_same_counts_from_json(shared_data):
    for name, predicate, expected in assertions(shared_data)[::7]:
        document = json.dumps(document_of(parse_text(predicate)))
        assert count(layer(shared_data, name), document, "cql2-json") == expected, predicate


def test_a_filter_and_its_negation_leave_out_what_is_missing(shared_data):
    """Three-valued logic: of the 243 places, 3 have a date."""
    places = layer(shared_data, "ne_110m_populated_places_simple")
    told = [one for one in assertions(shared_data) if one[0] == "ne_110m_populated_places_simple"]
    sums: Counter[int] = Counter()
    for _name, predicate, expected in told[::4]:
        sums[expected + count(places, f"NOT ({predicate})")] += 1
    assert set(sums) == {3, 243}
    assert min(sums.values()) > 8


def test_positions_tell_nothing_of_two_nodes_that_are_the_same():
    assert parse_text("a = 1 OR  b") == parse_text("a=1 or b")
    assert parse_text("a = 1").start == 0
    assert isinstance(parse_text("a"), nodes.Property)
