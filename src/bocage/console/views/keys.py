"""My keys: what programs may ask in my name."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from bocage.access.errors import KeyRefused
from bocage.access.models import ApiKey
from bocage.access.selectors import key_for, keys_of
from bocage.access.services import create_key, restore_key, revoke_key
from bocage.access.viewer import Viewer
from bocage.catalog.models import Dataset
from bocage.console.forms.keys import KeyForm
from bocage.console.guard import inside, tell, user_of
from bocage.kernel.errors import BocageError
from bocage.kernel.public_address import public_address


@dataclass(frozen=True)
class KeyLine:
    """A key, and the titles of the datasets to which it is limited."""

    key: ApiKey
    titles: list[str]


@require_http_methods(["GET", "HEAD", "POST"])
@inside
@sensitive_variables("secret")
def keys(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """List; POST makes a key and shows it, in that very answer and never again."""
    given = request.POST if request.method == "POST" else None
    form = KeyForm(given, viewer=viewer, initial={"datasets": request.GET.get("dataset", "")[:200]})
    secret = ""
    if given is not None and form.is_valid():
        try:
            _key, secret = create_key(viewer=viewer, owner=user_of(request), **form.limits())
        except BocageError as error:
            tell(request, error)
        else:
            form = KeyForm(viewer=viewer)
    context = {
        "form": form,
        "secret": secret,
        "lines": _lines(keys_of(viewer)),
        "address": public_address(request, "/api/explore/v2.1/catalog/datasets"),
    }
    return render(request, "console/keys.html", context, status=422 if form.errors else 200)


@require_POST
@inside
def revoke(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """The key opens nothing from now on; for an hour this may be taken back."""
    key = key_for(viewer, pk)
    revoke_key(viewer=viewer, key=key)
    messages.success(request, _("The key “%(name)s” opens nothing any more.") % {"name": key.name})
    return redirect("console:keys")


@require_POST
@inside
def restore(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """Take back a revocation."""
    key = key_for(viewer, pk)
    try:
        restore_key(viewer=viewer, key=key)
    except KeyRefused:
        messages.error(request, _("It is too late to take this back. Make a new key."))
    else:
        messages.success(request, _("The key “%(name)s” is in use again.") % {"name": key.name})
    return redirect("console:keys")


def _lines(found: list[ApiKey]) -> list[KeyLine]:
    uids = {uid for key in found for uid in key.datasets}
    titles = dict(Dataset.objects.filter(uid__in=uids).values_list("uid", "title")) if uids else {}
    return [KeyLine(key, sorted(titles[uid] for uid in key.datasets if uid in titles)) for key in found]
