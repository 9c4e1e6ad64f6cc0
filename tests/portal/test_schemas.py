"""The public pages of the registry: for people, and for machines that come back to the same address."""

from __future__ import annotations

import io
import itertools
import json
import zipfile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bocage.access.viewer import OPERATOR
from bocage.check.models import Adoption, Schema, SchemaVersion
from bocage.check.registry.adoption import adopt
from bocage.check.registry.code_list_writing import create_code_list
from bocage.check.registry.importing import import_schemas
from bocage.check.registry.writing import create_schema, edit_draft, propose, start_version
from bocage.check.vocabulary import SchemaLanguage, SchemaStatus
from bocage.organizations.models import Organization, Portal
from tests.portal.conftest import ATTACK
from tests.portal.test_pages import Page

NAME = "/schemas/orvault/places/"
HOSTILE = {
    "missingValues": ["", ATTACK],
    "primaryKey": [ATTACK],
    "custom_checks": [{"name": ATTACK, "params": {"column": ATTACK}}, {"name": "siret"}, ATTACK],
    "foreignKeys": [{"fields": [ATTACK], "reference": {"resource": ATTACK, "fields": [ATTACK]}}],
    "geography": {"fields": [ATTACK], "crs": "EPSG:4326"},
    "fields": [
        {"name": ATTACK, "title": ATTACK, "description": ATTACK, "example": ATTACK, "type": ATTACK, "format": ATTACK},
        {"name": "nature", "codeList": "natures", "constraints": {"pattern": ATTACK, "required": True, "minLength": 2}},
        {"name": "absente", "codeList": ATTACK},
        {"name": "valeurs", "constraints": {"enum": [ATTACK, *"abcdefgh"]}},
    ],
}


@pytest.fixture
def schema(organization: Organization, portal: Portal) -> Schema:
    """Two proposed versions of a schema whose every text tries to break out of the page, adopted."""
    codes = [{"code": ATTACK, "fr": ATTACK, "en": "", "parent": "", "synonyms": [ATTACK]}]
    create_code_list(viewer=OPERATOR, organization=organization, name="natures", title=ATTACK, codes=codes)
    first = create_schema(
        viewer=OPERATOR, user=None, organization=organization, slug="places", title=f"Places {ATTACK}", description=ATTACK,
        start={"fields": [{"name": "nature", "type": "string"}]},
    )  # fmt: skip
    edit_draft(viewer=OPERATOR, version=first, number="1.0.0")
    propose(viewer=OPERATOR, version=first)
    second = start_version(viewer=OPERATOR, user=None, schema=first.schema, of=first)
    edit_draft(viewer=OPERATOR, version=second, descriptor=HOSTILE, number="1.1.0", changes=ATTACK)
    second.status = SchemaStatus.PROPOSED  # so many faults could not be proposed from the pages
    second.save()
    second.schema.entry = {
        "labels": [ATTACK],
        "contact": ATTACK,
        "examples": [{"title": ATTACK, "path": "javascript:x"}],
    }
    second.schema.save()
    adopt(viewer=OPERATOR, user=None, schema=first.schema, organization=organization, version=second)
    return first.schema


