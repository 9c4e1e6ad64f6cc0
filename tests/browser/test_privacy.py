"""What a stranger may not see does not exist for them."""

from __future__ import annotations

from collections.abc import Callable
from urllib.error import HTTPError

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

PRIVATE = "fuites"
ABSENT = "absent"  # of the same length: the words of the pages may be compared
SECTIONS = ("", "table/", "map/", "chart/", "export/", "api/", "history/", "schema/")


def test_a_private_dataset_looks_absent(resized: Visit) -> None:
    for section in SECTIONS:
        seen = {slug: read(resized, f"/explore/dataset/{slug}/{section}", slug) for slug in (PRIVATE, ABSENT)}
        assert seen[PRIVATE] == seen[ABSENT]
        assert seen[PRIVATE][0] == 404
    resized.look("absent")
    refusals = [
        refusal(resized, f"/api/explore/v2.1/catalog/datasets/{slug}/records", slug) for slug in (PRIVATE, ABSENT)
    ]
    assert refusals[0] == refusals[1]
    resized.open(f"/explore/?q={PRIVATE}")
    expect(resized.page.locator("main")).not_to_contain_text("Interventions sur fuites")


def test_its_own_people_see_it(enter: Callable[..., Visit]) -> None:
    visit = enter()
    visit.sign_in("lecture.eaux-du-bocage")
    assert visit.open(f"/explore/dataset/{PRIVATE}/") == 200
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Interventions sur fuites")
    expect(visit.page.locator(".dataset-facts .badge").first).to_contain_text("Privé")
    visit.look("private dataset")


def read(visit: Visit, path: str, slug: str) -> tuple[int, str, str]:
    """Status, title and words of a page, its own name taken out."""
    status = visit.open(path)
    return status, visit.page.title().replace(slug, "…"), visit.page.locator("main").inner_html().replace(slug, "…")


def refusal(visit: Visit, path: str, slug: str) -> tuple[int, str]:
    with pytest.raises(HTTPError) as raised:
        visit.site.get(path)
    with raised.value as answer:
        return answer.code, answer.read().decode().replace(slug, "…")
