"""Access requests: who may ask, who answers, what an answer opens, and that nobody learns of what is not announced."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from bocage.access.granting import Holder, NeverBegins, give_grant
from bocage.access.models import AccessRequest, ApiKey, Grant, JournalEntry
from bocage.access.models.agreements import today
from bocage.access.narrowing import narrowed
from bocage.access.requests.errors import (
    AlreadyAnswered,
    AlreadyAsked,
    NothingToAsk,
    ReasonMissing,
    RequestNotFound,
    StillRefused,
    TooManyRequests,
)
from bocage.access.requests.rules import last_day, promised_by
from bocage.access.requests.selectors import MOST_A_DAY, MOST_WAITING, answering, late_requests
from bocage.access.requests.services import ask_access, grant_access, recall, refuse_access, withdraw_request
from bocage.access.requests.vocabulary import Duration, State
from bocage.access.rules import decide, on_request
from bocage.access.standing import viewer_of
from bocage.access.viewer import ANONYMOUS, OPERATOR
from bocage.access.vocabulary import Action, Effect, Visibility
from bocage.catalog.models import Dataset
from bocage.kernel.clock import now
from bocage.kernel.errors import AccessDenied
from bocage.organizations.models import Organization, User
from bocage.organizations.notices.models import Notice
from bocage.organizations.services import add_member, create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role

PURPOSE = "Étude des flux de vélos avec l’université."


def organization(slug: str, parent: Organization | None = None) -> Organization:
    return create_organization(slug=slug, name=slug.title(), kind=OrganizationKind.COMMUNE, parent=parent)


def person(name: str, *roles: tuple[Organization, Role]) -> User:
    user = User.objects.create_user(f"{name}@example.org")
    for where, role in roles:
        add_member(organization=where, user=user, role=role)
    return user


@pytest.fixture
def here(db) -> Organization:
    return organization("ici")


@pytest.fixture
def elsewhere(db) -> Organization:
    return organization("ailleurs")


@pytest.fixture
def thing(here) -> Dataset:
    return Dataset.objects.create(organization=here, slug="velos", title="Vélos", visibility=Visibility.REQUEST)


@pytest.fixture
def steward(here) -> User:
    return person("steward", (here, Role.STEWARD))


@pytest.fixture
def asker(elsewhere) -> User:
    return person("asker", (elsewhere, Role.MEMBER))


def ask(asker: User, thing: Dataset, **more) -> AccessRequest:
    given = {"purpose": PURPOSE, "months": Duration.YEAR} | more
    return ask_access(viewer=viewer_of(asker), asker=asker, thing=thing, **given)


def give(steward: User, thing: Dataset, asked: AccessRequest, **more) -> AccessRequest:
    given = {"alone": False, "ends_on": today() + timedelta(days=30)} | more
    return grant_access(viewer=viewer_of(steward), thing=thing, asked=asked, **given)


def reads(user: User, thing: Dataset) -> bool:
    return bool(decide(viewer_of(user), Action.READ, thing))


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 120))
def test_so_many_months_end_the_day_before(start, months):
    end = last_day(start, months) + timedelta(days=1)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)


def test_the_delay_is_counted_in_days():
    assert promised_by(date(2026, 11, 22), 15) == date(2026, 12, 7)


def test_everybody_knows_of_it_and_nobody_outside_reads(thing, asker, steward):
    for viewer in (ANONYMOUS, viewer_of(asker)):
        assert on_request(viewer, thing)
        for action in Action:
            assert bool(decide(viewer, action, thing)) == (action == Action.SEE)
    assert not on_request(viewer_of(steward), thing)
    assert not on_request(OPERATOR, thing)


def test_whoever_is_refused_still_knows_what_everybody_knows(thing, asker, steward, here):
    shared = Dataset.objects.create(organization=here, slug="x", title="x", visibility=Visibility.SHARED)
    for one in (thing, shared):
        give_grant(
            viewer=viewer_of(steward), thing=one, holder=Holder(person=asker), action=Action.READ, effect=Effect.DENY,
            reason="Contentieux",
        )  # fmt: skip
    assert on_request(viewer_of(asker), thing)
    assert not decide(viewer_of(asker), Action.SEE, shared)


def test_a_right_to_know_is_not_granted(thing, asker, steward):
    with pytest.raises(ValidationError):
        give_grant(
            viewer=viewer_of(steward), thing=thing, holder=Holder(person=asker), action=Action.SEE,
            effect=Effect.ALLOW, reason="x",
        )  # fmt: skip


def test_asked_given_and_closed_by_itself(thing, asker, steward, elsewhere, monkeypatch):
    colleague = person("colleague", (elsewhere, Role.MEMBER))
    asked = ask(asker, thing, organization=elsewhere)
    assert asked.due_on == today() + timedelta(days=15)
    assert list(Notice.objects.values_list("recipient", "code")) == [(steward.pk, "access.asked")]
    assert not reads(asker, thing)
    given = give(steward, thing, asked, answer="Bon usage.")
    assert (given.state, given.answer, given.answered_by) == (State.GRANTED, "Bon usage.", steward)
    assert timezone.localtime(given.grant.ends_at).date() == today() + timedelta(days=30)
    assert reads(asker, thing)
    assert reads(colleague, thing)
    assert not decide(viewer_of(asker), Action.PUBLISH, thing)
    assert Notice.objects.filter(recipient=asker, code="access.granted").exists()
    assert set(JournalEntry.objects.values_list("kind", flat=True)) >= {"request.made", "request.granted"}
    later = now() + timedelta(days=32)
    monkeypatch.setattr("bocage.access.models.audiences.now", lambda: later)
    assert not reads(asker, thing)


def test_narrower_than_asked(thing, asker, steward, elsewhere):
    colleague = person("colleague", (elsewhere, Role.MEMBER))
    given = give(steward, thing, ask(asker, thing, organization=elsewhere), alone=True)
    assert given.grant.person == asker
    assert reads(asker, thing)
    assert not reads(colleague, thing)


def test_who_left_the_organisation_meanwhile_opens_nothing_to_it(thing, asker, steward, elsewhere):
    colleague = person("colleague", (elsewhere, Role.MEMBER))
    asked = ask(asker, thing, organization=elsewhere)
    asker.memberships.all().delete()
    give(steward, thing, asked)
    assert reads(asker, thing)
    assert not reads(colleague, thing)


def test_refused_with_a_reason(thing, asker, steward):
    asked = ask(asker, thing)
    with pytest.raises(ReasonMissing):
        refuse_access(viewer=viewer_of(steward), thing=thing, asked=asked, reason="  ")
    refused = refuse_access(viewer=viewer_of(steward), thing=thing, asked=asked, reason="Données personnelles.")
    assert (refused.state, refused.answer) == (State.REFUSED, "Données personnelles.")
    assert not reads(asker, thing)
    assert Notice.objects.filter(recipient=asker, code="access.refused").exists()
    assert ask(asker, thing).waits, "one may ask again, otherwise"


def test_only_those_who_manage_it_answer(thing, asker, here, elsewhere):
    asked = ask(asker, thing)
    for user in (asker, person("a", (here, Role.CONTRIBUTOR)), person("b", (elsewhere, Role.ADMINISTRATOR))):
        with pytest.raises(AccessDenied):
            give(user, thing, asked)
        with pytest.raises(AccessDenied):
            refuse_access(viewer=viewer_of(user), thing=thing, asked=asked, reason="x")
    assert not Grant.objects.exists()


def test_not_answered_in_the_name_of_another_dataset(thing, asker, steward, elsewhere):
    other = Dataset.objects.create(organization=thing.organization, slug="o", title="o", visibility=Visibility.REQUEST)
    asked = ask(asker, thing)
    with pytest.raises(RequestNotFound):
        give(steward, other, asked)


def test_answered_once(thing, asker, steward):
    asked = ask(asker, thing)
    give(steward, thing, asked)
    with pytest.raises(AlreadyAnswered):
        give(steward, thing, asked)
    with pytest.raises(AlreadyAnswered):
        refuse_access(viewer=viewer_of(steward), thing=thing, asked=asked, reason="x")
    with pytest.raises(AlreadyAnswered):
        withdraw_request(viewer=viewer_of(asker), asked=asked)
    assert Grant.objects.count() == 1


def test_a_grant_that_would_open_nothing_is_not_given(thing, asker, steward):
    give_grant(
        viewer=viewer_of(steward), thing=thing, holder=Holder(person=asker), action=Action.READ, effect=Effect.DENY,
        reason="Contentieux",
    )  # fmt: skip
    with pytest.raises(StillRefused):
        give(steward, thing, ask(asker, thing))
    assert AccessRequest.objects.get().waits
    assert Grant.objects.filter(effect=Effect.ALLOW).count() == 0


def test_never_given_for_the_past(thing, asker, steward):
    asked = ask(asker, thing)
    with pytest.raises(NeverBegins):
        give(steward, thing, asked, ends_on=today() - timedelta(days=2))
    assert AccessRequest.objects.get().waits


def test_nothing_is_asked_of_what_is_not_announced(asker, here):
    for visibility in (Visibility.PRIVATE, Visibility.SHARED, Visibility.OPEN):
        one = Dataset.objects.create(organization=here, slug=visibility, title="x", visibility=visibility)
        with pytest.raises(AccessDenied if visibility == Visibility.PRIVATE else NothingToAsk):
            ask(asker, one)
    assert not AccessRequest.objects.exists()


def test_not_twice_at_once_and_not_without_end(thing, asker, here, settings):
    ask(asker, thing)
    with pytest.raises(AlreadyAsked):
        ask(asker, thing)
    others = [
        Dataset.objects.create(organization=here, slug=f"d{n}", title="x", visibility=Visibility.REQUEST)
        for n in range(MOST_WAITING)
    ]
    for one in others[: MOST_WAITING - 1]:
        ask(asker, one)
    with pytest.raises(TooManyRequests):
        ask(asker, others[-1])
    for asked in AccessRequest.objects.all():
        withdraw_request(viewer=viewer_of(asker), asked=asked)
    with pytest.raises(TooManyRequests):  # withdrawn ones count for a day
        ask(asker, others[-1])
    AccessRequest.objects.update(asked_at=now() - timedelta(days=2))
    assert ask(asker, others[-1]).waits
    assert MOST_A_DAY == MOST_WAITING


def test_nobody_asks_for_somebody_else_nor_for_others_organisations(thing, asker, here, steward):
    with pytest.raises(AccessDenied):
        ask_access(viewer=viewer_of(steward), asker=asker, thing=thing, purpose=PURPOSE, months=Duration.MONTH)
    with pytest.raises(AccessDenied):
        ask(asker, thing, organization=here)
    with pytest.raises(AccessDenied):
        ask_access(viewer=ANONYMOUS, asker=asker, thing=thing, purpose=PURPOSE, months=Duration.MONTH)


def test_withdrawn_by_who_asked_only(thing, asker, steward):
    asked = ask(asker, thing)
    for viewer in (ANONYMOUS, viewer_of(steward), OPERATOR):
        with pytest.raises(RequestNotFound):
            withdraw_request(viewer=viewer, asked=asked)
    withdraw_request(viewer=viewer_of(asker), asked=asked)
    assert AccessRequest.objects.get().state == State.WITHDRAWN


def test_recalled_once_when_late(thing, asker, steward):
    asked = ask(asker, thing)
    assert late_requests() == []
    AccessRequest.objects.update(due_on=today() - timedelta(days=1))
    asked.refresh_from_db()
    assert late_requests() == [asked]
    assert recall(thing, asked)
    assert not recall(thing, asked)
    assert late_requests() == []
    assert Notice.objects.filter(recipient=steward, code="access.late").count() == 1


def test_who_answers(thing, here, asker, elsewhere):
    assert answering(thing) == []
    above = organization("metropole")
    here.parent, here.path = above, f"{above.path}{here.pk}/"
    here.save()
    administrator = person("administrator", (above, Role.ADMINISTRATOR))
    person("coordinator", (above, Role.COORDINATOR))  # only administrators inherit
    assert answering(thing) == [administrator.pk]
    steward = person("steward", (here, Role.STEWARD))
    person("member", (here, Role.MEMBER))
    assert answering(thing) == [steward.pk]


def test_a_key_opens_no_more_than_what_was_given(thing, asker, steward, elsewhere):
    give(steward, thing, ask(asker, thing))
    key = ApiKey(owner=asker, read_only=True, datasets=[thing.uid])
    viewer = narrowed(viewer_of(asker), key, [thing])
    assert decide(viewer, Action.READ, thing)
    assert not decide(viewer, Action.PUBLISH, thing)
    bare = narrowed(viewer_of(asker), ApiKey(owner=asker, read_only=True, organization=elsewhere), [])
    assert on_request(bare, thing)
