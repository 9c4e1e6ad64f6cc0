"""An organisation joins another: what follows is shown first, since nothing undoes it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bocage.access.rules import has_role
from bocage.access.viewer import Viewer
from bocage.catalog.merging import merge
from bocage.console.forms.named import organization_named, short_list
from bocage.console.guard import inside, tell
from bocage.kernel.errors import AccessDenied, BocageError
from bocage.organizations.models import Organization
from bocage.organizations.selectors import organization_named as organization_at
from bocage.organizations.vocabulary import Role


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def merger(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """GET with `into` shows what would follow; POST does it. Needs to administer both from above."""
    left = organization_at(slug)
    _require(viewer, left)
    others = _others(viewer, left)
    try:
        into = _successor(viewer, others, request)
    except ValidationError as error:
        tell(request, error)
        into = None
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
        "listed": short_list(others),
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


def _successor(viewer: Viewer, others: QuerySet[Organization], request: HttpRequest) -> Organization | None:
    """What was shown, and is confirmed, by its identifier; else as people write it. Raises AccessDenied, NotFound;
    ValidationError for a name that is none of `others`, or several."""
    if confirmed := request.POST.get("into", "").strip()[:200]:
        into = organization_at(confirmed)
    elif text := request.GET.get("into", "").strip()[:200]:
        into = others.filter(slug=text).first() or organization_named(text, others)
    else:
        return None
    _require(viewer, into)
    return into


def _others(viewer: Viewer, left: Organization) -> QuerySet[Organization]:
    """Those that it may join: the sisters, and any other that the viewer administers, outside what is below it."""
    others = Organization.objects.exclude(path__startswith=left.path).exclude(pk=left.pk)
    if not viewer.operator:
        others = others.filter(pk__in=[pk for pk, role in viewer.roles.items() if role == Role.ADMINISTRATOR])
    return others
