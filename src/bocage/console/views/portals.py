"""The look of a portal, refused when people could not read it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bocage.access.rules import decide_in
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.console.forms.theme import TOKEN_LABELS, ThemeForm, readable_colors
from bocage.console.guard import inside, tell
from bocage.kernel.errors import BocageError
from bocage.organizations.models import Portal
from bocage.organizations.rules import DEFAULT_THEME, pair_contrasts
from bocage.organizations.selectors import portal_of
from bocage.organizations.services import save_portal


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def theme(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """Colours with their contrast and a sample. POST with `try` shows, without it saves."""
    portal = _administered(viewer, uid)
    stored = readable_colors(portal.theme)
    form = ThemeForm(request.POST if request.method == "POST" else None, instance=portal)
    shown = readable_colors(request.POST) if request.method == "POST" else stored
    if request.method == "POST" and "try" not in request.POST and form.is_valid():
        portal.theme = form.theme()
        try:
            save_portal(portal=portal)
        except (BocageError, ValidationError) as error:
            tell(request, error)
        else:
            messages.success(request, _("Saved. Everyone sees the new look from now on."))
            return redirect("console:portal_theme", portal.uid)
    context = {
        "edited": portal,
        "form": form,
        "pairs": [(pair, TOKEN_LABELS[pair.text], TOKEN_LABELS[pair.ground]) for pair in pair_contrasts(shown)],
        "sample": f"{reverse('console:portal_sample', args=[portal.uid])}?{urlencode(DEFAULT_THEME | shown)}",
    }
    return render(request, "console/theme.html", context)


@require_safe
@inside
def sample(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """The tokens of the query, for the sample only; a colour that is not one is left out."""
    _administered(viewer, uid)
    colors = DEFAULT_THEME | readable_colors(request.GET)
    rules = "".join(f"--{token}:{color};" for token, color in colors.items())
    swatches = "".join(f'[data-swatch="{token}"]{{background:{color}}}' for token, color in colors.items())
    return HttpResponse(f".theme-sample{{{rules}}}{swatches}", content_type="text/css")


def _administered(viewer: Viewer, uid: str) -> Portal:
    portal = portal_of(uid)
    decide_in(viewer, Action.ADMINISTER, portal.organization_id).require()
    return portal
