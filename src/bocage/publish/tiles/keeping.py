"""How long caches may keep what is made of tiles."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.utils.cache import patch_vary_headers

import bocage
from bocage.access.viewer import ANONYMOUS
from bocage.kernel.clock import now
from bocage.publish.tiles.formats import VERSION

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from bocage.publish.ogc.call import Call

SHORT_AGE = 60
"""Seconds that an answer is kept when its address does not name the version: what is withdrawn is soon withdrawn."""
LONG_AGE = 24 * 3600
"""Of an address that names it: a rule made today is everywhere tomorrow. One that was to begin is there when it begins."""
SMALL = 200
"""Bytes under which compressing gains nothing."""


def version_token(call: Call) -> str:
    """Names what the viewer sees of the version: another one for whoever sees another part."""
    relation = call.relation
    identity = (
        bocage.__version__,
        relation.key,
        call.subject.described,
        relation.restriction(call.viewer).key,
    )
    return hashlib.sha256("\n".join(identity).encode()).hexdigest()[:16]


def same_for_everyone(call: Call) -> bool:
    """Open data of which nothing is kept, neither from the caller nor from a stranger: the only answers that are shared."""
    relation = call.relation
    return call.open_data and not relation.restriction(call.viewer) and not relation.restriction(ANONYMOUS)


def tell_caches(call: Call, response: HttpResponseBase, *, named: bool | None = None) -> None:
    """`named`: whether the address is that of one version and of no other; by default, when its `version` is today's."""
    if not call.open_data:
        response["Cache-Control"] = "private, no-store"
        patch_vary_headers(response, ("Cookie",))
        return
    if not same_for_everyone(call):
        response["Cache-Control"] = "no-cache"
        patch_vary_headers(response, ("Cookie",))
        return
    if named is None:
        said = call.given.get(VERSION.name, "")
        named = bool(said) and said == version_token(call)
    age = _at_most(LONG_AGE if named else SHORT_AGE, call.subject.changes_at)
    response["Cache-Control"] = f"public, max-age={age}, {'immutable' if named else 'must-revalidate'}"


def _at_most(age: int, change: datetime | None) -> int:
    """Or the whole seconds that are left before a rule begins or ends."""
    return age if change is None else max(0, min(age, int((change - now()).total_seconds())))


def accepts_gzip(request: HttpRequest) -> bool:
    for part in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() in ("gzip", "x-gzip", "*"):
            return weight.strip().replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
