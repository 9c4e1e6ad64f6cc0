"""The page on which a style is made: what it is drawn by, the words and colours of its classes, a map that tries it."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.styles.choices import KINDS, Choices, Kind
from bocage.catalog.styles.models import Encoding
from bocage.catalog.styles.services import save_style
from bocage.console.forms.styles import SavingForm, WishForm, choices_in, fields_for, initial_of
from bocage.console.guard import inside, managed_dataset, tell
from bocage.console.style_desk import Desk
from bocage.console.views.styles import page_of
from bocage.kernel.errors import AccessDenied, BocageError, NotFound
from bocage.query.style_proposals import proposed


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def style_new(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    return _editor(request, Desk(viewer, managed_dataset(viewer, slug, Action.MANAGE)))


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def style_edit(request: HttpRequest, viewer: Viewer, slug: str, identifier: str) -> HttpResponse:
    return _editor(request, Desk(viewer, managed_dataset(viewer, slug, Action.MANAGE)), identifier)


def _editor(request: HttpRequest, desk: Desk, identifier: str = "") -> HttpResponse:
    """GET with `kind` and what was asked proposes classes; POST words them, and saves them unless `do` is `see`."""
    if not desk.is_drawn:
        raise NotFound(kind="map", name=desk.dataset.slug)
    kept = desk.style(identifier).choices if identifier else None
    if request.method == "POST":
        return _worded(request, desk, identifier)
    kind = next((one for one in KINDS if one == request.GET.get("kind")), kept.kind if kept else "one")
    same = kept if kept is not None and kept.kind == kind else None
    asking = "asked" in request.GET
    form = _form(desk, kind, initial_of(same) if same else {"count": 5}, request.GET if asking else None)
    choices = same or (Choices() if kind == "one" else None)
    if asking:
        choices = proposed(desk.viewer, desk.relation, form.wish, desk.kinds) if form.is_valid() else None
    return _edited(request, desk, identifier, kind, form, choices)


def _form(desk: Desk, kind: Kind, initial: dict[str, Any], data: Any = None) -> WishForm:
    return WishForm(data, kind=kind, fields=desk.fields, points=desk.has_points, initial=initial)


def _worded(request: HttpRequest, desk: Desk, identifier: str) -> HttpResponse:
    saving = SavingForm(request.POST)
    try:
        choices = choices_in(request.POST, desk.fields)
        if request.POST.get("do") != "see" and saving.is_valid():
            _save(desk, identifier, choices, saving.cleaned_data)
            messages.success(request, _("The style is saved."))
            return redirect("console:dataset_styles", desk.dataset.slug)
    except AccessDenied:
        raise
    except BocageError as error:
        tell(request, error)
        return redirect("console:dataset_styles", desk.dataset.slug)
    form = _form(desk, choices.kind, initial_of(choices))
    return _edited(request, desk, identifier, choices.kind, form, choices, saving)


def _save(desk: Desk, identifier: str, choices: Choices, said: dict[str, Any]) -> None:
    save_style(
        viewer=desk.viewer,
        dataset=desk.dataset,
        identifier=identifier or desk.free_identifier(said["title"]),
        encoding=Encoding.CHOICES,
        content=choices.written(),
        title=said["title"],
        is_default=said["is_default"],
    )


def _edited(
    request: HttpRequest,
    desk: Desk,
    identifier: str,
    kind: Kind,
    form: WishForm,
    choices: Choices | None,
    saving: SavingForm | None = None,
) -> HttpResponse:
    drawn = choices if choices and (kind == "one" or choices.categories or choices.bands) else None
    context = {
        "desk": desk,
        "identifier": identifier,
        "kind": kind,
        "kinds": [(one, words) for one, words in _kinds(desk) if one == "one" or fields_for(one, desk.fields)],
        "form": form,
        "saving": saving or SavingForm(initial=_initial(desk, identifier)),
        "advice": desk.advice(choices) if choices else [],
        "drawn": drawn,
    }
    if drawn:
        told = {"choices": drawn.written().decode(), "rows": desk.rows(drawn), "legend": desk.legend(drawn)}
        context |= told | {"preview": json.dumps(desk.preview(drawn))}
    return page_of(request, desk, "console/dataset/style.html", context)


def _initial(desk: Desk, identifier: str) -> dict[str, Any]:
    if not identifier:
        return {"is_default": not any(one.is_default for one in desk.styles)}
    found = desk.style(identifier)
    return {"title": found.title, "is_default": found.is_default}


def _kinds(desk: Desk) -> list[tuple[Kind, str]]:
    """What a drawing may be made by; sizes are those of points and lines."""
    found: list[tuple[Kind, str]] = [
        ("one", _("One colour")),
        ("category", _("A colour for each value")),
        ("class", _("Colours by a number")),
    ]
    return [*found, ("size", _("Sizes by a number"))] if desk.is_sized else found
