"""The map of a dataset, by hand, by keyboard, on paper: what it shows, the list and the table are the same rows."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.visit import PHONE, Visit

pytestmark = pytest.mark.browser

MAP = "/explore/dataset/chantiers/map/"
POINTS_PER_MM = 72 / 25.4
DRAWING_MS = 60_000
"""Sheets have many points, and no graphic card draws them here."""


def open_map(visit: Visit, address: str = MAP) -> Page:
    """The map, drawn, and its list, that of what is seen."""
    visit.open(address)
    expect(visit.page.locator("[data-said]")).to_be_hidden()
    expect(title(visit.page)).to_contain_text("dans cette zone")
    return visit.page


def title(page: Page) -> Locator:
    return page.locator("#map-list-title")


def places(page: Page) -> Locator:
    return page.locator("[data-place]")


def popup(page: Page) -> Locator:
    return page.locator(".maplibregl-popup")


def said(page: Page) -> Locator:
    return page.locator("[data-said]")


def test_a_place_is_chosen_in_the_list_and_left_by_the_button_back(visit: Visit) -> None:
    page = open_map(visit)
    visit.look("map")
    link = places(page).nth(2)
    name = link.locator(".map-list__name").inner_text()
    identifier = link.get_attribute("data-place")
    link.click()
    expect(popup(page).locator(".popup__title")).to_have_text(name)
    expect(popup(page).locator("dt", has_text="code_insee")).to_be_visible()
    expect(page).to_have_url(re.compile(f"place={identifier}"))
    visit.look("popup")
    page.go_back()
    expect(popup(page)).to_have_count(0)
    expect(page).not_to_have_url(re.compile("place="))
    page.go_forward()
    expect(popup(page).locator(".popup__title")).to_have_text(name)
    popup(page).get_by_role("link", name="Ouvrir la fiche").click()
    expect(page.get_by_role("heading", level=2, name=name)).to_be_visible()
    visit.look("record")
    page.get_by_role("link", name="Le voir sur la carte").click()
    expect(popup(page).locator(".popup__title")).to_have_text(name)


def test_the_keyboard_alone_goes_from_the_list_to_the_place_and_back(enter: Callable[..., Visit]) -> None:
    page = open_map(enter())
    places(page).nth(1).focus()
    expect(page.locator(".map__pin")).to_be_visible()
    page.keyboard.press("Tab")
    identifier = page.evaluate("document.activeElement.dataset.place")
    assert identifier == places(page).nth(2).get_attribute("data-place")
    page.keyboard.press("Enter")
    expect(popup(page).locator(".popup__title")).to_be_focused()
    expect(title(page)).not_to_contain_text("246")  # the list follows the map
    page.keyboard.press("Escape")
    expect(popup(page)).to_have_count(0)
    expect(page.locator(f"[data-place='{identifier}']")).to_be_focused()
    page.locator(".maplibregl-canvas").focus()
    before = page.url
    page.keyboard.press("-")
    expect(page).not_to_have_url(before)
    expect(page.locator("#live")).to_contain_text("dans cette zone")


def test_filters_are_those_of_the_table(visit: Visit) -> None:
    page = open_map(visit)
    page.get_by_text("Filtrer les lieux").click()
    page.get_by_label("gene", exact=True).first.fill("barree")
    visit.look("filters")
    with page.expect_request(lambda request: "/map/tiles/" in request.url and "f_gene=barree" in request.url):
        page.get_by_role("button", name="Appliquer").click()
    expect(title(page)).to_contain_text("dans cette zone")
    found = int(re.sub(r"\D", "", title(page).inner_text()))
    assert 0 < found < 246
    page.get_by_role("link", name="Les mêmes lignes dans le tableau").click()
    expect(page.get_by_role("status").first).to_contain_text(f"{found} lignes")
    visit.follow_tab("Carte")
    expect(title(page)).to_contain_text(f"{found} lieux")
    view = re.search(r"view=([^&]+)", page.url)
    page.get_by_label("Filtres en place").get_by_role("link", name="Retirer le filtre").first.click()
    expect(title(page)).to_contain_text("246 lieux")
    assert view is None or view.group(1)[:4] in page.url


def test_the_address_keeps_what_is_seen(visit: Visit) -> None:
    page = open_map(visit, f"{MAP}?view=14/47.2184/-1.5536")
    seen = title(page).inner_text()
    assert "246" not in seen
    page.get_by_text("Partager").click()
    expect(page.get_by_label("Adresse de ce que l’on voit")).to_have_value(re.compile(r"view=14[\d.]*/47\.218"))
    code = page.locator("[data-code]")
    expect(code).to_be_visible()
    expect(code).to_have_js_property("complete", True)
    assert code.evaluate("one => one.naturalWidth") > 50
    visit.look("share")
    address = page.get_by_label("Adresse de ce que l’on voit").input_value()
    open_map(visit, address.removeprefix(visit.site.url))
    expect(title(page)).to_have_text(seen)


def test_measuring_by_keyboard(enter: Callable[..., Visit]) -> None:
    visit = enter()
    page = open_map(visit, f"{MAP}?view=16/47.2184/-1.5536")
    page.get_by_role("button", name="Mesurer").click()
    expect(said(page)).to_contain_text("Échap")
    expect(page.locator(".maplibregl-canvas")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    expect(page).not_to_have_url(re.compile("-1.5536"))
    page.keyboard.press("Enter")
    expect(said(page)).to_have_text(re.compile(r"Longueur : \d+(,\d)? m\."))
    # MapLibre moves by 100 pixels: at this zoom and latitude, 0.811 m each.
    assert float(re.sub(r"[^\d,]", "", said(page).inner_text()).strip(",").replace(",", ".")) == pytest.approx(
        81.1, abs=1
    )
    page.keyboard.press("ArrowDown")
    expect(page).not_to_have_url(re.compile("47.21840"))
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("Surface")
    visit.look("measure")
    page.keyboard.press("Backspace")
    expect(said(page)).not_to_contain_text("Surface")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Mesurer")).to_have_attribute("aria-pressed", "false")
    expect(said(page)).to_contain_text("La mesure est terminée")


def test_a_position_is_asked_when_somebody_asks(enter: Callable[..., Visit]) -> None:
    visit = enter(PHONE)
    page = open_map(visit)
    visit.context.set_geolocation({"latitude": 47.2184, "longitude": -1.5536, "accuracy": 40})
    visit.context.grant_permissions(["geolocation"])
    page.get_by_role("button", name="Me situer").click()
    expect(said(page)).to_contain_text("à 40 m près")
    expect(page).to_have_url(re.compile(r"view=1\d\.\d\d/47\.218\d+/-1\.553"))
    visit.look("located")


def test_a_refusal_is_explained(enter: Callable[..., Visit]) -> None:
    visit = enter()
    page = open_map(visit)
    visit.context.clear_permissions()
    page.get_by_role("button", name="Me situer").click()
    expect(said(page)).to_contain_text("Autorisez-la dans les réglages")


def test_a_sheet_is_printed_at_its_scale(visit: Visit) -> None:
    page = open_map(visit, f"{MAP}?view=13/47.2184/-1.5536")
    page.get_by_role("link", name="Imprimer").click()
    sheet = page.locator("bocage-sheet")
    expect(sheet).to_have_attribute("data-drawn", re.compile(r"\d"), timeout=DRAWING_MS)
    page.get_by_label("Papier").select_option("a4-portrait")
    page.get_by_label("Échelle", exact=True).select_option("25000")
    page.get_by_role("button", name="Dessiner").click()
    expect(sheet).to_have_attribute("data-scale", "25000")
    expect(sheet).to_have_attribute("data-drawn", re.compile(r"\d"), timeout=DRAWING_MS)
    assert float(sheet.get_attribute("data-drawn") or 0) == pytest.approx(25_000, rel=0.005)
    bar = page.locator("[data-bar]").bounding_box()
    assert bar is not None
    assert bar["width"] * 25.4 / 96 / 1000 * 25_000 == pytest.approx(1_000, rel=0.01)
    expect(page.locator(".sheet__foot")).to_contain_text("0 – 1 km")
    visit.look("sheet")
    if not visit.device.touch:
        content = page.pdf(prefer_css_page_size=True)
        boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content)
        assert len(boxes) == 1, "one page"
        assert [float(side) for side in boxes[0]] == pytest.approx([210 * POINTS_PER_MM, 297 * POINTS_PER_MM], abs=1.5)


def test_groups_are_counted_exactly(visit: Visit) -> None:
    """What is written on the circles, and the places beside, are all that there is."""
    page = open_map(visit, "/explore/dataset/chantiers/map/?view=7/47.2184/-1.5536")
    expect(title(page)).to_contain_text("246 lieux")
    visit.look("far")
    page.locator("canvas.maplibregl-canvas").click()
    expect(page).to_have_url(re.compile(r"view=9"))  # a group opens
    expect(popup(page)).to_have_count(0)
    page.get_by_text("Ouvrir dans QGIS").click()
    project = visit.download(page.get_by_role("link", name="Projet prêt à ouvrir"))
    assert project.suggested_filename == "chantiers.qgs"
    assert "OAPIF" in project.path().read_text("utf-8")
