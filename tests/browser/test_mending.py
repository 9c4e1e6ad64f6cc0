"""The file of a service, whose codes lost their zero, becomes that of the schema: mapped, mended row by row, seen by everybody."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import desk
from tests.browser.site import BOCAGE, Site, _run
from tests.browser.visit import DESKTOP, PHONE, Visit

pytestmark = pytest.mark.browser

COORDINATOR, COMMUNE = "coordination.reze", "Rezé"
NAME, TITLE = "test/bornes-fontaines", "Bornes à eau"
SLUG = "bornes-a-eau-de-reze"
DESCRIPTOR = {
    "name": "bornes-fontaines",
    "title": TITLE,
    "version": "1.0.0",
    "fields": [
        {"name": "id_borne", "title": "Identifiant", "constraints": {"required": True, "unique": True}},
        {"name": "code_insee", "title": "Code INSEE", "description": "Code INSEE de la commune", "example": "01004",
         "constraints": {"required": True, "pattern": "^([013-9]\\d|2[AB1-9])\\d{3}$"}},
        {"name": "date_maj", "title": "Date de mise à jour", "type": "date", "constraints": {"required": True}},
        {"name": "debit", "title": "Débit", "type": "number", "example": 1.8},
        {"name": "etat", "title": "État", "constraints": {"enum": ["en service", "hors service"]}},
    ],
    "primaryKey": ["id_borne"],
}  # fmt: skip
IN_HOUSE = (
    "Identifiant;Code INSEE;Date de mise à jour;Débit (l/s);État\r\n"
    "B-1;1004;15/03/2024;1,5;en service\r\n"
    "B-2;1053;02/09/2021;12,25;hors service\r\n"
    "B-3;7010;11/11/2015;0,75;à revoir\r\n"
).encode("cp1252")
ROWS = [
    {"id_borne": "B-1", "code_insee": "01004", "date_maj": "2024-03-15", "debit": 1.5, "etat": "en service"},
    {"id_borne": "B-2", "code_insee": "01053", "date_maj": "2021-09-02", "debit": 12.25, "etat": "hors service"},
    {"id_borne": "B-3", "code_insee": "07010", "date_maj": "2015-11-11", "debit": 0.75, "etat": "hors service"},
]


@pytest.fixture(scope="module")
def schema(site: Site, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A schema that anybody may follow, brought by the operator."""
    file: Path = tmp_path_factory.mktemp("schema") / "schema.json"
    file.write_text(json.dumps(DESCRIPTOR), encoding="utf-8")
    places = {"BOCAGE_DATA_DIR": str(site.folder), "DJANGO_SETTINGS_MODULE": "bocage.config.settings"}
    _run({**os.environ, **places}, *BOCAGE, "schemas", "import", str(file), "--name", NAME)
    return NAME


def test_rows_kept_aside_are_mended_and_join_the_others(enter: Callable[..., Visit], schema: str) -> None:
    visit = enter(DESKTOP)
    visit.sign_in(COORDINATOR)
    bring(visit, schema)
    page = visit.page
    expect(page.get_by_text(f"Schéma : {TITLE}, version 1.0.0.")).to_contain_text("5 colonnes sur 5")
    expect(page.get_by_text("1 ligne sera mise de côté")).to_be_visible()
    visit.look("before publishing")
    desk.describe(visit, title="Bornes à eau de Rezé")
    desk.publish(visit)
    assert rows(visit) == ROWS[:2]
    page.get_by_role("link", name="Voir pourquoi").click()
    mend(visit)
    assert rows(visit) == ROWS
    visit.open(f"/explore/dataset/{SLUG}/quality/")
    followed = page.get_by_role("listitem").filter(has=page.get_by_role("link", name=TITLE, exact=True))
    expect(followed).to_contain_text("les 3 lignes le suivent")
    visit.look("public quality")
    read_the_matrix(enter(PHONE), schema)
    for tab in ("quality", "conformity"):
        visit.open(f"/console/datasets/{SLUG}/{tab}/")
        visit.look(f"console {tab}")


def bring(visit: Visit, schema: str) -> None:
    """Until everything that Bocage proposes is kept, and what does not follow is put aside."""
    page = visit.page
    desk.drop(visit, IN_HOUSE, name="bornes.csv")
    page.get_by_role("link", name="Suivre un schéma").click()
    page.get_by_role("searchbox", name="Rechercher").fill(TITLE)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=TITLE, exact=True).click()
    code = page.locator("[data-mapping-row]", has=page.get_by_role("heading", name="Code INSEE"))
    expect(code.locator("[data-live]")).to_contain_text("01004")
    page.get_by_label("Quand des lignes ne suivent pas le schéma").select_option("quarantine")
    page.get_by_role("button", name="Garder cette correspondance et continuer").click()
    expect(page).to_have_url(desk.DETAILS)


def mend(visit: Visit) -> None:
    """By the keyboard; the cell says what is wrong with it."""
    page = visit.page
    cell = page.get_by_role("textbox", name=re.compile("tat, ligne 4$"))
    expect(cell).to_have_attribute("aria-invalid", "true")
    expect(cell).to_have_accessible_description(re.compile("en service"))
    visit.look("rows aside")
    cell.fill("hors service")
    publish = page.get_by_role("button", name="Enregistrer et publier ce qui est juste")
    publish.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(desk.RUN)
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est publié")


def read_the_matrix(stranger: Visit, schema: str) -> None:
    """A mayor compares the communes: hers does it, the next one not."""
    page = stranger.page
    stranger.open("/schemas/")
    page.get_by_role("main").get_by_role("link", name="Qui a adopté quoi").click()
    stranger.wait_for_script()
    page.get_by_label("Schéma", exact=True).select_option(schema)
    expect(page).to_have_url(re.compile("schema=test"))
    table = page.get_by_role("table", name="Qui a adopté quoi")
    expect(table.get_by_role("columnheader")).to_have_count(2)
    expect(table.get_by_role("columnheader", name=TITLE)).to_contain_text("conformes : 1 sur 1")
    mine = table.get_by_role("row", name=COMMUNE)
    expect(mine.get_by_role("link", name="Conforme")).to_have_attribute("href", f"/explore/dataset/{SLUG}/quality/")
    expect(table.get_by_role("row", name="Bouaye").get_by_role("link")).to_have_count(1)
    stranger.look("matrix")


def rows(visit: Visit) -> list[dict[str, object]]:
    answer = visit.site.get(f"/api/explore/v2.1/catalog/datasets/{SLUG}/records?order_by=id_borne")
    found: list[dict[str, object]] = answer["results"]
    return found
