"""An organisation joins another: what follows is shown first, since nothing undoes it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bocage.access.rules import has_role
from bocage.access.viewer import Viewer
from bocage.catalog.merging import merge
from bocage.console.guard import inside, tell
from bocage.kernel.errors import AccessDenied, BocageError
from bocage.organizations.models import Organization
from bocage.organizations.selectors import organization_named
from bocage.organizations.vocabulary import Role


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def merger(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """GET with `into` shows what would follow; POST does it. Needs to administer both from above."""
    left = organization_named(slug)
    _require(viewer, left)
    into = _successor(viewer, request.POST.get("into") or request.GET.get("into", ""))
    if request.method == "POST" and into is not None:
        try:
            merge(into=into, merged=[left])
        except BocageError as error:
            tell(request, error)
        else:
            messages.success(
                request,
                _("“%(left)s” is part of “%(into)s” from now on. Its former addresses lead there.")
                % {"left": left.name, "into": into.name},
            )
            return redirect("console:organization", into.slug)
    context = {
        "organization": left,
        "into": into,
        "candidates": _candidates(viewer, left),
        "datasets": left.datasets.count(),
        "people": left.memberships.count(),
        "portals": left.portals.count(),
        "below": left.children.count(),
    }
    return render(request, "console/organizations/merger.html", context)


def _require(viewer: Viewer, organization: Organization) -> None:
    if not has_role(viewer, organization.pk, Role.ADMINISTRATOR):
        raise AccessDenied(
            reason=_("it needs the role “%(role)s” in this organisation.") % {"role": Role.ADMINISTRATOR.label}
        )


def _successor(viewer: Viewer, slug: str) -> Organization | None:
    if not slug:
        return None
    into = organization_named(slug)
    _require(viewer, into)
    return into


def _candidates(viewer: Viewer, left: Organization) -> list[Organization]:
    """Sisters first: communes join communes."""
    others = Organization.objects.exclude(pk=left.pk).exclude(path__startswith=left.path)
    if not viewer.operator:
        others = others.filter(pk__in=[pk for pk, role in viewer.roles.items() if role == Role.ADMINISTRATOR])
    return sorted(others, key=lambda one: (one.parent_id != left.parent_id, one.name))
