"""The schemas, seen by those who follow them and those who write them together."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bocage.access.rules import visible_to
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.catalog.selectors import dataset_for
from bocage.check.models import Schema, SchemaVersion
from bocage.check.registry import drafting
from bocage.check.registry.discussion import may_remark
from bocage.check.registry.lint.words import told
from bocage.check.registry.selectors import (
    adopters,
    lines,
    remarks_on,
    requirements_of,
    schema_named,
    schema_version,
    versions_for,
)
from bocage.check.registry.writing import blocking_findings, create_schema, may_lead
from bocage.check.vocabulary import SchemaKind, SchemaLanguage, SchemaStatus
from bocage.console.belonging import organizations_run_by, organizations_where
from bocage.console.forms.named import MOST_LISTED, short_list
from bocage.console.forms.schemas import FROM_DATASET, FROM_SCHEMA, NewSchemaForm
from bocage.console.guard import inside, tell, user_of
from bocage.kernel.errors import AccessDenied, BocageError
from bocage.organizations.models import Organization
from bocage.organizations.selectors import organizations_of

MOST_CHOICES = 500


@require_safe
@inside
def schemas(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What my organisations must follow, what they write, what waits for a word."""
    mine = organizations_of(viewer.roles)
    drafts = versions_for(viewer).filter(status=SchemaStatus.DRAFT).defer("descriptor")
    context = {
        "requirements": requirements_of(mine),
        "drafts": drafts,
        "proposed": versions_for(viewer).filter(status=SchemaStatus.PROPOSED).defer("descriptor", "lint"),
        "local": lines(Schema.objects.filter(kind=SchemaKind.LOCAL).order_by("title")),
        "may_create": organizations_where(viewer, Action.ADMINISTER).exists(),
    }
    return render(request, "console/schemas/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Start a local schema: from nothing, from a dataset, from another schema (`?copy=`)."""
    organizations = organizations_run_by(viewer)
    form = NewSchemaForm(
        request.POST if request.method == "POST" else None,
        organizations=organizations,
        datasets=_started_from(viewer),
        schemas=Schema.objects.filter(_copyable(viewer)).distinct()[:MOST_CHOICES],
    )
    if request.GET.get("copy"):
        form.initial.update({"start": FROM_SCHEMA, "schema": request.GET["copy"][:200]})
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            version = create_schema(
                viewer=viewer, user=user_of(request), organization=answers["organization"], slug=answers["slug"],
                title=answers["title"], description=answers["description"], start=_start(viewer, answers),
            )  # fmt: skip
        except AccessDenied:
            raise
        except (BocageError, ValidationError) as error:
            tell(request, error)
        else:
            messages.success(request, _("The draft is there: add its fields, then propose it."))
            return redirect("console:schema_draft", *version.schema.name.split("/"), version.number)
    return render(request, "console/schemas/new.html", {"form": form})


@require_safe
@inside
def schema(request: HttpRequest, viewer: Viewer, owner: str, slug: str) -> HttpResponse:
    """The page of the working group. `?version=`: the one discussed; by default the newest."""
    found = schema_named(viewer, f"{owner}/{slug}")
    versions = list(versions_for(viewer).filter(schema=found).defer("descriptor"))
    asked = request.GET.get("version", "")
    version = next((one for one in versions if one.number == asked), versions[0])
    adoptions = adopters(found)
    context = {
        "schema": found,
        "owner": owner,
        "slug": slug,
        "versions": versions,
        "version": version,
        "before": next((one for one in versions if one.precedence < version.precedence), None),
        "findings": told(version.lint),
        "blocking": blocking_findings(version) if version.status == SchemaStatus.DRAFT else 0,
        "remarks": remarks_on(version),
        "fields": [str(one.get("name", "")) for one in version.descriptor.get("fields", [])],
        "adoptions": adoptions,
        "may_lead": may_lead(viewer, found),
        "may_remark": may_remark(viewer, version),
        **(
            _adopting(viewer, adoptions)
            if found.language == SchemaLanguage.TABLE
            else {"adopting": [], "adopts_more": False}
        ),
        "adoptable": [one for one in versions if one.status in (SchemaStatus.PROPOSED, SchemaStatus.ADOPTED)],
        "has_draft": any(one.status == SchemaStatus.DRAFT for one in versions),
    }
    return render(request, "console/schemas/schema.html", context)


def _adopting(viewer: Viewer, adoptions: list[Any]) -> dict[str, Any]:
    """The organisations for which the viewer may decide, with what they decided; when they are many, their own and the first
    that decided, and the others by their name."""
    decided = {one.organization_id: one for one in adoptions}
    run = organizations_where(viewer, Action.ADMINISTER)
    listed = short_list(run)
    shown = listed if listed is not None else _first(viewer, run, decided)
    return {
        "adopting": [{"organization": one, "adoption": decided.get(one.pk)} for one in shown],
        "adopts_more": listed is None,
    }


def _first(viewer: Viewer, run: QuerySet[Organization], decided: Collection[int]) -> list[Organization]:
    own = Q(memberships__user=viewer.user_id or 0) | Q(pk__in=list(decided)[:MOST_LISTED])
    return list(run.filter(own).distinct()[:MOST_LISTED])


def _started_from(viewer: Viewer) -> QuerySet[Dataset]:
    """The datasets that have columns, their name and identifier alone."""
    found = Dataset.objects.filter(visible_to(viewer, Action.READ), version_number__isnull=False)
    return found.only("slug", "title")[:MOST_CHOICES]


def _copyable(viewer: Viewer) -> Q:
    readable = SchemaVersion.objects.filter(pk__in=versions_for(viewer).values("pk"))
    return Q(language=SchemaLanguage.TABLE, versions__in=readable)


def _start(viewer: Viewer, answers: dict[str, Any]) -> dict[str, Any]:
    if answers["start"] == FROM_DATASET:
        dataset = dataset_for(viewer, answers["dataset"])
        return drafting.from_fields(dataset.fields, primary_key=dataset.primary_key)
    if answers["start"] == FROM_SCHEMA:
        return drafting.copy_of(schema_version(answers["schema"], viewer=viewer).descriptor)
    return drafting.blank()
