"""Four eyes: what waits is seen by nobody, what is published is what was accepted, nobody decides on what they proposed."""

from __future__ import annotations

import pytest
from django.utils import translation

from bocage.access.models import DataRule, JournalEntry
from bocage.access.viewer import ANONYMOUS, OPERATOR
from bocage.kernel.errors import AccessDenied, NotFound
from bocage.organizations.models import Membership, Notice
from bocage.organizations.notices.telling import told
from bocage.organizations.vocabulary import Role
from bocage.pipeline.incoming import incoming_folder
from bocage.pipeline.models import Run
from bocage.pipeline.reviews import keeping
from bocage.pipeline.reviews.deciding import accept, send_back, withdraw
from bocage.pipeline.reviews.errors import (
    AlreadyDecided,
    OwnProposal,
    ReasonMissing,
    RequiredAbove,
    ReviewRequired,
)
from bocage.pipeline.reviews.models import Review, ReviewRequirement
from bocage.pipeline.reviews.requirements import is_required, lift_in, lift_on, require_in
from bocage.pipeline.reviews.restoring import restore
from bocage.pipeline.reviews.selectors import may_decide, opened, review_for, reviews_for, waiting_for
from bocage.pipeline.services import cancel_run, retry_run
from bocage.store.models import Version
from bocage.store.selectors import current_version, versions_for
from bocage.store.services import move_head
from tests.pipeline.reviews.conftest import waiting, work

ONE = "id,nom\n1,Ouche-Dinier\n2,Port-au-Blé\n"
TWO = "id,nom\n1,Ouche-Dinier\n2,Port au Blé\n3,Houssais\n"


def test_nothing_waits_where_no_review_is_required(town, propose):
    assert propose(ONE).status == "done"
    assert not Review.objects.exists()


def test_a_proposal_waits_and_nobody_sees_it(town, propose):
    town.require()
    run = propose(ONE)
    assert run.status == "review"
    assert run.version is None
    assert current_version(town.dataset) is None
    assert versions_for(town.may("denis"), town.dataset) == []
    town.dataset.refresh_from_db()
    assert (town.dataset.version_number, town.dataset.schema) == (None, [])
    review = waiting()
    for reader in (ANONYMOUS, town.may("denis")):
        assert not reviews_for(reader).exists()
        with pytest.raises(NotFound):
            review_for(reader, review.uid)
    assert (incoming_folder() / run.uid).is_dir(), "what was dropped is needed to publish it"


def test_accepted_by_another_it_is_published_as_it_was_read(town, propose):
    town.require()
    run = propose(ONE)
    held = accept(viewer=town.may("bob"), review=waiting())
    assert held.state == "accepted"
    assert current_version(town.dataset) is None
    done = work()
    assert (done.pk, done.status, done.version.number) == (run.pk, "done", 1)
    assert done.version.sha256 == held.sha256
    assert done.version.created_by == town.people["carole"]
    held.refresh_from_db()
    assert (held.state, held.version, held.decided_by) == ("published", done.version, town.people["bob"])
    assert not (incoming_folder() / run.uid).exists()


def test_what_the_reviewer_is_shown(town, propose):
    propose(ONE)
    town.require()
    propose(TWO)
    review = waiting()
    assert (review.base_number, review.row_count, review.comment) == (1, 3, "Rentrée")
    assert [review.changes[name] for name in ("rows", "added", "removed", "changed", "key")] == [1, 1, 0, 1, ["id"]]
    assert review.sample["columns"] == ["id", "nom"]
    assert review.sample["rows"][1] == ["2", "Port au Blé"]
    assert review.sample["added"] == [["3", "Houssais"]]
    assert review.sample["removed"] == []
    assert review.sample["changed"] == [{"key": "2", "cells": [["nom", "Port-au-Blé", "Port au Blé"]]}]
    assert review.profile["rows"] == 3


@pytest.mark.parametrize("who", ["carole", "denis", "alice"])
def test_who_may_not_decide(town, propose, who):
    town.require()
    propose(ONE, who="alice")
    review = waiting()
    assert not may_decide(town.may(who), review)
    for decide in (
        lambda: accept(viewer=town.may(who), review=review),
        lambda: send_back(viewer=town.may(who), review=review, reason="no"),
    ):
        with pytest.raises((AccessDenied, OwnProposal)):
            decide()
    assert waiting() == review


def test_the_administrator_above_may_decide_and_the_platform_is_nobody(town, propose):
    town.require()
    propose(ONE)
    with pytest.raises(OwnProposal):
        accept(viewer=OPERATOR, review=waiting())
    accept(viewer=town.may("emma"), review=waiting())
    assert work().status == "done"


def test_who_no_longer_has_the_right_decides_nothing(town, propose):
    town.require()
    propose(ONE)
    Membership.objects.filter(user=town.people["bob"]).delete()
    with pytest.raises(AccessDenied):
        accept(viewer=town.may("bob"), review=waiting())


