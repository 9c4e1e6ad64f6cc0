"""Styles of the map of a dataset: the list, the one that draws it, removals, and what was done undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bocage.access.rules import decide
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.styles.legends import legend_of
from bocage.catalog.styles.services import USUAL, draw_with, remove_style, undo_style_change
from bocage.console.guard import inside, managed_dataset, tell
from bocage.console.style_desk import Desk
from bocage.kernel.errors import AccessDenied, BocageError, NotFound
from bocage.pipeline.overview import states_of

MOST_SHOWN = 6
"""Classes of a style in the list."""


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def styles(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """The list; POST with `do`: `default` or `remove` (with `style`), `undo` (with `change`)."""
    writing = request.method == "POST"
    desk = Desk(viewer, managed_dataset(viewer, slug, Action.MANAGE if writing else Action.PUBLISH))
    if writing:
        return _done(request, desk)
    listed = desk.styles if desk.is_drawn else []
    legends = [legend_of(one.translation.rules, desk.seen.title) for one in listed]
    context = {
        "desk": desk,
        "listed": [
            (one, found[:MOST_SHOWN], len(found) - MOST_SHOWN) for one, found in zip(listed, legends, strict=True)
        ],
        "usual": USUAL,
        "drawn_by": next((one.identifier for one in listed if one.is_default), USUAL),
        "last": desk.last_change if desk.is_drawn else None,
    }
    return page_of(request, desk, "console/dataset/styles.html", context)


def page_of(request: HttpRequest, desk: Desk, template: str, context: dict[str, Any]) -> HttpResponse:
    common = {
        "dataset": desk.dataset,
        "state": states_of([desk.dataset], desk.viewer)[0],
        "may_manage": bool(decide(desk.viewer, Action.MANAGE, desk.dataset)),
        "tab": "styles",
    }
    return render(request, template, common | context)


def _done(request: HttpRequest, desk: Desk) -> HttpResponse:
    actions: dict[str, Callable[[HttpRequest, Desk], str]] = {
        "default": _make_default, "remove": _remove, "undo": _undo,
    }  # fmt: skip
    action = actions.get(request.POST.get("do", ""))
    if action is not None:
        try:
            messages.success(request, action(request, desk))
        except (AccessDenied, NotFound):
            raise
        except BocageError as error:
            tell(request, error)
    return redirect("console:dataset_styles", desk.dataset.slug)


def _named(request: HttpRequest, desk: Desk) -> str:
    """Raises NotFound, for hidden as for absent."""
    identifier = request.POST.get("style", "")
    if not desk.is_drawn or identifier not in {one.identifier for one in desk.styles}:
        raise NotFound(kind="style", name=identifier[:100])
    return identifier


def _make_default(request: HttpRequest, desk: Desk) -> str:
    draw_with(viewer=desk.viewer, dataset=desk.dataset, identifier=_named(request, desk))
    return _("The dataset is now drawn with this style.")


def _remove(request: HttpRequest, desk: Desk) -> str:
    remove_style(viewer=desk.viewer, dataset=desk.dataset, identifier=_named(request, desk))
    return _("The style is removed. You may undo it.")


def _undo(request: HttpRequest, desk: Desk) -> str:
    asked = request.POST.get("change", "")
    change = desk.last_change if desk.is_drawn else None
    if change is None or asked != str(change.pk):
        raise NotFound(kind="change", name=asked[:100])
    undo_style_change(viewer=desk.viewer, dataset=desk.dataset, change=change.pk)
    return _("The last change of the styles is undone.")
