"""Where the viewer may act."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bocage.access.rules import administered_by
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.kernel.errors import AccessDenied
from bocage.organizations.models import Organization


def organizations_where(viewer: Viewer, action: Action) -> QuerySet[Organization]:
    """The organisations in which the viewer may do `action`, by name. There may be thousands: never to be listed whole."""
    return Organization.objects.filter(administered_by(viewer, action))


def organizations_run_by(viewer: Viewer) -> QuerySet[Organization]:
    """Those of which the viewer is a coordinator. Raises AccessDenied when there is none."""
    found = organizations_where(viewer, Action.ADMINISTER)
    if not found.exists():
        raise AccessDenied(reason=_("it needs the role “Coordinator” in an organisation of the platform."))
    return found