def test_no_way_of_publishing_goes_around_it(town, propose, monkeypatch):
    propose(ONE)
    first = current_version(town.dataset)
    propose(TWO)
    town.require()
    with pytest.raises(ReviewRequired):
        move_head(viewer=OPERATOR, dataset=town.dataset, version=first)
    held = propose("id,nom\n9,Neuf\n", who="alice")
    assert held.status == "review"
    review = waiting()
    staged = keeping.path_of(review)
    assert staged.is_file()
    monkeypatch.setattr("bocage.pipeline.carrying.is_required", lambda _dataset: False)
    Run.objects.filter(pk=held.pk).update(status="waiting")
    again = work()
    assert again.status == "review", "the transaction that moves the pointer has the last word"
    assert current_version(town.dataset).number == 2


def test_an_acceptance_serves_once_and_for_these_bytes_only(town, propose):
    propose(ONE)
    town.require()
    propose(TWO)
    accept(viewer=town.may("bob"), review=waiting())
    assert propose("id,nom\n1,Autre\n").status == "done", "the oldest first: the one accepted"
    assert work().status == "review"
    assert town.rows()[1]["nom"] == "Port au Blé"
    accept(viewer=town.may("bob"), review=waiting())
    assert work().status == "done"
    assert propose(TWO).status == "review", "what was accepted once is not accepted for ever"


def test_a_version_published_meanwhile_is_compared_again(town, propose):
    propose(ONE)
    town.require()
    propose(TWO)
    review = waiting()
    version = current_version(town.dataset)
    ReviewRequirement.objects.all().delete()
    propose("id,nom\n1,Entre-temps\n")
    town.require()
    Review.objects.filter(pk=review.pk).update(state="waiting")
    Run.objects.filter(pk=review.run_id).update(status="review")
    held = accept(viewer=town.may("bob"), review=review)
    assert held.state == "superseded"
    assert work().status == "review"
    fresh = waiting()
    assert (fresh.pk != review.pk, fresh.base_number, fresh.run_id) == (True, version.number + 1, review.run_id)
    accept(viewer=town.may("bob"), review=fresh)
    assert work().status == "done"
    assert len(town.rows()) == 3


def test_head_moved_between_acceptance_and_publication(town, propose):
    propose(ONE)
    propose(TWO)
    town.require()
    propose("id,nom\n7,Sept\n")
    accept(viewer=town.may("bob"), review=waiting())
    old = Version.objects.get(dataset=town.dataset, number=1)
    proposal = restore(viewer=town.may("alice"), dataset=town.dataset, version=old)
    accept(viewer=town.may("bob"), review=proposal)
    assert current_version(town.dataset) == old
    assert work().status == "review", "it was accepted over another version"
    assert waiting().base_number == 1


def test_sent_back_with_a_reason(town, propose):
    town.require()
    run = propose(ONE)
    with pytest.raises(ReasonMissing):
        send_back(viewer=town.may("bob"), review=waiting(), reason="  ")
    held = send_back(viewer=town.may("bob"), review=waiting(), reason="Il manque <b>Houssais</b>.")
    run.refresh_from_db()
    assert (held.state, run.status, run.error["code"]) == ("returned", "failed", "pipeline.sent-back")
    with pytest.raises(AlreadyDecided):
        accept(viewer=town.may("bob"), review=held)
    assert work() is None
    again = retry_run(viewer=town.may("carole"), run=run)
    assert again.pk != run.pk
    assert work().status == "review", "proposed again, from the same file"


def test_withdrawn_by_its_author_then_proposed_again(town, propose):
    town.require()
    run = propose(ONE)
    cancel_run(viewer=town.may("carole"), run=run)
    run.refresh_from_db()
    assert run.status == "cancelled"
    assert Review.objects.get().state == "withdrawn"
    with pytest.raises(AlreadyDecided):
        accept(viewer=town.may("bob"), review=Review.objects.get())
    retry_run(viewer=town.may("carole"), run=run)
    assert work().status == "review"


def test_a_stranger_withdraws_nothing(town, propose):
    town.require()
    propose(ONE)
    with pytest.raises(AccessDenied):
        withdraw(viewer=town.may("denis"), review=waiting())


def test_a_new_proposal_replaces_the_one_that_waited(town, propose):
    town.require()
    first, second = propose(ONE), propose(TWO)
    first.refresh_from_db()
    assert (first.status, second.status) == ("cancelled", "review")
    assert waiting().run == second
    assert not (incoming_folder() / first.uid).exists()
    assert Notice.objects.filter(code="pipeline.review-asked", recipient=town.people["bob"]).count() == 1


def test_going_back_to_a_version_is_reviewed_too(town, propose):
    propose(ONE)
    old = current_version(town.dataset)
    propose(TWO)
    town.require()
    with pytest.raises(AccessDenied):
        restore(viewer=town.may("carole"), dataset=town.dataset, version=old)
    review = restore(viewer=town.may("alice"), dataset=town.dataset, version=old)
    assert current_version(town.dataset).number == 2
    assert review.changes["removed"] == 1
    with pytest.raises(OwnProposal):
        accept(viewer=town.may("alice"), review=review)
    held = accept(viewer=town.may("bob"), review=review)
    assert held.state == "published"
    assert current_version(town.dataset) == old


