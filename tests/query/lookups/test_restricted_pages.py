"""Pages of features of readers from whom something is kept, looked up: the same as the statements find, identifiers among them."""

from __future__ import annotations

from typing import Any

import pytest

from bocage.access.models import DataRule
from bocage.access.viewer import ANONYMOUS, OPERATOR
from bocage.catalog.models import Dataset
from bocage.catalog.vocabulary import FieldType as T
from bocage.organizations.models import Organization
from bocage.query.lookups import writing
from bocage.query.plan import Column, SortKey
from bocage.query.relation import DatasetRelation
from bocage.query.restricted import RestrictedRelation, seen_by
from bocage.query.services import record
from bocage.query.tiles import WEB_MERCATOR_QUAD, TileQuery, tile
from bocage.store.selectors import current_version
from tests.query.lookups.test_pages import CONDITIONS, SORTS, looked, pages, without  # noqa: F401  fixtures
from tests.query.tiles import world
from tests.query.tiles.conftest import layer, published  # noqa: F401  the layers of the tiles
from tests.query.tiles.reading import read

KEPT: dict[str, tuple[dict[str, Any], bool]] = {
    "rows": ({"rows": "rang < 2500 and not ouvert"}, True),
    "a column": ({"columns": {"tags": {"mask": "hide"}}}, True),
    "masks in order": ({"columns": {"rang": {"mask": "round", "to": "100"}, "jour": {"mask": "period", "to": "month"}}}, True),
    "the key": ({"rows": "ouvert", "columns": {"code": {"mask": "truncate", "to": "4"}}}, False),
    "a pseudonym": ({"columns": {"code": {"mask": "hash"}}}, False),
    "squares": ({"grid_m": 300}, True),
}  # fmt: skip
"""What is kept, and whether identifiers are those of everybody."""


def rule(slug: str, **kept: Any) -> None:
    DataRule.objects.create(dataset=Dataset.objects.get(slug=slug).uid, audience="everyone", reason="x", **kept)


@pytest.mark.parametrize("slug", ["points", "surfaces"])
@pytest.mark.parametrize("name", KEPT)
def test_the_same_pages(looked, without, slug, name):  # noqa: F811
    kept, same = KEPT[name]
    relation = looked(slug)
    rule(slug, **kept)
    relation = looked(slug)
    looked.uses = 0
    for sort in ((), SORTS["by truth, day"], (SortKey(Column("rang", T.INTEGER), descending=True),)):
        for condition in ("everything", "a span", "a box"):
            asked = (relation, CONDITIONS[condition], sort, 40, 2)
            assert pages(*asked) == without(lambda asked=asked: pages(*asked)), (condition, sort)
    assert (looked.uses > 8) == same


def test_one_feature(looked, without):  # noqa: F811
    rule("points", rows="rang < 10")
    relation = looked("points")
    [(_matched, _returned, texts)] = pages(relation, None, (), 40)
    identifiers = [text.split('"id":"')[1].split('"')[0] for text in texts]
    assert len(identifiers) == 10
    everybody = [record(OPERATOR, relation, one)["rang"] for one in identifiers]
    assert everybody == list(range(10))
    assert record(ANONYMOUS, relation, identifiers[3])["rang"] == 3


@pytest.fixture
def twins(db, settings, tmp_path, monkeypatch) -> DatasetRelation:
    """Each record twice under the same key, the first one hidden."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(writing, "MANY", 1)
    organization = Organization.objects.create(slug="jumeaux", name="Jumeaux")
    rows = [row | {"ouvert": twin > 0} for row in world.points()[:30] for twin in range(2)]
    world.publish_rows(organization, tmp_path, "twins", rows)
    dataset = Dataset.objects.get(slug="twins")
    version = current_version(dataset)
    assert version is not None
    return DatasetRelation(dataset, version)


def test_hidden_twins_have_no_number(twins, without):  # noqa: F811
    """In the identifiers of everybody the second one of two is the second: for who sees it alone, it is the first."""
    writing.make_lookup(twins)
    lookup = writing.lookup_of(twins)
    assert lookup is not None
    assert lookup.has_twins
    rule("twins", rows="ouvert")
    asked = (twins, None, (SortKey(Column("rang", T.INTEGER)),), 40)
    found = pages(*asked)
    assert found == without(lambda: pages(*asked))
    [(_matched, _returned, texts)] = found
    identifiers = {text.split('"id":"')[1].split('"')[0] for text in texts}
    assert len(identifiers) == 30
    assert not any("-" in one for one in identifiers)
    assert identifiers == {
        one.properties["_id"]
        for one in read(tile(ANONYMOUS, twins, TileQuery(WEB_MERCATOR_QUAD, 0, 0, 0)).content).features
    }


def test_whose_identifiers_are_those_of_everybody(layer):  # noqa: F811
    for name, (kept, same) in KEPT.items():
        DataRule.objects.all().delete()
        rule("points", **kept)
        seen = seen_by(ANONYMOUS, layer("points"))
        assert isinstance(seen, RestrictedRelation)
        assert seen.same_identifiers == same, name
