"""The tree: the organisations that the viewer administers, a new one, what each is and says."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bocage.access.rules import Decision, decide_in
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.catalog.services import touch_catalogue
from bocage.console.belonging import organizations_run_by, organizations_where
from bocage.console.forms.organizations import IdentityForm, PresentationForm
from bocage.console.guard import administered, inside, tell
from bocage.console.paging import address_of_page, page_of
from bocage.kernel.errors import BocageError
from bocage.organizations.models import Membership, Organization
from bocage.organizations.naming import free_slug, rename_organization, taken_slugs
from bocage.organizations.selectors import organization_named
from bocage.organizations.services import create_organization
from bocage.organizations.vocabulary import OrganizationKind


@require_safe
@inside
def organizations(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """`q` filters by name or code."""
    run = organizations_where(viewer, Action.ADMINISTER).order_by()
    text = request.GET.get("q", "").strip()[:100]
    found = Organization.objects.select_related("parent")
    if not viewer.operator:
        found = found.filter(Q(pk__in=run.values("pk")) | Q(parent__in=run.values("pk")))
    if text:
        found = found.filter(Q(name__icontains=text) | Q(insee_code=text.upper()) | Q(siren=text))
    page = page_of(request, found.order_by("name", "pk"))
    if not page.object_list:
        organizations_run_by(viewer)
    shown = [one.pk for one in page.object_list]
    context = {
        "page": page,
        "page_address": address_of_page(request),
        "text": text,
        "administered": set(run.filter(pk__in=shown).values_list("pk", flat=True)),
        "lines": [(one, datasets, people) for one, datasets, people in _counted(list(page.object_list))],
    }
    return render(request, "console/organizations/list.html", context)


def _counted(shown: list[Organization]) -> Iterator[tuple[Organization, int, int]]:
    """Each with its number of datasets and of people: those of one page only."""
    counts = [
        dict(rows.filter(organization__in=shown).order_by().values_list("organization").annotate(count=Count("pk")))
        for rows in (Dataset.objects.all(), Membership.objects.all())
    ]
    return ((one, counts[0].get(one.pk, 0), counts[1].get(one.pk, 0)) for one in shown)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def new(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """An organisation under `slug`."""
    parent = administered(viewer, slug)
    form = IdentityForm(request.POST if request.method == "POST" else None, initial={"kind": OrganizationKind.COMMUNE})
    if request.method == "POST" and form.is_valid():
        details = dict(form.cleaned_data)
        if not request.POST.get("slug", "").strip():
            details["slug"] = free_slug(details["name"], details["insee_code"], taken_slugs())
        details["kind"] = OrganizationKind(details["kind"])
        try:
            made = create_organization(parent=parent, **details)
        except (BocageError, ValidationError) as error:
            tell(request, error)
        else:
            messages.success(request, _("“%(name)s” exists. Name its coordinator now.") % {"name": made.name})
            return redirect("console:members", made.slug)
    return render(request, "console/organizations/new.html", {"parent": parent, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def organization(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """What it says of itself; `identity` among the answers: what it is."""
    found = organization_named(slug)
    may_present = decide_in(viewer, Action.ADMINISTER, found.pk)
    may_identify = decides_on(viewer, found)
    if not may_present and not may_identify:
        may_present.require()
    about_identity = "identity" in request.POST
    if request.method == "POST":
        (may_identify if about_identity else may_present).require()
    presentation = PresentationForm(
        request.POST if request.method == "POST" and not about_identity else None, instance=found
    )
    identity = IdentityForm(
        request.POST if request.method == "POST" and about_identity else None,
        instance=Organization.objects.get(pk=found.pk),
    )
    if request.method == "POST":
        saved = _identify(request, found, identity) if about_identity else _present(presentation)
        if saved:
            messages.success(request, _("Saved."))
            return redirect("console:organization", found.slug)
    context = {
        "organization": found,
        "presentation": presentation,
        "identity": identity,
        "may_present": may_present,
        "may_identify": may_identify,
        "children": found.children.all()[:50],
        "children_count": found.children.count(),
        "former": found.former.all()[:20],
    }
    return render(request, "console/organizations/organization.html", context)


def decides_on(viewer: Viewer, organization: Organization) -> Decision:
    """May the viewer say what it is: name, codes, place? Those who administer the one above; the operator for a root."""
    if organization.parent_id is not None:
        return decide_in(viewer, Action.ADMINISTER, organization.parent_id)
    return Decision(viewer.operator, _("only those who run the platform change what it is."))


def _present(form: PresentationForm) -> bool:
    if not form.is_valid():
        return False
    form.save()
    touch_catalogue()
    return True


def _identify(request: HttpRequest, found: Organization, form: IdentityForm) -> bool:
    if not form.is_valid():
        return False
    answers = form.cleaned_data
    for name in ("kind", "insee_code", "siren", "population"):
        setattr(found, name, answers[name])
    try:
        found.full_clean()
        rename_organization(organization=found, name=answers["name"], slug=answers["slug"])
    except (BocageError, ValidationError) as error:
        tell(request, error)
        found.refresh_from_db()
        return False
    found.save(update_fields=["kind", "insee_code", "siren", "population"])
    touch_catalogue()
    return True
