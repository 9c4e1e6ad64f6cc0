"""Where JavaScript is off, or did not come: the same journeys, on the pages that the server makes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import desk, stays
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser


def test_a_visitor_searches_filters_draws_and_downloads(enter: Callable[..., Visit]) -> None:
    visit = enter(script=False)
    page = visit.page
    visit.open("/")
    page.get_by_role("searchbox").fill("chanteirs")
    page.get_by_role("button", name="Rechercher").click()
    visit.look("search")
    page.get_by_role("link", name="Chantiers en cours et à venir").click()
    visit.follow_tab("Tableau")
    page.get_by_text("Filtrer par colonne").click()
    page.get_by_label("gene", exact=True).first.fill("forte")
    page.get_by_role("button", name="Appliquer").click()
    assert set(page.locator(".table tbody td:nth-child(8)").all_inner_texts()) == {"forte"}
    visit.look("table")
    visit.follow_tab("Graphique")
    page.get_by_label("Pour chaque").select_option("gene")
    page.get_by_role("button", name="Dessiner").click()
    expect(page.get_by_role("rowheader", name="forte")).to_be_visible()
    lengths = [box["width"] for bar in page.locator(".bar rect").all() if (box := bar.bounding_box())]
    assert len(lengths) == 4
    assert lengths == sorted(lengths, reverse=True)
    visit.look("chart")
    visit.follow_tab("Carte")
    expect(page.locator("bocage-map noscript .notice")).to_be_visible()
    visit.look("map")
    visit.follow_tab("Télécharger")
    file = visit.download(page.get_by_role("link", name="Télécharger en CSV"))
    rows = list(csv.DictReader(io.StringIO(file.path().read_text("utf-8-sig")), delimiter=";"))
    assert {row["gene"] for row in rows} == {"faible", "moyenne", "forte", "route barrée"}


def test_a_coordinator_publishes(enter: Callable[..., Visit]) -> None:
    visit = enter(script=False)
    visit.sign_in("coordination.reze")
    desk.publish_dataset(visit, stays.written(stays.ROWS), title="Séjours sans script")  # the page refreshes itself
    visit.look("published")
    visit.page.get_by_role("link", name="Voir la page").click()
    expect(visit.page.get_by_role("cell", name="Gîte de l’Albarine")).to_be_visible()
