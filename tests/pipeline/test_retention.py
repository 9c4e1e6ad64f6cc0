"""Old versions leave as their organisation decided, after a delay; never what is published, kept, signed about or read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bocage.access.models import AgreedDataset, Agreement, Signature
from bocage.access.standing import viewer_of
from bocage.access.viewer import OPERATOR
from bocage.catalog.services import create_dataset
from bocage.config.doctoring import _old_versions
from bocage.kernel.clock import now
from bocage.kernel.errors import AccessDenied
from bocage.organizations.models import Notice, User
from bocage.organizations.services import add_member, create_organization
from bocage.organizations.standards.rules import Limits
from bocage.organizations.standards.services import say_standards
from bocage.organizations.vocabulary import OrganizationKind, Role
from bocage.pipeline.models import KeptVersion, LeavingVersion, Run
from bocage.pipeline.publishing import copying
from bocage.pipeline.retention import leaving, removal
from bocage.pipeline.retention.keeping import KeptByRule, MustStay, cancel_removal, keep_version, let_go, remove_later
from bocage.pipeline.retention.preview import Preview, leaving_in, preview
from bocage.pipeline.retention.rules import superfluous
from bocage.pipeline.reviews.models import Review
from bocage.store import hot_files
from bocage.store.layout import version_path
from bocage.store.models import Head, Version

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NUMBER = st.none() | st.integers(1, 6)


def described(dataset, number: int, at: datetime) -> Version:
    """A version with a file that nobody opens."""
    version = Version.objects.create(
        dataset=dataset, number=number, sha256="0" * 64, size_bytes=100, row_count=1, created_at=at
    )
    path = version_path(version)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"PAR1")
    return version


def naive(made: list[datetime], limits: Limits, instant: datetime) -> set[int]:
    """Numbers that leave, of versions made at these instants (the first is number 1): the law read aloud."""
    if limits.most_days is None and limits.most_versions is None:
        return set()
    gone = set()
    for number in range(1, len(made)):
        rank, age = len(made) - number + 1, instant - made[number]  # replaced when the next one was made
        too_many = limits.most_versions is not None and rank > limits.most_versions
        too_old = limits.most_days is not None and age > timedelta(days=limits.most_days)
        needed = rank <= (limits.least_versions or 1) or (
            limits.least_days is not None and age <= timedelta(days=limits.least_days)
        )
        if (too_many or too_old) and not needed:
            gone.add(number)
    return gone


class AsTheLawSays(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(
        ages=st.lists(st.lists(st.integers(0, 9), max_size=7), min_size=1, max_size=3),
        numbers=st.tuples(NUMBER, NUMBER, NUMBER, NUMBER),
    )
    def test_the_query_is_the_law(self, ages, numbers):
        limits = Limits(
            least_days=numbers[0], least_versions=numbers[1], most_days=numbers[2], most_versions=numbers[3]
        )
        place = create_organization(slug="reze", name="Rezé", kind=OrganizationKind.COMMUNE)
        expected = set()
        for rank, days in enumerate(ages):
            dataset = create_dataset(viewer=OPERATOR, organization=place, slug=f"d{rank}", title="D")
            made = [NOON - timedelta(days=day, minutes=30) for day in sorted(days, reverse=True)]
            Version.objects.bulk_create(
                Version(dataset=dataset, number=n, sha256="0", size_bytes=1, row_count=1, created_at=at)
                for n, at in enumerate(made, 1)
            )
            expected |= {(dataset.pk, number) for number in naive(made, limits, NOON)}
        found = superfluous(Q(dataset__organization=place), limits, NOON)
        assert set(found.values_list("dataset", "number")) == expected


@pytest.fixture
def place(db, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return create_organization(slug="reze", name="Rezé", kind=OrganizationKind.COMMUNE)


@pytest.fixture
def dataset(place):
    """Five versions, one a month; the last one is published; the commune keeps three."""
    found = create_dataset(viewer=OPERATOR, organization=place, slug="parkings", title="Parkings")
    for number in range(1, 6):
        version = described(found, number, now() - timedelta(days=30 * (6 - number)))
    Head.objects.create(dataset=found, version=version, moved_at=now())
    say_standards(organization=place, limits=Limits(most_versions=3), user=None)
    return found


def left(dataset) -> list[int]:
    return list(dataset.versions.order_by("number").values_list("number", flat=True))


def marked() -> list[int]:
    return list(LeavingVersion.objects.order_by("version__number").values_list("version__number", flat=True))


def later() -> None:
    """The time to undo is over."""
    LeavingVersion.objects.update(leaves_at=now() - timedelta(minutes=1))


def steward(place) -> User:
    user = User.objects.create_user("anne@example.fr")
    add_member(organization=place, user=user, role=Role.STEWARD)
    return user


def test_marked_and_told_then_removed_with_their_files(dataset, place):
    user = steward(place)
    paths = {version.number: version_path(version) for version in dataset.versions.all()}
    assert leaving.apply_standards() == 0
    assert marked() == [1, 2]
    assert left(dataset) == [1, 2, 3, 4, 5]
    notice = Notice.objects.get(recipient=user)
    assert notice.facts["count"] == "2"
    assert notice.address == "/console/organization/reze/standards/"
    assert leaving.apply_standards() == 0  # nothing before its time, and nobody is told twice
    assert Notice.objects.count() == 1
    later()
    assert leaving.apply_standards() == 2
    assert left(dataset) == [3, 4, 5]
    assert {number for number, path in paths.items() if path.exists()} == {3, 4, 5}


def test_a_longer_rule_takes_the_mark_away(dataset, place):
    leaving.apply_standards()
    later()
    say_standards(organization=place, limits=Limits(most_versions=10), user=None)
    assert leaving.apply_standards() == 0
    assert marked() == []
    assert left(dataset) == [1, 2, 3, 4, 5]


def test_a_minimum_above_wins(dataset, place):
    leaving.apply_standards()
    metropole = create_organization(slug="metropole", name="Métropole", kind=OrganizationKind.EPCI)
    from bocage.organizations.services import move_organization

    move_organization(organization=place, parent=metropole)
    say_standards(organization=metropole, limits=Limits(least_days=110), user=None)
    leaving.apply_standards()
    assert marked() == [1]  # replaced 120 days ago; the second, 90


def test_what_is_published_stays_even_the_oldest(dataset):
    leaving.apply_standards()
    later()
    first = dataset.versions.get(number=1)
    Head.objects.filter(dataset=dataset).update(version=first)
    assert leaving.apply_standards() == 1
    assert left(dataset) == [1, 3, 4, 5]


def test_published_again_at_the_last_moment(dataset, monkeypatch):
    """Between the choice of what is removed and its removal."""
    leaving.apply_standards()
    later()
    monkeypatch.setattr(leaving, "_unmark", lambda wanted: None)
    Head.objects.filter(dataset=dataset).update(version=dataset.versions.get(number=2))
    assert leaving.apply_standards() == 1
    assert left(dataset) == [2, 3, 4, 5]


def test_kept_by_somebody(dataset, place):
    leaving.apply_standards()
    later()
    viewer = viewer_of(steward(place))
    first = dataset.versions.get(number=1)
    keep_version(viewer=viewer, version=first, reason="Avant les travaux")
    assert leaving.apply_standards() == 1
    assert left(dataset) == [1, 3, 4, 5]
    assert marked() == []
    let_go(viewer=viewer, version=first)
    leaving.apply_standards()
    assert marked() == [1]


def agreement(place, dataset, state: str, day: int, signed: int | None = None) -> None:
    """Written and signed so many days ago."""
    made = Agreement.objects.create(
        number=f"2026-{day}", title="Étude", producer=place, purpose="Étude", legal_basis="consent", state=state,
        starts_on=(now() - timedelta(days=1)).date(),
    )  # fmt: skip
    Agreement.objects.filter(pk=made.pk).update(created_at=now() - timedelta(days=day))
    AgreedDataset.objects.create(agreement=made, dataset=dataset.uid)
    if signed is not None:
        Signature.objects.create(agreement=made, organization=place, name="x", signed_at=now() - timedelta(days=signed))


@pytest.mark.parametrize(
    ("state", "written", "signed", "stays"),
    [("signed", 140, 100, [1, 2]), ("proposed", 100, None, [2]), ("ended", 140, 100, [])],
)
def test_what_an_agreement_was_signed_about(dataset, place, state, written, signed, stays):
    """Versions were made 150, 120, 90, 60 and 30 days ago."""
    agreement(place, dataset, state, written, signed)
    leaving.apply_standards()
    later()
    leaving.apply_standards()
    assert left(dataset) == sorted({*stays, 3, 4, 5})


def test_not_while_a_run_is_at_work_nor_while_it_is_read(dataset):
    leaving.apply_standards()
    later()
    run = Run.objects.create(dataset=dataset, status="running", due_at=now())
    assert leaving.apply_standards() == 0
    assert marked() == [1, 2]  # they wait no longer for that
    run.delete()
    reading = hot_files.hold(dataset.versions.get(number=1).uid, lambda draft: draft.write_bytes(b"copy") and None)
    assert leaving.apply_standards() == 1
    assert left(dataset) == [1, 3, 4, 5]
    reading.release()
    copy = Path(reading.path)
    assert leaving.apply_standards() == 1
    assert left(dataset) == [3, 4, 5]
    assert not copy.exists()


def test_not_while_a_backup_is_made(dataset):
    leaving.apply_standards()
    later()
    with copying():
        assert leaving.apply_standards() == 0
    assert leaving.apply_standards() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["held", "unlink"])
def test_killed_at_any_step_nothing_published_is_lost(dataset, monkeypatch, step):
    """A row always has its file; the round after ends what was begun."""

    class Killed(BaseException):
        pass

    def killed(*args, **kwargs):
        raise Killed

    leaving.apply_standards()
    later()
    with monkeypatch.context() as patched:
        if step == "held":
            patched.setattr(removal, "held", killed)
        else:
            patched.setattr(Path, "unlink", killed)
            patched.setattr(removal, "_forget_copies", lambda version: True)
        with pytest.raises(Killed):
            leaving.apply_standards()
    for version in dataset.versions.select_related("dataset"):
        assert version_path(version).is_file()
    leaving.apply_standards()
    assert left(dataset) == [3, 4, 5]


def test_by_hand(dataset, place):
    viewer = viewer_of(steward(place))
    say_standards(organization=place, limits=Limits(least_days=100), user=None)
    with pytest.raises(MustStay):
        remove_later(viewer=viewer, version=dataset.versions.get(number=5))
    with pytest.raises(KeptByRule) as refused:
        remove_later(viewer=viewer, version=dataset.versions.get(number=3))
    assert refused.value.fields["authors"] == "Rezé"
    first = dataset.versions.get(number=1)
    remove_later(viewer=viewer, version=first)
    leaving.apply_standards()
    assert marked() == [1]  # no rule asks for it: it leaves all the same
    cancel_removal(viewer=viewer, version=first)
    assert marked() == []
    remove_later(viewer=viewer, version=first)
    later()
    assert leaving.apply_standards() == 1
    assert left(dataset) == [2, 3, 4, 5]


def test_by_hand_needs_the_role_that_is_asked_above(dataset, place):
    viewer = viewer_of(steward(place))
    say_standards(organization=place, limits=Limits(purged_by=Role.COORDINATOR), user=None)
    with pytest.raises(AccessDenied):
        remove_later(viewer=viewer, version=dataset.versions.get(number=1))
    stranger = viewer_of(User.objects.create_user("charlie@example.fr"))
    for act in (let_go, cancel_removal, remove_later):
        with pytest.raises(AccessDenied):
            act(viewer=stranger, version=dataset.versions.get(number=1))
    with pytest.raises(AccessDenied):
        keep_version(viewer=stranger, version=dataset.versions.get(number=1), reason="x")
    assert not LeavingVersion.objects.exists()
    assert not KeptVersion.objects.exists()


def test_preview_counts_what_would_leave(dataset, place):
    assert preview(OPERATOR, place, Limits(most_versions=2)) == Preview(3, 1, 300)
    assert preview(OPERATOR, place, Limits(most_days=45)) == Preview(3, 1, 300)
    assert preview(OPERATOR, place, Limits(most_versions=2, least_versions=4)) == Preview(1, 1, 100)
    assert preview(OPERATOR, place, Limits()) == Preview(0, 0, 0)
    stranger = viewer_of(User.objects.create_user("charlie@example.fr"))
    assert preview(stranger, place, Limits(most_versions=2)) == Preview(0, 0, 0)
    leaving.apply_standards()
    assert [one.version.number for one in leaving_in(OPERATOR, place)] == [1, 2]
    assert not leaving_in(stranger, place)


def test_statements_do_not_grow_with_organisations(dataset, place):
    counts = []
    for many in (5, 40):
        for n in range(many):
            below = create_organization(slug=f"c-{many}-{n}", name="C", kind=OrganizationKind.COMMUNE, parent=place)
            create_dataset(viewer=OPERATOR, organization=below, slug=f"d-{many}-{n}", title="D")
        leaving.apply_standards()
        with CaptureQueriesContext(connection) as captured:
            leaving.apply_standards()
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_what_is_under_review_stays(dataset):
    first, second = dataset.versions.filter(number__in=(1, 2)).order_by("number")
    made = {"dataset": dataset, "sha256": "0", "row_count": 1, "created_at": now()}
    review = Review.objects.create(kind="restore", version=first, base=second, **made)
    leaving.apply_standards()
    assert marked() == []
    review.state = "withdrawn"
    review.save()
    leaving.apply_standards()
    assert marked() == [1, 2]


def test_doctor_counts_what_leaves_and_what_should_have(dataset):
    leaving.apply_standards()
    assert [remark.code for remark in _old_versions()] == ["versions.leaving"]
    LeavingVersion.objects.update(leaves_at=now() - timedelta(days=2))
    assert [(remark.code, remark.severity) for remark in _old_versions()] == [("versions.late", "warning")]
