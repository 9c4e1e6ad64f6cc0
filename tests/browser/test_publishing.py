"""A coordinator publishes a file, corrects it, goes back, and comes back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import desk, stays
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

COORDINATOR = "coordination.reze"


def test_a_wrong_password_is_told_and_the_right_one_opens(resized: Visit) -> None:
    account = resized.site.account(COORDINATOR)
    resized.open("/")
    resized.find_in_menu("Se connecter").click()
    resized.look("sign in")
    page = resized.page
    form = page.locator("form.form")
    form.get_by_label("Courriel").fill(account["email"])
    form.get_by_label("Mot de passe").fill("pas celui-là")
    form.get_by_role("button", name="Se connecter").click()
    expect(form.get_by_text("L’adresse e-mail ou le mot de passe sont incorrects.")).to_be_visible()
    expect(form.get_by_label("Courriel")).to_have_value(account["email"])
    resized.look("wrong password")
    form.get_by_label("Mot de passe").fill(account["password"])
    form.get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/console/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(account["name"].split()[0])
    expect(page.get_by_role("link", name="Fontaines à eau de Rezé")).to_be_visible()
    resized.look("console")


def test_a_file_is_understood_corrected_and_published(visit: Visit) -> None:
    title = f"Séjours des classes ({visit.device.name})"
    visit.sign_in(COORDINATOR)
    visit.open("/console/publish/")
    visit.look("drop")
    desk.drop(visit, stays.written(stays.ROWS))
    assert desk.fact(visit, "Encodage (accents)").startswith("Windows")
    assert desk.fact(visit, "Séparateur").startswith("point-virgule")
    assert desk.fact(visit, "Lignes") == str(len(stays.ROWS))
    types = desk.understood_types(visit)
    assert types["code_insee"] == "texte"
    assert (types["places"], types["tarif (€)"], types["ouvert_le"]) == ("nombre entier", "nombre décimal", "date")
    for text in ("01004", "Gîte de l’Albarine", "Auberge du Cœur"):
        expect(visit.page.get_by_role("cell", name=text, exact=True)).to_be_visible()
    visit.look("understood")
    visit.page.get_by_label("Nom de lieu").fill("Hébergement")
    visit.page.get_by_label("Type de circuit").select_option("string")
    visit.page.get_by_role("button", name="Appliquer et relire le fichier").click()
    expect(visit.page.get_by_role("columnheader", name="Hébergement")).to_be_visible()
    assert desk.understood_types(visit)["circuit"] == "texte"
    desk.accept(visit)
    visit.look("describe")
    desk.describe(visit, title=title, key="code_insee")
    desk.publish(visit)
    visit.look("published")
    visit.page.get_by_role("link", name="Voir la page").click()
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(title)
    expect(visit.page.get_by_role("columnheader", name="Hébergement")).to_be_visible()
    visit.look("public page")
    rows = published(visit)
    assert [row["code_insee"] for row in rows] == stays.codes(stays.ROWS)
    found = [rows[0][name] for name in ("circuit", "places", "tarif", "ouvert_le")]
    assert found == ["3", 24, 312.5, "2019-03-15"]


def test_a_version_is_corrected_taken_back_and_brought_again(resized: Visit) -> None:
    slug = "etapes"
    resized.sign_in(COORDINATOR)
    desk.publish_dataset(resized, stays.written(stays.ROWS), title="Étapes")
    desk.drop(resized, stays.written(stays.CORRECTED), dataset=slug)
    desk.accept(resized)
    resized.page.get_by_label("Qu’est-ce qui a changé").fill("Brest remplace Nice")
    resized.look("new version")
    desk.publish(resized)
    assert published_codes(resized, slug) == sorted(stays.codes(stays.CORRECTED))
    resized.open(f"/console/datasets/{slug}/versions/")
    latest = resized.page.get_by_role("listitem").filter(has_text="Version 2")
    for change in ("1 ligne ajoutée", "1 ligne retirée", "1 ligne modifiée", "Brest remplace Nice"):
        expect(latest).to_contain_text(change)
    resized.look("versions")
    resized.page.get_by_role("button", name="Revenir à cette version 1").click()
    expect(resized.page.get_by_text("La version 1 est de nouveau publiée.")).to_be_visible()
    resized.look("taken back")
    assert published_codes(resized, slug) == sorted(stays.codes(stays.ROWS))
    resized.page.get_by_role("button", name="Revenir à la version 2").click()
    expect(resized.page.get_by_text("La version 2 est de nouveau publiée.")).to_be_visible()
    assert published_codes(resized, slug) == sorted(stays.codes(stays.CORRECTED))
    resized.open(f"/explore/dataset/{slug}/history/")
    expect(resized.page.locator(".history__one[aria-current]")).to_contain_text("Version 2")
    expect(resized.page.locator(".history__one").first).to_contain_text("1 ligne modifiée")
    resized.look("public history")


def test_a_malformed_file_is_refused_with_its_line(resized: Visit) -> None:
    slug = "relais"
    resized.sign_in(COORDINATOR)
    desk.publish_dataset(resized, stays.written(stays.ROWS), title="Relais")
    desk.drop(resized, stays.broken(25_002), dataset=slug)
    expect(resized.page.get_by_role("heading", level=1)).to_have_text("Bocage ne peut pas lire ce fichier")
    refusal = resized.page.locator(".notice--error")
    expect(refusal).to_contain_text(re.compile(r"ligne 25\s?002", re.IGNORECASE))
    expect(refusal).to_contain_text("ce qui était publié avant n’a pas bougé")
    resized.look("refused")
    expect(resized.page.get_by_role("button", name="Tout est juste")).to_have_count(0)
    assert published_codes(resized, slug) == sorted(stays.codes(stays.ROWS))
    resized.open(f"/console/datasets/{slug}/versions/")
    expect(resized.page.get_by_role("main").get_by_text("Version 1", exact=False).first).to_be_visible()
    expect(resized.page.get_by_text("Version 2")).to_have_count(0)
    resized.page.get_by_role("link", name="Déposer un nouveau fichier").click()
    resized.look("drop a version")


def published(visit: Visit) -> list[dict[str, Any]]:
    """The rows that a stranger gets, of the dataset whose public page is open."""
    return rows_of(visit, visit.page.url.rstrip("/").rsplit("/", 1)[1])


def published_codes(visit: Visit, slug: str) -> list[str]:
    return sorted(row["code_insee"] for row in rows_of(visit, slug))


def rows_of(visit: Visit, slug: str) -> list[dict[str, Any]]:
    answer = visit.site.get(f"/api/explore/v2.1/catalog/datasets/{slug}/records?limit=100&order_by=code_insee")
    results: list[dict[str, Any]] = answer["results"]
    return results
