"""A second pair of eyes before a publication, a question and its answer, a discussion in public."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import desk
from tests.browser.visit import DESKTOP, PHONE, Visit

pytestmark = pytest.mark.browser

AUTHOR, REVIEWER, NEIGHBOUR = "coordination.reze", "administration.nantes-metropole", "coordination.bouaye"
TITLE, SLUG = "Aires de jeux relues", "aires-de-jeux-relues"
FIRST = "code;nom;agrès\r\nA1;Parc Paul Raspail;4\r\nA2;Square du Port;2\r\n".encode()
SECOND = "code;nom;agrès\r\nA1;Parc Paul Raspail;6\r\nA2;Square du Port;2\r\nA3;La Morinière;3\r\n".encode()
REASON = "Le square du Port a rouvert avec trois agrès : pouvez-vous vérifier ?"
QUESTION = "Comment corriger une ligne ?"


def test_a_version_is_reviewed(enter: Callable[..., Visit]) -> None:
    author, reviewer = enter(DESKTOP), enter(PHONE)
    author.sign_in(AUTHOR)
    desk.drop(author, FIRST, name="aires.csv")
    desk.accept(author)
    desk.describe(author, title=TITLE)
    desk.publish(author)
    require_review(author)
    propose(author)
    reviewer.sign_in(REVIEWER)
    send_back(reviewer)
    propose_again(author)
    accept(reviewer)
    author.page.reload()
    expect(author.page.get_by_role("heading", name="C’est publié")).to_be_visible()
    author.open(f"/explore/dataset/{SLUG}/table/")
    expect(author.page.get_by_role("cell", name="La Morinière")).to_be_visible()


def require_review(author: Visit) -> None:
    page = author.page
    author.open(f"/console/datasets/{SLUG}/versions/")
    page.get_by_role("link", name="Relecture avant publication").click()
    author.look("requirement")
    page.get_by_role("button", name="Demander une relecture").click()
    expect(page.get_by_text("Une relecture est demandée")).to_be_visible()
    author.look("required")


def propose(author: Visit) -> None:
    """Nothing of it is published."""
    page = author.page
    desk.drop(author, SECOND, name="aires.csv", dataset=SLUG)
    desk.accept(author)
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.get_by_role("heading", name="Elle attend une relecture")).to_be_visible()
    author.look("waits")
    page.get_by_role("link", name="Voir ce qui changerait").click()
    expect(page.get_by_text("Vous l’avez proposée : une autre personne la relit.")).to_be_visible()
    expect(page.get_by_role("button", name="Accepter et publier")).to_have_count(0)
    author.look("own proposal")
    author.open(f"/explore/dataset/{SLUG}/table/")
    expect(page.get_by_role("cell", name="La Morinière")).to_have_count(0)


def send_back(reviewer: Visit) -> None:
    """Found from the notifications, with what would change."""
    page = reviewer.page
    reviewer.open("/console/notices/")
    reviewer.look("notices")
    page.get_by_role("link", name=re.compile(f"relire une nouvelle version de « {TITLE} »")).click()
    expect(page.get_by_role("cell", name="La Morinière").first).to_be_visible()
    expect(
        page.get_by_role("region", name="Lignes qui changent").get_by_role("cell", name="6", exact=True)
    ).to_be_visible()
    reviewer.look("review")
    page.get_by_role("button", name="Renvoyer").click()
    expect(page.get_by_role("button", name="Renvoyer")).to_be_visible()
    page.get_by_label("Ou la renvoyer").fill(REASON)
    page.get_by_role("button", name="Renvoyer").click()
    expect(page.get_by_text(REASON)).to_be_visible()
    reviewer.look("returned")


def propose_again(author: Visit) -> None:
    page = author.page
    author.open("/console/notices/")
    page.get_by_role("link", name=re.compile("vous renvoie ce que vous proposiez")).click()
    expect(page.get_by_text(REASON)).to_be_visible()
    page.get_by_role("link", name="Réessayer avec le même fichier").click()
    page.get_by_role("button", name="Réessayer").click()
    expect(page.get_by_role("heading", name="Elle attend une relecture")).to_be_visible()


def accept(reviewer: Visit) -> None:
    page = reviewer.page
    reviewer.open("/console/reviews/")
    reviewer.look("queue")
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("button", name="Accepter et publier").click()
    expect(page.get_by_text("Vous l’avez acceptée")).to_be_visible()
    reviewer.look("accepted")


def test_help_is_asked_and_given(enter: Callable[..., Visit]) -> None:
    author, helper = enter(PHONE), enter(DESKTOP)
    author.sign_in(AUTHOR)
    author.open("/console/help/new/?organization=reze")
    page = author.page
    author.look("asking")
    page.get_by_label("En quelques mots").fill(QUESTION)
    page.get_by_label("Que se passe-t-il ?").fill("Je suis la page https://example.org/aide sans y arriver.")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("heading", name=QUESTION)).to_be_visible()
    author.look("asked")
    helper.sign_in(REVIEWER)
    helper.open("/console/help/")
    helper.look("queue")
    helper.page.get_by_role("link", name=QUESTION).first.click()
    helper.page.get_by_role("textbox", name="Message").fill("Ouvrez « Lignes écartées », puis corrigez-la sur place.")
    helper.page.get_by_role("button", name="Envoyer la réponse").click()
    expect(helper.page.get_by_text("corrigez-la sur place")).to_be_visible()
    helper.look("answered")
    author.open("/console/help/?side=asked")
    expect(page.get_by_text("Répondue").first).to_be_visible()
    author.look("ours")
    page.get_by_role("link", name=QUESTION).first.click()
    page.get_by_role("button", name="Clôturer cette demande").click()
    expect(page.get_by_text("Cette demande est clôturée.")).to_be_visible()


def test_a_discussion_in_public(enter: Callable[..., Visit]) -> None:
    neighbour, keeper, stranger = enter(DESKTOP), enter(DESKTOP), enter(PHONE)
    neighbour.sign_in(NEIGHBOUR)
    neighbour.open("/explore/dataset/fontaines/")
    neighbour.follow_tab("Discussions")
    neighbour.look("nothing yet")
    page = neighbour.page
    page.get_by_label("Objet").fill("Une fontaine a fermé")
    page.get_by_label("Votre question ou votre remarque").fill("Celle de la place ne coule plus.")
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_role("heading", name="Une fontaine a fermé")).to_be_visible()
    neighbour.look("opened")
    keeper.sign_in(REVIEWER)
    keeper.open("/explore/dataset/fontaines/discussions/")
    keeper.page.get_by_role("link", name="Une fontaine a fermé").first.click()
    keeper.page.get_by_label("Votre remarque").fill("Merci, nous corrigeons.")
    keeper.page.get_by_role("button", name="Publier").click()
    expect(keeper.page.get_by_text("Merci, nous corrigeons.")).to_be_visible()
    keeper.look("answered")
    keeper.page.get_by_role("button", name="Clôturer la discussion").click()
    stranger.open("/explore/dataset/fontaines/discussions/")
    stranger.look("list")
    stranger.page.get_by_role("link", name="Une fontaine a fermé").first.click()
    expect(stranger.page.get_by_text("Merci, nous corrigeons.")).to_be_visible()
    expect(stranger.page.get_by_role("button", name="Publier")).to_have_count(0)
    stranger.look("read")
