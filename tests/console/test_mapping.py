"""The page of the correspondence of columns, as a person uses it: with and without scripts."""

from __future__ import annotations

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bocage.check.models import Adoption, Schema, SchemaVersion
from bocage.organizations.vocabulary import Role
from bocage.pipeline.models import Draft

FILE = (
    "Nom du parking;Ville;Nb places;Ouvert O/N;date de mise à jour (jj/mm/aaaa);Capacité vélos\n"
    "Gare <b>;Rezé;12,0;O;05/07/2021;3\n"
    "Mairie;Bouaye;8;N;31/12/2020;\n"
).encode("cp1252")
FIELDS = [
    {"name": "nom", "title": "Nom du parking", "type": "string", "constraints": {"required": True}},
    {"name": "commune", "title": "Commune", "type": "string"},
    {"name": "nb_pl", "title": "Nombre de places", "type": "integer", "constraints": {"required": True}},
    {"name": "ouvert", "type": "boolean"},
    {"name": "date_maj", "type": "date", "constraints": {"required": True}},
    {"name": "siret", "title": "SIRET", "type": "string", "constraints": {"required": True, "pattern": "^\\d{14}$"}},
]


@pytest.fixture
def schema(db) -> Schema:
    made = Schema.objects.create(name="test/parkings", title="Parkings de proximité")
    descriptor = {"name": "parkings", "title": "Parkings", "version": "1.0.0", "fields": FIELDS}
    SchemaVersion.objects.create(schema=made, number="1.0.0", descriptor=descriptor)
    return made


@pytest.fixture
def draft(person, commune, schema, data_folder):
    client = person(Role.CONTRIBUTOR)
    sent = {"file": SimpleUploadedFile("parkings.csv", FILE), "organization": commune.slug}
    assert client.post("/console/publish/", sent).status_code == 302
    return client, Draft.objects.get()


def address(draft: Draft, page: str = "draft_mapping") -> str:
    return reverse(f"console:{page}", args=[draft.uid]) + "?schema=test/parkings"


def answers(page: str) -> dict[str, list[str]]:
    """What a browser would send back, nothing touched."""
    sent: dict[str, list[str]] = {}
    for name, options in re.findall(r'<select id="[^"]*" name="([^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = (
            re.findall(r'<option value="([^"]*)" selected', options)
            or re.findall(r'<option value="([^"]*)"', options)[:1]
        )
        sent.setdefault(name, []).extend(chosen)
    for name, value in re.findall(r'<input id="[^"]*" name="([^"]*)" value="([^"]*)"', page):
        sent.setdefault(name, []).append(value)
    for name, value in re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>(.*?)</textarea>', page, re.DOTALL):
        sent.setdefault(name, []).append(value)
    for name in re.findall(r'<input type="checkbox" id="[^"]*" name="([^"]*)" checked', page):
        sent.setdefault(name, []).append("on")
    return sent


def test_a_schema_is_chosen_first_those_that_are_asked_at_the_top(draft, commune, schema):
    client, mine = draft
    Schema.objects.create(name="test/arbres", title="Arbres")
    page = client.get(reverse("console:draft_mapping", args=[mine.uid])).content.decode()
    assert "Parkings de proximité" in page
    assert 'id="required"' not in page
    Adoption.objects.create(schema=schema, organization=commune)
    asked = client.get(reverse("console:draft_mapping", args=[mine.uid])).content.decode()
    assert asked.index('id="required"') < asked.index('id="all"')
    found = client.get(reverse("console:draft_mapping", args=[mine.uid]), {"choose": "1", "q": "rien du tout"})
    assert "test/parkings" not in found.content.decode().split('id="all"')[1]


def test_what_is_proposed_is_shown_with_its_effect_and_its_faults(draft):
    client, mine = draft
    page = client.get(address(mine)).content.decode()
    assert '<option value="Nb places" selected' in page
    assert "2021-07-05" in page
    assert "Gare &lt;b&gt;" in page
    assert "Gare <b>" not in page
    lacking = page.split('id="summary"')[1].split("<form")[0]
    assert 'href="#column-5"' in lacking


