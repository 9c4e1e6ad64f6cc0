"""French first, English for the asking."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

SAME_IN_BOTH = {"Organisations", "API", "Licences", "Discussions"}


def test_a_reader_changes_language_and_keeps_it(visit: Visit) -> None:
    page = visit.page
    visit.open("/explore/dataset/chantiers/table/?f_gene=forte")
    french = menus(visit)
    visit.find_in_menu("English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("status").first).to_contain_text("rows")
    assert "f_gene=forte" in page.url, "the page read before the change is the page read after"
    visit.look("table in English")
    assert set(menus(visit)) & set(french) <= SAME_IN_BOTH
    for path in ("/", "/explore/", "/help/", "/explore/dataset/chantiers/chart/", "/accounts/login/"):
        visit.open(path)
        expect(page.locator("html")).to_have_attribute("lang", "en")
        assert not set(menus(visit)) & set(french) - SAME_IN_BOTH
    visit.look("sign in in English")
    visit.find_in_menu("Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    visit.open("/explore/dataset/chantiers/table/")
    assert menus(visit) == french


def menus(visit: Visit) -> list[str]:
    """Every entry of the main menu, of the sections and of the foot of the page."""
    places = visit.page.locator("header nav:first-of-type a, nav.tabs a, footer nav a, footer nav h2")
    return [text.strip() for text in places.all_text_contents()]
