"""A run that would publish stops: what it read is put by, compared with what is published, and shown to a reviewer.

The file first, the rows after, in the transaction that ends the run. Killed at any instant, the run either waits for its review
with its file, or is still claimable without a review; at worst a file that no row names remains, and housekeeping removes it.
"""

from __future__ import annotations

import dataclasses
import os
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_noop

from bocage.kernel.clock import now
from bocage.organizations.answering import stewards_of
from bocage.organizations.notices.services import notify
from bocage.pipeline import aftermath, endings, incoming
from bocage.pipeline.models import Run
from bocage.pipeline.noticing import REVIEW_ASKED, REVIEW_DUE
from bocage.pipeline.pushes.models import Push
from bocage.pipeline.reviews import keeping
from bocage.pipeline.reviews.looking import Look, look_at
from bocage.pipeline.reviews.models import Review, new_review_uid
from bocage.pipeline.reviews.vocabulary import Proposal, ReviewState
from bocage.pipeline.vocabulary import RunStatus
from bocage.store import comparison
from bocage.store.files import sha256_of
from bocage.store.selectors import current_version

if TYPE_CHECKING:
    from bocage.capture.connectors.delivery import Delivery
    from bocage.catalog.models import Dataset
    from bocage.pipeline.conforming import Conformed
    from bocage.store.models import Version
    from bocage.store.staged import StagedFile


def accepted_of(run: Run) -> Review | None:
    """The decision by which this run is carried out again."""
    return Review.objects.filter(run=run, state=ReviewState.ACCEPTED).order_by("-pk").first()


def last_push_of(run: Run) -> int | None:
    """The journal goes on filling while a batch waits: what was accepted ends here."""
    accepted = accepted_of(run)
    return accepted.last_push if accepted is not None else None


def as_accepted(run: Run, staged: StagedFile) -> StagedFile:
    """The bytes that were accepted, where the run has made the same rows in other bytes (another release of the engine)."""
    accepted = accepted_of(run)
    if accepted is None or accepted.sha256 == sha256_of(staged.path):
        return staged
    kept, names = keeping.path_of(accepted), [one.name for one in staged.fields]
    described = [one.as_dict() for one in staged.fields]
    if accepted.schema != described or accepted.row_count != staged.row_count or not kept.is_file():
        return staged
    if not comparison.same_rows(kept, staged.path, names):
        return staged
    copy = staged.path.with_name(f"{accepted.uid}.parquet")
    os.link(kept, copy)
    return dataclasses.replace(staged, path=copy)


def propose(
    run: Run,
    staged: StagedFile,
    delivery: Delivery | None,
    conformed: Conformed | None,
    last_push: int | None = None,
) -> None:
    """End the run as waiting for a review. Another proposal of the same kind that waited is replaced."""
    base = current_version(run.dataset)
    look = look_at(staged.path, staged.row_count, staged.fields, base)
    review = _described(run, staged, base, look, last_push)
    if conformed is not None:
        aftermath.record_refusal(dataclasses.replace(conformed, aside=None), run=run.uid)
    if delivery is not None and not run.file:
        _hold(run, delivery)
    review.file = keeping.put_in_place(review.uid, staged)
    try:
        replaced = _record(run, review, delivery)
    except BaseException:
        keeping.path_of(review).unlink(missing_ok=True)
        raise
    for uid in replaced:
        incoming.forget(uid)


def _hold(run: Run, delivery: Delivery) -> None:
    """What was fetched becomes a file of the run: what is published is what was reviewed, whatever the address gives later."""
    incoming.forget(run.uid)  # of an attempt that was killed
    run.file = incoming.hold(delivery.path, filename=delivery.filename, run_uid=run.uid)


@transaction.atomic
def _record(run: Run, review: Review, delivery: Delivery | None) -> list[str]:
    endings.mark_over(run, RunStatus.REVIEW, gettext_noop("Waits to be reviewed."))
    Run.objects.filter(pk=run.pk).update(file=run.file)
    if delivery is not None:
        endings.remember(run, delivery)  # the next poll asks for what is newer than this
    told, replaced = supersede(run.dataset, Proposal(review.kind), by=run)
    review.save(force_insert=True)
    if not told:
        tell_reviewers(review)
    return replaced


def supersede(dataset: Dataset, kind: Proposal, *, by: Run | None = None) -> tuple[bool, list[str]]:
    """What waited is replaced by what comes. Whether something did, and the uids of the other runs that are over. Inside a
    transaction."""
    waiting = list(
        Review.objects.select_for_update(of=("self",))
        .select_related("run")
        .filter(dataset=dataset, kind=kind, state=ReviewState.WAITING)
    )
    Review.objects.filter(pk__in=[one.pk for one in waiting]).update(state=ReviewState.SUPERSEDED, decided_at=now())
    runs = [one.run for one in waiting if one.run is not None and one.run != by]
    Run.objects.filter(pk__in=[run.pk for run in runs], status=RunStatus.REVIEW).update(status=RunStatus.CANCELLED)
    return bool(waiting), [run.uid for run in runs]


def tell_reviewers(review: Review) -> None:
    """Stewards other than the authors. Inside the transaction of the proposal."""
    dataset = review.dataset
    people = stewards_of(dataset.organization, but=review.authors)
    address = f"/console/reviews/{review.uid}/"
    author = review.run.requested_by if review.run is not None else None
    if author is None:
        notify(people, REVIEW_DUE, address=address, dataset=dataset.uid)
    else:
        notify(people, REVIEW_ASKED, address=address, dataset=dataset.uid, person=str(author))


def _described(run: Run, staged: StagedFile, base: Version | None, look: Look, last_push: int | None) -> Review:
    kind = Proposal.PUSHES if run.pushed else Proposal.MENDED if run.quarantine else Proposal.DELIVERY
    return Review(
        uid=new_review_uid(),
        dataset=run.dataset,
        kind=kind,
        run=run,
        base=base,
        base_number=base.number if base else None,
        authors=_authors(run, last_push),
        comment=run.comment,
        filename=run.filename,
        sha256=sha256_of(staged.path),
        schema=[one.as_dict() for one in staged.fields],
        row_count=staged.row_count,
        changes=look.changes,
        profile=look.profile,
        anomalies=look.anomalies,
        sample=look.sample,
        warnings=[notice.as_dict() for notice in staged.notices],
        last_push=last_push,
        created_at=now(),
    )


def _authors(run: Run, last_push: int | None) -> list[int]:
    """Who asked for it; who follows the address that was polled; who opened the addresses that were pushed to, and holds their
    keys."""
    people: set[int | None] = {run.requested_by_id}
    if run.source is not None and not run.requested_by_id:
        people.add(run.source.followed_by_id)
    if last_push is not None:
        pushes = Push.objects.filter(dataset=run.dataset, pk__lte=last_push, aside__isnull=True)
        rows = pushes.order_by().values_list("address__created_by", "address__keys__created_by").distinct()
        people.update(pk for row in rows for pk in row)
    return sorted(pk for pk in people if pk)
