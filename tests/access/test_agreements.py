"""Agreements: who moves them, what they open and when, and that nothing stays open after them."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.utils import translation

from bocage.access.agreements.rules import in_force
from bocage.access.agreements.selectors import agreement_for, agreements_for
from bocage.access.agreements.services import (
    NoteMissing,
    NotNow,
    NotReady,
    SeveralSides,
    Written,
    draft_agreement,
    open_dataset,
    rewrite_agreement,
    take_step,
)
from bocage.access.agreements.vocabulary import LegalBasis, State, Step
from bocage.access.explaining import explanation
from bocage.access.models import Agreement, ApiKey, DataRule, Grant
from bocage.access.models.agreements import today
from bocage.access.narrowing import narrowed
from bocage.access.restrictions import WHOLE, kept_from_somebody, restriction_for, uncounted
from bocage.access.rules import decide
from bocage.access.standing import viewer_of
from bocage.access.vocabulary import Action, Audience, Visibility
from bocage.catalog.models import Dataset
from bocage.kernel.errors import AccessDenied, NotFound
from bocage.organizations.merging import merge_organizations
from bocage.organizations.models import Organization, User
from bocage.organizations.services import add_member, create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role

DAY = timedelta(days=1)


class World:
    """A producer, two consumers, one person of each role that matters, and a private dataset."""

    def __init__(self) -> None:
        self.producer, self.one, self.two = (
            create_organization(slug=slug, name=slug.title(), kind=OrganizationKind.COMMUNE, insee_code=code)
            for slug, code in (("reze", "44143"), ("bouaye", "44018"), ("orvault", "44114"))
        )
        self.chief = self.person(self.producer, Role.COORDINATOR)
        self.chief_one = self.person(self.one, Role.COORDINATOR)
        self.chief_two = self.person(self.two, Role.COORDINATOR)
        self.reader = self.person(self.one, Role.MEMBER)
        self.dataset = Dataset.objects.create(
            organization=self.producer, slug="d", title="D", visibility=Visibility.PRIVATE
        )

    def person(self, organization: Organization, role: Role) -> User:
        user = User.objects.create_user(f"{role}@{organization.slug}.example.fr")
        add_member(organization=organization, user=user, role=role)
        return user

    def written(self, *consumers: Organization, **said) -> Written:
        values = {"title": "Crues", "purpose": "Étude", "legal_basis": LegalBasis.PUBLIC_TASK, "starts_on": today()}
        return Written(**values | {"consumers": consumers or (self.one,)} | said)

    def agreement(self, *consumers: Organization, columns=(), rows="", **said) -> Agreement:
        made = draft_agreement(
            viewer=viewer_of(self.chief), producer=self.producer, written=self.written(*consumers, **said)
        )
        open_dataset(
            viewer=viewer_of(self.chief), agreement=made, thing=self.dataset, columns=columns, rows=rows
        )  # fmt: skip
        return made

    def signed(self, **said) -> Agreement:
        made = self.agreement(**said)
        self.step(made, Step.PROPOSE)
        self.step(made, Step.SIGN)
        return self.step(made, Step.SIGN, self.chief_one, self.one)

    def step(self, agreement, step, user=None, organization=None, note="parce que") -> Agreement:
        return take_step(
            viewer=viewer_of(user or self.chief), agreement=agreement, step=step,
            organization=organization or self.producer, note=note,
        )  # fmt: skip

    def reads(self, user: User | None = None) -> bool:
        return bool(decide(viewer_of(user or self.reader), Action.READ, self.dataset))


@pytest.fixture
def world(db) -> World:
    return World()


def test_access_opens_when_all_have_signed_and_closes_with_it(world):
    agreement = world.agreement(world.one, world.two)
    story = [
        (Step.PROPOSE, world.chief, world.producer, False),
        (Step.SIGN, world.chief_one, world.one, False),
        (Step.SIGN, world.chief, world.producer, False),
        (Step.SIGN, world.chief_two, world.two, True),
        (Step.SUSPEND, world.chief, world.producer, False),
        (Step.RESUME, world.chief, world.producer, True),
        (Step.END, world.chief, world.producer, False),
    ]
    assert not world.reads()
    for step, user, organization, opened in story:
        world.step(agreement, step, user, organization)
        assert world.reads() == opened, step
    told = list(agreement.events.order_by("at", "pk").values_list("step", "name", "note", "state"))
    assert [step for step, *_more in told] == [step for step, *_more in story]
    assert told[-1] == (Step.END, str(world.chief), "parce que", State.ENDED)
    assert not Grant.objects.exists(), "nothing is copied"


@pytest.mark.parametrize(
    ("begins", "ends", "opened"), [(0, 0, True), (-2, None, True), (1, None, False), (-2, -1, False)]
)
def test_its_days_open_and_close_it(world, begins, ends, opened):
    world.signed(starts_on=today() + begins * DAY, ends_on=None if ends is None else today() + ends * DAY)
    assert world.reads() == opened
    assert not world.reads(world.chief_two), "and to nobody else"


def test_midnight_closes_it_without_anybody(world, monkeypatch):
    world.signed(ends_on=today())
    tomorrow = today() + DAY
    assert world.reads()
    monkeypatch.setattr("bocage.access.models.agreements.today", lambda: tomorrow)
    assert not world.reads()
    assert restriction_denied(world)


def restriction_denied(world: World) -> bool:
    with pytest.raises(AccessDenied):
        restriction_for(viewer_of(world.reader), world.dataset)
    return True


def test_only_the_part_agreed_is_seen(world):
    world.signed(columns=["code", "places"], rows="code in ({insee})")
    found = restriction_for(viewer_of(world.reader), world.dataset)
    assert (found.only, found.rows) == ({"code", "places"}, ('code in ("44018")',))
    assert found.hides("added later")
    DataRule.objects.create(
        dataset=world.dataset.uid, audience=Audience.EVERYONE, reason="RGPD", columns={"code": {"mask": "hide"}}
    )
    both = restriction_for(viewer_of(world.reader), world.dataset)
    assert both.hides("code")
    assert both.hides("nom")
    assert not both.hides("places")
    assert both.key != found.key
    assert restriction_for(viewer_of(world.chief), world.dataset) == WHOLE
    assert kept_from_somebody()[world.dataset.uid].hides("nom")
    assert world.dataset.uid in uncounted()


def test_it_takes_nothing_from_whoever_reads_without_it(world):
    world.signed(columns=["code"])
    Grant.objects.create(audience=Audience.PERSON, person=world.reader, dataset=world.dataset.uid, reason="x")
    assert restriction_for(viewer_of(world.reader), world.dataset) == WHOLE
    world.dataset.visibility = Visibility.OPEN
    assert restriction_for(viewer_of(world.chief_one), world.dataset) == WHOLE


@pytest.mark.parametrize("read_only", [True, False])
def test_a_key_sees_no_more_than_what_is_agreed(world, read_only):
    world.signed(columns=["code"])
    owner = viewer_of(world.reader)
    named = narrowed(
        owner, ApiKey(owner=world.reader, datasets=[world.dataset.uid], read_only=read_only), [world.dataset]
    )
    assert restriction_for(named, world.dataset).only == {"code"}
    other = narrowed(owner, ApiKey(owner=world.reader, datasets=["da_other"]), [])
    assert not decide(other, Action.READ, world.dataset)


def test_readers_of_different_parts_have_different_keys(world):
    world.signed(columns=["code"])
    before = viewer_of(world.reader).key
    world.dataset.slug = "d"
    Agreement.objects.get().datasets.update(columns=["places"])
    assert viewer_of(world.reader).key != before


def test_a_refusal_as_precise_wins(world):
    world.signed()
    Grant.objects.create(
        audience=Audience.ORGANIZATION, organization=world.one, dataset=world.dataset.uid, effect="deny", reason="x"
    )
    assert not world.reads()


def test_it_is_told(world):
    agreement = world.signed(columns=["code"])
    with translation.override("fr"):
        told = explanation(viewer_of(world.reader), Action.READ, world.dataset)
        assert agreement.number in told.arguments[0].sentence
        assert "Crues" in decide(viewer_of(world.reader), Action.READ, world.dataset).reason


def test_a_consumer_that_merges_keeps_it(world):
    agreement = world.signed()
    merge_organizations(into=world.two, merged=[world.one])
    assert world.reads()
    assert world.reads(world.chief_two)
    assert {one.slug for one in Agreement.objects.get(pk=agreement.pk).consumers.all()} == {"orvault"}


def test_four_queries_at_most(world, django_assert_max_num_queries):
    world.signed()
    Grant.objects.create(audience=Audience.ORGANIZATION, organization=world.one, branch=world.producer, reason="x")
    with django_assert_max_num_queries(4):
        viewer = viewer_of(world.reader)
    with django_assert_max_num_queries(0):
        assert len(viewer.granted) == 2


def test_what_is_proposed_is_no_longer_written(world):
    agreement = world.agreement()
    world.step(agreement, Step.PROPOSE)
    world.step(agreement, Step.SIGN)
    with pytest.raises(NotNow):
        rewrite_agreement(viewer=viewer_of(world.chief), agreement=agreement, written=world.written(title="Autre"))
    with pytest.raises(NotNow):
        open_dataset(viewer=viewer_of(world.chief), agreement=agreement, thing=world.dataset)
    world.step(agreement, Step.CORRECT, world.chief_one, world.one)
    assert not agreement.signatures.exists(), "what was signed is not what will be"
    rewrite_agreement(viewer=viewer_of(world.chief), agreement=agreement, written=world.written(title="Autre"))
    assert Agreement.objects.get().title == "Autre"


def test_what_is_refused(world):
    with pytest.raises(AccessDenied):
        draft_agreement(viewer=viewer_of(world.chief_one), producer=world.producer, written=world.written())
    with pytest.raises(SeveralSides):
        world.agreement(world.producer, world.one)
    foreign = Dataset.objects.create(organization=world.two, slug="f", title="F", visibility=Visibility.OPEN)
    agreement = world.agreement()
    with pytest.raises(AccessDenied):
        open_dataset(viewer=viewer_of(world.chief), agreement=agreement, thing=foreign)
    for step, user, organization in (
        (Step.PROPOSE, world.reader, world.one),
        (Step.PROPOSE, world.chief_one, world.producer),
        (Step.END, world.chief_two, world.two),
    ):
        with pytest.raises(AccessDenied):
            world.step(agreement, step, user, organization)
    with pytest.raises(NoteMissing):
        world.step(agreement, Step.END, note="  ")
    agreement.datasets.all().delete()
    with pytest.raises(NotReady):
        world.step(agreement, Step.PROPOSE)


def test_a_draft_is_its_producers_alone(world):
    agreement = world.agreement()
    seen = {user.email for user in User.objects.all() if agreement in agreements_for(viewer_of(user))}
    assert seen == {world.chief.email}
    world.step(agreement, Step.END)
    assert not agreements_for(viewer_of(world.chief_one)).exists(), "given up before anybody else knew"
    other = world.agreement()
    world.step(other, Step.PROPOSE)
    assert agreements_for(viewer_of(world.reader)).get() == other
    assert not agreements_for(viewer_of(world.chief_two)).exists()
    assert agreement.number != other.number


def test_the_query_says_what_the_rule_says(world):
    for number, (state, begins, ends) in enumerate(product(State, (-1, 0, 1), (None, 0, 1))):
        start = today() + begins * DAY
        Agreement.objects.create(
            number=str(number), producer=world.producer, state=state, starts_on=start,
            ends_on=None if ends is None else start + ends * DAY,
        )  # fmt: skip
    listed = set(Agreement.objects.in_force())
    for one in Agreement.objects.all():
        assert (one in listed) == in_force(State(one.state), one.starts_on, one.ends_on, today())
        assert (one in listed) == (one.standing == "in-force")


def test_nobody_elsewhere_finds_it(world):
    agreement = world.signed()
    with pytest.raises(NotFound):
        agreement_for(viewer_of(world.chief_two), agreement.uid)
