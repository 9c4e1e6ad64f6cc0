"""The look of a portal: its colours, refused when people could not read them, and its logo."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.access.viewer import Viewer
from bocage.console.forms.theme import TOKEN_LABELS, ThemeForm, readable_colors
from bocage.console.guard import inside, tell
from bocage.console.portal_desk import about, done, kept_portal
from bocage.kernel.errors import BocageError
from bocage.organizations.models import Portal
from bocage.organizations.portals.errors import LogoTooLarge
from bocage.organizations.portals.pictures import MOST_BYTES, MOST_SIDE, read_logo
from bocage.organizations.portals.services import set_logo
from bocage.organizations.rules import DEFAULT_THEME, pair_contrasts
from bocage.organizations.services import save_portal
from bocage.pipeline.receiving import is_too_large, path_of, receive_files


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def theme(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """Colours with their contrast and a sample. POST with `try` shows, without it saves."""
    portal = kept_portal(viewer, uid)
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
    context = about(
        request,
        portal,
        "look",
        form=form,
        pairs=[(pair, TOKEN_LABELS[pair.text], TOKEN_LABELS[pair.ground]) for pair in pair_contrasts(shown)],
        sample=f"{reverse('console:portal_sample', args=[portal.uid])}?{urlencode(DEFAULT_THEME | shown)}",
        kilobytes=MOST_BYTES // 1024,
        side=MOST_SIDE,
    )
    return render(request, "console/portals/look.html", context)


@require_safe
@inside
def sample(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """The tokens of the query, for the sample only; a colour that is not one is left out."""
    kept_portal(viewer, uid)
    colors = DEFAULT_THEME | readable_colors(request.GET)
    rules = "".join(f"--{token}:{color};" for token, color in colors.items())
    swatches = "".join(f'[data-swatch="{token}"]{{background:{color}}}' for token, color in colors.items())
    return HttpResponse(f".theme-sample{{{rules}}}{swatches}", content_type="text/css")


@csrf_exempt  # `_logo` checks the token, once the limit and the place of the file are set: reading it reads the body
@require_POST
@inside
def logo(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """A picture in the place of the mark; `remove` among the answers takes it away."""
    portal = kept_portal(viewer, uid)
    if is_too_large(request, 1):
        tell(request, LogoTooLarge(kilobytes=MOST_BYTES // 1024, side=MOST_SIDE))
        return redirect("console:portal_theme", uid)
    receive_files(request)
    return _logo(request, portal)


@csrf_protect
def _logo(request: HttpRequest, portal: Portal) -> HttpResponse:
    file = request.FILES.get("logo")
    if "remove" in request.POST:
        set_logo(portal=portal, picture=None)
        messages.success(request, _("The logo is taken away."))
    elif not isinstance(file, UploadedFile):
        messages.error(request, _("Choose a file first."))
    else:
        try:
            with path_of(file).open("rb") as content:
                set_logo(portal=portal, picture=read_logo(content.read(MOST_BYTES + 1)))
        except BocageError as error:
            tell(request, error)
        else:
            messages.success(request, done())
    return redirect("console:portal_theme", portal.uid)
