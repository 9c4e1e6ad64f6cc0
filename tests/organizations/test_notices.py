"""Telling people: who is told, once, in their language, and only of what they may know on the day they read."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy

from bocage.access.vocabulary import Visibility
from bocage.catalog.models import Dataset
from bocage.organizations.models import Membership, Organization, User
from bocage.organizations.notices import kinds
from bocage.organizations.notices.kinds import DATASET, ORGANIZATION, TEAM, NoticeKind
from bocage.organizations.notices.models import FACT_LENGTH, Notice
from bocage.organizations.notices.selectors import notices_of, unread_count
from bocage.organizations.notices.services import KEPT, forget_old, mark_read, mark_unread, notify
from bocage.organizations.notices.telling import told
from bocage.organizations.services import add_member, create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> NoticeKind:
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    return kinds.register(NoticeKind("test.plain", gettext_lazy("%(person)s says %(words)s")))


@pytest.fixture
def about_data(monkeypatch: pytest.MonkeyPatch) -> NoticeKind:
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    return kinds.register(NoticeKind("test.data", "New in %(dataset)s", things={"dataset": DATASET}))


@pytest.fixture
def alice() -> User:
    return User.objects.create_user("alice@example.org", None, first_name="Alice")


@pytest.fixture
def commune() -> Organization:
    return create_organization(slug="orvault", name="Orvault", kind=OrganizationKind.COMMUNE)


def sentences(user: User) -> list[str]:
    return [one.sentence for one in told(user, notices_of(user))]


def test_told_with_its_facts(plain: NoticeKind, alice: User) -> None:
    notify([alice.pk], plain, address="/console/", person="Bob", words="<b>100 %</b>")
    assert sentences(alice) == ["Bob says <b>100 %</b>"]
    assert unread_count(alice) == 1


def test_the_same_thing_is_not_told_twice_in_a_row(plain: NoticeKind, alice: User) -> None:
    for _time in range(3):
        notify([alice.pk, alice.pk], plain, person="Bob", words="hello")
    notify([alice.pk], plain, person="Bob", words="goodbye")
    assert sentences(alice) == ["Bob says goodbye", "Bob says hello"]
    mark_read(alice)
    notify([alice.pk], plain, person="Bob", words="hello")
    assert unread_count(alice) == 1, "what was read may be told anew"


def test_nobody_is_told_of_what_was_undone(plain: NoticeKind, alice: User) -> None:
    with transaction.atomic():
        notify([alice.pk], plain, person="Bob", words="hello")
        transaction.set_rollback(True)
    assert sentences(alice) == []


def test_suspended_and_absent_accounts_are_left_out(plain: NoticeKind, alice: User) -> None:
    alice.is_active = False
    alice.save()
    notify([alice.pk, alice.pk + 1000, 0], plain, person="Bob", words="hello")
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    "address", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_an_address_stays_on_this_site(plain: NoticeKind, alice: User, address: str) -> None:
    with pytest.raises(ValueError, match="path"):
        notify([alice.pk], plain, address=address, person="Bob", words="hello")


def test_facts_are_short(plain: NoticeKind, alice: User) -> None:
    notify([alice.pk], plain, person="Bob", words="x" * 10_000)
    assert len(Notice.objects.get().facts["words"]) == FACT_LENGTH


def test_a_code_that_is_no_more_is_skipped(plain: NoticeKind, alice: User) -> None:
    notify([alice.pk], NoticeKind("test.gone", "gone"))
    notify([alice.pk], plain, person="Bob", words="hello")
    assert sentences(alice) == ["Bob says hello"]


def test_a_missing_fact_is_skipped(plain: NoticeKind, alice: User) -> None:
    notify([alice.pk], plain, person="Bob")
    assert sentences(alice) == []


def test_the_language_is_the_readers(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    kind = kinds.register(NoticeKind("test.language", gettext_lazy("Yes")))
    notify([alice.pk], kind)
    with translation.override("fr"):
        assert sentences(alice) == ["Oui"]
    with translation.override("en"):
        assert sentences(alice) == ["Yes"]


def test_a_title_is_told_to_those_who_may_read_it_today(
    about_data: NoticeKind, alice: User, commune: Organization
) -> None:
    dataset = Dataset.objects.create(
        slug="secret", title="A secret", organization=commune, visibility=Visibility.PRIVATE
    )
    add_member(organization=commune, user=alice, role=Role.MEMBER)
    notify([alice.pk], about_data, dataset=dataset.uid)
    assert sentences(alice) == ["New in A secret"]
    Dataset.objects.filter(pk=dataset.pk).update(title="Renamed")
    assert sentences(alice) == ["New in Renamed"]
    Membership.objects.all().delete()
    assert sentences(alice) == [], "who left is not told the title"


def test_teams_are_told_to_those_who_are_in_them(alice: User, commune: Organization) -> None:
    ids = frozenset({str(commune.pk), "9" * 40, "x", "", "²"})
    assert kinds.namer_of(ORGANIZATION)(alice, ids) == {str(commune.pk): "Orvault"}
    assert kinds.namer_of(TEAM)(alice, ids) == {}
    add_member(organization=commune, user=alice, role=Role.MEMBER)
    assert kinds.namer_of(TEAM)(alice, ids) == {str(commune.pk): "Orvault"}
    assert kinds.namer_of("nothing known")(alice, ids) == {}


def test_reading_is_taken_back(plain: NoticeKind, alice: User) -> None:
    bob = User.objects.create_user("bob@example.org", None)
    for words in ("one", "two"):
        notify([alice.pk, bob.pk], plain, person="Eve", words=words)
    mark_read(alice, notices=[notices_of(alice)[1].pk, notices_of(bob)[0].pk])
    assert (unread_count(alice), unread_count(bob)) == (1, 2), "nobody reads for somebody else"
    instant = mark_read(alice)
    assert unread_count(alice) == 0
    assert mark_unread(bob, instant) == 0
    assert mark_unread(alice, instant) == 1
    assert unread_count(alice) == 1


def test_a_kind_is_registered_once(plain: NoticeKind) -> None:
    with pytest.raises(RuntimeError):
        kinds.register(NoticeKind("test.plain", "another"))


def test_old_notices_are_forgotten(plain: NoticeKind, alice: User) -> None:
    notify([alice.pk], plain, person="Bob", words="old")
    notify([alice.pk], plain, person="Bob", words="new")
    old = notices_of(alice).last()
    assert old is not None
    Notice.objects.filter(pk=old.pk).update(created_at=old.created_at - KEPT)
    assert forget_old() == 1
    assert sentences(alice) == ["Bob says new"]
