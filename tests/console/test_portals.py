"""Portals kept from the console: what is made, what is refused, what nobody takes from somebody else."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bocage.access.models import Group
from bocage.catalog.models import Dataset
from bocage.catalog.services import touch_catalogue
from bocage.organizations.models import Portal
from bocage.organizations.portals.blocks import new_block, read_blocks, written
from bocage.organizations.portals.proposals import offered_one, propose
from bocage.organizations.portals.vocabulary import BlockKind
from bocage.organizations.services import create_organization, save_portal
from bocage.organizations.vocabulary import OrganizationKind, Role
from tests.organizations.test_portals import png, webp


@pytest.fixture(autouse=True)
def hosts(settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]


@pytest.fixture
def coordinator(person) -> Client:
    return person(Role.COORDINATOR)


@pytest.fixture
def portal(commune) -> Portal:
    return Portal.objects.create(organization=commune, domain="data.reze.example", name="Rezé")


def post(client: Client, page: str, portal: Portal, /, *more: str, follow: bool = True, **said):
    return client.post(reverse(f"console:{page}", args=[portal.uid, *more]), said, follow=follow)


def blocks_of(portal: Portal) -> list:
    return list(read_blocks(Portal.objects.get(pk=portal.pk).blocks))


def test_a_portal_is_made_and_named(coordinator, commune) -> None:
    address = reverse("console:portal_new", args=[commune.slug])
    said = {"name": "Rezé ouvre", "domain": "Donnees.Reze.example", "tagline": "Oui", "language": "fr"}
    answer = coordinator.post(address, said, follow=True)
    made = Portal.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("console:portal_selection", args=[made.uid])
    assert (made.domain, made.showing, made.organization) == ("donnees.reze.example", "branch", commune)
    post(coordinator, "portal", made, **said | {"name": "Autre"})
    made.refresh_from_db()
    assert made.name == "Autre"
    assert "donnees.reze.example" in coordinator.get(reverse("console:portals")).content.decode()


@pytest.mark.parametrize(
    "domain", ["testserver", "a.testserver", "*", "https://a.fr", "data.autre.example", "b.data.autre.example", ""]
)
def test_a_name_that_is_not_theirs_makes_nothing(coordinator, commune, other_commune, domain: str) -> None:
    Portal.objects.create(organization=other_commune, domain="data.autre.example", name="Autre")
    answer = coordinator.post(
        reverse("console:portal_new", args=[commune.slug]),
        {"name": "N", "domain": domain, "language": "fr"},
        follow=True,
    )
    assert answer.status_code == 200
    assert Portal.objects.count() == 1
    assert "notice--error" in answer.content.decode() or 'class="error"' in answer.content.decode()


def test_a_group_has_its_portal(coordinator, commune) -> None:
    group = Group.objects.create(name="Vélo", organization=commune)
    said = {"name": "Le vélo", "domain": "velo.example", "language": "fr"}
    coordinator.post(reverse("console:portal_new_of_group", args=[group.uid]), said)
    made = Portal.objects.get()
    assert (made.group, made.showing, made.organization) == (group.uid, "shared", commune)


def test_a_portal_is_closed_and_reopened(coordinator, portal) -> None:
    post(coordinator, "portal_close", portal)
    portal.refresh_from_db()
    assert portal.closed_at is not None
    assert (
        reverse("console:portal_reopen", args=[portal.uid])
        in coordinator.get(reverse("console:portal", args=[portal.uid])).content.decode()
    )
    post(coordinator, "portal_reopen", portal)
    portal.refresh_from_db()
    assert portal.closed_at is None


def test_the_colours_of_a_portal_do_not_undo_its_page(coordinator, portal) -> None:
    """Two people at once: one read the portal before the other arranged its page."""
    stale = Portal.objects.get(pk=portal.pk)
    post(coordinator, "portal_block_add", portal, kind="text")
    stale.theme = {"color-accent": "#004488"}
    save_portal(portal=stale)
    portal.refresh_from_db()
    assert portal.blocks is not None
    assert portal.theme == {"color-accent": "#004488"}


# Logo -----------------------------------------------------------------------------------------------------------------


def send(client: Client, portal: Portal, content: bytes, name: str = "logo.png", **more: str):
    file = SimpleUploadedFile(name, content, "image/png")
    return client.post(reverse("console:portal_logo", args=[portal.uid]), {"logo": file, **more}, follow=True)


def test_a_logo_is_sent_replaced_and_taken_away(coordinator, portal) -> None:
    for content, suffix in ((png(), ".png"), (webp(), ".webp")):
        send(coordinator, portal, content)
        portal.refresh_from_db()
        assert portal.logo.endswith(suffix)
    page = coordinator.get(reverse("console:portal_theme", args=[portal.uid])).content.decode()
    assert reverse("portal:logo", args=[portal.uid, portal.logo]) in page
    send(coordinator, portal, b"", remove="1")
    portal.refresh_from_db()
    assert portal.logo == ""


@pytest.mark.parametrize(
    "content", [b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", b"GIF89a", b"x" * 300_000, b"x" * 2_000_000]
)
def test_what_is_no_logo_is_refused(coordinator, portal, content: bytes) -> None:
    answer = send(coordinator, portal, content)
    assert "notice--error" in answer.content.decode()
    portal.refresh_from_db()
    assert portal.logo == ""


def test_a_strangers_page_sends_no_logo(portal, commune, person) -> None:
    person(Role.COORDINATOR, email="c@example.fr")
    client = Client(enforce_csrf_checks=True)
    client.force_login(commune.memberships.get(user__email="c@example.fr").user)
    answer = client.post(
        reverse("console:portal_logo", args=[portal.uid]), {"logo": SimpleUploadedFile("l.png", png(), "image/png")}
    )
    assert answer.status_code == 403
    portal.refresh_from_db()
    assert portal.logo == ""


# What it shows --------------------------------------------------------------------------------------------------------


def test_what_it_shows_is_tried_then_saved(coordinator, portal, dataset) -> None:
    said = {"showing": "query", "where": "organization = {organization}"}
    tried = post(coordinator, "portal_selection", portal, **said, **{"try": "1"}).content.decode()
    assert dataset.title in tried
    portal.refresh_from_db()
    assert portal.showing == "everything"
    post(coordinator, "portal_selection", portal, **said)
    portal.refresh_from_db()
    assert (portal.showing, portal.where) == ("query", "organization = {organization}")


@pytest.mark.parametrize("where", ["", "((", "nothing = 1", 'search("eau")', "modified > now()", "title = {commune}"])
def test_a_question_without_meaning_is_not_saved(coordinator, portal, where: str) -> None:
    answer = post(coordinator, "portal_selection", portal, showing="query", where=where)
    assert 'class="error"' in answer.content.decode()
    portal.refresh_from_db()
    assert portal.showing == "everything"


def test_a_dataset_is_chosen_among_those_that_one_knows(coordinator, portal, dataset, other_commune) -> None:
    hidden = Dataset.objects.create(organization=other_commune, slug="cache", title="Caché", visibility="private")
    touch_catalogue()
    found = coordinator.get(reverse("console:portal_selection", args=[portal.uid]), {"q": "parkings"}).content.decode()
    assert f'value="{dataset.slug}"' in found
    assert (
        "Caché"
        not in coordinator.get(reverse("console:portal_selection", args=[portal.uid]), {"q": "cache"}).content.decode()
    )
    post(coordinator, "portal_choose", portal, dataset=dataset.slug)
    for name in ("portal_choose", "portal_leave_out"):
        for slug in (hidden.slug, "absent", ""):
            assert post(coordinator, name, portal, dataset=slug).status_code == 404
    portal.refresh_from_db()
    assert portal.chosen == [dataset.uid]
    Portal.objects.update(chosen=[dataset.uid, hidden.uid])
    assert "Caché" not in coordinator.get(reverse("console:portal_selection", args=[portal.uid])).content.decode()
    post(coordinator, "portal_leave_out", portal, dataset=dataset.slug)
    portal.refresh_from_db()
    assert portal.chosen == [hidden.uid]


# Home page ------------------------------------------------------------------------------------------------------------


def test_a_page_is_arranged_with_buttons_alone(coordinator, portal, dataset) -> None:
    post(coordinator, "portal_block_add", portal, kind="highlights")
    last = blocks_of(portal)[-1]
    assert last.kind == BlockKind.HIGHLIGHTS
    page = coordinator.get(
        reverse("console:portal_block", args=[portal.uid, last.id]), {"q": "parkings"}
    ).content.decode()
    assert dataset.title in page
    post(coordinator, "portal_block", portal, last.id, add=dataset.slug)
    post(coordinator, "portal_block", portal, last.id, title="À voir", body="**{commune}**", territory="on")
    post(coordinator, "portal_block_move", portal, last.id)
    kept = blocks_of(portal)[-2]
    assert (kept.id, kept.title, kept.datasets, kept.territory) == (last.id, "À voir", (dataset.uid,), True)
    post(coordinator, "portal_block", portal, last.id, remove=dataset.slug)
    post(coordinator, "portal_block_move", portal, last.id, down="1")
    assert blocks_of(portal)[-1].datasets == ()
    post(coordinator, "portal_block_remove", portal, last.id)
    assert last.id not in [one.id for one in blocks_of(portal)]
    post(coordinator, "portal_home_usual", portal)
    portal.refresh_from_db()
    assert portal.blocks is None


def test_a_block_that_is_not_words_has_no_page(coordinator, portal) -> None:
    taken = new_block(BlockKind.TEXT, proposal="pp_x")
    Portal.objects.update(blocks=written([new_block(BlockKind.SEARCH), taken]))
    for block in (*blocks_of(portal), new_block(BlockKind.TEXT)):
        assert coordinator.get(reverse("console:portal_block", args=[portal.uid, block.id])).status_code == 404
        assert post(coordinator, "portal_block", portal, block.id, title="Autre").status_code == 404
    assert blocks_of(portal)[1] == taken


def test_a_word_that_nothing_fills_is_told(coordinator, portal) -> None:
    post(coordinator, "portal_block_add", portal, kind="text")
    last = blocks_of(portal)[-1]
    answer = post(coordinator, "portal_block", portal, last.id, title="Mot", body="{mot}")
    assert 'class="error"' in answer.content.decode()
    assert blocks_of(portal)[-1].title == ""


# Texts proposed -------------------------------------------------------------------------------------------------------


@pytest.fixture
def above(commune) -> Portal:
    region = create_organization(slug="region", name="Région", kind=OrganizationKind.REGION)
    commune.parent, commune.path = region, f"{region.path}{commune.pk}/"
    commune.save()
    return Portal.objects.create(organization=region, domain="data.region.example", name="La région")


def test_a_text_of_a_portal_above_is_answered_in_one_gesture(coordinator, portal, above) -> None:
    proposal = propose(portal=above, title="À {commune}", body="<script>x</script> **{insee}**", about_territory=False)
    page = coordinator.get(reverse("console:portal_home", args=[portal.uid])).content.decode()
    assert f"À {portal.organization.name}" in page
    assert "<script>x" not in page
    post(coordinator, "portal_answer", portal, proposal.uid, answer="accept")
    assert blocks_of(portal)[-1].title == "À {commune}"
    post(coordinator, "portal_answer", portal, proposal.uid, answer="decline")
    assert not [one for one in blocks_of(portal) if one.proposal]
    post(coordinator, "portal_answer", portal, proposal.uid, answer="nothing of the kind")
    answer = offered_one(Portal.objects.get(pk=portal.pk), proposal.uid).answer
    assert answer is not None
    assert not answer.accepted


def test_a_text_proposed_to_others_is_absent(coordinator, portal, other_commune) -> None:
    elsewhere = Portal.objects.create(organization=other_commune, domain="data.autre.example", name="Autre")
    proposal = propose(portal=elsewhere, title="Mot", body="", about_territory=False)
    assert post(coordinator, "portal_answer", portal, proposal.uid, answer="accept").status_code == 404
    assert post(coordinator, "portal_text", portal, proposal.uid, title="Autre").status_code == 404
    assert post(coordinator, "portal_text_drop", portal, proposal.uid).status_code == 404
    proposal.refresh_from_db()
    assert (proposal.title, proposal.withdrawn_at) == ("Mot", None)


def test_a_text_is_proposed_changed_and_withdrawn(coordinator, portal) -> None:
    post(coordinator, "portal_texts", portal, title="Mot", body="{mot}")
    assert not portal.proposals.exists()
    post(coordinator, "portal_texts", portal, title="Mot", body="{commune}")
    proposal = portal.proposals.get()
    post(coordinator, "portal_text", portal, proposal.uid, title="Autre mot", body="")
    proposal.refresh_from_db()
    assert (proposal.title, proposal.edition) == ("Autre mot", 2)
    post(coordinator, "portal_text_drop", portal, proposal.uid)
    proposal.refresh_from_db()
    assert proposal.withdrawn_at is not None
    post(coordinator, "portal_text_drop", portal, proposal.uid, back="1")
    proposal.refresh_from_db()
    assert proposal.withdrawn_at is None


def test_the_pages_ask_as_much_of_many_portals_as_of_few(
    coordinator, commune, portal, django_assert_max_num_queries
) -> None:
    Portal.objects.bulk_create(
        [Portal(organization=commune, domain=f"p{number}.example", name=f"P{number}") for number in range(60)]
    )
    with django_assert_max_num_queries(12):
        assert "P0" in coordinator.get(reverse("console:portals")).content.decode()
    with django_assert_max_num_queries(14):
        coordinator.get(reverse("console:portal_texts", args=[portal.uid]))
