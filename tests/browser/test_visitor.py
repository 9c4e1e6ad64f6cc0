"""A stranger finds a dataset, looks at it in every way, and leaves with the file."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from random import Random

import pytest
from playwright.sync_api import Locator, Page, expect

from bocage.demo.sample import SAMPLES
from bocage.demo.territory import COMMUNES
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

TITLE = "Chantiers en cours et à venir"
PAGE_SIZE = 50


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """The rows of the file that the town hall sent, read without Bocage."""
    from bocage.demo import samples  # noqa: F401  registers the samples, which draws every street

    sample = next(one for one in SAMPLES if one.slug == "chantiers")
    file = sample.make(Random(sample.slug), tmp_path_factory.mktemp("works"))
    with file.open(encoding="cp1252", newline="") as text:
        return list(csv.DictReader(text, delimiter=";"))


def test_from_a_mistyped_word_to_the_dataset(visit: Visit) -> None:
    visit.open("/")
    visit.look("home")
    visit.page.get_by_role("searchbox").fill("chanteirs a venir")
    visit.page.get_by_role("button", name="Rechercher").click()
    expect(visit.page.get_by_role("status").first).to_contain_text("chanteirs a venir")
    visit.look("search")
    visit.page.locator(".result").first.get_by_role("link", name=TITLE).click()
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(visit.page.get_by_role("table").get_by_role("row")).to_have_count(1 + 5)
    visit.look("dataset")


def test_a_table_is_filtered_sorted_and_turned(visit: Visit, works: list[dict[str, str]]) -> None:
    closed = [row for row in works if row["gene"] == "route barrée"]
    assert PAGE_SIZE < len(closed) < len(works), "the sample no longer tests what follows"
    visit.open("/explore/dataset/chantiers/")
    visit.follow_tab("Tableau")
    page = visit.page
    expect(page.get_by_role("status").first).to_contain_text(f"{len(works)} lignes")
    visit.look("table")
    page.get_by_text("Filtrer par colonne").click()
    page.get_by_label("gene", exact=True).first.fill("barree")  # neither accent nor first word
    visit.look("filters")
    page.get_by_role("button", name="Appliquer").click()
    expect(page.get_by_role("status").first).to_contain_text(f"{len(closed)} lignes")
    assert set(column(page, "gene")) == {"route barrée"}
    page.get_by_role("columnheader", name="debut").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="debut")).to_have_attribute("aria-sort", "ascending")
    days = sorted("-".join(reversed(row["debut"].split("/"))) for row in closed)
    assert instants(page, "debut") == days[:PAGE_SIZE]
    visit.look("sorted")
    page.get_by_role("link", name="Suivant").click()
    expect(page.get_by_role("status").first).to_contain_text(f"{PAGE_SIZE + 1} à {len(closed)}")
    assert instants(page, "debut") == days[PAGE_SIZE:]


TERMS = """list => {
  const texts = (name) => [...list.querySelectorAll(name)].map((one) => one.innerText);
  const values = texts("dd");
  return Object.fromEntries(texts("dt").map((term, rank) => [term, values[rank]]));
}"""


def test_a_map_says_how_many_places_and_what_each_is(visit: Visit, works: list[dict[str, str]]) -> None:
    visit.open("/explore/dataset/chantiers/")
    visit.follow_tab("Carte")
    listed = visit.page.locator("#map-list-title")
    expect(listed).to_have_text(f"{len(works)} lieux dans cette zone")
    visit.look("map")
    visit.open("/explore/dataset/contours-communes/map/")
    expect(listed).to_have_text("24 lieux dans cette zone")
    popup = visit.page.locator(".maplibregl-popup")
    touch_until_seen(visit.page, popup)
    values = popup.locator("dl").evaluate(TERMS)  # at once: a second touch may have opened another
    assert (values["code_insee"], values["nom"]) in {(commune.insee, commune.name) for commune in COMMUNES}
    visit.look("popup")
    popup.get_by_role("button", name="Fermer").click()
    expect(popup).to_have_count(0)


def test_a_chart_counts_and_follows_time(resized: Visit, works: list[dict[str, str]]) -> None:
    resized.open("/explore/dataset/chantiers/")
    resized.follow_tab("Graphique")
    page = resized.page
    resized.look("chart")
    choose(resized, "Pour chaque", "gene")
    expect(page.get_by_role("columnheader", name="gene")).to_be_visible()
    figures = dict(zip(cells(page, "tbody th"), cells(page, "tbody td.number"), strict=True))
    assert figures == {kind: str(n) for kind, n in Counter(row["gene"] for row in works).items()}
    choose(resized, "Pour chaque", "debut")
    expect(page.get_by_role("columnheader", name="debut")).to_be_visible()
    choose(resized, "Forme", "line")
    expect(page.locator(".chart__living canvas")).to_be_visible()  # drawn in the browser, without any eval
    resized.look("curve")
    picture = resized.download(page.get_by_role("button", name="SVG"))
    assert picture.path().read_text("utf-8").startswith("<svg")


def test_the_file_is_whole(resized: Visit, works: list[dict[str, str]]) -> None:
    resized.open("/explore/dataset/chantiers/")
    resized.follow_tab("Télécharger")
    resized.look("download")
    file = resized.download(resized.page.get_by_role("link", name="Télécharger en CSV"))
    assert file.suggested_filename.endswith(".csv")
    text = file.path().read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert list(rows[0])[:4] == ["id_chantier", "objet", "voie", "commune"]
    assert sorted(row["id_chantier"] for row in rows) == sorted(row["id_chantier"] for row in works)
    assert {row["objet"] for row in rows} == {row["objet"] for row in works}  # accents survive the journey


def choose(visit: Visit, label: str, value: str) -> None:
    """A choice in a list of the chart, applied at once."""
    visit.wait_for_script()
    visit.page.get_by_label(label).select_option(value)


def touch_until_seen(page: Page, popup: Locator) -> None:
    """Touch the middle of the map; the places are drawn a moment after they are announced."""
    canvas = page.locator("canvas.maplibregl-canvas")
    for _attempt in range(20):
        canvas.click()
        if popup.count():
            return
        page.wait_for_timeout(250)
    raise AssertionError("no popup where a place is drawn")


def column(page: Page, name: str) -> list[str]:
    """The texts of a column of the table."""
    titles = [re.sub(r"\s+", " ", text).strip() for text in cells(page, "thead th")]
    return cells(page, f"tbody td:nth-child({titles.index(name) + 1})")


def instants(page: Page, name: str) -> list[str]:
    """The days of a column, as machines read them."""
    titles = cells(page, "thead th")
    place = f".table tbody td:nth-child({titles.index(name) + 1}) time"
    return [str(one) for one in page.locator(place).evaluate_all("all => all.map(one => one.dateTime)")]


def cells(page: Page, place: str) -> list[str]:
    return [text.strip() for text in page.locator(f".table {place}").all_inner_texts()]
