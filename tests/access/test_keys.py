"""A key opens at most what its owner opens, for as long as it lives, and leaves no trace of its text."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bocage.access import services
from bocage.access.errors import KeyNotFound, KeyRefused, TooManyKeys
from bocage.access.models import UNDO_WITHIN, ApiKey
from bocage.access.models.keys import USE_RECORDED_EVERY
from bocage.access.narrowing import narrowed
from bocage.access.rules import decide, decide_in
from bocage.access.selectors import key_for, keys_of
from bocage.access.services import create_key, recognise_key, restore_key, revoke_key
from bocage.access.standing import viewer_of
from bocage.access.viewer import ANONYMOUS, Viewer
from bocage.access.vocabulary import ANNOUNCED, Action, Visibility
from bocage.catalog.models import Dataset
from bocage.kernel.clock import now
from bocage.kernel.errors import AccessDenied
from bocage.organizations.models import User
from bocage.organizations.vocabulary import Role
from tests.access.test_rules import TREES, add_member_unchecked, plant


class WhatAKeyLeaves(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(
        parents=TREES,
        held=st.lists(st.tuples(st.integers(0, 5), st.sampled_from(Role)), max_size=4),
        operator=st.booleans(),
        read_only=st.booleans(),
        limit=st.none() | st.integers(0, 5),
        named=st.lists(st.integers(0, 17), max_size=4),
    )
    def test_is_a_part_of_what_the_owner_may(self, parents, held, operator, read_only, limit, named):
        organizations = plant(parents)
        user = User.objects.create_user("p@example.fr", is_superuser=operator)
        for rank, role in held:
            add_member_unchecked(organizations[rank % len(organizations)], user, role)
        Dataset.objects.bulk_create(
            Dataset(organization=o, slug=f"{o.slug}-{v}", title=o.slug, visibility=v)
            for o in organizations
            for v in Visibility
        )
        datasets = list(Dataset.objects.order_by("pk"))
        chosen = [datasets[index % len(datasets)] for index in named]
        only = None if limit is None else organizations[limit % len(organizations)]
        key = ApiKey(read_only=read_only, organization=only, datasets=[dataset.uid for dataset in chosen])
        owner = viewer_of(user)
        viewer = narrowed(owner, key, chosen)
        for action in Action:
            listed = set(Dataset.objects.visible_to(viewer, action))
            assert listed == {d for d in datasets if decide(viewer, action, d)}
            assert listed <= set(Dataset.objects.visible_to(owner, action))
            if action == Action.READ:
                assert listed >= set(Dataset.objects.visible_to(ANONYMOUS))
            told = {Action.SEE: ANNOUNCED, Action.READ: {Visibility.OPEN}}.get(action, set())  # to everyone, by any key
            closed = {d for d in listed if d.visibility not in told}
            assert not (read_only and action not in (Action.SEE, Action.READ) and closed)
            assert not chosen or closed <= set(chosen)
            if only is not None:
                assert {d.organization_id for d in closed if d.visibility == Visibility.PRIVATE} <= {only.pk}
            for organization in organizations:
                allowed = bool(decide_in(viewer, action, organization.pk))
                assert not allowed or decide_in(owner, action, organization.pk)
                assert not (allowed and chosen)
        assert not viewer.operator
        if not read_only and only is None and not chosen and not operator:
            assert viewer == owner


@pytest.fixture
def user(db) -> User:
    return User.objects.create_user("p@example.fr")


def made(user: User, **limits) -> tuple[ApiKey, str]:
    return create_key(viewer=Viewer(user.pk), owner=user, name="Carnet", **limits)


def test_the_text_is_long_random_and_not_kept(user):
    key, text = made(user)
    other = made(user)[1]
    assert text.startswith("bocage_")
    assert text != other
    assert len(text) >= 50
    kept = str(list(ApiKey.objects.values()))
    assert text not in kept
    assert text[20:] not in kept
    assert text.startswith(key.start)
    assert len(text) - len(key.start) >= 38
    assert recognise_key(text) == key


def test_what_opens_nothing(user):
    key, text = made(user)
    for wrong in ("", "x", text[:-1], text.upper(), text + " ", "é" * 50, "a" * 100_000, key.digest):
        with pytest.raises(KeyRefused):
            recognise_key(wrong)
    expired = made(user, expires_at=now() - timedelta(seconds=1))[1]
    with pytest.raises(KeyRefused):
        recognise_key(expired)
    assert recognise_key(made(user, expires_at=now() + timedelta(hours=1))[1])
    User.objects.filter(pk=user.pk).update(is_active=False)
    with pytest.raises(KeyRefused):
        recognise_key(text)


def test_a_revocation_may_be_taken_back_for_a_while(user):
    viewer = Viewer(user.pk)
    key, text = made(user)
    revoke_key(viewer=viewer, key=key)
    with pytest.raises(KeyRefused):
        recognise_key(text)
    assert keys_of(viewer) == [key]
    restore_key(viewer=viewer, key=key)
    assert recognise_key(text) == key
    ApiKey.objects.update(revoked_at=now() - UNDO_WITHIN)
    assert keys_of(viewer) == []
    with pytest.raises(KeyRefused):
        restore_key(viewer=viewer, key=key)


def test_keys_are_their_owner_s_alone(user, commune_of):
    other = Viewer(User.objects.create_user("q@example.fr", is_superuser=True).pk, operator=True)
    key, _text = made(user)
    assert keys_of(other) == [] == keys_of(ANONYMOUS)
    for act in (revoke_key, restore_key):
        for viewer in (other, ANONYMOUS):
            with pytest.raises(KeyNotFound):
                act(viewer=viewer, key=key)
    with pytest.raises(KeyNotFound):
        key_for(other, key.pk)
    for viewer in (other, ANONYMOUS):
        with pytest.raises(AccessDenied):
            create_key(viewer=viewer, owner=user, name="")
    with pytest.raises(AccessDenied):
        made(user, organization=commune_of)  # no role there


@pytest.fixture
def commune_of(db):
    return plant([0])[0]


def test_a_use_is_written_once_in_a_while(user, django_assert_num_queries, monkeypatch):
    text = made(user)[1]
    with django_assert_num_queries(2):
        recognise_key(text)
    first = ApiKey.objects.get().last_used_at
    with django_assert_num_queries(1):
        recognise_key(text)
    monkeypatch.setattr(services, "now", lambda: now() + USE_RECORDED_EVERY)
    recognise_key(text)
    assert ApiKey.objects.get().last_used_at > first + USE_RECORDED_EVERY / 2


def test_there_are_not_endlessly_many(user, monkeypatch):
    monkeypatch.setattr(services, "MOST_KEYS", 2)
    made(user, expires_at=now() - timedelta(days=1))  # dead ones do not count
    key, _text = made(user)
    made(user)
    with pytest.raises(TooManyKeys):
        made(user)
    revoke_key(viewer=Viewer(user.pk), key=key)
    made(user)


def test_nothing_says_the_key(user, caplog):
    key, text = made(user)
    with caplog.at_level(logging.DEBUG):
        recognise_key(text)
        with pytest.raises(KeyRefused) as refused:
            recognise_key(text + "x")
    assert text not in caplog.text
    assert text not in repr(key) + str(key) + str(refused.value)
