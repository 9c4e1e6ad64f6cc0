"""Portals: those that the viewer keeps, a new one, its names, its closing."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.access.groups import group_for
from bocage.access.rules import administered_by, decide_in
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.console.forms.portals import PortalForm
from bocage.console.guard import administered, inside, tell
from bocage.console.paging import address_of_page, page_of
from bocage.console.portal_desk import about, done, kept_portal
from bocage.kernel.errors import AccessDenied, BocageError
from bocage.organizations.models import Organization, Portal
from bocage.organizations.portals.services import close_portal, create_portal, name_portal, reopen_portal
from bocage.organizations.portals.vocabulary import Showing


@require_safe
@inside
def portals(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """`q` filters by name or site."""
    text = request.GET.get("q", "").strip()[:100]
    kept = Organization.objects.filter(administered_by(viewer, Action.ADMINISTER))
    found = Portal.objects.filter(organization__in=kept).select_related("organization").defer("blocks", "chosen")
    if text:
        found = found.filter(
            Q(name__icontains=text) | Q(domain__icontains=text) | Q(organization__name__icontains=text)
        )
    context = {
        "page": page_of(request, found.order_by("name", "pk")),
        "page_address": address_of_page(request),
        "text": text,
        "organizations": kept.order_by("name")[:2],
    }
    return render(request, "console/portals/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def new(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """A portal of an organisation."""
    organization = administered(viewer, slug)
    beginning = reverse("console:organization", args=[organization.slug])
    return _made(request, viewer, organization, organization.name, beginning, showing=Showing.BRANCH)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def new_of_group(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """A portal of a working group, kept by those who lead it."""
    group = group_for(viewer, uid)
    decide_in(viewer, Action.ADMINISTER, group.organization_id).require()
    beginning = reverse("console:group", args=[group.uid])
    return _made(request, viewer, group.organization, group.name, beginning, showing=Showing.SHARED, group=group.uid)


def _made(
    request: HttpRequest,
    viewer: Viewer,
    organization: Organization,
    whose: str,
    beginning: str,
    *,
    showing: Showing,
    group: str = "",
) -> HttpResponse:
    form = PortalForm(request.POST if request.method == "POST" else None, initial={"name": whose})
    if request.method == "POST" and form.is_valid():
        try:
            made = create_portal(
                organization=organization,
                asked=request.get_host(),
                operator=viewer.operator,
                group=group,
                showing=showing,
                **form.cleaned_data,
            )
        except AccessDenied:
            raise
        except (BocageError, ValidationError) as error:
            tell(request, error)
        else:
            messages.success(request, _("The portal exists. Choose what it shows."))
            return redirect("console:portal_selection", made.uid)
    context = {"form": form, "whose": whose, "organization": organization, "beginning": beginning}
    return render(request, "console/portals/new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def portal(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """Its names."""
    kept = kept_portal(viewer, uid)
    form = PortalForm.of(kept, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            name_portal(portal=kept, asked=request.get_host(), operator=viewer.operator, **form.cleaned_data)
        except (BocageError, ValidationError) as error:
            tell(request, error)
        else:
            messages.success(request, done())
            return redirect("console:portal", uid)
    return render(request, "console/portals/names.html", about(request, kept, "names", form=form))


@require_POST
@inside
def close(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """The page that follows offers to undo."""
    kept = close_portal(portal=kept_portal(viewer, uid))
    messages.success(
        request, _("“%(name)s” is closed. Its name is kept: you may reopen it whenever you want.") % {"name": kept.name}
    )
    return redirect("console:portal", uid)


@require_POST
@inside
def reopen(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    kept = reopen_portal(portal=kept_portal(viewer, uid))
    messages.success(request, _("“%(name)s” is open again.") % {"name": kept.name})
    return redirect("console:portal", uid)
