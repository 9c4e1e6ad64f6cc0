"""A steward draws a map by the values of a field, without writing a style, and everybody sees it with its legend."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DATASET = "fontaines"
DESK = f"/console/datasets/{DATASET}/styles/"


def test_a_map_is_drawn_by_the_values_of_a_field(visit: Visit) -> None:
    page = visit.page
    visit.sign_in("administration.nantes-metropole")
    visit.open(DESK)
    visit.look("styles")
    page.get_by_role("link", name="Créer un style").click()
    page.get_by_role("link", name="Une couleur par valeur").click()
    page.get_by_label("Champ").select_option("accessible_pmr")
    page.get_by_role("button", name="Montrer").click()
    page.locator("[data-map][data-ready]").wait_for()
    page.get_by_label("Mots de").first.fill("Pas toujours accessibles")
    page.get_by_role("button", name="Voir ces changements").click()
    page.locator("[data-map][data-ready]").wait_for()
    expect(page.get_by_role("list", name="Légende")).to_contain_text("Pas toujours accessibles")
    visit.look("a style is made")
    page.get_by_label("Nom du style").fill(f"Gratuité ({visit.device.name})")
    page.get_by_label("Dessiner le jeu de données avec ce style").check()
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("Le style est enregistré.")).to_be_visible()
    visit.look("the style is kept")

    visit.open(f"/explore/dataset/{DATASET}/map/")
    page.locator("[data-map][data-ready]").wait_for()
    expect(page.get_by_role("list", name="Légende")).to_contain_text("Pas toujours accessibles")
    visit.look("the map by the style")
    page.get_by_label("Comment la carte est dessinée").select_option(label="Le style habituel")
    page.get_by_role("button", name="Dessiner").click()
    page.wait_for_url("**style=usual**")
    expect(page.get_by_role("list", name="Légende")).not_to_contain_text("Pas toujours accessibles")

    visit.open(DESK)
    page.get_by_role("button", name="Annuler le dernier changement").click()
    expect(page.get_by_text("Le dernier changement des styles est annulé.")).to_be_visible()
    expect(page.get_by_text(f"Gratuité ({visit.device.name})")).to_have_count(0)
