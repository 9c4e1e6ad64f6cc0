"""From whom a second factor is asked: by the platform, and by any organisation for itself and those below it.

Whatever is asked above stays asked below: each policy adds people, none takes any away. A policy speaks to whoever holds the role
in the organisation, be it inherited: an administrator above acts there too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from bocage.access.audit.services import record
from bocage.access.audit.vocabulary import Kind
from bocage.access.models import SecondFactorPolicy
from bocage.access.rules import decide_in
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.kernel.clock import now
from bocage.organizations.models import Membership, Organization, User
from bocage.organizations.vocabulary import Role

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What is a factor. Recovery codes come beside one, and go with it."""


@dataclass(frozen=True)
class Policies:
    """The least role of which it is asked, or None. `own`: by the organisation; `inherited`: by those above, or the platform."""

    own: Role | None
    inherited: Role | None

    @property
    def stricter(self) -> list[Role]:
        """What it may ask beyond what is asked of it."""
        return [role for role in Role if self.inherited is None or role.rank < self.inherited.rank]


def asked_of(user: User) -> bool:
    """Is a second factor asked of this person? Two queries at most: most platforms have no policy."""
    platform = settings.BOCAGE.second_factor_from
    if platform == "member" or (platform and user.is_superuser):  # the least role: everybody who has an account
        return True
    if not platform and not SecondFactorPolicy.objects.exists():
        return False
    asked = _policies_above() | _policies_below()
    if platform:
        asked |= Q(role__in=_from(Role(platform)))
    return Membership.objects.filter(asked, user_id=user.pk).exists()


def has_factor(user: User) -> bool:
    return user.pk in having_factor([user.pk])


def having_factor(user_ids: Iterable[int]) -> set[int]:
    """Of these accounts, those that have one. One query."""
    found = Authenticator.objects.filter(user_id__in=list(user_ids), type__in=FACTORS)
    return set(found.values_list("user_id", flat=True))


def policies_in(organization: Organization) -> Policies:
    own = SecondFactorPolicy.objects.filter(organization=organization).first()
    above = [int(part) for part in organization.path.split("/") if part and int(part) != organization.pk]
    inherited = [Role(role) for role in _policies_of(above).values_list("least_role", flat=True)]
    if settings.BOCAGE.second_factor_from:
        inherited.append(Role(settings.BOCAGE.second_factor_from))
    strictest = min(inherited, key=lambda role: role.rank, default=None)
    return Policies(Role(own.least_role) if own else None, strictest)


@transaction.atomic
def ask_in(*, viewer: Viewer, organization: Organization, least: Role | None) -> None:
    """From this role on, in this organisation and below; None: what is asked above, and no more. Raises AccessDenied."""
    decide_in(viewer, Action.ADMINISTER, organization.pk).require()
    record(Kind.FACTOR_ASKED, viewer=viewer, organization=organization, role=least)
    if least is None:
        SecondFactorPolicy.objects.filter(organization=organization).delete()
        return
    SecondFactorPolicy.objects.update_or_create(
        organization=organization, defaults={"least_role": least, "set_by_id": viewer.user_id, "set_at": now()}
    )


def _policies_of(pks: list[int]) -> QuerySet[SecondFactorPolicy]:
    return SecondFactorPolicy.objects.filter(organization_id__in=pks)


def _from(least: Role) -> list[Role]:
    return [role for role in Role if role.rank >= least.rank]


def _policies_above() -> Q:
    """On a membership: a policy of its organisation, or of one above, speaks to its role."""
    mine = ExpressionWrapper(OuterRef("organization__path"), output_field=CharField())
    within = SecondFactorPolicy.objects.alias(mine=mine).filter(
        Q(mine__startswith=F("organization__path")), ~Q(organization__path="")
    )
    asked = Q()
    for least in Role:
        asked |= Q(Exists(within.filter(least_role=least)), role__in=_from(least))
    return asked


def _policies_below() -> Q:
    """On a membership: an administrator is one below too, where any policy speaks to them."""
    below = SecondFactorPolicy.objects.filter(organization__path__startswith=OuterRef("organization__path"))
    return Q(Exists(below), ~Q(organization__path=""), role=Role.ADMINISTRATOR)
