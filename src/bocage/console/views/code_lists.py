"""Code lists, kept by those who know the words."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.check.models import CodeList
from bocage.check.registry.code_list_writing import create_code_list, may_keep, publish_edition
from bocage.console.belonging import organizations_run_by, organizations_where
from bocage.console.forms.code_lists import EditionForm, NewCodeListForm
from bocage.console.guard import inside, tell
from bocage.kernel.errors import NotFound

SHOWN = 500


@require_safe
@inside
def code_lists(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    context = {
        "code_lists": CodeList.objects.select_related("organization"),
        "may_create": organizations_where(viewer, Action.ADMINISTER).exists(),
    }
    return render(request, "console/schemas/code_lists.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    organizations = organizations_run_by(viewer)
    form = NewCodeListForm(request.POST if request.method == "POST" else None, organizations=organizations)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            create_code_list(
                viewer=viewer, organization=answers["organization"], name=answers["name"], title=answers["title"],
                description=answers["description"], codes=answers["codes"],
            )  # fmt: skip
        except ValidationError as error:
            tell(request, error)
        else:
            messages.success(request, _("The code list is published."))
            return redirect("console:code_list", answers["name"])
    return render(request, "console/schemas/code_list_new.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def code_list(request: HttpRequest, viewer: Viewer, name: str) -> HttpResponse:
    """The codes; POST publishes the next edition."""
    found = CodeList.objects.select_related("organization").filter(name=name).first()
    if found is None:
        raise NotFound(kind=_("The code list"), name=name)
    keeping = may_keep(viewer, found)
    if request.method == "POST":
        keeping.require()
    form = EditionForm(request.POST if request.method == "POST" else None)
    current = found.editions.first()
    if request.method == "POST" and form.is_valid():
        edition = publish_edition(viewer=viewer, code_list=found, codes=form.cleaned_data["codes"])
        same = current is not None and edition.pk == current.pk
        messages.success(
            request, _("Nothing changed: the edition stays the same.") if same else _("The new edition is published.")
        )
        return redirect("console:code_list", found.name)
    context = {
        "code_list": found,
        "edition": current,
        "codes": current.codes[:SHOWN] if current else [],
        "total": len(current.codes) if current else 0,
        "editions": found.editions.defer("codes"),
        "may_keep": keeping,
        "form": form,
    }
    return render(request, "console/schemas/code_list.html", context)
