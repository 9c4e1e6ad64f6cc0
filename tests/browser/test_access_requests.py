"""Data on request: two people of other organisations ask; the data are given to one, and refused to the other with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import desk
from tests.browser.visit import DESKTOP, PHONE, Visit

pytestmark = pytest.mark.browser

STEWARD, ASKER, OTHER = "coordination.reze", "coordination.bouaye", "lecture.eaux-du-bocage"
TITLE, SLUG = "Signalements de nuisances", "signalements-de-nuisances"
PAGE = f"/explore/dataset/{SLUG}/"
CONTENT = (
    "code_insee;rue;nuisance;nombre\r\n44143;Rue des Lilas;bruit nocturne;12\r\n44143;Quai Léon Sécher;odeurs;3\r\n"
).encode()
VALUE = "Rue des Lilas"
PURPOSE = "Comparer les nuisances de nos deux communes pour le plan local de prévention du bruit."
REASON = "Ces signalements permettraient de reconnaître des riverains : demandez les totaux par quartier."
REQUEST = re.compile(r"/console/access-requests/ar_\w+/$")


def test_asked_and_given_asked_and_refused(enter: Callable[..., Visit]) -> None:
    steward = enter(DESKTOP)
    steward.sign_in(STEWARD)
    desk.drop(steward, CONTENT, name="signalements.csv")
    desk.accept(steward)
    desk.describe(steward, title=TITLE, visibility="Sur demande")
    desk.publish(steward)

    read_what_it_is(enter(PHONE))
    asker, other = enter(DESKTOP), enter(PHONE)
    ask(asker, ASKER)
    ask(other, OTHER)
    give(steward, asker_of=ASKER)
    refuse(steward)
    find_open(asker)
    find_refused(other)


def read_what_it_is(stranger: Visit) -> None:
    """A stranger knows what it is, nothing of the data, and whom to ask."""
    page = stranger.page
    stranger.open("/explore/?q=signalements+nuisances")
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", name="Données sur demande")).to_be_visible()
    expect(page.get_by_text("Votre demande reçoit une réponse sous 15 jours")).to_be_visible()
    expect(page.get_by_role("link", name="Se connecter pour demander les données")).to_be_visible()
    expect(page.get_by_text(VALUE)).to_have_count(0)
    stranger.look("known")
    stranger.follow_tab("Champs")
    expect(page.get_by_role("cell", name="nuisance", exact=True)).to_be_visible()
    stranger.look("fields")


def ask(visit: Visit, mailbox: str) -> None:
    """From the page of the dataset."""
    page = visit.page
    visit.sign_in(mailbox)
    visit.open(PAGE)
    page.get_by_role("link", name="Demander les données").click()
    visit.look("asking")
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_label("Que voulez-vous faire de ces données ?")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Que voulez-vous faire de ces données ?").fill(PURPOSE)
    page.get_by_label("Pour combien de temps en avez-vous besoin ?").select_option("6")
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page).to_have_url(REQUEST)
    expect(page.get_by_text("Réponse promise pour le")).to_be_visible()
    visit.look("asked")
    visit.open(PAGE)
    expect(page.get_by_role("link", name="Voir ma demande")).to_be_visible()


def give(steward: Visit, *, asker_of: str) -> None:
    """To the organisation for which it was asked."""
    page = steward.page
    steward.open("/console/access-requests/")
    expect(page.get_by_role("link", name=TITLE)).to_have_count(2)
    steward.look("queue")
    page.get_by_role("listitem").filter(has_text="Bouaye").get_by_role("link", name=TITLE).click()
    expect(page.get_by_text(PURPOSE)).to_be_visible()
    steward.look("to answer")
    page.get_by_label("Les membres de Bouaye").check()
    page.get_by_role("button", name="Donner l’accès").click()
    expect(page.get_by_role("heading", name="L’accès a été donné")).to_be_visible()
    steward.look("given")


def refuse(steward: Visit) -> None:
    """Not without a reason."""
    page = steward.page
    steward.open("/console/access-requests/")
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("button", name="Refuser, en disant pourquoi").click()
    expect(page.get_by_role("heading", name="L’accès a été refusé")).to_have_count(0)
    page.get_by_label("Pourquoi ?").fill(REASON)
    page.get_by_role("button", name="Refuser, en disant pourquoi").click()
    expect(page.get_by_role("heading", name="L’accès a été refusé")).to_be_visible()
    steward.look("refused")


def find_open(asker: Visit) -> None:
    page = asker.page
    asker.open("/console/access-requests/mine/")
    expect(page.get_by_role("listitem").filter(has_text=TITLE)).to_contain_text("Accordée")
    asker.look("mine")
    assert asker.open(f"{PAGE}table/") == 200
    expect(page.get_by_role("cell", name=VALUE)).to_be_visible()


def find_refused(other: Visit) -> None:
    page = other.page
    other.open("/console/access-requests/mine/")
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_text(REASON)).to_be_visible()
    other.look("refused to me")
    other.open(PAGE)
    expect(page.get_by_text(VALUE)).to_have_count(0)
    expect(page.get_by_role("link", name="Demander les données")).to_be_visible()