def test_required_from_above_and_lifted_there_only(town, propose):
    require_in(viewer=town.may("emma"), organization=town.metropole)
    assert is_required(town.dataset)
    for lift in (
        lambda: lift_on(viewer=town.may("alice"), dataset=town.dataset),
        lambda: lift_in(viewer=town.may("emma"), organization=town.commune),
    ):
        with pytest.raises(RequiredAbove):
            lift()
    with pytest.raises(AccessDenied):
        lift_in(viewer=town.may("alice"), organization=town.metropole)
    assert propose(ONE).status == "review"
    lift_in(viewer=town.may("emma"), organization=town.metropole)
    assert not is_required(town.dataset)
    assert waiting(), "lifting publishes nothing by itself"


def test_the_queue_is_that_of_those_who_manage(town, propose):
    town.require()
    propose(ONE)
    assert [one.dataset for one in waiting_for(town.may("bob"))] == [town.dataset]
    assert not waiting_for(town.may("carole")).exists()
    assert reviews_for(town.may("carole")).count() == 1, "its author follows it"


def test_people_are_told_while_they_may_know(town, propose):
    town.require()
    town.dataset.visibility = "private"
    town.dataset.save()
    propose(ONE)
    send_back(viewer=town.may("bob"), review=waiting(), reason="Incomplet.")
    carole, bob = town.people["carole"], town.people["bob"]
    with translation.override("en"):
        [notice] = told(carole, Notice.objects.filter(recipient=carole))
        assert notice.sentence == "Bob sent back what you proposed for “Écoles”: Incomplet."
        [asked] = told(bob, Notice.objects.filter(recipient=bob))
        assert asked.sentence == "Carole asks you to review a new version of “Écoles”."
    assert not Notice.objects.filter(recipient=town.people["denis"]).exists()
    Membership.objects.filter(user=carole).delete()
    assert told(carole, Notice.objects.filter(recipient=carole)) == []


def test_without_another_steward_the_administrators_above_are_asked(town, propose):
    Membership.objects.filter(user=town.people["bob"]).delete()
    town.require()
    propose(ONE, who="alice")
    assert [one.recipient for one in Notice.objects.all()] == [town.people["emma"]]


def test_files_go_once_it_is_decided(town, propose, monkeypatch):
    town.require()
    propose(ONE)
    review = waiting()
    assert keeping.sweep(young=-1) == 0
    withdraw(viewer=town.may("carole"), review=review)
    assert keeping.sweep(young=-1) == 1
    assert not keeping.path_of(review).exists()


def test_the_operator_of_the_machine_is_no_exception(town, propose, tmp_path, dropped):
    from bocage.capture.understanding import Corrections
    from bocage.pipeline.inline import Publication

    town.require()
    file = dropped(ONE.encode())["file"]
    done = Publication(viewer=OPERATOR, dataset=town.dataset, file=file, filename="e.csv", corrections=Corrections())
    assert done.carry_out().status == "review"
    assert current_version(town.dataset) is None


def test_an_author_is_not_shown_what_is_hidden_from_them(town, propose):
    """The comparison holds values of the published version."""
    propose(ONE)
    town.require()
    propose(TWO)
    review = waiting()
    hide_names(town)
    town.join("dave", Role.CONTRIBUTOR)
    with pytest.raises(AccessDenied):
        opened(town.may("dave"), review.uid)
    seen = opened(town.may("carole"), review.uid)
    assert (seen.sample, seen.profile, seen.changes, seen.anomalies) == ({}, {}, {}, [])
    with pytest.raises(AccessDenied):
        accept(viewer=town.may("dave"), review=review)


def hide_names(town):
    DataRule.objects.create(
        audience="organization", organization=town.commune, dataset=town.dataset.uid, reason="x",
        columns={"nom": {"mask": "hide"}},
    )  # fmt: skip


def test_decisions_and_what_was_looked_at_are_told_to_the_journal(town, propose):
    town.dataset.visibility = "private"
    town.dataset.save()
    town.require()
    propose(ONE)
    uid = waiting().uid
    opened(town.may("bob"), uid)
    send_back(viewer=town.may("bob"), review=waiting(), reason="Non.")
    lift_on(viewer=town.may("alice"), dataset=town.dataset)
    told_of = [entry.kind for entry in JournalEntry.objects.filter(dataset=town.dataset.uid).order_by("pk")]
    assert [kind for kind in told_of if kind.startswith(("review", "read"))] == [
        "review.required",
        "read",
        "review.returned",
        "review.lifted",
    ]
    assert Notice.objects.filter(code="pipeline.review-lifted", recipient=town.people["bob"]).exists()
