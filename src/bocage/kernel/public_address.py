"""The address under which people know the platform, for what leaves it: messages, links handed over."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def public_address(request: HttpRequest, path: str) -> str:
    """The absolute address of `path`: below BOCAGE_PUBLIC_URL, or as requested when the operator gave none.

    The host of a request is what the client says it is: a link that carries a secret must not be built from it."""
    public: str = settings.BOCAGE.public_url
    return public + path if public else request.build_absolute_uri(path)


def public_root(request: HttpRequest) -> str:
    """Scheme and host under which people know the platform, without a final slash: identities do not change with the door."""
    return public_address(request, "/").rstrip("/")
