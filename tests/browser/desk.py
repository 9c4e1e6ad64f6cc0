"""What somebody does in the console, gesture by gesture."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.visit import Visit

DRAFT = re.compile(r"/console/publish/dr_\w+/$")
DETAILS = re.compile(r"/console/publish/dr_\w+/details/$")
RUN = re.compile(r"/console/runs/\w+/$")


def drop(visit: Visit, content: bytes, *, name: str = "sejours.csv", dataset: str = "") -> None:
    """Give a file, for a new dataset or as the next version of this one."""
    visit.open(f"/console/publish/?dataset={dataset}" if dataset else "/console/publish/")
    visit.page.get_by_label("Choisissez le fichier").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    visit.page.get_by_role("button", name="Envoyer le fichier").click()
    expect(visit.page).to_have_url(DRAFT)


def accept(visit: Visit) -> None:
    """What Bocage understood is right."""
    visit.page.get_by_role("button", name="Tout est juste").click()
    expect(visit.page).to_have_url(DETAILS)


def describe(visit: Visit, *, title: str, visibility: str = "Ouvert", key: str = "") -> None:
    page = visit.page
    page.get_by_label("Titre", exact=True).fill(title)
    page.get_by_role("textbox", name="Description").fill("Les lieux où partent les classes de la ville.")
    page.get_by_role("radio", name=visibility).check()
    page.get_by_label("À quel rythme").select_option("ANNUAL")
    if key:
        summary = page.locator("summary", has_text="Ce qui identifie une ligne")
        summary.click()
        page.get_by_role("checkbox", name=key, exact=True).check()


def publish(visit: Visit) -> None:
    """Until the page of the run says that it is done."""
    visit.page.get_by_role("button", name="Publier", exact=True).click()
    expect(visit.page).to_have_url(RUN)
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("C’est publié")


def publish_dataset(visit: Visit, content: bytes, *, title: str, visibility: str = "Ouvert") -> None:
    """A new dataset, all at once."""
    drop(visit, content)
    accept(visit)
    describe(visit, title=title, visibility=visibility, key="code_insee")
    publish(visit)


def fact(visit: Visit, name: str) -> str:
    """What Bocage says that it understood, such as the encoding."""
    return visit.page.locator(f"dl.facts div:has(dt:text-is('{name}')) dd").inner_text()


def understood_types(visit: Visit) -> dict[str, str]:
    """Type of each column of the preview, by its label."""
    heads = visit.page.locator(".table--preview thead th")
    types = heads.locator(".th-type").all_inner_texts()
    labels = heads.evaluate_all("all => all.map(one => one.firstChild.textContent.trim())")
    return dict(zip(labels, [text.strip().lower() for text in types], strict=True))
