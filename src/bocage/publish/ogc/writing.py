"""Part 4 (20-002, draft): features created, replaced, updated and deleted, with the preconditions of RFC 9110.

No cookie is looked at: the page of a stranger could send what the browser of a keeper holds. A key says who writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from bocage.catalog.selectors import dataset_for
from bocage.kernel.errors import AccessDenied, BocageError
from bocage.kernel.public_address import public_address
from bocage.pipeline.edits.changes import Change, Create, Delete, Drawing, Precondition
from bocage.pipeline.edits.policies import policy_of, require_editable, sight_for_edits
from bocage.pipeline.edits.services import apply
from bocage.publish import quotas
from bocage.publish.ogc import bodies, validators
from bocage.publish.ogc.call import ROOT
from bocage.publish.ogc.errors import OgcError, error_answer, too_many_calls
from bocage.publish.ogc.refusals import refusal
from bocage.publish.viewers import key_of, viewer_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset
    from bocage.pipeline.edits.changes import Edit, Outcome

READ = ("GET", "HEAD", "OPTIONS")
ON_ITEMS, ON_ITEM = ("POST",), ("PUT", "PATCH", "DELETE")
ALL = (*ON_ITEMS, *ON_ITEM)
POSTS, PATCHES = ", ".join(bodies.WHOLE), ", ".join(bodies.PATCH)
HEADERS = ", Content-Type, Content-Crs, If-Match"
DOOR = "ogc"

View = Callable[..., "HttpResponseBase"]


def allowed(request: HttpRequest, collection: str, methods: Sequence[str]) -> tuple[str, ...]:
    """What the caller may do there, of `methods` beside reading: desktop clients look at it to offer editing. The same for what is
    hidden, absent, or not edited at all."""
    try:
        if key_of(request, request.GET):
            viewer = viewer_for(request, request.GET)
            if sight_for_edits(viewer, dataset_for(viewer, collection)) is not None:
                return (*READ, *methods)
    except BocageError:
        pass
    return READ


def written(request: HttpRequest, collection: str, identifier: str) -> HttpResponse:
    """The answer to a method that changes features, with the errors of the interface."""
    try:
        response = _let_in(request, collection, identifier)
    except Exception as error:  # noqa: BLE001  every fault has its body, the unknown ones are recorded
        response = refusal(error) or error_answer(error, request)
    if response.status_code == 405:
        response["Allow"] = ", ".join(READ)
    response["Cache-Control"] = "private, no-store"
    return response


def _let_in(request: HttpRequest, collection: str, identifier: str) -> HttpResponse:
    viewer = viewer_for(request, request.GET)
    quota = quotas.consume(request, viewer)
    if quota.exceeded:
        return too_many_calls(quota)
    dataset = dataset_for(viewer, collection)
    if request.method not in (ON_ITEM if identifier else ON_ITEMS) or policy_of(dataset) is None:
        raise OgcError(405, "MethodNotAllowed", ", ".join(READ))
    if not key_of(request, request.GET):
        raise OgcError(
            401, "Unauthorized", _("A key is needed to change features: send it in the Authorization header.")
        )
    try:
        require_editable(viewer, dataset)
    except AccessDenied as error:
        raise OgcError(403, "Forbidden", str(error)) from None
    return _create(request, viewer, dataset) if not identifier else _change(request, viewer, dataset, identifier)


def _create(request: HttpRequest, viewer: Viewer, dataset: Dataset) -> HttpResponse:
    """201: of one feature its address, of several the list of theirs."""
    document = bodies.document_of(request, bodies.WHOLE)
    around = document if document.get("type") == "FeatureCollection" else None
    edits = [
        Create(bodies.properties_of(one), bodies.drawing_of(one, request, around))
        for one in bodies.features_of(document)
    ]
    outcome = apply(viewer=viewer, dataset=dataset, edits=edits, door=DOOR)
    addresses = [_address(request, dataset, one.identifier) for one in outcome.done]
    if around is not None:
        made = [{"id": one.identifier, "href": href} for one, href in zip(outcome.done, addresses, strict=True)]
        return JsonResponse({"created": made}, status=201)
    response = HttpResponse(status=201)
    response["Location"] = addresses[0]
    return _validated(response, viewer, outcome)


def _change(request: HttpRequest, viewer: Viewer, dataset: Dataset, identifier: str) -> HttpResponse:
    edit = _edit(request, identifier, validators.precondition(request))
    outcome = apply(viewer=viewer, dataset=dataset, edits=[edit], door=DOOR)
    response = HttpResponse(status=204)
    return response if isinstance(edit, Delete) else _validated(response, viewer, outcome)


def _edit(request: HttpRequest, identifier: str, condition: Precondition | None) -> Edit:
    if request.method == "DELETE":
        return Delete(identifier, condition)
    whole = request.method == "PUT"
    document = bodies.document_of(request, bodies.WHOLE if whole else bodies.PATCH)
    if whole:
        bodies.feature_of(document, identifier)
    else:
        bodies.require_same(document, identifier)
    drawing = bodies.drawing_of(document, request) or (Drawing(None) if whole else None)
    return Change(identifier, bodies.properties_of(document), drawing, whole=whole, condition=condition)


def _validated(response: HttpResponse, viewer: Viewer, outcome: Outcome) -> HttpResponse:
    """With the state in which the feature is now, for the next change."""
    state = validators.state(viewer, outcome.version, outcome.done[0].identifier)
    if state:
        response["ETag"] = f'"{state}"'
    return response


def _address(request: HttpRequest, dataset: Dataset, identifier: str) -> str:
    return public_address(request, f"{ROOT}collections/{dataset.slug}/items/{identifier}")
