"""The common rules of an organisation: said here, come from above, stricter below; and what remains to be done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bocage.access.rules import decide_in
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.standards import decide_standards, faults_of, not_following
from bocage.check.models import Adoption
from bocage.console.forms.standards import StandardsForm
from bocage.console.guard import inside, tell, user_of
from bocage.console.paging import address_of_page, page_of
from bocage.console.standards_words import RETENTION, sentences
from bocage.kernel.errors import AccessDenied, BocageError
from bocage.organizations.models import Organization
from bocage.organizations.selectors import organization_named
from bocage.organizations.standards.rules import InForce
from bocage.organizations.standards.selectors import limits_of, lineage, standards_of, stricter_below
from bocage.organizations.standards.services import refuse_looser
from bocage.pipeline.retention.leaving import UNDO
from bocage.pipeline.retention.preview import Preview, leaving_in, preview

BELOW_SHOWN, LEAVING_SHOWN, SCHEMAS_SHOWN = 20, 10, 50


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def standards(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """POST decides; with `look`, only tells what would leave."""
    organization = organization_named(slug)
    _require_concerned(viewer, organization)
    may_decide = decide_in(viewer, Action.ADMINISTER, organization.pk)
    if request.method == "POST":
        may_decide.require()
    known = standards_of(organization)
    form = StandardsForm(request.POST if request.method == "POST" else None, standards=known)
    ahead = None
    if request.method == "POST" and form.is_valid():
        if "look" in request.POST:
            ahead = _ahead(viewer, organization, form)
        elif _decided(request, viewer, organization, form):
            return redirect("console:organization_standards", organization.slug)
    context = {
        "organization": organization,
        "form": form,
        "may_decide": may_decide,
        "ahead": ahead,
        "undo_days": UNDO.days,
        **_said(organization, known),
        **_below(viewer, organization, known, request),
    }
    return render(request, "console/organizations/standards.html", context)


def _require_concerned(viewer: Viewer, organization: Organization) -> None:
    """Those who work there, or above it. What they may not see of its data is in none of the lists."""
    if not any(decide_in(viewer, Action.READ, pk) for pk in lineage(organization)):
        decide_in(viewer, Action.READ, organization.pk).require()


def _decided(request: HttpRequest, viewer: Viewer, organization: Organization, form: StandardsForm) -> bool:
    try:
        decide_standards(
            viewer=viewer, organization=organization, limits=form.limits(), reason=form.cleaned_data["reason"],
            user=user_of(request),
        )  # fmt: skip
    except AccessDenied:
        raise
    except BocageError as error:
        _refuse(form, error)
        return False
    except ValidationError as error:
        tell(request, error)
        return False
    messages.success(request, _("Decided, from now on."))
    return True


def _ahead(viewer: Viewer, organization: Organization, form: StandardsForm) -> Preview | None:
    """What would leave, unless what is asked would be refused."""
    try:
        refuse_looser(organization, form.limits())
    except BocageError as error:
        _refuse(form, error)
        return None
    return preview(viewer, organization, form.limits())


def _refuse(form: StandardsForm, error: BocageError) -> None:
    """Beside the question that it is about."""
    name = str(error.fields.get("field", ""))
    form.add_error(name if name in form.fields else None, str(error))


def _said(organization: Organization, known: InForce) -> dict[str, Any]:
    """What holds, and what each one above says, from the root down."""
    above = [one for one in known.said if one is not known.own]
    return {
        "in_force": {
            "licences": sentences(known.limits, ["licences"]),
            "themes": sentences(known.limits, ["themes"]),
            "retention": sentences(known.limits, RETENTION),
        },
        "above": [(one, sentences(one.limits)) for one in above],
        "own": known.own,
        "adoptions": _adoptions(organization),
    }


def _adoptions(organization: Organization) -> list[Adoption]:
    """The schemas that it follows, by title: of each, the nearest decision."""
    line = lineage(organization)
    decided = Q(organization=organization) | Q(required_below=True)
    found = Adoption.objects.filter(decided, organization__in=line).select_related("schema", "organization", "version")
    nearest = {one.schema_id: one for one in found.order_by("schema__title", Length("organization__path"))}
    return list(nearest.values())[:SCHEMAS_SHOWN]


def _below(viewer: Viewer, organization: Organization, known: InForce, request: HttpRequest) -> dict[str, Any]:
    """What is stricter below, what does not follow yet, what is about to leave: the first of each."""
    stricter, leaving = stricter_below(organization), leaving_in(viewer, organization)
    page = page_of(request, not_following(viewer, organization, known.limits))
    return {
        "stricter": [(row, sentences(limits_of(row))) for row in stricter[:BELOW_SHOWN]],
        "stricter_count": stricter.count(),
        "page": page,
        "page_address": address_of_page(request),
        "faulty": [(dataset, faults_of(dataset, known)) for dataset in page.object_list],
        "leaving": leaving[:LEAVING_SHOWN],
        "leaving_count": leaving.count(),
    }
