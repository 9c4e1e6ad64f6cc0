"""Exceptions to roles and visibility: the most precise wins, a refusal wins among equals, and a key never opens more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from bocage.access.models import Grant
from bocage.access.rules import decide
from bocage.access.standing import viewer_of
from bocage.access.viewer import ANONYMOUS
from bocage.access.vocabulary import Action, Audience, Effect, Visibility
from bocage.catalog.models import Dataset
from bocage.kernel.clock import now
from bocage.organizations.models import Organization, User
from bocage.organizations.services import create_organization
from bocage.organizations.vocabulary import OrganizationKind


@pytest.fixture
def commune(db) -> Organization:
    return create_organization(slug="reze", name="Rezé", kind=OrganizationKind.COMMUNE)


@pytest.fixture
def secret(commune) -> Dataset:
    return Dataset.objects.create(organization=commune, slug="secret", title="S", visibility=Visibility.PRIVATE)


def test_a_grant_has_its_time(secret):
    user = User.objects.create_user("p@example.fr")
    hour = timedelta(hours=1)
    grant = Grant.objects.create(audience=Audience.PERSON, person=user, dataset=secret.uid, reason="étude")
    for starts, ends, open_now in (
        (None, None, True),
        (now() - hour, now() + hour, True),
        (now() + hour, None, False),
        (None, now() - hour, False),
    ):
        grant.starts_at, grant.ends_at = starts, ends
        grant.save()
        assert bool(decide(viewer_of(user), Action.READ, secret)) == open_now


def test_the_reason_is_told(secret):
    user = User.objects.create_user("p@example.fr")
    Grant.objects.create(audience=Audience.PERSON, person=user, dataset=secret.uid, reason="étude des crues")
    assert "étude des crues" in decide(viewer_of(user), Action.READ, secret).reason
    Grant.objects.create(
        audience=Audience.PERSON, person=user, dataset=secret.uid, effect=Effect.DENY, reason="étude finie"
    )
    decision = decide(viewer_of(user), Action.READ, secret)
    assert not decision
    assert "étude finie" in decision.reason


def test_a_grant_speaks_to_nobody_else(secret):
    user, other = (User.objects.create_user(f"{name}@example.fr") for name in "pq")
    Grant.objects.create(audience=Audience.PERSON, person=user, dataset=secret.uid, reason="x")
    user.is_active = False
    for viewer in (viewer_of(other), viewer_of(user), ANONYMOUS):
        assert not decide(viewer, Action.READ, secret)


@pytest.mark.parametrize(
    "wrong",
    [
        {"audience": Audience.PERSON},
        {"audience": Audience.GROUP},
        {"audience": Audience.ORGANIZATION},
        {"audience": Audience.PERSON, "person": True, "organization": True},
        {"audience": Audience.PERSON, "person": True, "dataset": ""},
        {"audience": Audience.PERSON, "person": True, "branch": True},
    ],
)
def test_a_grant_without_audience_or_thing_is_never_kept(commune, secret, wrong):
    user = User.objects.create_user("p@example.fr")
    values = {"dataset": secret.uid, "reason": "x"} | wrong
    for name, value in (("person", user), ("organization", commune), ("branch", commune)):
        if values.get(name) is True:
            values[name] = value
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(**values)


def test_viewers_who_differ_by_a_grant_differ_by_their_key(secret):
    user = User.objects.create_user("p@example.fr")
    before = viewer_of(user).key
    Grant.objects.create(audience=Audience.PERSON, person=user, dataset=secret.uid, reason="x")
    assert viewer_of(user).key != before
