"""The first page after sign-in: what asks for attention, what runs, my datasets."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bocage.access.models import ProtectionOfficer
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.console.belonging import organizations_where
from bocage.console.forms.named import chosen_among, short_list
from bocage.console.guard import inside, user_of
from bocage.console.paging import address_of_page, page_of
from bocage.console.views.requests import waiting_for
from bocage.organizations.models import Organization, Portal
from bocage.organizations.vocabulary import Role
from bocage.pipeline.overview import Attention, drafts_of, managed_datasets, runs_in_progress, states_of
from bocage.query.facts import all_as_seen

PORTALS_SHOWN = 12
FILTERS_FROM = 8
"""Under this number of datasets, a filter is noise."""


@require_safe
@inside
def home(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """`q`, `organization` (slug) and `attention` filter the datasets."""
    organizations = organizations_where(viewer, Action.PUBLISH)
    listed = short_list(organizations)
    asked = request.GET.get("organization", "").strip()[:200]
    chosen = _chosen(organizations, asked)
    attention = request.GET.get("attention", "")
    text = request.GET.get("q", "").strip()[:100]
    page = page_of(
        request,
        managed_datasets(viewer, text=text, organization_id=chosen.pk if chosen else None, attention=attention),
    )
    total = managed_datasets(viewer).count()
    administers = viewer.operator or any(role.rank >= Role.COORDINATOR.rank for role in viewer.roles.values())
    context = {
        "memberships": memberships_of(request),
        "publishes": listed != [],
        "listed": listed,
        "asked": asked,
        "chosen": chosen,
        "attention": attention,
        "attentions": Attention,
        "text": text,
        "page": page,
        "page_address": address_of_page(request),
        "states": states_of(all_as_seen(viewer, page.object_list)),
        "total": total,
        "filtered": bool(text or chosen or attention),
        "show_filters": total >= FILTERS_FROM,
        "alarms": [
            (item, count)
            for item in (Attention.FAILED, Attention.LATE)
            if (count := managed_datasets(viewer, attention=item).count())
        ],
        "in_progress": runs_in_progress(viewer),
        "drafts": drafts_of(viewer),
        "portals": portals_of(viewer),
        "to_answer": waiting_for(viewer).count(),
        "administers": administers,
        "reads_journal": administers or ProtectionOfficer.objects.filter(person=viewer.user_id).exists(),
    }
    return render(request, "console/home.html", context)


def portals_of(viewer: Viewer) -> list[Portal]:
    """The first portals whose look the viewer may change, by name; the others are found from the page of their organisation."""
    run = organizations_where(viewer, Action.ADMINISTER)
    return list(Portal.objects.filter(organization__in=run).order_by("name")[:PORTALS_SHOWN])


def _chosen(organizations: QuerySet[Organization], asked: str) -> Organization | None:
    """None when it is none of them."""
    try:
        return chosen_among(organizations, asked)
    except ValidationError:
        return None


def memberships_of(request: HttpRequest) -> list[tuple[str, str, str, bool]]:
    """(name, slug, role, may manage the members) of each organisation of the signed-in person."""
    rows = user_of(request).memberships.select_related("organization").order_by("organization__name")
    return [
        (
            row.organization.name,
            row.organization.slug,
            str(Role(row.role).label),
            Role(row.role).rank >= Role.COORDINATOR.rank,
        )
        for row in rows
    ]
