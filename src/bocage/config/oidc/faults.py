"""Why somebody did not come in, as a page; what happened, in the log. The person is told nothing of the inside."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

import structlog
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.cache import never_cache

from bocage.access.identity.errors import ProviderFault
from bocage.access.identity.providers import Provider, provider_named
from bocage.kernel.errors import BocageError, TransientError

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, Provider, P], HttpResponse]

log = structlog.get_logger("bocage.identity")


def with_provider(page: Page[P]) -> Callable[Concatenate[HttpRequest, str, P], HttpResponse]:
    """The page is given its provider, by the name in the address; 404 for an unknown one. Its errors are explained."""

    @wraps(page)
    def explained(request: HttpRequest, name: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        provider = provider_named(name)
        if provider is None:
            raise Http404
        try:
            return page(request, provider, *args, **kwargs)
        except BocageError as error:
            return _explained(request, provider, error)

    return cast("Callable[Concatenate[HttpRequest, str, P], HttpResponse]", never_cache(explained))


def _explained(request: HttpRequest, provider: Provider, error: BocageError) -> HttpResponse:
    with override("en"):
        log.warning(
            "identity.refused",
            kind=provider.name,
            code=error.code,
            fault=str(error.fields.get("detail", "" if error.code.startswith("identity.") else error))[:200],
        )
    if not error.code.startswith("identity."):  # of the network: hosts and addresses are the operator's to know
        error = ProviderFault(label=provider.label)
    status = 503 if isinstance(error, TransientError) else 403
    return render(request, "account/identity_refused.html", {"error": error, "provider": provider}, status=status)
