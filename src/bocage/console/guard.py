"""The door of every page of the console: signed in, a viewer, and a reason when the answer is no."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from bocage.access.restrictions import require_whole
from bocage.access.rules import decide, decide_in
from bocage.access.standing import viewer_of
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.catalog.selectors import dataset_for
from bocage.kernel.errors import AccessDenied, BocageError, NotFound
from bocage.organizations.models import Organization, User
from bocage.organizations.selectors import organization_named

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, Viewer, P], HttpResponse]


def inside(page: Page[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Sign-in asked first; the page is given its viewer; what it may not know of is absent (404), what it may not do is
    refused with the reason (403)."""

    @wraps(page)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return page(request, viewer_of(request.user), *args, **kwargs)
        except NotFound as error:
            return render(request, "console/refusal.html", {"error": error, "absent": True}, status=404)
        except AccessDenied as error:
            return render(request, "console/refusal.html", {"error": error}, status=403)

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", never_cache(login_required(guarded)))


def user_of(request: HttpRequest) -> User:
    """The signed-in person; only behind `inside`."""
    return cast("User", request.user)


def managed_dataset(viewer: Viewer, slug: str, action: Action = Action.PUBLISH) -> Dataset:
    """The dataset on which the viewer acts. NotFound when it may not be seen, AccessDenied when it may not be touched."""
    dataset = dataset_for(viewer, slug)
    decide(viewer, action, dataset).require()
    return dataset


def administered(viewer: Viewer, slug: str) -> Organization:
    """The organisation, which the viewer may administer. Raises NotFound, AccessDenied."""
    organization = organization_named(slug)
    decide_in(viewer, Action.ADMINISTER, organization.pk).require()
    return organization


def whole_dataset(viewer: Viewer, slug: str, action: Action = Action.PUBLISH) -> Dataset:
    """The same, for pages that show values and counts of everything it holds: AccessDenied too when a part is kept from them."""
    dataset = managed_dataset(viewer, slug, action)
    require_whole(viewer, dataset)
    return dataset


def tell(request: HttpRequest, error: BocageError | ValidationError) -> None:
    """Show why the action was refused, at the top of the next page."""
    sentences = [str(error)] if isinstance(error, BocageError) else error.messages
    for sentence in sentences:
        messages.error(request, sentence)
