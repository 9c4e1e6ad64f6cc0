"""The commons: communes created in one go and merged, common rules decided and met, a refusal explained, whom to ask found."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import desk
from tests.browser.visit import DESKTOP, PHONE, Visit

pytestmark = pytest.mark.browser

OPERATOR, COORDINATOR = "exploitation", "coordination.reze"
COMMUNES = [(f"Saint-Martin-{n:02d}", f"85{n:03d}") for n in range(1, 25)]
TABLE = "nom;code insee;population\n" + "".join(f"{name};{code};1200\n" for name, code in COMMUNES)
CONTENT = b"code_insee;rue;places\r\n44143;Rue des Lilas;12\r\n"


def root_of(visit: Visit) -> str:
    """The identifier of the organisation of the root, from the list."""
    visit.open("/console/organizations/?q=m%C3%A9tropole")
    link = visit.page.locator("a.row__title").first
    return str(link.get_attribute("href")).rstrip("/").rsplit("/", 1)[1]


def test_communes_created_in_one_go_then_merged(enter: Callable[..., Visit]) -> None:
    visit = enter(DESKTOP)
    visit.sign_in(OPERATOR)
    page = visit.page
    visit.open(f"/console/organization/{root_of(visit)}/several/")
    visit.look("empty")
    page.get_by_label("Le tableau").fill(TABLE)
    page.get_by_role("button", name="Voir ce qui est compris").click()
    expect(page.get_by_text("24 organisations seront créées")).to_be_visible()
    expect(page.locator("table tbody tr")).to_have_count(24)
    visit.look("understood")
    page.get_by_role("button", name="Créer ces 24 organisations").click()
    expect(page.get_by_text("24 organisations créées")).to_be_visible()

    page.get_by_label("Nom, code INSEE ou SIREN").fill("Saint-Martin-07")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name="Saint-Martin-07", exact=True).click()
    page.get_by_role("link", name="Elle rejoint une autre organisation").click()
    visit.look("merger")
    page.get_by_label("Elle rejoint").fill("Saint-Martin-08")
    page.get_by_role("button", name="Voir ce qui s’ensuit").click()
    expect(page.get_by_role("heading", name="Si Saint-Martin-07 rejoint Saint-Martin-08")).to_be_visible()
    visit.look("what follows")
    page.get_by_role("button", name="Saint-Martin-07 rejoint Saint-Martin-08").click()
    expect(page).to_have_url(re.compile(r"/console/organization/saint-martin-08/$"))
    expect(page.get_by_text("Saint-Martin-07").first).to_be_visible()
    visit.look("merged")

    stranger = enter(PHONE)
    stranger.open("/organizations/saint-martin-07/")
    expect(stranger.page).to_have_url(re.compile(r"/organizations/saint-martin-08/$"))
    stranger.look("successor")


def test_a_refusal_is_explained(enter: Callable[..., Visit]) -> None:
    visit = enter(DESKTOP)
    visit.sign_in(COORDINATOR)
    page = visit.page
    desk.drop(visit, CONTENT, name="places-reservees.csv")
    desk.accept(visit)
    desk.describe(visit, title="Places réservées de Rezé", visibility="Privé")
    desk.publish(visit)
    visit.open("/console/datasets/places-reservees-de-reze/access/")
    email = visit.site.account("coordination.bouaye")["email"]
    page.get_by_label("Courriel d’une personne").fill(email)
    page.get_by_role("button", name="Expliquer").click()
    expect(page.get_by_role("cell", name="Rien ne l’autorise").first).to_be_visible()
    visit.look("why not")


def test_common_rules_are_decided_then_met_by_a_commune(enter: Callable[..., Visit]) -> None:
    operator = enter(DESKTOP)
    operator.sign_in(OPERATOR)
    page = operator.page
    address = f"/console/organization/{root_of(operator)}/standards/"
    operator.open(address)
    operator.look("rules before")
    page.get_by_role("checkbox", name="Licence Ouverte").check()
    page.get_by_label("Nombre de versions gardées, au plus").fill("500")
    page.get_by_role("button", name="Voir ce qui serait retiré").click()
    expect(page.get_by_text("Aucune version ne serait retirée aujourd’hui.")).to_be_visible()
    operator.look("ahead")
    page.get_by_role("button", name="Décider").click()
    expect(page.get_by_text("C’est décidé, dès maintenant.")).to_be_visible()
    operator.look("decided")
    try:
        commune = enter(PHONE)
        commune.sign_in(COORDINATOR)
        desk.drop(commune, CONTENT, name="regles.csv")
        desk.accept(commune)
        choices = commune.page.get_by_label("Licence", exact=True).locator("option")
        expect(choices).to_have_count(1)
        expect(commune.page.get_by_text("Seul ce qu’autorise").first).to_be_visible()
        commune.look("only what is allowed")
        commune.open("/console/organization/reze/standards/")
        expect(commune.page.get_by_role("heading", name="Ce qui vient d’au-dessus")).to_be_visible()
        commune.look("from above")
    finally:
        operator.open(address)
        page.get_by_role("checkbox", name="Licence Ouverte").uncheck()
        page.get_by_label("Nombre de versions gardées, au plus").fill("")
        page.get_by_role("button", name="Décider").click()
        expect(page.get_by_text("C’est décidé, dès maintenant.")).to_be_visible()


def test_whom_to_ask_is_found(enter: Callable[..., Visit]) -> None:
    visit = enter(PHONE)
    visit.sign_in(COORDINATOR)
    visit.open("/console/directory/")
    visit.look("directory")
    visit.page.get_by_label("Nom de l’organisation ou code INSEE").fill("Bouaye")
    visit.page.get_by_role("button", name="Chercher").click()
    expect(visit.page.get_by_text("coordination.bouaye@").first).to_be_visible()
    expect(visit.page.get_by_text("coordination.reze@")).to_have_count(0)
    visit.look("found")


def test_a_version_is_kept_and_another_leaves(enter: Callable[..., Visit]) -> None:
    visit = enter(DESKTOP)
    visit.sign_in(COORDINATOR)
    page = visit.page
    desk.drop(visit, CONTENT, name="bornes.csv")
    desk.accept(visit)
    desk.describe(visit, title="Bornes de Rezé")
    desk.publish(visit)
    desk.drop(visit, CONTENT + b"44143;Quai;3\r\n", name="bornes.csv", dataset="bornes-de-reze")
    desk.accept(visit)
    desk.publish(visit)
    visit.open("/console/datasets/bornes-de-reze/versions/")
    page.locator("summary", has_text="La conserver ou la retirer").click()
    visit.look("choices")
    page.get_by_role("button", name="La retirer dans quatorze jours").click()
    expect(page.get_by_text("Retirée le").first).to_be_visible()
    visit.look("leaving")
    page.get_by_label("Pourquoi doit-elle rester").fill("Avant les travaux")
    page.get_by_role("button", name="Conserver cette version").click()
    expect(page.get_by_text("Avant les travaux")).to_be_visible()
    visit.look("kept")
