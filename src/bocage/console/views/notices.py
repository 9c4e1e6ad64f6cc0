"""What the signed-in person was told; how often it is mailed."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.access.viewer import Viewer
from bocage.check.quality import digest
from bocage.console.guard import inside, user_of
from bocage.console.paging import address_of_page, page_of
from bocage.organizations.notices import mailing
from bocage.organizations.notices.models import Rhythm
from bocage.organizations.notices.selectors import notices_of
from bocage.organizations.notices.services import mark_read, mark_unread
from bocage.organizations.notices.telling import told


@require_safe
@inside
def notices(request: HttpRequest, _viewer: Viewer) -> HttpResponse:
    """Newest first. `?read=<instant>`: what was marked as read a moment ago, which a button takes back."""
    user = user_of(request)
    page = page_of(request, notices_of(user))
    context = {
        "page": page,
        "page_address": address_of_page(request),
        "told": told(user, page.object_list),
        "unread": any(one.read_at is None for one in page.object_list)
        or notices_of(user).filter(read_at=None).exists(),
        "undo": request.GET.get("read", "") if _instant(request.GET.get("read", "")) else "",
    }
    return render(request, "console/notices/list.html", context)


@require_POST
@inside
def read(request: HttpRequest, _viewer: Viewer) -> HttpResponse:
    """`notice`: one of them; all of them without it. The page that follows offers to take it back."""
    one = request.POST.get("notice", "")
    chosen = [int(one)] if one.isascii() and one.isdigit() and len(one) < 18 else None
    instant = mark_read(user_of(request), notices=chosen)
    return redirect(f"{reverse('console:notices')}?{urlencode({'read': instant.isoformat()})}")


@require_POST
@inside
def unread(request: HttpRequest, _viewer: Viewer) -> HttpResponse:
    """Take back what was marked at this instant."""
    instant = _instant(request.POST.get("read", ""))
    if instant is not None:
        mark_unread(user_of(request), instant)
    return redirect("console:notices")


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def settings(request: HttpRequest, _viewer: Viewer) -> HttpResponse:
    """Which messages are mailed, and how often."""
    user = user_of(request)
    if request.method == "POST":
        digest.want(user, "wanted" in request.POST)
        chosen = request.POST.get("rhythm", "")
        if chosen in Rhythm.values:
            mailing.choose(user, Rhythm(chosen))
        messages.success(request, _("Your choice is kept."))
        return redirect("console:digest")
    context = {"wanted": digest.wants(user), "rhythm": mailing.rhythm_of(user), "rhythms": Rhythm}
    return render(request, "console/notices/settings.html", context)


@csrf_exempt  # the token of the address is the proof; mail readers post it in one click (RFC 8058), without a cookie
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """From the link of a message, signed in or not. GET asks, POST stops: programmes that follow links change nothing."""
    user = mailing.user_of_token(token)
    if user is None:
        return render(request, "console/notices/stop.html", {"known": False, "done": False}, status=404)
    if request.method == "POST":
        digest.want(user, wanted=False)
        mailing.choose(user, Rhythm.NEVER)
    return render(request, "console/notices/stop.html", {"known": True, "done": request.method == "POST"})


def _instant(text: str) -> datetime | None:
    try:
        found = parse_datetime(text[:40])
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
