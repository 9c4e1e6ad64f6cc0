"""Agreements that a person may know of: those of their organisations. A draft is its producer's alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bocage.access.agreements.vocabulary import State, Step
from bocage.access.models import Agreement, AgreementEvent
from bocage.access.rules import has_role
from bocage.kernel.errors import NotFound
from bocage.organizations.vocabulary import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bocage.access.viewer import Viewer


def agreements_for(viewer: Viewer) -> QuerySet[Agreement]:
    """Newest first."""
    found: QuerySet[Agreement] = Agreement.objects.select_related("producer").prefetch_related(
        "consumers", "signatures"
    )
    if viewer.operator:
        return found
    mine = list(viewer.roles)
    proposed = AgreementEvent.objects.filter(step=Step.PROPOSE).values("agreement")
    received = Agreement.objects.filter(consumers__in=mine, pk__in=proposed).exclude(state=State.DRAFTED)
    return found.filter(Q(producer__in=mine) | Q(pk__in=received.values("pk")))


def agreement_for(viewer: Viewer, uid: str) -> Agreement:
    """Raises NotFound, for hidden as for absent."""
    found = agreements_for(viewer).filter(uid=uid).first()
    if found is None:
        raise NotFound(kind=_("The agreement"), name=uid)
    return found


def agreements_on(uid: str) -> QuerySet[Agreement]:
    """Those that are not over, on this dataset: for whoever manages it."""
    return (
        Agreement.objects.to_come()
        .filter(datasets__dataset=uid)
        .select_related("producer")
        .prefetch_related("consumers", "signatures")
    )


def signs_for(viewer: Viewer, agreement: Agreement) -> Sequence[int]:
    """Ids of the parties of which the viewer is a coordinator."""
    return [pk for pk in agreement.parties().all if has_role(viewer, pk, Role.COORDINATOR)]
