"""A grant of some columns: the others do not exist for whom nothing else opens the data, by any way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bocage.access.granting import Holder, PartIsRead, end_grant, give_grant
from bocage.access.models import ApiKey, Grant, JournalEntry
from bocage.access.models.agreements import today
from bocage.access.narrowing import narrowed
from bocage.access.restrictions import (
    NOTHING,
    WHOLE,
    Restriction,
    kept_from_somebody,
    restriction_for,
    restrictions_for,
)
from bocage.access.rules import decide
from bocage.access.standing import viewer_of
from bocage.access.vocabulary import Action, Effect
from bocage.organizations.vocabulary import Role
from tests.access.test_requests import ask, asker, elsewhere, give, here, organization, person, steward, thing

__all__ = ["asker", "elsewhere", "here", "steward", "thing"]  # fixtures
PART = ["quartier", "places"]


def seen(user, thing) -> Restriction:
    return restrictions_for(viewer_of(user), [thing])[thing.uid]


def only(*names: str) -> Restriction:
    return Restriction(only=frozenset(names))


def grant(steward, thing, holder: Holder, columns=(), effect=Effect.ALLOW, action=Action.READ) -> Grant:
    return give_grant(
        viewer=viewer_of(steward), thing=thing, holder=holder, action=action, effect=effect, reason="x", columns=columns
    )


def test_who_asked_is_given_some_columns(thing, asker, steward, here):
    asked = give(steward, thing, ask(asker, thing), alone=True, columns=PART)
    assert seen(asker, thing) == only(*PART)
    assert seen(steward, thing) == WHOLE
    [told] = JournalEntry.objects.filter(kind="request.granted")
    assert told.told["columns"] == PART
    end_grant(viewer=viewer_of(steward), thing=thing, grant=asked.grant)
    assert seen(asker, thing) == NOTHING


def test_what_else_opens_the_data_opens_all_of_them(thing, asker, steward, elsewhere):
    grant(steward, thing, Holder(person=asker), PART)
    whole = grant(steward, thing, Holder(organization=elsewhere))
    assert seen(asker, thing) == WHOLE
    end_grant(viewer=viewer_of(steward), thing=thing, grant=whole)
    assert seen(asker, thing) == only(*PART)


def test_two_parts_are_added_and_a_refused_one_is_not(thing, asker, steward, elsewhere):
    grant(steward, thing, Holder(organization=elsewhere), ["adresse"])
    grant(steward, thing, Holder(person=asker), PART)
    assert seen(asker, thing) == only("adresse", *PART)
    grant(steward, thing, Holder(organization=elsewhere), effect=Effect.DENY)
    assert seen(asker, thing) == only(*PART), "the team is refused: what was opened to it is closed"


def test_a_key_of_a_reader_of_a_part_shows_the_part(thing, asker, steward, elsewhere):
    """A key that names the dataset turns what its owner may do into a role, which would show all of it."""
    grant(steward, thing, Holder(person=asker), PART)
    owner = viewer_of(asker)
    for key in (ApiKey(datasets=[thing.uid]), ApiKey(datasets=[thing.uid], read_only=True), ApiKey(read_only=True)):
        assert restriction_for(narrowed(owner, key, [thing]), thing) == only(*PART)
    within = narrowed(owner, ApiKey(organization=elsewhere), [thing])
    assert not decide(within, Action.READ, thing)


def test_viewers_of_different_parts_are_told_apart(thing, asker, steward, elsewhere):
    other = person("other", (elsewhere, Role.MEMBER))
    grant(steward, thing, Holder(person=asker), PART)
    grant(steward, thing, Holder(person=other), ["adresse"])
    assert viewer_of(asker).key != viewer_of(other).key


def test_what_is_told_to_everybody_holds_no_more_than_the_parts(thing, asker, steward):
    assert thing.uid not in kept_from_somebody()
    grant(steward, thing, Holder(person=asker), PART)
    grant(steward, thing, Holder(organization=organization("ailleurs-aussi")), ["places", "adresse"])
    assert kept_from_somebody()[thing.uid].only == {"places"}


def test_a_part_is_only_read(thing, asker, steward):
    for effect, action in ((Effect.DENY, Action.READ), (Effect.ALLOW, Action.PUBLISH)):
        with pytest.raises(PartIsRead):
            grant(steward, thing, Holder(person=asker), PART, effect, action)
    assert not Grant.objects.exists()


def test_the_page_offers_the_columns_of_the_dataset_and_no_other(client, thing, asker, steward):
    schema = [{"name": name, "type": "string", "label": name.title(), "description": ""} for name in (*PART, "adresse")]
    type(thing).objects.filter(pk=thing.pk).update(schema=schema)
    asked = ask(asker, thing)
    client.force_login(steward)
    address = f"/console/access-requests/{asked.uid}/"
    page = client.get(address).content.decode()
    assert all(f'value="{name}"' in page for name in (*PART, "adresse"))
    sent = {"do": "give", "holder": "person", "ends_on": (today() + timedelta(days=9)).isoformat()}
    assert client.post(address, sent | {"columns": ["secret"]}).status_code == 200
    assert not Grant.objects.exists()
    assert client.post(address, sent | {"columns": PART}).status_code == 302
    assert Grant.objects.get().columns == PART
    client.force_login(asker)
    page = client.get(address).content.decode()
    assert "quartier, places" in page
    assert 'name="columns"' not in page
