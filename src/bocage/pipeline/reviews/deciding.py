"""Accept, send back, withdraw. One transaction each: the state of the review and that of its run change together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from bocage.access.audit.services import record
from bocage.access.audit.vocabulary import Kind
from bocage.access.restrictions import require_whole
from bocage.access.rules import decide
from bocage.access.vocabulary import Action
from bocage.kernel.clock import now
from bocage.organizations.models import User
from bocage.organizations.notices.services import notify
from bocage.pipeline import journal
from bocage.pipeline.faults import as_record
from bocage.pipeline.models import Run
from bocage.pipeline.noticing import REVIEW_ACCEPTED, REVIEW_RETURNED
from bocage.pipeline.pushes.journal import locked_queue, recount
from bocage.pipeline.pushes.models import Push
from bocage.pipeline.reviews.errors import AlreadyDecided, OwnProposal, PushesStay, ReasonMissing, SentBack
from bocage.pipeline.reviews.models import REASON_LENGTH, Review
from bocage.pipeline.reviews.vocabulary import Proposal, ReviewState
from bocage.pipeline.vocabulary import RunStatus
from bocage.store.selectors import current_version
from bocage.store.services import move_head

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.organizations.notices.kinds import NoticeKind


@transaction.atomic
def accept(*, viewer: Viewer, review: Review) -> Review:
    """Let it be published: by its run, carried out again; at once for an earlier version.

    When another version was published since it was compared, nothing is accepted: it is compared again (SUPERSEDED), and waits
    anew. Raises AccessDenied, OwnProposal, AlreadyDecided, what `move_head` raises."""
    held = _to_decide(viewer, review)
    current = current_version(held.dataset)
    if (current.pk if current else None, current.number if current else None) != (held.base_id, held.base_number):
        return _compare_again(held)
    _close(held, ReviewState.ACCEPTED, viewer)
    if held.kind == Proposal.RESTORE:
        _restore(viewer, held)
    else:
        _carry_on(held)
    _tell(held, viewer, REVIEW_ACCEPTED)
    _journal(Kind.REVIEW_ACCEPTED, held, viewer)
    held.refresh_from_db()
    return held


@transaction.atomic
def send_back(*, viewer: Viewer, review: Review, reason: str) -> Review:
    """Nothing is published; the authors read why. Pushed records are set aside, for the stewards to try again or give up.

    Raises AccessDenied, OwnProposal, AlreadyDecided, ReasonMissing."""
    held = _to_decide(viewer, review)
    reason = reason.strip()[:REASON_LENGTH]
    if not reason:
        raise ReasonMissing
    _close(held, ReviewState.RETURNED, viewer, reason)
    fault = SentBack(person=_name(viewer), reason=reason)
    _end_run(held, RunStatus.FAILED, gettext_noop("Sent back by the reviewer."), fault)
    if held.last_push is not None:
        queue = locked_queue(held.dataset)
        batch = Push.objects.filter(dataset=held.dataset, pk__lte=held.last_push, aside__isnull=True)
        batch.update(aside=as_record(fault))
        recount(queue)
    _tell(held, viewer, REVIEW_RETURNED, reason=reason)
    _journal(Kind.REVIEW_RETURNED, held, viewer, reason=reason)
    return held


@transaction.atomic
def withdraw(*, viewer: Viewer, review: Review) -> Review:
    """Give up the proposal; its file stays some days, to be proposed again. Raises AccessDenied, AlreadyDecided, PushesStay."""
    held = _held(review)
    decide(viewer, Action.PUBLISH, held.dataset).require()
    if held.last_push is not None:
        raise PushesStay
    _close(held, ReviewState.WITHDRAWN, viewer)
    _end_run(held, RunStatus.CANCELLED, gettext_noop("Withdrawn before it was reviewed."), None)
    _journal(Kind.REVIEW_WITHDRAWN, held, viewer)
    return held


@transaction.atomic
def withdraw_run(*, viewer: Viewer, run: Run) -> None:
    """The review of a run that waits for one. Raises AlreadyDecided when none does."""
    review = Review.objects.filter(run=run, state=ReviewState.WAITING).select_related("dataset").first()
    if review is None:
        raise AlreadyDecided(state=RunStatus(run.status).label)
    withdraw(viewer=viewer, review=review)


def _to_decide(viewer: Viewer, review: Review) -> Review:
    held = _held(review)
    decide(viewer, Action.MANAGE, held.dataset).require()
    if viewer.user_id is None or viewer.user_id in held.authors:
        raise OwnProposal
    require_whole(viewer, held.dataset)
    return held


def _held(review: Review) -> Review:
    """As it is now, until the end of the transaction. Raises AlreadyDecided."""
    rows: QuerySet[Review] = Review.objects.select_for_update(of=("self",))
    held = rows.select_related("dataset__organization", "run", "version").get(pk=review.pk)
    if held.state != ReviewState.WAITING:
        raise AlreadyDecided(state=ReviewState(held.state).label)
    return held


def _close(held: Review, state: ReviewState, viewer: Viewer, reason: str = "") -> None:
    held.state, held.reason, held.decided_at, held.decided_by_id = state.value, reason, now(), viewer.user_id
    held.save(update_fields=["state", "reason", "decided_at", "decided_by"])


def _compare_again(held: Review) -> Review:
    held.state, held.decided_at = ReviewState.SUPERSEDED.value, now()
    held.save(update_fields=["state", "decided_at"])
    if held.kind != Proposal.RESTORE:
        _carry_on(held)
    return held


def _carry_on(held: Review) -> None:
    """The run is due again, as if it had not been tried. Raises AlreadyDecided when it is not there to be carried out."""
    waiting = Run.objects.filter(pk=held.run_id or 0, status=RunStatus.REVIEW)
    if not waiting.update(
        status=RunStatus.WAITING, due_at=now(), ended_at=None, attempt=0, lease_owner="", error={}, step=""
    ):
        raise AlreadyDecided(state=ReviewState.WITHDRAWN.label)


def _restore(viewer: Viewer, held: Review) -> None:
    if held.version is None:
        raise AlreadyDecided(state=ReviewState.WITHDRAWN.label)
    held.version.dataset = held.dataset
    move_head(viewer=viewer, dataset=held.dataset, version=held.version)


def _end_run(held: Review, status: RunStatus, message: str, fault: SentBack | None) -> None:
    if held.run is None:
        return
    Run.objects.filter(pk=held.run.pk, status=RunStatus.REVIEW).update(
        status=status,
        ended_at=now(),
        error=as_record(fault) if fault is not None else {},
        log=journal.with_line(held.run, message),
    )


def _tell(held: Review, viewer: Viewer, kind: NoticeKind, **facts: str) -> None:
    address = f"/console/reviews/{held.uid}/"
    notify(held.authors, kind, address=address, dataset=held.dataset.uid, person=_name(viewer), **facts)


def _journal(kind: Kind, held: Review, viewer: Viewer, **facts: str) -> None:
    """Who decided on what whom proposed, and against which version it was shown."""
    record(
        kind,
        viewer=viewer,
        organization=held.dataset.organization,
        dataset=held.dataset.uid,
        subject=held.uid,
        proposal=held.kind,
        authors=[int(pk) for pk in held.authors],
        base=held.base_number,
        sha256=held.sha256,
        **facts,
    )


def _name(viewer: Viewer) -> str:
    return str(User.objects.filter(pk=viewer.user_id or 0).first() or "")
