"""What is decided about a schema: one button each, POST only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bocage.access.viewer import Viewer
from bocage.check.models import SchemaVersion
from bocage.check.registry import writing
from bocage.check.registry.adoption import adopt, leave
from bocage.check.registry.discussion import remark, settle
from bocage.check.registry.selectors import remark_for, schema_named, schema_version
from bocage.console.forms.schemas import AdoptionForm
from bocage.console.guard import inside, tell, user_of
from bocage.kernel.errors import AccessDenied, BocageError, NotFound
from bocage.organizations.models import User
from bocage.organizations.selectors import organization_named

Done = tuple[str | Promise, str]
"""What to say, and the number of the version to show next; empty: none in particular."""


def _propose(viewer: Viewer, user: User, version: SchemaVersion) -> Done:
    writing.propose(viewer=viewer, version=version)
    return gettext_lazy(
        "Proposed: everyone sees it, and every coordinator may remark on it and adopt it."
    ), version.number


def _take_back(viewer: Viewer, user: User, version: SchemaVersion) -> Done:
    writing.take_back(viewer=viewer, version=version)
    return gettext_lazy("It is a draft again."), version.number


def _retire(viewer: Viewer, user: User, version: SchemaVersion) -> Done:
    writing.retire(viewer=viewer, version=version)
    return gettext_lazy("Retired: the datasets that follow it still do."), version.number


def _delete(viewer: Viewer, user: User, version: SchemaVersion) -> Done:
    writing.delete_draft(viewer=viewer, version=version)
    return gettext_lazy("The draft is deleted."), ""


def _next(viewer: Viewer, user: User, version: SchemaVersion) -> Done:
    made = writing.start_version(viewer=viewer, user=user, schema=version.schema, of=version)
    return gettext_lazy("The new draft is ready to be changed."), made.number


ACTIONS: Mapping[str, Callable[[Viewer, User, SchemaVersion], Done]] = {
    "propose": _propose, "take-back": _take_back, "retire": _retire, "delete": _delete, "next": _next,
}  # fmt: skip


@require_POST
@inside
def act(request: HttpRequest, viewer: Viewer, owner: str, slug: str, number: str, action: str) -> HttpResponse:
    """One of ACTIONS on a version."""
    if action not in ACTIONS:
        raise NotFound(kind=_("The action"), name=action)
    version = schema_version(f"{owner}/{slug}", number, viewer=viewer)
    try:
        sentence, shown = ACTIONS[action](viewer, user_of(request), version)
    except AccessDenied:
        raise
    except (BocageError, ValidationError) as error:
        tell(request, error)
        return _group(owner, slug, number)
    messages.success(request, str(sentence))
    if action == "delete" and not version.schema.versions.exists():
        return redirect("console:schemas")
    return _group(owner, slug, shown)


@require_POST
@inside
def adoption(request: HttpRequest, viewer: Viewer, owner: str, slug: str) -> HttpResponse:
    """Adopt for an organisation, change what was decided, or leave (`leave=1`)."""
    schema = schema_named(viewer, f"{owner}/{slug}")
    form = AdoptionForm(request.POST)
    if form.is_valid():
        organization = form.cleaned_data["named"] or organization_named(form.cleaned_data["organization"])
        try:
            if request.POST.get("leave"):
                leave(viewer=viewer, schema=schema, organization=organization)
                messages.success(request, _("%(name)s no longer follows this schema.") % {"name": organization.name})
            else:
                chosen = form.cleaned_data["version"]
                adopt(
                    viewer=viewer, user=user_of(request), schema=schema, organization=organization,
                    version=schema_version(schema.name, chosen, viewer=viewer) if chosen else None,
                    required_below=form.cleaned_data["required_below"],
                )  # fmt: skip
                messages.success(request, _("%(name)s follows this schema.") % {"name": organization.name})
        except AccessDenied:
            raise
        except BocageError as error:
            tell(request, error)
    for sentence in form.errors.get("named", ()):
        messages.error(request, str(sentence))
    return _group(owner, slug, "")


@require_POST
@inside
def say(request: HttpRequest, viewer: Viewer, owner: str, slug: str, number: str) -> HttpResponse:
    """A remark on the version, or on one of its fields."""
    version = schema_version(f"{owner}/{slug}", number, viewer=viewer)
    body, field = request.POST.get("body", ""), request.POST.get("field", "")[:200]
    try:
        remark(viewer=viewer, user=user_of(request), version=version, body=body, field=field)
    except ValidationError as error:
        tell(request, error)
    else:
        messages.success(request, _("Your remark is there."))
    return _group(owner, slug, number, "#discussion")


@require_POST
@inside
def settle_remark(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """Close it, or open it again (`open=1`)."""
    found = remark_for(viewer, pk)
    settle(viewer=viewer, remark=found, settled=not request.POST.get("open"))
    owner, _slash, slug = found.version.schema.name.partition("/")
    return _group(owner, slug, found.version.number, "#discussion")


def _group(owner: str, slug: str, number: str, anchor: str = "") -> HttpResponse:
    response = redirect("console:schema", owner, slug)
    response["Location"] += (f"?{urlencode({'version': number})}" if number else "") + anchor
    return response
