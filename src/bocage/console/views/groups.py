"""Working groups across organisations."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bocage.access.groups import add_to_group, create_group, dissolve_group, group_for, groups_for, remove_from_group
from bocage.access.rules import decide_in
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.console.belonging import organizations_run_by, organizations_where
from bocage.console.forms.access import GroupForm, WhyForm
from bocage.console.guard import inside, tell
from bocage.console.paging import address_of_page, page_of
from bocage.kernel.errors import BocageError


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def groups(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Mine and those that I keep; POST makes one."""
    posted = request.method == "POST"
    leading = organizations_run_by(viewer) if posted else organizations_where(viewer, Action.ADMINISTER)
    form = GroupForm(request.POST if posted else None, organizations=leading)
    if posted and form.is_valid():
        try:
            group = create_group(viewer=viewer, **form.cleaned_data)
        except (BocageError, ValidationError) as error:
            tell(request, error)
        else:
            return redirect("console:group", group.uid)
    page = page_of(request, groups_for(viewer).annotate(people=Count("members")).order_by("name", "pk"))
    context = {
        "page": page,
        "page_address": address_of_page(request),
        "form": form if leading.exists() else None,
    }
    return render(request, "console/groups/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def group(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """The members; POST adds one by e-mail."""
    found = group_for(viewer, uid)
    keeps = decide_in(viewer, Action.ADMINISTER, found.organization_id)
    form = WhyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        keeps.require()
    if request.method == "POST" and form.is_valid():
        try:
            person = add_to_group(viewer=viewer, group=found, email=form.cleaned_data["email"])
        except BocageError as error:
            tell(request, error)
        else:
            messages.success(request, _("%(person)s is in the group.") % {"person": person})
            return redirect("console:group", found.uid)
    context = {
        "group": found,
        "keeps": keeps,
        "form": form,
        "members": found.members.prefetch_related("memberships__organization").order_by("last_name", "email"),
        "viewer": viewer,
    }
    return render(request, "console/groups/group.html", context)


@require_POST
@inside
def leave(request: HttpRequest, viewer: Viewer, uid: str, pk: int) -> HttpResponse:
    """Somebody is taken out of the group, or leaves it."""
    found = group_for(viewer, uid)
    remove_from_group(viewer=viewer, group=found, user_id=pk)
    messages.success(request, _("Done: what was granted to the group is no longer granted to this person."))
    return redirect(
        "console:groups" if pk == viewer.user_id else "console:group", *([] if pk == viewer.user_id else [uid])
    )


@require_POST
@inside
def dissolve(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """What was granted to the group ends with it."""
    found = group_for(viewer, uid)
    dissolve_group(viewer=viewer, group=found)
    messages.success(
        request, _("The group “%(name)s” is dissolved; what was granted to it has ended.") % {"name": found.name}
    )
    return redirect("console:groups")