PAGES = ["/schemas/", "/schemas/?q=orvault&kind=local&label=x", NAME, f"{NAME}1.1.0/", f"{NAME}compare/",
         f"{NAME}compare/?from=1.0.0&to=1.1.0", "/code-lists/", "/code-lists/natures/"]  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_whole_and_lets_nothing_hostile_out(client: Client, schema: Schema, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    html = answer.content.decode()
    page = Page(html)
    assert len(page.all("h1")) == 1
    levels = [int(tag[1]) for tag, _ in page.tags if tag in ("h1", "h2", "h3", "h4")]
    assert not [pair for pair in itertools.pairwise(levels) if pair[1] > pair[0] + 1]
    ids = [attributes["id"] for _, attributes in page.tags if attributes.get("id")]
    assert len(ids) == len(set(ids))
    for tag, attributes in page.tags:
        assert "style" not in attributes, tag
        assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
        assert not str(attributes.get("href") or "").lower().startswith("javascript:")
    assert all("src" in script for script in page.all("script"))


def test_the_schema_is_given_to_machines_of_other_sites_and_validated(client: Client, schema: Schema) -> None:
    answer = client.get(f"{NAME}1.1.0/schema.json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Content-Type"].startswith("application/json")
    again = client.get(f"{NAME}1.1.0/schema.json", headers={"if-none-match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"{NAME}1.0.0/schema.json").headers["ETag"] != answer.headers["ETag"]
    assert client.get(f"{NAME}latest/schema.json").content == answer.content


def test_code_lists_are_enumerations_for_whoever_checks_elsewhere(client: Client, schema: Schema) -> None:
    SchemaVersion.objects.filter(number="1.1.0").update(descriptor={"fields": [{"name": "n", "codeList": "natures"}]})
    given = json.loads(client.get(f"{NAME}1.1.0/schema.json").content)
    assert given["fields"][0]["constraints"] == {"enum": [ATTACK]}


def test_the_package_is_an_archive(client: Client, schema: Schema) -> None:
    answer = client.get(f"{NAME}1.0.0/package.zip")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="places-1.0.0.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert json.loads(archive.read("schema.json"))["homepage"].endswith(NAME)


def test_another_platform_imports_our_catalogue(client: Client, schema: Schema, tmp_path) -> None:
    data = json.loads(client.get("/schemas/schemas.json").content)
    assert [one["version_name"] for one in data["schemas"][0]["versions"]] == ["1.0.0", "1.1.0"]
    file = tmp_path / "schemas.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    done = list(import_schemas(str(file)))
    assert [(one.name, one.number, one.outcome.value) for one in done] == [
        ("orvault/places", "1.0.0", "known"),
        ("orvault/places", "1.1.0", "known"),
    ]


@pytest.mark.parametrize("extension", ["ttl", "jsonld"])
def test_code_lists_are_given_in_skos(client: Client, schema: Schema, extension: str) -> None:
    answer = client.get(f"/code-lists/natures/1.{extension}")
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(f"/code-lists/natures/2.{extension}").status_code == 404


def test_a_draft_is_nowhere_for_a_stranger(client: Client, schema: Schema) -> None:
    first = schema.versions.get(number="1.0.0")
    draft = start_version(viewer=OPERATOR, user=None, schema=schema, of=first)
    for path in ("", "schema.json", "package.zip"):
        assert client.get(f"{NAME}{draft.number}/{path}").status_code == 404
    assert client.get(f"{NAME}compare/?to={draft.number}").status_code == 404
    for page in (NAME, "/schemas/", "/schemas/schemas.json"):
        assert draft.number not in client.get(page).content.decode()


@pytest.mark.parametrize(
    "path", ["/schemas/a/b/", "/schemas/a/b/1/schema.json", "/schemas/a/b/compare/", "/code-lists/x/"]
)
def test_what_is_not_there_is_not_there(client: Client, portal: Portal, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_json_schema_is_listed_and_said_not_to_be_checked(client: Client, portal: Portal) -> None:
    schema = Schema.objects.create(name="etalab/zfe", title="ZFE", language=SchemaLanguage.JSON)
    SchemaVersion.objects.create(schema=schema, number="1.0.0", descriptor={"properties": {}})
    for path in ("/schemas/", "/schemas/etalab/zfe/"):
        assert "not checked yet" in client.get(path).content.decode()


def test_words_and_filters_find_the_schema_without_its_accents(client: Client, portal: Portal) -> None:
    for name, label in (("scdl/velo", "SCDL"), ("scdl/eau", "")):
        schema = Schema.objects.create(name=name, title={"scdl/velo": "Vélos", "scdl/eau": "Fontaines"}[name])
        schema.entry = {"labels": [label]} if label else {}
        schema.save()
        SchemaVersion.objects.create(schema=schema, number="1.0.0", descriptor={"fields": []})
    for query in ("?q=VELOS", "?label=SCDL", "?q=velos&kind=national&page=99"):
        html = client.get(f"/schemas/{query}").content.decode()
        assert "Vélos" in html
        assert "Fontaines" not in html


def test_the_list_costs_the_same_whatever_its_length(
    client: Client, schema: Schema, organization: Organization
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/schemas/").status_code == 200
            assert client.get(NAME).status_code == 200
        return len(queries)

    few = cost()
    for rank in range(15):
        other = Schema.objects.create(name=f"a/s{rank}", title=f"S {rank}")
        SchemaVersion.objects.create(schema=other, number="1.0.0", descriptor={"fields": []})
        SchemaVersion.objects.create(schema=schema, number=f"0.{rank}.0", descriptor={"fields": []})
        Adoption.objects.create(schema=other, organization=organization)
    assert cost() == few
