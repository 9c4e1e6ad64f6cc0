"""Writes of discussions: open, remark, hide, close. One transaction each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from bocage.access.rules import decide
from bocage.access.vocabulary import Action
from bocage.governance.discussions.errors import DiscussionClosed, DiscussionFull, ReasonMissing, SignInToWrite
from bocage.governance.discussions.models import REASON_LENGTH, Discussion, Remark
from bocage.governance.discussions.selectors import MOST_REMARKS
from bocage.governance.names import public_name
from bocage.governance.noticing import DISCUSSION_OPENED, REMARK_HIDDEN, REMARK_MADE
from bocage.governance.restraint import require_restraint
from bocage.governance.texts import cleaned, subject_of
from bocage.kernel.clock import now
from bocage.organizations.answering import stewards_of
from bocage.organizations.models import User
from bocage.organizations.notices.services import notify

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset
    from bocage.organizations.notices.kinds import NoticeKind

TRUSTED_AFTER = timedelta(days=1)
"""The addresses written by an account younger than that stay plain words: there is nothing to gain in making accounts for them."""

MOST_PARTICIPANTS = 50


@transaction.atomic
def open_discussion(*, viewer: Viewer, dataset: Dataset, subject: str, text: str) -> Discussion:
    """Raises SignInToWrite, AccessDenied, NothingWritten, TextTooLong, TooManyMessages."""
    author = _author(viewer, dataset)
    instant = now()
    made = Discussion.objects.create(
        dataset=dataset, subject=subject_of(subject), opened_by=author, opened_at=instant, last_at=instant
    )
    _write(made, author, text)
    _tell(made, DISCUSSION_OPENED, author, stewards_of(dataset.organization, but=[author.pk]))
    return made


@transaction.atomic
def remark(*, viewer: Viewer, discussion: Discussion, text: str) -> Remark:
    """Raises the same, and DiscussionClosed, DiscussionFull."""
    author = _author(viewer, discussion.dataset)
    held = _held(discussion)
    if held.closed_at is not None:
        raise DiscussionClosed
    if held.remarks.count() >= MOST_REMARKS:
        raise DiscussionFull(most=MOST_REMARKS)
    made = _write(held, author, text)
    held.last_at = made.at
    held.save(update_fields=["last_at"])
    _tell(held, REMARK_MADE, author, [*_participants(held), *stewards_of(held.dataset.organization)])
    return made


@transaction.atomic
def hide(*, viewer: Viewer, discussion: Discussion, pk: int, reason: str) -> None:
    """By a steward, with a reason that everybody reads in its place. Raises AccessDenied, ReasonMissing."""
    decide(viewer, Action.MANAGE, discussion.dataset).require()
    reason = " ".join(reason.split())[:REASON_LENGTH]
    if not reason:
        raise ReasonMissing
    held = _held(discussion)
    row = held.remarks.filter(pk=pk, hidden_at=None).select_related("author").first()
    if row is None:
        return
    row.hidden_at, row.hidden_by_id, row.hidden_reason = now(), viewer.user_id, reason
    row.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    _date(held)
    if row.author_id and row.author_id != viewer.user_id:
        address = _address(held)
        notify([row.author_id], REMARK_HIDDEN, address=address, dataset=held.dataset.uid, reason=reason)


@transaction.atomic
def show_again(*, viewer: Viewer, discussion: Discussion, pk: int) -> None:
    """Take back `hide`. Raises AccessDenied."""
    decide(viewer, Action.MANAGE, discussion.dataset).require()
    held = _held(discussion)
    held.remarks.filter(pk=pk).update(hidden_at=None, hidden_by=None, hidden_reason="")
    _date(held)


@transaction.atomic
def close(*, viewer: Viewer, discussion: Discussion, closed: bool) -> None:
    """By a steward; False opens it again. Raises AccessDenied."""
    decide(viewer, Action.MANAGE, discussion.dataset).require()
    held = _held(discussion)
    held.closed_at, held.closed_by_id = (now(), viewer.user_id) if closed else (None, None)
    held.save(update_fields=["closed_at", "closed_by"])


def _author(viewer: Viewer, dataset: Dataset) -> User:
    """A person, not a machine, who may know of the dataset."""
    decide(viewer, Action.SEE, dataset).require()
    author = User.objects.filter(pk=viewer.user_id or 0, is_active=True).first()
    if author is None:
        raise SignInToWrite
    return author


def _held(discussion: Discussion) -> Discussion:
    rows = Discussion.objects.select_for_update(of=("self",)).select_related("dataset__organization")
    return rows.get(pk=discussion.pk)


def _write(discussion: Discussion, author: User, text: str) -> Remark:
    require_restraint(Remark.objects.filter(author=author))
    linked = author.date_joined <= now() - TRUSTED_AFTER
    return Remark.objects.create(discussion=discussion, author=author, text=cleaned(text), linked=linked, at=now())


def _date(discussion: Discussion) -> None:
    last = discussion.remarks.filter(hidden_at=None).order_by("-at").values_list("at", flat=True).first()
    discussion.last_at = last or discussion.opened_at
    discussion.save(update_fields=["last_at"])


def _participants(discussion: Discussion) -> list[int]:
    """Those whose remarks are in sight: somebody whose only remark was hidden is not told of what follows."""
    rows = discussion.remarks.filter(author__isnull=False, hidden_at=None).order_by("author")
    return [pk for pk in rows.values_list("author", flat=True).distinct()[:MOST_PARTICIPANTS] if pk]


def _tell(discussion: Discussion, kind: NoticeKind, author: User, people: Iterable[int]) -> None:
    others = [pk for pk in people if pk != author.pk]
    notify(others, kind, address=_address(discussion), dataset=discussion.dataset.uid, person=public_name(author))


def _address(discussion: Discussion) -> str:
    return f"/explore/dataset/{discussion.dataset.slug}/discussions/{discussion.uid}/"
