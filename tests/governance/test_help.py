"""Requests for help: who asks whom, who reads, who is in charge, who is told; and that naming a dataset opens nothing."""

from __future__ import annotations

import pytest
from django.utils import translation

from bocage.access.viewer import ANONYMOUS
from bocage.governance.help.errors import HelpClosed, NobodyToAsk, NotAbove, NotOfTheTeam
from bocage.governance.help.selectors import (
    asked_by,
    helpers_for,
    known_dataset,
    messages_of,
    queue_of,
    request_for,
    requests_for,
    team_of,
)
from bocage.governance.help.services import ask, assign, close, write
from bocage.kernel.errors import AccessDenied, NotFound
from bocage.organizations.models import Membership, Notice
from bocage.organizations.notices.telling import told
from bocage.organizations.services import create_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_(land):
    return ask(
        viewer=land.may("carole"),
        organization=land.commune,
        subject="Comment corriger mon fichier ?",
        text="Il est refusé.",
        dataset=land.dataset,
    )


def told_to(name, land):
    user = land.people[name]
    with translation.override("en"):
        return [one.sentence for one in told(user, Notice.objects.filter(recipient=user))]


def test_the_nearest_above_is_asked(land, request_):
    assert helpers_for(land.commune) == [land.metropole, land.region]
    assert request_.helper == land.metropole
    assert told_to("emma", land) == ["Rezé asks you for help: “Comment corriger mon fichier ?”."]
    assert told_to("gilles", land) == told_to("emma", land)
    assert told_to("rita", land) == []


def test_another_above_may_be_chosen_and_nothing_else(land):
    def made(helper):
        return ask(viewer=land.may("alice"), organization=land.commune, subject="a", text="b", helper=helper)

    assert made(land.region).helper == land.region
    for wrong in (land.other, land.commune):
        with pytest.raises(NotAbove):
            made(wrong)
    with pytest.raises(NobodyToAsk):
        ask(viewer=land.may("rita"), organization=land.region, subject="a", text="b")


@pytest.mark.parametrize("who", ["denis", "zoe", "fanny"])
def test_who_may_not_ask_for_the_commune(land, who):
    with pytest.raises(AccessDenied):
        ask(viewer=land.may(who), organization=land.commune, subject="a", text="b")


def test_who_reads(land, request_):
    for name in ("carole", "alice", "emma", "gilles", "rita"):
        assert request_for(land.may(name), request_.uid) == request_
    for viewer in (ANONYMOUS, *map(land.may, ("denis", "zoe", "fanny"))):
        assert not requests_for(viewer).exists()
        with pytest.raises(NotFound):
            request_for(viewer, request_.uid)
        with pytest.raises(AccessDenied):
            write(viewer=viewer, request=request_, text="moi aussi")
        with pytest.raises(AccessDenied):
            close(viewer=viewer, request=request_, closed=True)


def test_naming_a_dataset_opens_nothing(land):
    land.hide()
    made = ask(viewer=land.may("alice"), organization=land.commune, subject="a", text="b", dataset=land.dataset)
    assert known_dataset(land.may("emma"), made) == land.dataset, "an administrator above has the right already"
    assert known_dataset(land.may("gilles"), made) is None, (
        "a steward of the métropole does not have it, and gains none"
    )
    with pytest.raises(AccessDenied):
        ask(viewer=land.may("fanny"), organization=land.other, subject="a", text="b", dataset=land.dataset)


def test_a_conversation(land, request_):
    write(viewer=land.may("gilles"), request=request_, text="Quelle ligne ?")
    request_.refresh_from_db()
    assert (request_.state, request_.assigned_to) == ("answered", land.people["gilles"])
    assert told_to("carole", land) == ["Gilles Test answered about “Comment corriger mon fichier ?”."]
    write(viewer=land.may("alice"), request=request_, text="La 12.")
    request_.refresh_from_db()
    assert request_.state == "open"
    assert told_to("gilles", land)[0] == "Alice Test answered about “Comment corriger mon fichier ?”."
    assert len(told_to("emma", land)) == 1, "somebody is in charge: the others are left alone"
    assert [message.helping for message in messages_of(request_)] == [False, True, False]


def test_the_queue(land, request_):
    assert list(queue_of(land.may("gilles"))) == [request_]
    assert not queue_of(land.may("gilles"), mine=True).exists()
    assert not queue_of(land.may("carole")).exists()
    assert list(asked_by(land.may("carole"))) == [request_]
    close(viewer=land.may("carole"), request=request_, closed=True)
    assert not queue_of(land.may("gilles")).exists()
    assert list(queue_of(land.may("gilles"), state="closed")) == [request_]


def test_somebody_is_put_in_charge(land, request_):
    assert set(team_of(request_)) == {land.people["emma"], land.people["gilles"]}
    assign(viewer=land.may("emma"), request=request_, person=land.people["gilles"].pk)
    assert told_to("gilles", land)[0] == "Emma Test entrusted you with “Comment corriger mon fichier ?”."
    for stranger in ("carole", "fanny", "rita"):
        with pytest.raises(NotOfTheTeam):
            assign(viewer=land.may("emma"), request=request_, person=land.people[stranger].pk)
    with pytest.raises(AccessDenied):
        assign(viewer=land.may("carole"), request=request_, person=land.people["emma"].pk)
    assign(viewer=land.may("emma"), request=request_, person=None)
    request_.refresh_from_db()
    assert request_.assigned_to is None


def test_closed_and_opened_again(land, request_):
    write(viewer=land.may("emma"), request=request_, text="Voilà.")
    close(viewer=land.may("emma"), request=request_, closed=True)
    with pytest.raises(HelpClosed):
        write(viewer=land.may("carole"), request=request_, text="Merci")
    close(viewer=land.may("carole"), request=request_, closed=False)
    request_.refresh_from_db()
    assert (request_.state, request_.closed_at) == ("answered", None)


def test_who_left_is_told_nothing_more(land, request_):
    write(viewer=land.may("emma"), request=request_, text="Voilà.")
    assert told_to("carole", land)
    Membership.objects.filter(user=land.people["carole"]).delete()
    assert told_to("carole", land) == []
    with pytest.raises(NotFound):
        request_for(land.may("carole"), request_.uid)


def test_a_branch_of_its_own_is_not_confused(land):
    """`/1/` is not above `/12/`."""
    alone = create_organization(slug="alone", name="Alone", kind="commune")
    assert helpers_for(alone) == []
