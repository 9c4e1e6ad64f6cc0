"""What a client says that it already has."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import parse_etags


def is_known(request: HttpRequest, etag: str) -> bool:
    """Whether If-None-Match names `etag` (quoted), compared weakly, as RFC 9110 asks: a server in front that compresses
    answers makes their ETags weak, and clients send these back."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or etag.removeprefix("W/") in {one.removeprefix("W/") for one in known}
