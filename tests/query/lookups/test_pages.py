"""Pages of features that are looked up: the same features, texts and counts as those that the statements find, page after page."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from bocage.access.models import DataRule
from bocage.access.viewer import ANONYMOUS
from bocage.catalog.models import Dataset
from bocage.catalog.vocabulary import FieldType as T
from bocage.query import feature_pages, sought
from bocage.query.features import FeatureQuery, features, hits, only
from bocage.query.lookups import writing
from bocage.query.plan import ROW_ID, And, Between, Column, Compare, Constant, InBox, Near, Shape, SortKey, Spatial
from bocage.query.rendering import FeatureLine
from bocage.query.requests import OdsqlRequest
from bocage.query.services import record, records
from bocage.store.layout import hot_path, side_key
from tests.query.tiles.conftest import layer, published  # noqa: F401  the layers of the tiles
from tests.query.tiles.world import LAT, LON

GEO = Column("geo", T.GEOMETRY)
SMALL = (LON - 0.005, LAT - 0.005, LON + 0.005, LAT + 0.005)
WKT = "POLYGON(({0} {1}, {2} {1}, {2} {3}, {0} {1}))".format(*SMALL)


def number(value: int) -> Constant:
    return Constant(value, T.INTEGER)


CONDITIONS = {
    "everything": None,
    "a span": Between(Column("rang", T.INTEGER), number(100), number(700)),
    "a box": InBox(GEO, *SMALL),
    "a triangle": Spatial("intersects", GEO, Shape(WKT, SMALL)),
    "near": Near(GEO, Shape(f"POINT({LON} {LAT})", (LON, LAT, LON, LAT), (LON, LAT)), 400.0),
    "a box and more": And((InBox(GEO, *SMALL), Compare("<", Column("rang", T.INTEGER), number(2_000)))),
    "numbers that may be none": Compare(">", Column("part", T.NUMBER), number(0)),
    "nothing": Compare(">", Column("rang", T.INTEGER), number(10**6)),
}
SORTS = {
    "as it is": (),
    "by name, down": (SortKey(Column("code", T.STRING), descending=True),),
    "by truth, day": (SortKey(Column("ouvert", T.BOOLEAN)), SortKey(Column("jour", T.DATE), descending=True)),
    "by what may be no number": (SortKey(Column("part", T.NUMBER)),),
}


@pytest.fixture
def looked(layer, monkeypatch) -> Iterator[Any]:  # noqa: F811
    """The relation of a layer, with its lookup; `looked.uses` counts what was looked up."""
    monkeypatch.setattr(writing, "MANY", 1)
    real = sought.looked_up

    class Looked:
        uses = 0

        def __call__(self, slug: str) -> Any:
            relation = layer(slug)
            writing.make_lookup(relation)
            return relation

    looked = Looked()

    def counting(*asked: Any) -> Any:
        found = real(*asked)
        looked.uses += found is not None
        return found

    monkeypatch.setattr(sought, "looked_up", counting)
    monkeypatch.setattr(feature_pages, "looked_up", counting)
    return looked


@pytest.fixture
def without(monkeypatch) -> Any:
    def ask(made: Any) -> Any:
        with monkeypatch.context() as patched:
            patched.setattr("bocage.query.lookups.finding.lookup_of", lambda _relation: None)
            return made()

    return ask


def pages(relation: Any, condition: Any, sort: Any, limit: int, most: int = 4) -> list[tuple[int, int, list[str]]]:
    """What each page says: how many in all and on it, and its features as they are written."""
    found, after = [], ""
    for _page in range(most):
        query = FeatureQuery(lambda _scope: condition, lambda _scope: sort, limit=limit, after=after)
        with features(ANONYMOUS, relation, query, FeatureLine(ROW_ID, "")) as page:
            texts = [text for batch in page.batches for text in batch.column(0).to_pylist()]
            found.append((page.matched, page.returned, texts))
            after = page.next
        if not after:
            break
    return found


@pytest.mark.parametrize("slug", ["points", "surfaces"])
@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_same_pages(looked, without, slug, condition):
    relation = looked(slug)
    for sort in SORTS.values():
        asked = (relation, CONDITIONS[condition], sort, 40)
        assert pages(*asked) == without(lambda asked=asked: pages(*asked))
    assert looked.uses or condition == "numbers that may be none"


def test_hits_and_one_feature(looked, without):
    relation = looked("surfaces")
    for condition in CONDITIONS.values():
        query = FeatureQuery(lambda _scope, condition=condition: condition)
        assert hits(ANONYMOUS, relation, query) == without(lambda query=query: hits(ANONYMOUS, relation, query))
    [(_matched, _returned, [text])] = pages(relation, None, (), 1, most=1)
    identifier = text.split('"id":"')[1].split('"')[0]
    with features(ANONYMOUS, relation, only(identifier), FeatureLine(ROW_ID, "")) as page:
        assert [one for batch in page.batches for one in batch.column(0).to_pylist()] == [text]
    assert record(ANONYMOUS, relation, identifier)["code"] == "C00000"
    assert looked.uses


@pytest.mark.parametrize("kept", [
    {"rows": "rang < 700"}, {"columns": {"rang": {"mask": "round", "to": "1000"}, "code": {"mask": "hide"}}},
    {"grid_m": 500}, {"rows": "rang < 700", "columns": {"rang": {"mask": "hide"}}},
])  # fmt: skip
def test_rules_hold(looked, without, kept):
    """Through rows that are looked up nothing more is told: neither a row, nor a value, nor a count, nor an order."""
    relation = looked("points")
    DataRule.objects.create(dataset=Dataset.objects.get(slug="points").uid, audience="everyone", reason="x", **kept)
    for condition in ("everything", "a span", "a box"):
        if condition == "a span" and kept.get("columns", {}).get("rang", {}).get("mask") == "hide":
            continue
        asked = (looked("points"), CONDITIONS[condition], (), 40)
        assert pages(*asked) == without(lambda asked=asked: pages(*asked)), condition
    request = OdsqlRequest(select="part, jour", where=("ouvert",), order_by="jour desc", limit=30)
    found = records(ANONYMOUS, relation, request)
    assert found == without(lambda: records(ANONYMOUS, relation, request))


def test_what_is_looked_up_is_told_to_the_journal(looked, monkeypatch):
    """With no statement, and for counts alone, as with one."""
    relation, tellings = looked("points"), []
    for module in ("services", "features"):
        real = import_module(f"bocage.query.{module}").telling_of
        monkeypatch.setattr(
            f"bocage.query.{module}.telling_of", lambda *asked, real=real: tellings.append(real(*asked)) or tellings[-1]
        )
    records(ANONYMOUS, relation, OdsqlRequest(select="code", where=("rang in [5..9]",), limit=10))
    hits(ANONYMOUS, relation, FeatureQuery(lambda _scope: CONDITIONS["a span"]))
    assert [(one.told, one.rows) for one in tellings] == [(True, 5), (True, None)]


def test_what_is_gone_is_done_without(looked, monkeypatch):
    relation = looked("points")
    request = OdsqlRequest(where=("rang in [5..9]",), limit=10)
    expected = records(ANONYMOUS, relation, request)
    assert expected.total_count == 5
    path = hot_path(side_key(relation.version.uid, writing.NAME))
    content = path.read_bytes()
    for spoilt in (None, b"", content[:500], content[:-200], content.replace(b"sections", b"sectionz")):
        monkeypatch.setattr(writing, "_lookups", writing.MappedCopies(writing.opened))
        path.unlink(missing_ok=True)
        if spoilt is not None:
            path.write_bytes(spoilt)
        assert writing.lookup_of(relation) is None
        assert records(ANONYMOUS, relation, request) == expected
    path.write_bytes(content)


def test_one_that_says_something_else_is_made_again(looked, monkeypatch):
    """Of another release, or from before the fields that identify a row were others: it would never be found."""
    relation = looked("points")
    assert not writing.lacks_lookup(relation)
    for changed in (
        lambda: monkeypatch.setattr(writing, "FORMAT", "next"),
        relation.dataset.primary_key.clear,
    ):
        changed()
        assert writing.lookup_of(relation) is None
        assert writing.lacks_lookup(relation)
        writing.make_lookup(relation)
        assert writing.lookup_of(relation) is not None
        assert not writing.lacks_lookup(relation)
    hot_path(side_key(relation.version.uid, writing.NAME)).unlink()
