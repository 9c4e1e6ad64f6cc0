"""“Required of every commune”: down the tree, the nearest decision wins, in one query."""

from __future__ import annotations

from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from bocage.access.viewer import OPERATOR
from bocage.check.models import Schema, SchemaVersion
from bocage.check.registry.adoption import adopt
from bocage.check.registry.precedence import following, precedence
from bocage.check.registry.selectors import lines, required_of, requirements_of, schema_version
from bocage.check.vocabulary import SchemaStatus

pytestmark = pytest.mark.django_db


def national(name: str, *numbers: str) -> Schema:
    schema = Schema.objects.create(name=name, title=name)
    for number in numbers:
        SchemaVersion.objects.create(schema=schema, number=number, descriptor={"fields": []})
    return schema


def names(organization) -> list[str]:
    return [str(one) for one in required_of(organization)]


def test_what_is_required_above_is_required_below_and_not_beside(metropole, reze, vertou) -> None:
    everywhere, mine, above = national("a/a", "1.0.0", "1.2.0"), national("b/b", "1.0.0"), national("c/c", "1.0.0")
    adopt(viewer=OPERATOR, user=None, schema=everywhere, organization=metropole, required_below=True)
    adopt(viewer=OPERATOR, user=None, schema=mine, organization=reze, required_below=True)
    adopt(viewer=OPERATOR, user=None, schema=above, organization=metropole)
    assert names(reze) == ["a/a 1.2.0", "b/b 1.0.0"]
    assert names(vertou) == ["a/a 1.2.0"]
    assert names(metropole) == ["a/a 1.2.0", "c/c 1.0.0"]


def test_the_nearest_decision_wins(metropole, reze, vertou) -> None:
    schema = national("a/a", "1.0.0", "1.2.0", "1.10.0")
    old = schema.versions.get(number="1.2.0")
    adopt(viewer=OPERATOR, user=None, schema=schema, organization=metropole, required_below=True)
    adopt(viewer=OPERATOR, user=None, schema=schema, organization=reze, version=old)
    assert names(reze) == ["a/a 1.2.0"]
    assert names(vertou) == ["a/a 1.10.0"]


def test_one_query_however_many(metropole, reze) -> None:
    for rank in range(12):
        schema = national(f"a/s{rank:02d}", "1.0.0", "2.0.0")
        for organization in (metropole, reze):
            adopt(viewer=OPERATOR, user=None, schema=schema, organization=organization, required_below=True)
    with CaptureQueriesContext(connection) as queries:
        found = required_of(reze)
        assert {str(one) for one in found} == {f"a/s{rank:02d} 2.0.0" for rank in range(12)}
    assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        assert len(lines(Schema.objects.all())) == 12
    assert len(queries) == 2


def test_for_many_organisations_at_once_it_is_the_same_rule(metropole, reze, vertou) -> None:
    random = Random(3)
    for rank in range(12):
        schema = national(f"a/s{rank:02d}", "1.0.0", "2.0.0")
        for organization in (metropole, reze, vertou):
            if random.random() < 0.6:
                version = random.choice([None, *schema.versions.all()])
                below = random.random() < 0.5
                adopt(
                    viewer=OPERATOR, user=None, schema=schema, organization=organization, version=version,
                    required_below=below,
                )  # fmt: skip
    with CaptureQueriesContext(connection) as queries:
        together = requirements_of([metropole, reze, vertou])
    assert len(queries) == 3
    for organization in (metropole, reze, vertou):
        mine = sorted(str(one.version) for one in together if organization in one.organizations)
        assert mine == sorted(names(organization))


def test_the_version_that_stands_is_the_latest_adopted(db) -> None:
    schema = national("a/a", "1.9.0", "1.10.0")
    SchemaVersion.objects.create(schema=schema, number="2.0.0", status=SchemaStatus.PROPOSED, descriptor={})
    SchemaVersion.objects.create(schema=schema, number="3.0.0", status=SchemaStatus.DRAFT, descriptor={})
    assert schema_version("a/a").number == "1.10.0"
    assert schema_version("a/a", "latest").number == "1.10.0"
    assert schema_version("a/a", "2.0.0").number == "2.0.0"


SORTED = ["0.9.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",
          "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0", "10.0.0"]  # fmt: skip


def test_numbers_sort_as_semantic_versions_do() -> None:
    shuffled = [*SORTED[5:], *SORTED[:5]]
    assert sorted(shuffled, key=precedence) == SORTED


@given(st.tuples(*[st.integers(0, 10**6)] * 3), st.tuples(*[st.integers(0, 10**6)] * 3))
def test_releases_sort_by_their_figures(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    first, second = (precedence(".".join(map(str, figures))) for figures in (one, other))
    assert (first < second) == (one < other)


@given(st.tuples(*[st.integers(0, 99)] * 3), st.booleans(), st.booleans())
def test_the_next_number_is_larger(figures: tuple[int, ...], breaking: bool, larger: bool) -> None:
    number = ".".join(map(str, figures))
    assert precedence(following(number, breaking=breaking, larger=larger)) > precedence(number)
