"""The working group, from its pages: create, write, propose, discuss, adopt; each refused to whoever may not."""

from __future__ import annotations

import pytest

from bocage.access.viewer import OPERATOR
from bocage.check.models import Adoption, CodeList, Remark, Schema, SchemaVersion
from bocage.check.registry.writing import create_schema, propose
from bocage.check.vocabulary import SchemaStatus
from bocage.organizations.vocabulary import Role

PAGE = "/console/schemas/reze/composteurs/"
DRAFT = f"{PAGE}0.1.0/draft/"
FIELD = {"name": "id", "type": "string", "title": "Identifiant", "required": "on", "former": ""}


@pytest.fixture
def version(commune) -> SchemaVersion:
    start = {"fields": [{"name": "un", "type": "string", "rdfType": "x"}, {"name": "deux", "type": "integer"}]}
    return create_schema(
        viewer=OPERATOR, user=None, organization=commune, slug="composteurs", title="Composteurs", start=start
    )


def names() -> list[str]:
    return [one["name"] for one in SchemaVersion.objects.get().descriptor["fields"]]


def test_a_schema_is_written_proposed_discussed_and_adopted(person, other_commune, commune) -> None:
    leader = person(Role.COORDINATOR)
    done = leader.post(
        "/console/schemas/new/", {"organization": "reze", "title": "Boîtes à livres", "slug": "", "start": "blank"}
    )
    assert done.headers["Location"] == "/console/schemas/reze/boites-a-livres/0.1.0/draft/"
    draft = done.headers["Location"]
    for name in ("id", "nom"):
        assert leader.post(f"{draft}fields/new/", FIELD | {"name": name}).status_code == 302
    assert names() == ["id", "nom"]
    saved = {
        "title": "Boîtes", "number": "1.0.0", "changes": "Première.", "description": "Où elles sont.", "primary_key": ["id"],
        "geo-position": "", "geo-crs": "",
    }  # fmt: skip
    done = leader.post(draft, saved)
    assert done.headers["Location"].endswith("/1.0.0/draft/")
    page = "/console/schemas/reze/boites-a-livres/"
    assert leader.post(f"{page}1.0.0/propose/").status_code == 302
    version = SchemaVersion.objects.get()
    assert (version.status, version.number, version.descriptor["primaryKey"]) == (
        SchemaStatus.PROPOSED,
        "1.0.0",
        ["id"],
    )
    neighbour = person(Role.COORDINATOR, other_commune)
    neighbour.post(f"{page}1.0.0/remarks/", {"body": "Et l’ombre ?", "field": "nom"})
    assert Remark.objects.get().field == "nom"
    neighbour.post(f"{page}adoption/", {"organization": "bouaye", "version": "", "required_below": "on"})
    assert Adoption.objects.get().required_below
    leader.post(f"{page}adoption/", {"organization": "reze", "version": "1.0.0"})
    version.refresh_from_db()
    assert version.status == SchemaStatus.ADOPTED
    neighbour.post(f"{page}adoption/", {"organization": "bouaye", "leave": "1"})
    assert [one.organization for one in Adoption.objects.all()] == [commune]
    leader.post(f"/console/schemas/remarks/{Remark.objects.get().pk}/settle/")
    assert Remark.objects.get().settled_at
    assert "Et l’ombre" in leader.get(page).content.decode()


def test_a_field_keeps_what_the_form_does_not_ask(person, version) -> None:
    leader = person(Role.COORDINATOR)
    done = leader.post(
        f"{DRAFT}fields/0/", FIELD | {"name": "code", "former": "un", "enum": "b\na\n\na", "min_length": "2"}
    )
    assert done.status_code == 302
    field = SchemaVersion.objects.get().descriptor["fields"][0]
    assert field["rdfType"] == "x"
    assert field["constraints"] == {"required": True, "enum": ["b", "a"], "minLength": 2}


def test_fields_move_and_go(person, version) -> None:
    leader = person(Role.COORDINATOR)
    leader.post(f"{DRAFT}fields/1/move/", {"to": "up", "former": "deux"})
    assert names() == ["deux", "un"]
    leader.post(f"{DRAFT}fields/0/move/", {"to": "out", "former": "deux"})
    assert names() == ["un"]


def test_somebody_who_changed_the_fields_in_the_meantime_is_not_overwritten(person, version) -> None:
    leader = person(Role.COORDINATOR)
    leader.post(f"{DRAFT}fields/0/move/", {"to": "out", "former": "deux"})
    leader.post(f"{DRAFT}fields/0/", FIELD | {"former": "deux"})
    assert names() == ["un", "deux"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "deux"}, "name"),
        ({"name": " id"}, None),
        ({"name": ""}, "name"),
        ({"minimum": "1"}, "minimum"),
        ({"type": "date", "minimum": "hier"}, "minimum"),
        ({"pattern": "("}, "pattern"),
        ({"type": "integer", "pattern": "a"}, "pattern"),
        ({"enum": "\n".join(map(str, range(2_001)))}, "enum"),
    ],
)
def test_a_wrong_field_is_refused_beside_its_question(
    person, version, wrong: dict[str, str], field: str | None
) -> None:
    answer = person(Role.COORDINATOR).post(f"{DRAFT}fields/new/", FIELD | wrong)
    if field is None:
        assert answer.status_code == 302
        return
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert names() == ["un", "deux"]


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"fields": []}', '{"properties": {}}', '{"fields": [{"name": "a", "x": NaN}]}']
)
def test_damaged_json_is_refused_and_given_back(person, version, text: str) -> None:
    answer = person(Role.COORDINATOR).post(f"{DRAFT}json/", {"json": text})
    assert answer.status_code == 200
    assert names() == ["un", "deux"]


