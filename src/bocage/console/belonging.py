"""Where the viewer may act."""

from __future__ import annotations

from bocage.access.rules import LEAST_ROLE
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.organizations.models import Organization


def organizations_where(viewer: Viewer, action: Action) -> list[Organization]:
    """The organisations in which the viewer may do `action`, by name; same rule as `access.rules.decide_in`."""
    if viewer.operator:
        return list(Organization.objects.all())
    least = LEAST_ROLE[action].rank
    return list(Organization.objects.filter(pk__in=[pk for pk, role in viewer.roles.items() if role.rank >= least]))
