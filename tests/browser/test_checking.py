"""Journeys of the check: a file on a public page; an in-house file mapped, mended, published; a schema written and adopted."""

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

REZE, METROPOLE = "coordination.reze", "coordination.nantes-metropole"
NAME = "test/bancs"
SCHEMA = {
    "name": "bancs",
    "title": "Bancs publics",
    "version": "1.0.0",
    "fields": [
        {"name": "id_banc", "title": "Identifiant", "description": "Identifiant du banc", "constraints": {"required": True}},
        {"name": "code_insee", "title": "Code INSEE", "description": "Code INSEE de la commune", "example": "01004",
         "constraints": {"required": True, "pattern": "^[0-9AB]{5}$"}},
        {"name": "date_maj", "title": "Date de mise à jour", "type": "date", "example": "2024-02-28",
         "constraints": {"required": True}},
        {"name": "longueur", "title": "Longueur en mètres", "type": "number", "example": 1.8},
        {"name": "etat", "title": "État", "constraints": {"enum": ["bon", "moyen", "mauvais"]}},
    ],
}  # fmt: skip
IN_HOUSE = "Identifiant;Code INSEE;Date de mise à jour;Longueur (m);État\n" + "".join(
    f"B{n:03d};44143;{1 + n % 28:02d}/03/2024;{1 + n % 3},5;{('bon', 'moyen', 'mauvais')[n % 3]}\n" for n in range(40)
)
WRONG = """id_banc,code_insee,date_maj,longueur,etat
B1,44143,28/02/2024,1.8,bon
B2,44143,2024-02-28,1,bien
B3,44143,2024-03-01,"1,5",bon
"""


@pytest.fixture(scope="module")
def benches(site: Site, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A schema of the platform, as a national one."""
    file: Path = tmp_path_factory.mktemp("schema") / "schema.json"
    file.write_text(json.dumps(SCHEMA), encoding="utf-8")
    environment = {
        **os.environ, "BOCAGE_DATA_DIR": str(site.folder), "DJANGO_SETTINGS_MODULE": "bocage.config.settings",
    }  # fmt: skip
    _run(environment, *BOCAGE, "schemas", "import", str(file), "--name", NAME)
    return NAME


def test_anybody_checks_a_file_and_takes_the_corrected_one(visit: Visit, benches: str) -> None:
    visit.open("/")
    visit.find_in_menu("Vérifier un fichier").click()
    visit.look("form")
    page = visit.page
    page.get_by_label("Quel schéma").select_option(benches)
    page.get_by_label("Choisissez le fichier").set_input_files(
        {"name": "bancs.csv", "mimeType": "text/csv", "buffer": WRONG.encode()}
    )
    page.get_by_role("button", name="Vérifier", exact=True).click()
    expect(page).to_have_url(re.compile(r"/check/(?!$).+/$"))
    expect(page.get_by_text("3 problèmes à corriger sur 3 lignes")).to_be_visible()
    expect(page.get_by_role("cell", name="2024-02-28", exact=True)).to_be_visible()
    visit.look("report")
    page.get_by_role("button", name="Accepter toutes les propositions").click()
    expect(page.get_by_text("1 problème à corriger")).to_be_visible()
    visit.look("mended")
    given = visit.download(page.get_by_role("link", name="Télécharger le fichier corrigé"))
    text = Path(given.path()).read_text(encoding="utf-8-sig")
    assert "2024-02-28" in text
    assert "28/02/2024" not in text
    assert "1.5" in text


def test_an_in_house_file_is_mapped_and_published_to_the_schema(resized: Visit, benches: str) -> None:
    visit = resized
    visit.sign_in(REZE)
    desk.drop(visit, IN_HOUSE.encode("cp1252"), name="bancs-service.csv")
    page = visit.page
    draft = re.sub(r"^https?://[^/]*", "", page.url)
    visit.open(f"{draft}mapping/?schema={benches}")
    visit.look("mapping")
    page.get_by_role("button", name="Garder cette correspondance et continuer").click()
    expect(page).to_have_url(desk.DETAILS)
    visit.look("before publishing")
    desk.describe(visit, title="Bancs de Rezé")
    desk.publish(visit)
    visit.look("published")
    page.get_by_role("link", name="Voir la page").click()
    answer = page.request.get(f"{visit.site.url}/api/explore/v2.1/catalog/datasets/bancs-de-reze/records")
    first = answer.json()["results"][0]
    assert first == {"id_banc": "B000", "code_insee": "44143", "date_maj": "2024-03-01", "longueur": 1.5, "etat": "bon"}
    visit.follow_tab("Qualité")
    expect(page.get_by_text("Bancs publics").first).to_be_visible()
    visit.look("quality")


def test_a_local_schema_is_written_proposed_and_adopted_by_a_commune(enter: Callable[..., Visit]) -> None:
    leader, commune = enter(DESKTOP), enter(PHONE)
    leader.sign_in(METROPOLE)
    leader.open("/console/schemas/new/")
    leader.look("new schema")
    page = leader.page
    page.get_by_label("Titre").fill("Boîtes à livres")
    page.get_by_role("radio", name="Des colonnes d’un jeu de données").check()
    page.locator("select[name=dataset]").select_option("fontaines")
    page.get_by_role("button", name="Créer le brouillon").click()
    leader.look("draft")
    leader.open("/console/schemas/nantes-metropole/boites-a-livres/")
    leader.look("schema")
    page.get_by_role("button", name="Le proposer").click()
    leader.look("proposed")
    commune.sign_in(REZE)
    commune.open("/console/schemas/nantes-metropole/boites-a-livres/")
    adopted = commune.page.get_by_role("button", name=re.compile("^Adopter"))
    expect(adopted.first).to_be_visible()
    adopted.first.click()
    expect(commune.page.get_by_text("Rezé").first).to_be_visible()
    commune.look("adopted")
    commune.open("/schemas/nantes-metropole/boites-a-livres/")
    commune.look("public page")


def test_the_matrix_of_communes_is_read(resized: Visit, benches: str) -> None:
    resized.open("/adoption/")
    expect(resized.page.get_by_role("heading", level=1)).to_have_text("Qui a adopté quoi")
    resized.look("matrix")