def test_the_json_of_a_draft_keeps_its_identity(person, version) -> None:
    person(Role.COORDINATOR).post(
        f"{DRAFT}json/", {"json": '{"fields": [{"name": "x"}], "name": "autre", "version": "9"}'}
    )
    descriptor = SchemaVersion.objects.get().descriptor
    assert (descriptor["name"], descriptor["version"], names()) == ("composteurs", "0.1.0", ["x"])


ADDRESSES = ["", "0.1.0/draft/", "0.1.0/draft/json/", "0.1.0/draft/fields/new/", "0.1.0/draft/fields/0/"]
ACTS = [
    "0.1.0/propose/",
    "0.1.0/delete/",
    "0.1.0/take-back/",
    "0.1.0/retire/",
    "0.1.0/next/",
    "0.1.0/draft/fields/0/move/",
]


@pytest.mark.parametrize("address", [*ADDRESSES, *ACTS])
def test_others_are_refused_and_change_nothing(person, version, other_commune, address: str) -> None:
    before = list(SchemaVersion.objects.values()), list(Schema.objects.values())
    for client in (person(Role.STEWARD), person(Role.COORDINATOR, other_commune), person(Role.MEMBER, other_commune)):
        answer = client.post(f"{PAGE}{address}", FIELD | {"to": "out", "former": "un", "json": "{}"})
        assert answer.status_code in (403, 404, 405), address
    assert (list(SchemaVersion.objects.values()), list(Schema.objects.values())) == before


def test_nobody_adopts_for_somebody_else(person, version, other_commune) -> None:
    propose(viewer=OPERATOR, version=version)
    answer = person(Role.COORDINATOR, other_commune).post(f"{PAGE}adoption/", {"organization": "reze"})
    assert answer.status_code == 403
    assert not Adoption.objects.exists()


def test_a_draft_is_absent_for_a_member_of_another_commune(person, version, other_commune) -> None:
    assert person(Role.MEMBER, other_commune).get(PAGE).status_code == 404
    assert person(Role.MEMBER).get(PAGE).status_code == 200


@pytest.mark.parametrize(
    "path", ["/console/schemas/", "/console/schemas/new/", PAGE, DRAFT, f"{DRAFT}fields/1/", "/console/code-lists/new/"]
)
def test_every_page_answers_its_coordinator(person, version, path: str) -> None:
    assert person(Role.COORDINATOR).get(path).status_code == 200


def test_a_schema_starts_from_a_dataset_or_from_another(person, version, dataset, commune) -> None:
    dataset.version_number = 1
    dataset.save()
    propose(viewer=OPERATOR, version=version)
    leader = person(Role.COORDINATOR)
    new = {"organization": "reze", "title": "T"}
    leader.post("/console/schemas/new/", new | {"slug": "a", "start": "dataset", "dataset": "parkings"})
    leader.post("/console/schemas/new/", new | {"slug": "b", "start": "schema", "schema": "reze/composteurs"})
    made = {one.schema.name: [f["name"] for f in one.descriptor["fields"]] for one in SchemaVersion.objects.all()}
    assert made["reze/a"] == ["code", "places"]
    assert made["reze/b"] == ["un", "deux"]


def test_a_schema_does_not_start_from_a_dataset_that_is_hidden(person, dataset, other_commune) -> None:
    dataset.version_number = 1
    dataset.save()
    answer = person(Role.COORDINATOR, other_commune).post(
        "/console/schemas/new/",
        {"organization": "bouaye", "title": "T", "slug": "a", "start": "dataset", "dataset": "parkings"},
    )
    assert answer.status_code == 200
    assert not Schema.objects.exists()


def test_code_lists_are_pasted_and_published_again(person, other_commune) -> None:
    leader = person(Role.COORDINATOR)
    new = {"organization": "reze", "title": "Flux", "codes": "code\tfr\nA\tVerre"}
    assert leader.post("/console/code-lists/new/", new).headers["Location"] == "/console/code-lists/flux/"
    leader.post("/console/code-lists/flux/", {"codes": "code;fr\nA;Verre\nB;Papier"})
    assert [one.number for one in CodeList.objects.get().editions.all()] == ["2", "1"]
    assert leader.post("/console/code-lists/flux/", {"codes": "rien"}).status_code == 200
    stranger = person(Role.COORDINATOR, other_commune)
    assert stranger.post("/console/code-lists/flux/", {"codes": "code\nZ"}).status_code == 403
    assert CodeList.objects.get().editions.count() == 2
