"""A schema written together: who may, in which order, and what never changes any more."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from bocage.access.standing import viewer_of
from bocage.access.viewer import ANONYMOUS, OPERATOR, Viewer
from bocage.check.models import Schema, SchemaVersion
from bocage.check.registry.adoption import adopt, leave
from bocage.check.registry.discussion import remark, settle
from bocage.check.registry.errors import DraftExists, SchemaNotReady, StateRefused, VersionAdopted, VersionFrozen
from bocage.check.registry.package import package
from bocage.check.registry.selectors import required_of, schema_version, table_schema
from bocage.check.registry.writing import (
    create_schema,
    delete_draft,
    edit_draft,
    propose,
    retire,
    start_version,
    suggested_number,
    take_back,
    version_before,
)
from bocage.check.vocabulary import SchemaStatus
from bocage.kernel.errors import AccessDenied, NotFound
from bocage.organizations.vocabulary import Role
from tests.check.registry.conftest import make_draft
from tests.check.registry.making import SOUND

pytestmark = pytest.mark.django_db


def test_from_a_draft_to_a_schema_that_communes_follow(metropole, reze, coordinator) -> None:
    leader, commune = coordinator(metropole), coordinator(reze)
    version = create_schema(viewer=leader, user=None, organization=metropole, slug="arbres", title="Arbres")
    with pytest.raises(SchemaNotReady):
        propose(viewer=leader, version=version)
    without_number = {key: value for key, value in SOUND.items() if key != "version"}
    edit_draft(viewer=leader, version=version, descriptor=without_number, number="1.0.0")
    propose(viewer=leader, version=version)
    adopt(viewer=commune, user=None, schema=version.schema, organization=reze)
    version.refresh_from_db()
    assert version.status == SchemaStatus.PROPOSED, "a commune does not decide for the others"
    adopt(viewer=leader, user=None, schema=version.schema, organization=metropole, required_below=True)
    assert [one.number for one in required_of(reze)] == ["1.0.0"]
    assert schema_version("metropole/arbres").status == SchemaStatus.ADOPTED
    read = table_schema(schema_version("metropole/arbres"))
    assert (read.name, read.version) == ("metropole/arbres", "1.0.0"), "its descriptor says no number"
    retire(viewer=leader, version=SchemaVersion.objects.get(pk=version.pk))
    assert schema_version("metropole/arbres").status == SchemaStatus.RETIRED


WRITES: dict[str, Callable[[Viewer, SchemaVersion], Any]] = {
    "create": lambda v, s: create_schema(viewer=v, user=None, organization=s.schema.organization, slug="x", title="X"),
    "edit": lambda v, s: edit_draft(viewer=v, version=s, title="Autre"),
    "propose": lambda v, s: propose(viewer=v, version=s),
    "delete": lambda v, s: delete_draft(viewer=v, version=s),
    "take back": lambda v, s: take_back(viewer=v, version=s),
    "retire": lambda v, s: retire(viewer=v, version=s),
    "next": lambda v, s: start_version(viewer=v, user=None, schema=s.schema, of=s),
    "adopt": lambda v, s: adopt(viewer=v, user=None, schema=s.schema, organization=s.schema.organization),
    "leave": lambda v, s: leave(viewer=v, schema=s.schema, organization=s.schema.organization),
}


@pytest.mark.parametrize("write", WRITES)
def test_nobody_else_writes_or_decides_for_the_leader(write: str, draft, reze, metropole, person) -> None:
    strangers = [ANONYMOUS, viewer_of(person(reze, Role.ADMINISTRATOR))]
    strangers += [viewer_of(person(metropole, role)) for role in (Role.MEMBER, Role.CONTRIBUTOR, Role.STEWARD)]
    before = list(SchemaVersion.objects.values()), list(Schema.objects.values())
    for viewer in strangers:
        with pytest.raises(AccessDenied):
            WRITES[write](viewer, draft)
    assert (list(SchemaVersion.objects.values()), list(Schema.objects.values())) == before


def test_only_coordinators_remark_and_only_the_leader_or_the_author_settles(
    proposed, metropole, reze, vertou, person
) -> None:
    author, other = person(reze, Role.COORDINATOR), person(vertou, Role.COORDINATOR)
    for viewer in (ANONYMOUS, viewer_of(person(reze, Role.STEWARD))):
        with pytest.raises(AccessDenied):
            remark(viewer=viewer, user=author, version=proposed, body="Non.")
    said = remark(viewer=viewer_of(author), user=author, version=proposed, body="Et l’ombre ?", field="id")
    for viewer in (ANONYMOUS, viewer_of(other)):
        with pytest.raises(AccessDenied):
            settle(viewer=viewer, remark=said)
    assert settle(viewer=viewer_of(author), remark=said).settled_at
    assert settle(viewer=viewer_of(person(metropole)), remark=said, settled=False).settled_at is None


@pytest.mark.parametrize(("body", "field"), [("", ""), ("  ", ""), ("x" * 5_000, ""), ("Et ?", "absent")])
def test_a_remark_says_something_about_something(proposed, metropole, person, body: str, field: str) -> None:
    author = person(metropole)
    with pytest.raises(ValidationError):
        remark(viewer=viewer_of(author), user=author, version=proposed, body=body, field=field)


def test_what_is_proposed_never_changes(proposed) -> None:
    before = proposed.descriptor
    for write in (WRITES["edit"], WRITES["delete"], WRITES["propose"]):
        with pytest.raises(VersionFrozen):
            write(OPERATOR, proposed)
    assert SchemaVersion.objects.get(pk=proposed.pk).descriptor == before


def test_a_proposal_is_taken_back_until_somebody_follows_it(proposed, reze) -> None:
    assert take_back(viewer=OPERATOR, version=proposed).status == SchemaStatus.DRAFT
    propose(viewer=OPERATOR, version=proposed)
    adopt(viewer=OPERATOR, user=None, schema=proposed.schema, organization=reze)
    with pytest.raises(VersionAdopted):
        take_back(viewer=OPERATOR, version=proposed)


def test_one_draft_at_a_time_and_its_number_follows_what_changed(proposed, metropole) -> None:
    edit = start_version(viewer=OPERATOR, user=None, schema=proposed.schema, of=proposed)
    assert (edit.number, edit.descriptor["version"]) == ("0.2.0", "0.2.0")
    with pytest.raises(DraftExists):
        start_version(viewer=OPERATOR, user=None, schema=proposed.schema, of=proposed)
    edit_draft(viewer=OPERATOR, version=edit, number="1.0.0")
    propose(viewer=OPERATOR, version=edit)
    breaking = start_version(viewer=OPERATOR, user=None, schema=proposed.schema, of=edit)
    edit_draft(viewer=OPERATOR, version=breaking, descriptor=breaking.descriptor | {"primaryKey": ["foyers"]})
    assert suggested_number(breaking, before=version_before(breaking)) == "2.0.0"
    with pytest.raises(Exception, match=r"1\.0\.0"):
        edit_draft(viewer=OPERATOR, version=breaking, number="1.0.0")


def test_a_draft_is_not_adopted(draft, metropole) -> None:
    with pytest.raises(NotFound):
        adopt(viewer=OPERATOR, user=None, schema=draft.schema, organization=metropole)
    with pytest.raises(StateRefused):
        adopt(viewer=OPERATOR, user=None, schema=draft.schema, organization=metropole, version=draft)


def test_a_draft_is_seen_by_those_who_write_and_by_coordinators(draft, metropole, reze, person) -> None:
    sees = [OPERATOR, viewer_of(person(metropole, Role.MEMBER)), viewer_of(person(reze, Role.COORDINATOR))]
    for viewer in sees:
        assert schema_version("metropole/composteurs", "0.1.0", viewer=viewer) == draft
    for viewer in (ANONYMOUS, viewer_of(person(reze, Role.MEMBER))):
        with pytest.raises(NotFound):
            schema_version("metropole/composteurs", "0.1.0", viewer=viewer)
    with pytest.raises(NotFound):
        schema_version("metropole/composteurs", viewer=OPERATOR)


def test_deleting_the_only_draft_deletes_the_schema(draft) -> None:
    delete_draft(viewer=OPERATOR, version=draft)
    assert not Schema.objects.exists()


def test_the_package_is_what_the_national_registry_asks(proposed) -> None:
    content = package(proposed, history=[proposed], homepage="https://example.org/schemas/x/")
    assert content == package(proposed, history=[proposed], homepage="https://example.org/schemas/x/")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["schema.json", "README.md", "CHANGELOG.md"]
        schema = json.loads(archive.read("schema.json"))
        assert all(schema[key] for key in ("name", "title", "description", "homepage", "version", "contributors"))
        assert "| id | string |" in archive.read("README.md").decode()
        assert "## 0.1.0" in archive.read("CHANGELOG.md").decode()


@pytest.mark.parametrize("slug", ["../x", "a b", "", "É"])
def test_a_name_that_would_break_an_address_is_refused(metropole, slug: str) -> None:
    with pytest.raises(Exception, match=r"organisation"):
        make_draft(metropole, slug=slug)
