"""The métropole makes a commune and its portal, and sees it at its own door."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.site import Site
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

METROPOLE = "administration.nantes-metropole"


@contextmanager
def at_the_door(visit: Visit, browser: Browser, host: str) -> Iterator[Visit]:
    """A stranger, on the same device, at another name of the site. Browsers know that names in `.localhost` are this machine."""
    door = Site(f"http://{host}:{visit.site.url.rsplit(':', 1)[1]}", visit.site.folder)
    with visit.device.context(browser, script=True) as context:
        stranger = Visit(context=context, site=door, device=visit.device, album=visit.album)
        context.route(f"{door.url}/**", lambda route: route.continue_())
        yield stranger
    visit.faults.extend(stranger.faults)


def make_a_commune(visit: Visit, name: str) -> None:
    visit.open("/console/organization/nantes-metropole/new/")
    visit.page.get_by_label("Nom", exact=True).fill(name)
    visit.page.get_by_label("Code INSEE").fill("44143")
    visit.look("a commune")
    visit.page.locator("main form").get_by_role("button").last.click()
    visit.page.wait_for_url("**/members/")
    expect(visit.page.get_by_text(f"« {name} » existe", exact=False)).to_be_visible()


def test_a_commune_and_its_portal(visit: Visit, browser: Browser) -> None:
    page, device = visit.page, visit.device.name
    name, host = f"Commune nouvelle ({device})", f"commune-{device}.localhost"
    visit.sign_in(METROPOLE)
    make_a_commune(visit, name)
    page.goto(page.url.replace("/members/", "/"))
    page.get_by_role("link", name="Créer un portail").click()
    page.get_by_label("Nom du site").fill(f"https://{host}/")
    visit.look("a portal")
    page.get_by_role("button", name="Créer le portail").click()
    expect(page.get_by_text("n’est pas un nom de site")).to_be_visible()
    page.get_by_label("Nom du site").fill(host)
    page.get_by_role("button", name="Créer le portail").click()
    page.wait_for_url("**/selection/")

    visit.look("what it shows")
    page.get_by_label("Les jeux de données qui répondent à une question").check()
    page.get_by_role("textbox", name="Question").fill("territory = ")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator("p.error")).to_be_visible()
    visit.look("a question that cannot be read")
    page.get_by_role("textbox", name="Question").fill("territory = {insee}")
    page.get_by_role("button", name="Essayer sans enregistrer").click()
    expect(page.get_by_role("heading", name="Il montrerait")).to_be_visible()
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_role("heading", name="Il vous montre")).to_be_visible()
    visitors = page.locator("#visitors")  # said where the métropole sees more than they do
    told = (visitors if visitors.count() else page.locator("aside [role=status]")).inner_text()
    counted = next(word for word in told.split() if word.isdigit())
    assert int(counted) > 0

    visit.follow_tab("Page d’accueil")
    page.get_by_label("Ajouter à la page").select_option("text")
    page.get_by_role("button", name="Ajouter", exact=True).click()
    page.get_by_role("textbox", name="Titre").fill("Bienvenue à {commune}")
    visit.look("a text")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_role("button", name="Monter Bienvenue").click()
    visit.look("home page arranged")
    for tab in ("Noms", "Couleurs et logo", "Textes pour d’autres portails"):
        visit.follow_tab(tab)
        visit.look(tab)
    visit.open("/console/portals/")
    visit.look("portals")

    with at_the_door(visit, browser, host) as stranger:
        assert stranger.open("/") == 200
        expect(stranger.page.get_by_role("heading", level=1)).to_have_text(name)
        expect(stranger.page.get_by_role("heading", name=f"Bienvenue à {name}")).to_be_visible()
        stranger.look("its home page")
        stranger.open("/explore/")
        expect(stranger.page.locator("#results-title")).to_contain_text(counted)
        stranger.look("its catalogue")


def test_a_text_proposed_is_accepted_in_one_gesture(visit: Visit) -> None:
    page, title = visit.page, f"Vos déchets ({visit.device.name})"
    visit.sign_in(METROPOLE)
    visit.open("/console/organization/bouguenais/portal/new/")
    page.get_by_label("Nom du site").fill(f"bouguenais-{visit.device.name}.localhost")
    page.get_by_role("button", name="Créer le portail").click()
    page.wait_for_url("**/selection/")
    below = page.url.replace("/selection/", "/home/")
    visit.open("/console/portals/")
    page.locator("main").get_by_role("link", name="Données du bocage nantais").click()
    visit.follow_tab("Textes pour d’autres portails")
    page.get_by_role("textbox", name="Titre").fill(title)
    page.get_by_role("textbox", name="Texte").fill(f"Collecte ({visit.device.name}) : {{commune}}.")
    page.get_by_role("button", name="Proposer", exact=True).click()
    expect(page.get_by_role("link", name=title)).to_be_visible()
    visit.look("texts proposed")
    page.goto(below)
    expect(page.get_by_text(f"Collecte ({visit.device.name}) : Bouguenais.")).to_be_visible()
    visit.look("proposed to you")
    page.get_by_role("button", name=f"Accepter {title}").click()
    expect(page.get_by_role("listitem").filter(has_text=title).first).to_be_visible()
    visit.look("accepted")
