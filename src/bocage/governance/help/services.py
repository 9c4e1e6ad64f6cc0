"""Writes of requests for help: ask, write, put somebody in charge, close. One transaction each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction

from bocage.access.rules import decide, decide_in
from bocage.access.vocabulary import Action
from bocage.governance.help.errors import HelpClosed, NobodyToAsk, NotAbove, NotOfTheTeam, ThreadFull
from bocage.governance.help.models import HelpMessage, HelpRequest
from bocage.governance.help.selectors import MOST_MESSAGES, asks, helpers_for, helps, team_of
from bocage.governance.help.vocabulary import HelpState
from bocage.governance.noticing import HELP_ANSWERED, HELP_ASKED, HELP_ASSIGNED, HELP_CLOSED
from bocage.governance.restraint import require_restraint
from bocage.governance.texts import cleaned, subject_of
from bocage.kernel.clock import now
from bocage.kernel.errors import AccessDenied
from bocage.organizations.answering import answering_in
from bocage.organizations.models import Organization, User
from bocage.organizations.notices.services import notify
from bocage.organizations.vocabulary import Role

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset
    from bocage.organizations.notices.kinds import NoticeKind


@transaction.atomic
def ask(
    *,
    viewer: Viewer,
    organization: Organization,
    subject: str,
    text: str,
    helper: Organization | None = None,
    dataset: Dataset | None = None,
) -> HelpRequest:
    """By whoever publishes in `organization`. `helper`: one above it; the nearest that has administrators by default.

    Raises AccessDenied, NobodyToAsk, NotAbove, NothingWritten, TextTooLong, TooManyMessages."""
    decide_in(viewer, Action.PUBLISH, organization.pk).require()
    if dataset is not None:
        decide(viewer, Action.SEE, dataset).require()
    author, instant = _person(viewer), now()
    made = HelpRequest.objects.create(
        organization=organization,
        helper=_helper(organization, helper),
        dataset=dataset,
        subject=subject_of(subject),
        asked_by=author,
        asked_at=instant,
        last_at=instant,
    )
    _write(made, author, text, helping=False)
    team = answering_in(made.helper_id, Role.STEWARD)
    _tell(made, team, HELP_ASKED, but=author, team=str(organization.pk))
    return made


@transaction.atomic
def write(*, viewer: Viewer, request: HelpRequest, text: str) -> HelpMessage:
    """An answer of the helping team, or one more question. Raises AccessDenied, HelpClosed, ThreadFull, and as `ask`."""
    held, helping = _held(viewer, request)
    if held.state == HelpState.CLOSED:
        raise HelpClosed
    if held.messages.count() >= MOST_MESSAGES:
        raise ThreadFull(most=MOST_MESSAGES)
    author = _person(viewer)
    made = _write(held, author, text, helping=helping)
    held.state, held.last_at = HelpState.ANSWERED.value if helping else HelpState.OPEN.value, made.at
    if helping and held.assigned_to_id is None:
        held.assigned_to = author
    held.save(update_fields=["state", "last_at", "assigned_to"])
    _tell(held, _other_side(held, helping=helping), HELP_ANSWERED, but=author, person=str(author))
    return made


@transaction.atomic
def assign(*, viewer: Viewer, request: HelpRequest, person: int | None) -> None:
    """Put somebody of the team in charge, or nobody. Raises AccessDenied, NotOfTheTeam."""
    held, helping = _held(viewer, request)
    if not helping:
        decide_in(viewer, Action.MANAGE, held.helper_id).require()
        raise AccessDenied(reason=str(NotOfTheTeam.message))
    chosen = next((one for one in team_of(held) if one.pk == person), None)
    if person is not None and chosen is None:
        raise NotOfTheTeam
    held.assigned_to = chosen
    held.save(update_fields=["assigned_to"])
    if chosen is not None:
        author = _person(viewer)
        _tell(held, [chosen.pk], HELP_ASSIGNED, but=author, person=str(author))


@transaction.atomic
def close(*, viewer: Viewer, request: HelpRequest, closed: bool) -> None:
    """By either side; False opens it again, as it was. Raises AccessDenied."""
    held, helping = _held(viewer, request)
    if closed == (held.state == HelpState.CLOSED):
        return
    last = held.messages.order_by("-pk").first()
    answered = last is not None and last.helping
    again = HelpState.ANSWERED if answered else HelpState.OPEN
    held.state, held.closed_at = (HelpState.CLOSED.value, now()) if closed else (again.value, None)
    held.save(update_fields=["state", "closed_at"])
    if closed:
        author = _person(viewer)
        _tell(held, _other_side(held, helping=helping), HELP_CLOSED, but=author, person=str(author))


def _held(viewer: Viewer, request: HelpRequest) -> tuple[HelpRequest, bool]:
    """As it is now, until the end of the transaction; and whether the viewer is of the helping team. Raises AccessDenied."""
    rows = HelpRequest.objects.select_for_update(of=("self",)).select_related("organization", "helper")
    held = rows.get(pk=request.pk)
    helping = helps(viewer, held)
    if not helping and not asks(viewer, held):
        decide_in(viewer, Action.PUBLISH, held.organization_id).require()
    return held, helping


def _helper(organization: Organization, wanted: Organization | None) -> Organization:
    found = helpers_for(organization)
    if not found:
        raise NobodyToAsk(organization=organization.name)
    if wanted is None:
        return found[0]
    if wanted not in found:
        raise NotAbove(helper=wanted.name)
    return wanted


def _person(viewer: Viewer) -> User:
    """A person, not a machine."""
    person = User.objects.filter(pk=viewer.user_id or 0, is_active=True).first()
    if person is None:
        raise AccessDenied(reason="")
    return person


def _write(request: HelpRequest, author: User, text: str, *, helping: bool) -> HelpMessage:
    require_restraint(HelpMessage.objects.filter(author=author))
    return HelpMessage.objects.create(request=request, author=author, helping=helping, text=cleaned(text), at=now())


def _other_side(request: HelpRequest, *, helping: bool) -> list[int]:
    """Who is concerned on the other side: those who wrote, whoever is in charge; the whole team while nobody is."""
    wrote = request.messages.filter(helping=not helping, author__isnull=False).order_by("author")
    people = [pk for pk in wrote.values_list("author", flat=True).distinct() if pk]
    if helping:
        return people
    if request.assigned_to_id:
        people.append(request.assigned_to_id)
    return people or answering_in(request.helper_id, Role.STEWARD)


def _tell(request: HelpRequest, people: Iterable[int], kind: NoticeKind, *, but: User, **facts: str) -> None:
    others = [pk for pk in people if pk != but.pk]
    notify(others, kind, address=f"/console/help/{request.uid}/", help=request.uid, **facts)
