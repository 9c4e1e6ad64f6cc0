"""A town-hall secretary maps the file of the service to a national schema, with and without scripts."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.site import BOCAGE, ROOT, Site, _run
from tests.browser.visit import PHONE, Visit

pytestmark = pytest.mark.browser

COORDINATOR = "coordination.reze"
SCHEMA = "schemas/table-schema/etalab/schema-lieux-covoiturage/0.3.1/schema.json"
ESTREES = "invalid/etalab__schema-lieux-covoiturage/in-house-estrees.csv"
OPERATOR = "in-house/covoiturage-blablacar.xlsx"
NAMED = "test/covoiturage"


@pytest.fixture(scope="module")
def carpool(site: Site, shared_data: Path) -> str:
    environment = {
        **os.environ,
        "BOCAGE_DATA_DIR": str(site.folder),
        "DJANGO_SETTINGS_MODULE": "bocage.config.settings",
    }
    assert sys.executable == BOCAGE[0]
    assert ROOT.is_dir()
    _run(environment, *BOCAGE, "schemas", "import", str(shared_data / SCHEMA), "--name", NAMED)
    return NAMED


def brought(visit: Visit, file: Path, schema: str) -> None:
    """The file dropped, the page of the correspondence open."""
    visit.sign_in(COORDINATOR)
    visit.open("/console/publish/")
    visit.page.get_by_label("Choisissez le fichier").set_input_files(file)
    visit.page.get_by_role("button", name="Envoyer le fichier").click()
    expect(visit.page).to_have_url(re.compile(r"/console/publish/dr_\w+/$"))
    path = re.sub(r"^https?://[^/]*", "", visit.page.url)
    visit.open(f"{path}mapping/")
    visit.look("choose")
    visit.open(f"{path}mapping/?schema={schema}")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Correspondance des colonnes")


def test_the_effect_of_a_change_is_shown_at_once(resized: Visit, carpool: str, shared_data: Path) -> None:
    brought(resized, shared_data / OPERATOR, carpool)
    resized.look("operator")
    page = resized.page
    row = page.locator("[data-mapping-row]", has=page.get_by_role("heading", name="nom_lieu"))
    row.get_by_label("Colonne de votre fichier").select_option(value="Ville")
    expect(row.locator("[data-live]")).to_contain_text("Attignat")
    row.locator("summary").click()
    row.get_by_label("Ajouter une modification").select_option(label="Majuscules et minuscules")
    row.get_by_label("Écrire en").select_option(label="CAPITALES")
    expect(row.locator("[data-live]")).to_contain_text("ATTIGNAT")
    resized.look("changed")
    page.get_by_role("button", name="Garder cette correspondance et continuer").click()
    expect(page).to_have_url(re.compile(r"/details/$"))


def test_everything_is_done_without_script(enter: Callable[..., Visit], carpool: str, shared_data: Path) -> None:
    visit = enter(PHONE, script=False)
    brought(visit, shared_data / ESTREES, carpool)
    visit.look("small commune")
    page = visit.page
    row = page.locator("[data-mapping-row]", has=page.get_by_role("heading", name="id_local"))
    row.get_by_role("button", name="Prendre « id_lieu »").click()
    expect(row.get_by_text("Votre choix").or_(row.get_by_text("À vérifier"))).to_be_visible()
    page.get_by_role("button", name="Garder cette correspondance et continuer").click()
    expect(page).to_have_url(re.compile(r"/details/$"))
