"""Exceptions given and ended. A grant that ended stays: one may always ask why something could be seen last year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bocage.access.audit.services import record
from bocage.access.audit.vocabulary import Kind
from bocage.access.models import Grant, Group
from bocage.access.rules import Guarded, decide
from bocage.access.vocabulary import Action, Audience, Effect
from bocage.kernel.clock import now
from bocage.kernel.errors import AccessDenied, TerminalError
from bocage.organizations.models import Organization, User

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bocage.access.viewer import Viewer

MOST_GRANTS = 500


class TooManyGrants(TerminalError):
    code = "access.too-many-grants"
    message = gettext_lazy("This dataset has %(most)s exceptions, and no room for another.")
    mend = gettext_lazy("Give the right to a group or to an organisation rather than to people one by one.")


class NeverBegins(TerminalError):
    code = "access.never-begins"
    message = gettext_lazy("It would end before it begins.")
    mend = gettext_lazy("Choose a later end.")


class PartIsRead(TerminalError):
    code = "access.part-is-read"
    message = gettext_lazy("A part of a dataset may only be read.")
    mend = gettext_lazy("Give the right to read, or give all the columns.")


@dataclass(frozen=True)
class Holder:
    """To whom a grant speaks: one of the three; `below`: the members of what is under `organization` too."""

    organization: Organization | None = None
    group: Group | None = None
    person: User | None = None
    below: bool = False

    @property
    def audience(self) -> Audience:
        if self.person is not None:
            return Audience.PERSON
        if self.group is not None:
            return Audience.GROUP
        return Audience.BRANCH if self.below else Audience.ORGANIZATION


def end_of(day: date) -> datetime:
    """The last instant of a day, where the platform is: what ends on a day is said to end on that day."""
    return datetime.combine(day, time.max, tzinfo=timezone.get_default_timezone())


def refuse_never(starts_at: datetime | None, ends_at: datetime | None) -> None:
    """Raise NeverBegins for what would end before it begins. None: now, and never."""
    if ends_at is not None and ends_at <= (starts_at or now()):
        raise NeverBegins


@transaction.atomic
def give_grant(
    *,
    viewer: Viewer,
    thing: Guarded,
    holder: Holder,
    action: Action,
    effect: Effect,
    reason: str,
    ends_at: datetime | None = None,
    columns: Sequence[str] = (),
) -> Grant:
    """Needs to manage the dataset, and to hold oneself what is given. `columns`: names of the only ones that are opened; none:
    all. Raises AccessDenied, TooManyGrants, NeverBegins, PartIsRead."""
    decide(viewer, Action.MANAGE, thing).require()
    if effect == Effect.ALLOW and not decide(viewer, action, thing):
        raise AccessDenied(reason=_("nobody gives a right that they do not hold."))
    if columns and (effect != Effect.ALLOW or action != Action.READ):
        raise PartIsRead
    refuse_never(None, ends_at)
    if Grant.objects.in_force().filter(dataset=thing.uid).count() >= MOST_GRANTS:
        raise TooManyGrants(most=MOST_GRANTS)
    grant = Grant(
        audience=holder.audience,
        organization=holder.organization,
        group=holder.group,
        person=holder.person,
        dataset=thing.uid,
        effect=effect,
        action=action,
        reason=reason.strip(),
        ends_at=ends_at,
        columns=list(dict.fromkeys(columns)),
        created_by_id=viewer.user_id,
    )
    grant.full_clean(exclude=["created_by"])
    grant.save()
    record(
        Kind.GRANT_GIVEN, viewer=viewer, organization=thing.organization_id, dataset=thing.uid, subject=str(grant.pk),
        holder=grant.holder, effect=effect.value, action=action.value, reason=grant.reason,
        until=ends_at.isoformat() if ends_at else "", columns=grant.columns,
    )  # fmt: skip
    return grant


@transaction.atomic
def end_grant(*, viewer: Viewer, thing: Guarded, grant: Grant) -> None:
    """From now on. One that has not begun never will."""
    decide(viewer, Action.MANAGE, thing).require()
    if Grant.objects.filter(pk=grant.pk, dataset=thing.uid).update(ends_at=now()):
        record(
            Kind.GRANT_ENDED, viewer=viewer, organization=thing.organization_id, dataset=thing.uid, subject=str(grant.pk),
            holder=grant.holder, effect=grant.effect, action=grant.action,
        )  # fmt: skip
