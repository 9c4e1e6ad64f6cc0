"""Rows as RDF, read back by rdflib: the four syntaxes say the same."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import XSD

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType as T
from bocage.publish.files.formats import Options
from tests.publish.engine import FIELDS, Engine
from tests.publish.test_formats import EMPTY, FULL, made

pytestmark = [
    pytest.mark.usefixtures("exports_folder"),
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated"),  # rdflib’s own readers of JSON-LD and N3
    pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated"),
]
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
PARSERS = {"turtle": "turtle", "n3": "n3", "rdfxml": "xml", "jsonld": "json-ld"}
PAGE = "https://data.example/explore/dataset/lieux/"
OPTIONS = Options(title="lieux", address=PAGE)


def graph(engine, name):
    return Graph().parse(data=made(engine, name, OPTIONS), format=PARSERS[name])


@pytest.fixture(scope="module")
def engine():
    return Engine([FULL, EMPTY], times=3)


@pytest.mark.parametrize("name", PARSERS)
def test_values_keep_their_types(engine, name):
    found = graph(engine, name)
    first = URIRef(f"{PAGE}record/1")

    def value(field):
        return found.value(first, URIRef(f"{PAGE}field/{field}"))

    assert value("nom") == Literal(FULL[0])
    assert value("code") == Literal("01004")
    assert value("places").toPython() == 12
    assert value("taux").toPython() == 2.5
    assert value("ouvert").toPython() is True
    assert (value("jour").datatype, str(value("jour"))) == (XSD.date, "2026-05-04")
    assert value("maj").toPython() == FULL[6]
    assert str(value("centre")) == "POINT (-1.55 47.21)"


def test_the_four_syntaxes_say_the_same(engine):
    said = {name: {(s, p, str(o)) for s, p, o in graph(engine, name)} for name in PARSERS}
    assert said["turtle"] == said["n3"] == said["rdfxml"] == said["jsonld"]
    assert len(said["turtle"]) == 3 * len(FIELDS), "every value of every row, and nothing for the empty ones"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=30), max_size=4))
def test_any_text_is_read_back(exports_folder, texts):
    engine = Engine([(text,) for text in texts], (Field("mot", T.STRING),))
    for name in PARSERS:
        found = sorted(str(value) for value in graph(engine, name).objects())
        if name == "rdfxml":  # XML has no way to write control characters
            assert found == sorted(UNWRITABLE.sub("", text) for text in texts)
        else:
            assert found == sorted(texts), name
