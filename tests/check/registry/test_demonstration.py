"""The schemas that a demonstration starts with: sound, adopted, required of every commune, under discussion for one."""

from __future__ import annotations

import pytest

from bocage.check.models import CodeListEdition, Remark, SchemaVersion
from bocage.check.registry.diff import diff
from bocage.check.registry.lint.finding import Level
from bocage.check.registry.lint.words import level_of
from bocage.check.registry.selectors import required_of, schema_version, table_schema
from bocage.demo.local_schemas import LOCAL_SCHEMAS
from bocage.demo.organizations import load_organizations
from bocage.demo.registry import load_registry
from bocage.organizations.models import Organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded() -> None:
    load_organizations()
    load_registry()


def test_loaded_twice_it_is_the_same(loaded) -> None:
    before = list(SchemaVersion.objects.values()), Remark.objects.count(), CodeListEdition.objects.count()
    load_registry()
    assert (list(SchemaVersion.objects.values()), Remark.objects.count(), CodeListEdition.objects.count()) == before


def test_every_commune_must_follow_what_the_metropole_adopted(loaded) -> None:
    adopted = [f"nantes-metropole/{one.slug} {one.versions[-1].number}" for one in LOCAL_SCHEMAS if one.adopted]
    for slug in ("bouaye", "reze", "vertou"):
        assert sorted(map(str, required_of(Organization.objects.get(slug=slug)))) == sorted(adopted)
    assert not required_of(Organization.objects.get(slug="loire-atlantique"))


def test_they_are_examples_to_follow(loaded) -> None:
    for version in SchemaVersion.objects.select_related("schema"):
        assert not [one for one in version.lint if level_of(one["code"]) != Level.ADVICE], version
        assert table_schema(version).fields


def test_the_code_list_is_in_force_and_the_new_version_kept_its_promise(loaded) -> None:
    latest, first = (schema_version("nantes-metropole/composteurs-collectifs", number) for number in ("", "1.0.0"))
    kind = table_schema(latest).field("type")
    assert kind is not None
    assert "PARTAGE" in kind.constraints["enum"]
    found = diff(first.descriptor, latest.descriptor)
    assert {one.code for one in found.changes} >= {"field-added", "required-removed"}
