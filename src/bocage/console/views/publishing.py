"""The journey of a file: drop it, see what Bocage understood, correct, describe, publish."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.capture.understanding import Corrections, Understanding
from bocage.catalog.models import Dataset
from bocage.check.quality.words import anomaly_sentences
from bocage.check.report.sentences import told
from bocage.console.belonging import organizations_where
from bocage.console.display import facts_of, preview_of
from bocage.console.forms.corrections import FileForm, corrected_fields, field_rows
from bocage.console.forms.metadata import NewDatasetForm
from bocage.console.forms.named import chosen_among, short_list
from bocage.console.guard import inside, managed_dataset, tell, user_of
from bocage.console.lamps import lamps_ahead
from bocage.console.notices import sentences
from bocage.kernel.errors import AccessDenied, BocageError, NotFound, TerminalError
from bocage.organizations.models import Organization
from bocage.pipeline.drafts import (
    FileTooLarge,
    correct_draft,
    create_draft,
    discard_draft,
    draft_for,
    inspect_draft,
    publish_draft,
)
from bocage.pipeline.foresight import conformity_ahead, foresee
from bocage.pipeline.models import Draft

FAMILIES_SHOWN = 5


@csrf_exempt  # `_drop` checks the token, once the limit and the place of the file are set: reading the token reads the body
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def drop(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """`?dataset=<slug>`: a new version of this dataset; else a new one, in an organisation to choose."""
    if request.method == "POST":
        from bocage.console.uploads import prepare_upload

        try:
            prepare_upload(request)
        except FileTooLarge as error:
            return _drop_page(request, viewer, error=error, status=413)
    return _drop(request, viewer)


@csrf_protect
def _drop(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    if request.method != "POST":
        return _drop_page(request, viewer)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return _drop_page(request, viewer, error=_("Choose a file first."), status=400)
    try:
        draft = _draft_of(request, viewer, file)
    except (AccessDenied, NotFound):
        raise
    except BocageError as error:
        return _drop_page(request, viewer, error=error, status=400)
    address = reverse("console:draft", args=[draft.uid])
    if request.headers.get("accept", "").startswith("application/json"):
        return JsonResponse({"next": address})
    return redirect(address)


def _draft_of(request: HttpRequest, viewer: Viewer, file: UploadedFile[Any]) -> Draft:
    slug = request.POST.get("dataset", "")
    dataset = managed_dataset(viewer, slug) if slug else None
    organization = dataset.organization if dataset else _chosen(viewer, request.POST.get("organization", "")[:200])
    if organization is None:
        raise AccessDenied(reason=_("choose an organisation in which you may publish."))
    path = Path(file.temporary_file_path())  # type: ignore[attr-defined]  # IncomingUploadHandler writes to disk
    return create_draft(
        viewer=viewer,
        user=user_of(request),
        organization=organization,
        dataset=dataset,
        file=path,
        filename=file.name or _("file"),
    )


def _chosen(viewer: Viewer, text: str) -> Organization | None:
    """None when it is none of those listed. Raises NotOneOfYours for a name written that is none, or several."""
    try:
        return chosen_among(organizations_where(viewer, Action.PUBLISH), text)
    except ValidationError as error:
        raise NotOneOfYours(reason=" ".join(error.messages)) from None


class NotOneOfYours(TerminalError):
    code = "console.not-one-of-yours"
    message = "%(reason)s"


def _drop_page(request: HttpRequest, viewer: Viewer, error: Any = "", status: int = 200) -> HttpResponse:
    slug = request.GET.get("dataset", "")
    dataset = managed_dataset(viewer, slug) if slug else None
    organizations = organizations_where(viewer, Action.PUBLISH)
    preferred = organizations.filter(slug=request.GET.get("organization", "")[:200]).first()
    if status != 200 and request.headers.get("accept", "").startswith("application/json"):
        return JsonResponse({"error": str(error)}, status=status)
    context = {
        "dataset": dataset,
        "listed": short_list(organizations),
        "preferred": preferred,
        "error": error,
        "limit_mb": settings.BOCAGE.upload_limit_mb,
    }
    return render(request, "console/publish/drop.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def draft(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """What Bocage understood. POST keeps the corrections; `continue` among the answers goes on."""
    mine = draft_for(viewer, uid)
    corrections = Corrections.from_dict(mine.corrections)
    inspection = inspect_draft(mine)
    form = FileForm(inspection.understanding, corrections, request.POST if request.method == "POST" else None)
    rows = field_rows(inspection.understanding, corrections)
    if request.method == "POST" and form.is_valid():
        new = form.corrected()
        if new.layer == corrections.layer:
            fields = corrected_fields(rows, corrections.fields, request.POST)
            new = Corrections.from_dict(new.as_dict() | {"fields": _as_dicts(fields)})
        correct_draft(draft=mine, corrections=new)
        understood = inspect_draft(mine).understanding is not None
        step = "console:draft_details" if "continue" in request.POST and understood else "console:draft"
        return redirect(step, mine.uid)
    context = {
        "draft": mine,
        "inspection": inspection,
        "form": form,
        "rows": rows,
        "notices": sentences(inspection.understanding.notices) if inspection.understanding else [],
        "facts": facts_of(inspection.understanding),
        "preview": preview_of(inspection.understanding),
        "corrected": mine.corrections not in ({}, Corrections().as_dict()),
    }
    return render(request, "console/publish/draft.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def details(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """Describe the new dataset, or say what changed in an existing one; then publish. `look` among the answers: only see what
    they would light."""
    mine = draft_for(viewer, uid)
    understanding = inspect_draft(mine).understanding
    if understanding is None:
        return redirect("console:draft", mine.uid)
    form = None if mine.dataset else _new_dataset_form(request, mine, understanding)
    if request.method == "POST" and "look" not in request.POST and (form is None or form.is_valid()):
        try:
            run = publish_draft(
                viewer=viewer,
                draft=mine,
                metadata=form.metadata() | {"territory": _territory(mine)} if form else None,
                comment=request.POST.get("comment", "").strip()[:500],
            )
        except AccessDenied:
            raise
        except (BocageError, ValidationError) as error:
            tell(request, error)
        else:
            return redirect("console:run", run.uid)
    ahead, followed = foresee(viewer, mine), _followed(viewer, mine)
    context = {
        "draft": mine,
        "form": form,
        "understanding": understanding,
        "ahead": ahead,
        "followed": followed,
        "lamps": lamps_ahead(form, mine, understanding, follows_schema=followed is not None) if form else [],
        "anomalies": anomaly_sentences(ahead.anomalies) if ahead else [],
        "families": [one for one in told(ahead.verdict) if one.level == "error"][:FAMILIES_SHOWN]
        if ahead and ahead.verdict
        else [],
    }
    return render(request, "console/publish/details.html", context)


@require_POST
@inside
def discard(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """Forget the file."""
    discard_draft(draft=draft_for(viewer, uid))
    return redirect("console:home")


def _new_dataset_form(request: HttpRequest, mine: Draft, understanding: Understanding) -> NewDatasetForm:
    organization = mine.organization
    name = Path(mine.filename).stem.replace("_", " ").replace("-", " ").strip()
    initial = {
        "title": (name[:1].upper() + name[1:])[:300],
        "contact_name": organization.name,
        "contact_email": organization.email,
    }
    data = request.POST if request.method == "POST" else None
    return NewDatasetForm(
        data, initial=initial, instance=Dataset(organization=organization), choices_of_key=understanding.fields
    )


def _followed(viewer: Viewer, mine: Draft) -> dict[str, Any] | None:
    """The schema that the file follows once published, and how many of its columns the mapping makes; None: it follows none."""
    conformity = conformity_ahead(viewer, mine)
    if conformity is None:
        return None
    version = conformity.schema_version
    return {
        "schema": version.schema,
        "number": version.number,
        "made": len(conformity.mapping.get("columns", ())),
        "asked": len(version.descriptor.get("fields", ())),
    }


def _territory(mine: Draft) -> list[str]:
    code = mine.organization.insee_code
    return [code] if code else []


def _as_dicts(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: {"label": c.label, "type": c.type, "keep": c.keep} for name, c in fields.items()}
