"""Where the viewer may act."""

from __future__ import annotations

from bocage.access.rules import administered_by
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.organizations.models import Organization


def organizations_where(viewer: Viewer, action: Action) -> list[Organization]:
    """The organisations in which the viewer may do `action`, by name."""
    return list(Organization.objects.filter(administered_by(viewer, action)))
