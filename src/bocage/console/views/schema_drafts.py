"""A version being written: what is said of it, its fields one by one, or its JSON for those who prefer."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bocage.access.viewer import Viewer
from bocage.check.models import CodeList, SchemaVersion
from bocage.check.registry import drafting
from bocage.check.registry.descriptors import language_of, parse_json
from bocage.check.registry.errors import NotASchema, VersionFrozen
from bocage.check.registry.lint.words import told
from bocage.check.registry.rule_words import field_lines
from bocage.check.registry.selectors import schema_version
from bocage.check.registry.writing import blocking_findings, edit_draft, may_lead, suggested_number, version_before
from bocage.check.vocabulary import SchemaLanguage, SchemaStatus
from bocage.console.forms.schema_fields import SchemaFieldForm
from bocage.console.forms.schemas import DraftForm, GeographyForm
from bocage.console.guard import inside, tell
from bocage.kernel.errors import AccessDenied, BocageError, NotFound


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def draft(request: HttpRequest, viewer: Viewer, owner: str, slug: str, number: str) -> HttpResponse:
    """What is said of the version, and the list of its fields."""
    version = _draft(viewer, owner, slug, number)
    names = _names(version)
    data = request.POST if request.method == "POST" else None
    form = DraftForm(data, names=names, initial=_initial(version))
    geography = GeographyForm(data, names=names, descriptor=version.descriptor)
    if request.method == "POST" and form.is_valid() and geography.is_valid():
        answers = form.cleaned_data
        descriptor = geography.applied(version.descriptor) | {"primaryKey": answers["primary_key"]}
        if not answers["primary_key"]:
            del descriptor["primaryKey"]
        try:
            edit_draft(
                viewer=viewer, version=version, descriptor=descriptor, number=answers["number"], title=answers["title"],
                description=answers["description"], changes=answers["changes"],
            )  # fmt: skip
        except AccessDenied:
            raise
        except (BocageError, ValidationError) as error:
            tell(request, error)
        else:
            messages.success(request, _("Saved."))
            return _back(version)
    context = _frame(version) | {
        "form": form,
        "geography": geography,
        "fields": field_lines(version.descriptor),
        "findings": told(version.lint),
        "blocking": blocking_findings(version),
        "suggested": suggested_number(version, before=version_before(version)),
    }
    return render(request, "console/schemas/draft.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def field(
    request: HttpRequest, viewer: Viewer, owner: str, slug: str, number: str, rank: int | None = None
) -> HttpResponse:
    """Change the field `rank` (from 0), or add one."""
    version = _draft(viewer, owner, slug, number)
    before = {} if rank is None else _field_at(version, rank)
    former = str(before.get("name", ""))
    form = SchemaFieldForm(
        request.POST if request.method == "POST" else None,
        before=before,
        taken=[name for name in _names(version) if name != former],
        code_lists=list(CodeList.objects.values_list("name", "title")),
    )
    if request.method == "POST" and form.is_valid():
        if _moved_meanwhile(request, former):
            return _back(version)
        changed = drafting.with_field(version.descriptor, form.described(), rank=rank)
        edit_draft(viewer=viewer, version=version, descriptor=changed)
        messages.success(request, _("Field saved: %(name)s") % {"name": form.cleaned_data["name"]})
        if "another" in request.POST:
            return redirect("console:schema_field_new", *version.schema.name.split("/"), version.number)
        return _back(version)
    return render(request, "console/schemas/field.html", _frame(version) | {"form": form, "former": former})


@require_POST
@inside
def field_move(request: HttpRequest, viewer: Viewer, owner: str, slug: str, number: str, rank: int) -> HttpResponse:
    """`to=up`, `to=down` or `to=out`."""
    version = _draft(viewer, owner, slug, number)
    former = str(_field_at(version, rank).get("name", ""))
    if _moved_meanwhile(request, former):
        return _back(version)
    to = request.POST.get("to")
    if to == "out":
        changed = drafting.without_field(version.descriptor, rank)
        messages.success(request, _("Field removed: %(name)s") % {"name": former})
    else:
        changed = drafting.moved(version.descriptor, rank, by=-1 if to == "up" else 1)
    edit_draft(viewer=viewer, version=version, descriptor=changed)
    return _back(version)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def raw(request: HttpRequest, viewer: Viewer, owner: str, slug: str, number: str) -> HttpResponse:
    """The JSON of the draft, for what the pages do not ask: checks across columns, links to other tables."""
    version = _draft(viewer, owner, slug, number)
    text = json.dumps(version.descriptor, ensure_ascii=False, indent=2)
    if request.method == "POST":
        text = request.POST.get("json", "")
        try:
            data = parse_json(text.encode(errors="replace"), origin=version.schema.name)
            if language_of(data, origin=version.schema.name) != SchemaLanguage.TABLE:
                raise NotASchema(origin=version.schema.name)
            edit_draft(viewer=viewer, version=version, descriptor=data)
        except AccessDenied:
            raise
        except (BocageError, ValidationError) as error:
            tell(request, error)
        else:
            messages.success(request, _("Saved."))
            return _back(version)
    return render(request, "console/schemas/raw.html", _frame(version) | {"text": text})


def _draft(viewer: Viewer, owner: str, slug: str, number: str) -> SchemaVersion:
    """The draft that the viewer may write. NotFound, AccessDenied, VersionFrozen."""
    version = schema_version(f"{owner}/{slug}", number, viewer=viewer)
    may_lead(viewer, version.schema).require()
    if version.status != SchemaStatus.DRAFT:
        raise VersionFrozen(name=version.schema.name, number=version.number)
    return version


def _field_at(version: SchemaVersion, rank: int) -> dict[str, Any]:
    fields = version.descriptor["fields"]
    if not 0 <= rank < len(fields):
        raise NotFound(kind=_("The field"), name=str(rank))
    found: dict[str, Any] = fields[rank]
    return found


def _moved_meanwhile(request: HttpRequest, former: str) -> bool:
    """Fields are known by their rank: somebody else may have changed it since the page was shown."""
    if request.POST.get("former", "") == former:
        return False
    messages.error(request, _("Somebody changed the fields in the meantime: look again, nothing was saved."))
    return True


def _names(version: SchemaVersion) -> list[str]:
    return [str(one.get("name", "")) for one in version.descriptor["fields"]]


def _initial(version: SchemaVersion) -> dict[str, object]:
    key = version.descriptor.get("primaryKey") or []
    return {
        "title": version.schema.title, "description": version.schema.description, "number": version.number,
        "changes": version.changes, "primary_key": [key] if isinstance(key, str) else key,
    }  # fmt: skip


def _frame(version: SchemaVersion) -> dict[str, object]:
    owner, _slash, slug = version.schema.name.partition("/")
    return {"version": version, "schema": version.schema, "owner": owner, "slug": slug}


def _back(version: SchemaVersion) -> HttpResponse:
    return redirect("console:schema_draft", *version.schema.name.split("/"), version.number)
