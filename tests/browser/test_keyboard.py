"""Without a mouse: everything is reached, operated and seen where it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

MOST_STOPS = 40

FOCUS = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  const outlined = (part) => {
    const style = getComputedStyle(part);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  return {
    text: (one.textContent || one.getAttribute("aria-label") || one.id).replace(/\\s+/g, " ").trim(),
    outlined: outlined(one) || outlined(one.parentElement),
    inside: box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth && box.width * box.height > 0,
  };
}"""


def test_a_search_is_led_to_a_sorted_table(enter: Callable[..., Visit]) -> None:
    visit = enter()
    page = visit.page
    visit.open("/")
    skip_to_content(visit)
    stop_at(visit, "home-search")
    page.keyboard.type("fontene")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("fontene")
    skip_to_content(visit)
    stop_at(visit, "Fontaines à eau de Rezé")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Fontaines à eau de Rezé")
    skip_to_content(visit)
    stop_at(visit, "Tableau")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Fontaines à eau de Rezé – Tableau – Données du bocage nantais")
    skip_to_content(visit)
    stop_at(visit, "Filtrer par colonne, choisir les colonnes")
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Filtres")).to_be_visible()
    page.keyboard.press("Enter")
    stop_at(visit, "id")
    visit.look("focus on a title")
    page.keyboard.press("Enter")
    head = page.get_by_role("columnheader", name="id", exact=True)
    expect(head).to_have_attribute("aria-sort", "ascending")
    first = page.locator(".table tbody td").first
    expect(first).to_have_text("F001")
    skip_to_content(visit)
    stop_at(visit, "id")
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(first).not_to_have_text("F001")


def test_a_wide_table_scrolls_with_the_arrows(enter: Callable[..., Visit]) -> None:
    visit = enter()
    visit.open("/explore/dataset/chantiers/table/")
    skip_to_content(visit)
    frame = visit.page.locator(".table-frame")
    for _stop in range(MOST_STOPS):
        visit.page.keyboard.press("Tab")
        if frame.evaluate("one => one === document.activeElement"):
            break
    before = frame.evaluate("one => one.scrollTop")
    visit.page.keyboard.press("PageDown")
    visit.page.wait_for_timeout(200)
    assert frame.evaluate("one => one.scrollTop") > before


@pytest.mark.parametrize("width", [375, 320], ids=["phone", "zoomed four times"])  # 1280 at 400 %: WCAG 1.4.10
def test_the_menu_of_a_narrow_screen_opens_and_closes(enter: Callable[..., Visit], width: int) -> None:
    visit = enter()
    page = visit.page
    page.set_viewport_size({"width": width, "height": 700})
    visit.open("/")
    visit.wait_for_script()
    button = page.get_by_role("button", name="Menu", exact=True)
    link = page.locator("#site-menu").get_by_role("link", name="Organisations")
    stop_at(visit, "Menu")
    expect(link).to_be_hidden()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    stop_at(visit, "Organisations")
    visit.look("menu open")
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(link).to_be_hidden()
    page.keyboard.press("Space")
    expect(link).to_be_visible()
    page.keyboard.press("Space")
    expect(link).to_be_hidden()
    stop_at(visit, "home-search")  # what is folded is not on the way
    visit.look("menu closed")


def skip_to_content(visit: Visit) -> None:
    """The first stop of every page is the link that leads past the menus, and it leads there."""
    visit.page.keyboard.press("Tab")
    assert focus(visit)["text"] == "Aller au contenu"
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("#main")).to_be_focused()


def stop_at(visit: Visit, text: str) -> None:
    """Press Tab until what says `text` has the focus; every stop on the way is visible."""
    passed = []
    for _stop in range(MOST_STOPS):
        visit.page.keyboard.press("Tab")
        stop = focus(visit)
        passed.append(stop["text"])
        assert stop["inside"], f"the focus left the screen: {stop['text']}"
        assert stop["outlined"], f"nothing shows the focus: {stop['text']}"
        if stop["text"] == text:
            return
    raise AssertionError(f"{text!r} is not reached; passed: {passed}")


def focus(visit: Visit) -> dict[str, object]:
    found: dict[str, object] = visit.page.evaluate(FOCUS)
    return found
