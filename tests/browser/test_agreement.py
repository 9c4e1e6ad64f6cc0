"""An agreement from its writing to its end: data open for those who use them, what they read is seen, then it closes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import expect

from tests.browser.visit import DESKTOP, PHONE, Visit

pytestmark = pytest.mark.browser

DATASET = "/explore/dataset/fuites/table/"
TITLE = "Interventions sur fuites"


def test_signed_it_opens_and_ended_it_closes(enter: Callable[..., Visit]) -> None:
    holder, signer, reader = enter(DESKTOP, also=(PHONE,)), enter(PHONE), enter(DESKTOP, also=(PHONE,))
    holder.sign_in("coordination.eaux-du-bocage")
    signer.sign_in("coordination.nantes-metropole")
    reader.sign_in("lecture.nantes-metropole")
    assert reader.open(DATASET) == 404

    address = write(holder)
    holder.look("agreement to be proposed")
    press(holder, "Proposer à la signature")
    press(holder, "Signer pour Eaux du Bocage (délégataire fictif)")
    assert reader.open(DATASET) == 404
    signer.open(address)
    press(signer, "Signer pour Nantes Métropole")
    expect(signer.page.locator("main")).to_contain_text("En vigueur")

    assert reader.open(DATASET) == 200
    expect(reader.page.get_by_role("heading", level=1)).to_have_text(TITLE)
    for visit in (holder, signer):
        visit.open(address)
        consumed = visit.page.get_by_role("region", name="Lectures des douze dernières semaines")
        expect(consumed.get_by_role("rowheader", name="Nantes Métropole")).to_be_visible()
        expect(consumed).to_contain_text(TITLE)
        visit.look("agreement in force, with what was read")
    look_at_journals(holder, reader)

    holder.open(address)
    holder.page.locator("summary", has_text="Mettre fin").click()
    form = holder.page.locator("details[open] form", has=holder.page.get_by_role("button", name="Mettre fin"))
    form.get_by_role("textbox").fill("L’étude est finie.")
    form.get_by_role("button", name="Mettre fin").click()
    expect(holder.page.locator("main")).to_contain_text("ce qu’elle ouvrait est fermé")
    holder.look("agreement ended")
    assert reader.open(DATASET) == 404


def write(visit: Visit) -> str:
    """A draft that opens the dataset to the métropole, with its document; its address."""
    page = visit.page
    visit.open("/console/agreements/new/")
    page.get_by_label("Titre", exact=True).fill("Étude des fuites")
    page.get_by_label("Les organisations qui les utiliseront").fill("Nantes Métropole")
    page.get_by_label("À quoi servent les données").fill("Prévoir les travaux sur le réseau.")
    page.get_by_label("Base légale").select_option("public-task")
    page.get_by_label("Commence le").fill(date.today().isoformat())  # noqa: DTZ011  the day of the browser
    page.locator("form.form--wide button").click()
    page.wait_for_url("**/console/agreements/ag_*/")
    page.get_by_label("Jeu de données").select_option("fuites")
    page.locator("form", has=page.get_by_label("Jeu de données")).get_by_role("button").click()
    expect(page.locator("main")).to_contain_text(TITLE)
    page.locator("summary", has_text="Joindre le document").click()
    page.get_by_label("PDF, ODT, DOCX, JPEG ou PNG").set_input_files(
        {"name": "convention.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    page.get_by_role("button", name="Joindre", exact=True).click()
    expect(page.get_by_role("link", name="convention.pdf")).to_be_visible()
    return page.url.removeprefix(visit.site.url)


def press(visit: Visit, name: str) -> None:
    visit.page.get_by_role("button", name=name, exact=True).click()
    visit.page.wait_for_load_state()


def look_at_journals(holder: Visit, reader: Visit) -> None:
    """What was read is in the journal of who holds the data, and in the reader's own."""
    holder.open("/console/journal/?kind=read")
    expect(holder.page.get_by_role("list", name="Lignes du journal").first).to_contain_text(TITLE)
    holder.look("journal of readings")
    holder.open("/console/journal/?organization=eaux-du-bocage")
    expect(holder.page.get_by_role("heading", name="Délégués à la protection des données")).to_be_visible()
    holder.look("journal of an organisation")
    reader.open("/console/journal/mine/")
    expect(reader.page.get_by_role("list", name="Lignes du journal").first).to_contain_text(
        "au nom de : Nantes Métropole"
    )
    reader.look("my own journal")
