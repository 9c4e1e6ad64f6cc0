"""Who answers for an account: those above everything it does. They end a lost second factor, suspend, reinstate.

Never the person, nor somebody of the same level: a role in one organisation is no hold on what the person does elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bocage.access.audit.services import happening
from bocage.access.audit.vocabulary import Kind
from bocage.access.audit.writing import append
from bocage.access.noticing import FACTOR_RESET
from bocage.access.viewer import Viewer
from bocage.kernel.errors import AccessDenied, TerminalError
from bocage.organizations.models import Membership, User
from bocage.organizations.notices.services import notify
from bocage.organizations.vocabulary import Role


class NoFactor(TerminalError):
    code = "access.no-factor"
    message = gettext_lazy("%(person)s has no second factor.")


def answers_for(viewer: Viewer, user: User) -> bool:
    """Is the viewer above every role that this person holds?"""
    return user.pk in answered_for(viewer, [user])


def answered_for(viewer: Viewer, users: Sequence[User]) -> set[int]:
    """Ids of those of these people for whose account the viewer answers. Two queries."""
    others = [user for user in users if user.pk != viewer.user_id]
    if viewer.operator:
        return {user.pk for user in others}
    places: dict[int, list[tuple[int, str, str]]] = {user.pk: [] for user in others if not user.is_superuser}
    held = Membership.objects.filter(user_id__in=list(places))
    for pk, organization, path, role in held.values_list("user_id", "organization_id", "organization__path", "role"):
        places[pk].append((organization, path, role))
    administered = _administered(viewer)
    return {pk for pk, roles in places.items() if roles and all(_is_above(administered, *place) for place in roles)}


@transaction.atomic
def reset_factor(*, viewer: Viewer, user: User) -> None:
    """The person comes in without it, and is led to set up another where one is asked. They are told. Raises AccessDenied,
    NoFactor."""
    _require(viewer, user)
    removed, _by_model = Authenticator.objects.filter(user_id=user.pk).delete()
    if not removed:
        raise NoFactor(person=str(user))
    notify([user.pk], FACTOR_RESET, person=_name(viewer))
    _tell(Kind.FACTOR_RESET, viewer, user)


@transaction.atomic
def suspend_account(*, viewer: Viewer, user: User) -> None:
    """From now on the account opens nothing: no session, no key, no identity. Its roles and its keys stay. Raises AccessDenied."""
    _require(viewer, user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    _tell(Kind.ACCOUNT_SUSPENDED, viewer, user)


@transaction.atomic
def reinstate_account(*, viewer: Viewer, user: User) -> None:
    """Raises AccessDenied."""
    _require(viewer, user)
    User.objects.filter(pk=user.pk).update(is_active=True)
    _tell(Kind.ACCOUNT_REINSTATED, viewer, user)


def _tell(kind: Kind, viewer: Viewer, user: User) -> None:
    """To the journal of every organisation for which the person works; to that of the platform when there is none."""
    places = list(user.memberships.values_list("organization__slug", flat=True)) or [""]
    append([happening(kind, viewer=viewer, organization=slug, subject=str(user.pk)) for slug in places])


def _administered(viewer: Viewer) -> list[tuple[int, str]]:
    """Organisations where the viewer was made an administrator, with their place, as far as the viewer still holds them."""
    made = Membership.objects.filter(user_id=viewer.user_id or 0, role=Role.ADMINISTRATOR)
    return [
        (pk, path)
        for pk, path in made.values_list("organization_id", "organization__path")
        if path and viewer.roles.get(pk) == Role.ADMINISTRATOR
    ]


def _is_above(administered: list[tuple[int, str]], pk: int, path: str, role: str) -> bool:
    """Administrator of an organisation above this one; or of this very one, where the person is less."""
    return any(
        (there != pk and path.startswith(start)) or (there == pk and role != Role.ADMINISTRATOR)
        for there, start in administered
    )


def _require(viewer: Viewer, user: User) -> None:
    if not answers_for(viewer, user):
        raise AccessDenied(reason=_("only who administers all that this person does answers for their account."))


def _name(viewer: Viewer) -> str:
    user = User.objects.filter(pk=viewer.user_id or 0).first()
    return str(user) if user is not None else _("The platform")
