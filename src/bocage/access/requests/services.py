"""Requests made, answered, withdrawn, recalled. Every answer is recorded, and told to whoever asked."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from bocage.access.audit.services import record
from bocage.access.audit.vocabulary import Kind
from bocage.access.granting import Holder, end_of, give_grant
from bocage.access.models import AccessRequest
from bocage.access.models.agreements import today
from bocage.access.noticing import ACCESS_ASKED, ACCESS_GRANTED, ACCESS_LATE, ACCESS_REFUSED
from bocage.access.requests.errors import (
    AlreadyAnswered,
    AlreadyAsked,
    NothingToAsk,
    ReasonMissing,
    RequestNotFound,
    StillRefused,
    TooManyRequests,
)
from bocage.access.requests.rules import promised_by
from bocage.access.requests.selectors import MOST_A_DAY, MOST_WAITING, answering, asked_lately
from bocage.access.requests.vocabulary import Duration, State
from bocage.access.rules import Guarded, decide
from bocage.access.standing import viewer_of
from bocage.access.vocabulary import Action, Effect
from bocage.kernel.clock import now
from bocage.kernel.errors import AccessDenied
from bocage.organizations.models import Membership, Organization, User
from bocage.organizations.notices.services import notify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bocage.access.viewer import Viewer

LONGEST_REASON = 500
"""Of a grant."""


class Announced(Guarded, Protocol):
    """A dataset of which everybody may know."""

    title: str


@transaction.atomic
def ask_access(
    *,
    viewer: Viewer,
    asker: User,
    thing: Announced,
    purpose: str,
    months: Duration,
    organization: Organization | None = None,
) -> AccessRequest:
    """`viewer` is the asker, signed in: a key asks nothing. `organization`: one of theirs, for which they ask.

    Raises AccessDenied, NothingToAsk, AlreadyAsked, TooManyRequests, ValidationError."""
    if viewer.user_id != asker.pk:
        raise AccessDenied(reason=_("a request is made by the person who asks."))
    decide(viewer, Action.SEE, thing).require()
    if decide(viewer, Action.READ, thing):
        raise NothingToAsk
    if organization is not None and not Membership.objects.filter(user=asker, organization=organization).exists():
        raise AccessDenied(reason=_("you have no role in this organisation."))
    User.objects.select_for_update().get(pk=asker.pk)  # one at a time: their number
    if AccessRequest.objects.filter(asker=asker, dataset=thing.uid, state=State.ASKED).exists():
        raise AlreadyAsked
    waiting, lately = asked_lately(asker)
    if waiting >= MOST_WAITING or lately >= MOST_A_DAY:
        raise TooManyRequests(waiting=MOST_WAITING, daily=MOST_A_DAY)
    asked = AccessRequest(
        dataset=thing.uid, title=thing.title, asker=asker, organization=organization, purpose=purpose.strip(),
        months=months, asked_at=now(), due_on=promised_by(today(), settings.BOCAGE.access_request_days),
    )  # fmt: skip
    asked.full_clean(exclude=["asker"], validate_constraints=False)
    try:
        with transaction.atomic():
            asked.save()
    except IntegrityError:
        raise AlreadyAsked from None
    notify(answering(thing), ACCESS_ASKED, address=_address(asked), dataset=thing.uid, person=str(asker))
    record(
        Kind.REQUEST_MADE, viewer=viewer, organization=thing.organization_id, dataset=thing.uid, subject=asked.uid,
        purpose=asked.purpose, months=int(months), by=organization.slug if organization else "",
    )  # fmt: skip
    return asked


@transaction.atomic
def grant_access(
    *,
    viewer: Viewer,
    thing: Announced,
    asked: AccessRequest,
    alone: bool,
    ends_on: date,
    answer: str = "",
    columns: Sequence[str] = (),
) -> AccessRequest:
    """Open the data to whoever asked, until `ends_on` included. `alone`: to the person, even if it was for their organisation.
    `columns`: names of the only ones that are opened; none: all.

    Raises AccessDenied, AlreadyAnswered, NeverBegins, StillRefused, TooManyGrants."""
    asked = _waiting(viewer, thing, asked)
    holder = (
        Holder(person=asked.asker) if alone or not _still_theirs(asked) else Holder(organization=asked.organization)
    )
    asked.grant = give_grant(
        viewer=viewer, thing=thing, holder=holder, action=Action.READ, effect=Effect.ALLOW,
        reason=(_("Asked for: %(purpose)s") % {"purpose": asked.purpose})[:LONGEST_REASON],
        ends_at=end_of(ends_on), columns=columns,
    )  # fmt: skip
    if asked.asker.is_active and not decide(viewer_of(asked.asker), Action.READ, thing):
        raise StillRefused(holder=asked.grant.holder)
    _answer(viewer, asked, State.GRANTED, answer)
    notify([asked.asker_id], ACCESS_GRANTED, address=_address(asked), dataset=thing.uid)
    record(
        Kind.REQUEST_GRANTED, viewer=viewer, organization=thing.organization_id, dataset=thing.uid, subject=asked.uid,
        holder=asked.grant.holder, until=ends_on.isoformat(), answer=asked.answer,
        columns=asked.grant.columns,
    )  # fmt: skip
    return asked


@transaction.atomic
def refuse_access(*, viewer: Viewer, thing: Announced, asked: AccessRequest, reason: str) -> AccessRequest:
    """Raises AccessDenied, AlreadyAnswered, ReasonMissing."""
    asked = _waiting(viewer, thing, asked)
    if not reason.strip():
        raise ReasonMissing
    _answer(viewer, asked, State.REFUSED, reason)
    notify([asked.asker_id], ACCESS_REFUSED, address=_address(asked), dataset=thing.uid)
    record(
        Kind.REQUEST_REFUSED, viewer=viewer, organization=thing.organization_id, dataset=thing.uid, subject=asked.uid,
        reason=asked.answer,
    )  # fmt: skip
    return asked


def withdraw_request(*, viewer: Viewer, asked: AccessRequest) -> None:
    """By whoever asked, while nobody answered. Raises RequestNotFound, AlreadyAnswered."""
    if viewer.user_id is None or viewer.user_id != asked.asker_id:
        raise RequestNotFound
    waiting = AccessRequest.objects.filter(pk=asked.pk, state=State.ASKED)
    if not waiting.update(state=State.WITHDRAWN, answered_at=now()):
        raise AlreadyAnswered


@transaction.atomic
def recall(thing: Guarded, asked: AccessRequest) -> bool:
    """Say once to those who answer that the promised day is past. False when it was said, or answered, meanwhile."""
    late = AccessRequest.objects.filter(pk=asked.pk, state=State.ASKED, reminded_at=None)
    if not late.update(reminded_at=now()):
        return False
    day = f"{asked.due_on:%d/%m/%Y}"
    notify(answering(thing), ACCESS_LATE, address=_address(asked), dataset=thing.uid, person=str(asked.asker), day=day)
    return True


def _waiting(viewer: Viewer, thing: Guarded, asked: AccessRequest) -> AccessRequest:
    """The request, locked, which the viewer may answer. Two stewards who answer together: the second is told."""
    decide(viewer, Action.MANAGE, thing).require()
    locked = AccessRequest.objects.select_for_update(of=("self",)).select_related("asker", "organization")
    found = locked.filter(pk=asked.pk, dataset=thing.uid).first()
    if found is None:
        raise RequestNotFound
    if not found.waits:
        raise AlreadyAnswered
    return found


def _still_theirs(asked: AccessRequest) -> bool:
    """Whether whoever asked still works for the organisation in the name of which they did."""
    return (
        asked.organization is not None
        and Membership.objects.filter(user=asked.asker, organization=asked.organization).exists()
    )


def _answer(viewer: Viewer, asked: AccessRequest, state: State, words: str) -> None:
    asked.state, asked.answer, asked.answered_at, asked.answered_by_id = state, words.strip(), now(), viewer.user_id
    asked.full_clean(exclude=["asker", "answered_by"], validate_constraints=False)
    asked.save(update_fields=["state", "answer", "answered_at", "answered_by", "grant"])


def _address(asked: AccessRequest) -> str:
    return reverse("console:access_request", args=[asked.uid])