def test_what_is_kept_is_what_the_page_showed(draft):
    client, mine = draft
    sent = answers(client.get(address(mine)).content.decode())
    answer = client.post(address(mine), sent | {"save": "1", "policy": "quarantine", "contract": "evolve"})
    assert answer.status_code == 302
    assert answer["location"] == reverse("console:draft_details", args=[mine.uid])
    mine.refresh_from_db()
    kept = mine.conformity
    assert (kept["schema"], kept["version"], kept["policy"], kept["contract"]) == (
        "test/parkings",
        "1.0.0",
        "quarantine",
        "evolve",
    )
    columns = {one["target"]: one for one in kept["mapping"]["columns"]}
    assert columns["nb_pl"]["sources"] == ["Nb places"]
    assert [step["kind"] for step in columns["nb_pl"]["steps"]] == ["number"]
    assert [step["kind"] for step in columns["date_maj"]["steps"]] == ["date"]
    assert columns["ouvert"]["steps"][0]["params"] == {"true": "true", "false": "false"}
    assert "siret" not in columns
    assert kept["mapping"]["layout"][0] == "Nom du parking"
    assert kept["mapping"]["kinds"]["Nb places"] == "number"
    json.dumps(kept)
    again = client.get(reverse("console:draft_mapping", args=[mine.uid])).content.decode()
    assert answers(again) | {"csrfmiddlewaretoken": []} == sent | {
        "policy": ["quarantine"], "contract": ["evolve"], "csrfmiddlewaretoken": []
    }  # fmt: skip


def test_the_fragment_shows_the_effect_of_one_change(draft):
    client, mine = draft
    sent = answers(client.get(address(mine)).content.decode())
    sent |= {"source.1": ["Ville"], "step.1.0": ["case"], "step.1.0.to": ["upper"]}
    fragment = client.post(address(mine, "draft_mapping_preview") + "&field=1", sent).content.decode()
    assert "REZÉ" in fragment
    assert "<html" not in fragment
    assert "step.1.1" in fragment


def test_a_step_that_cannot_be_done_says_so_and_hides_no_other_column(draft):
    client, mine = draft
    sent = answers(client.get(address(mine)).content.decode())
    sent |= {"step.1.0": ["extract"], "step.1.0.pattern": ["(?=a)"], "preview": ["1"]}
    page = client.post(address(mine), sent).content.decode()
    assert page.count('class="error"') == 1
    assert "2021-07-05" in page


def test_unknown_columns_and_kinds_are_left_out(draft):
    client, mine = draft
    sent = {
        "source.0": ["Ville", "nothing of the kind"],
        "step.0.0": ["no such step"],
        "source.99": ["Ville"],
        "save": ["1"],
    }
    client.post(address(mine), sent)
    mine.refresh_from_db()
    assert mine.conformity["mapping"]["columns"] == [{"target": "nom", "sources": ["Ville"], "steps": []}]
    assert mine.conformity["contract"] == "freeze"


def test_nobody_else_opens_the_correspondence_of_a_draft(draft, person, other_commune):
    _client, mine = draft
    stranger = person(Role.CONTRIBUTOR, other_commune)
    assert stranger.get(address(mine)).status_code == 404
    assert stranger.post(address(mine, "draft_mapping_preview") + "&field=0").status_code == 404


@pytest.mark.parametrize("field", ["-1", "6", "x", ""])
def test_the_fragment_of_no_column_is_absent(draft, field):
    client, mine = draft
    assert client.post(address(mine, "draft_mapping_preview") + f"&field={field}", {}).status_code == 404


def test_a_schema_may_be_given_up(draft):
    client, mine = draft
    client.post(address(mine), {"save": "1"})
    client.post(reverse("console:draft_mapping", args=[mine.uid]), {"forget": "1"})
    mine.refresh_from_db()
    assert mine.conformity == {}
