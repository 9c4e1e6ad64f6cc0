"""Who asks a machine interface: a key wherever clients put it, else the session of the portal's own pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bocage.access.narrowing import narrowed
from bocage.access.services import digest_of, recognise_key
from bocage.access.standing import changes_after, viewer_of
from bocage.access.viewer import Viewer
from bocage.catalog.models import Dataset
from bocage.kernel.unchanged import while_unchanged

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, QueryDict

    from bocage.access.models import ApiKey

SCHEMES = frozenset({"apikey", "bearer"})
"""Of the Authorization header, in any case; another one is that of somebody else (a proxy that asks for a password)."""
PARAMETERS = ("apikey", "access_token")
FORM = "application/x-www-form-urlencoded"


def key_of(request: HttpRequest, given: QueryDict | None = None, names: Sequence[str] = PARAMETERS) -> str:
    """The text of the key, or an empty one. `given`: the parameters, when they were read from a body already."""
    scheme, _, text = request.headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() in SCHEMES:
        return text.strip()
    sent = [request.GET] if given is None else [given]
    if given is None and request.method == "POST" and request.content_type == FORM:
        sent.append(request.POST)
    found = (parameters.get(name) or "" for parameters in sent for name in names)
    return next((text for text in found if text), "")


def viewer_for(request: HttpRequest, given: QueryDict | None = None, names: Sequence[str] = PARAMETERS) -> Viewer:
    """The viewer of this request, through its key if it carries one. Raises KeyRefused: a wrong key is not a stranger.

    Remembers on the request the key that was used (`key_used`): counters are by key, caches are not shared."""
    text = key_of(request, given, names)
    if not text:
        return viewer_of(request.user)
    known = (viewer_for, digest_of(text))
    request.api_key, viewer = while_unchanged(known, lambda: _recognised(text), _until)  # type: ignore[attr-defined]
    return viewer


def _recognised(text: str) -> tuple[ApiKey, Viewer]:
    key = recognise_key(text)
    named = Dataset.objects.filter(uid__in=key.datasets) if key.datasets else ()
    return key, narrowed(viewer_of(key.owner), key, named)


def _until(known: tuple[ApiKey, Viewer], moment: datetime) -> datetime:
    """The key is looked at again when it ends, when its use is to be recorded, and when its owner holds something else."""
    key, viewer = known
    instants = (key.expires_at, key.use_due_at, changes_after(viewer, moment))
    return min(instant for instant in instants if instant is not None)


def key_used(request: HttpRequest) -> ApiKey | None:
    """The key through which `viewer_for` looked."""
    return getattr(request, "api_key", None)
