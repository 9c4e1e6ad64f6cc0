"""Styles sent and removed, by a key of somebody who may change what is said of the dataset.

No cookie is looked at: the page of a stranger could send what the browser of a keeper holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.translation import gettext as _

from bocage.access.rules import decide
from bocage.access.vocabulary import Action
from bocage.catalog.selectors import dataset_for
from bocage.catalog.styles.services import LARGEST, remove_style, save_style
from bocage.publish import quotas
from bocage.publish.ogc.bodies import body_of
from bocage.publish.ogc.errors import OgcError, answer, error_answer, too_many_calls
from bocage.publish.styles.formats import SENT
from bocage.publish.viewers import key_of, viewer_for

if TYPE_CHECKING:
    from django.http import HttpRequest

    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset
    from bocage.catalog.styles.services import Saved

METHODS = ("PUT", "DELETE")
ALLOWED = "GET, HEAD, OPTIONS, PUT, DELETE"


def written(request: HttpRequest, collection: str, style: str) -> HttpResponse:
    """The answer to PUT or DELETE, with the errors of the interface."""
    try:
        response = _let_in(request, collection, style)
    except Exception as error:  # noqa: BLE001  every fault has its body, the unknown ones are recorded
        response = error_answer(error, request)
    response["Access-Control-Allow-Origin"] = "*"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _let_in(request: HttpRequest, collection: str, style: str) -> HttpResponse:
    if not key_of(request, request.GET):
        response = answer(
            401, "Unauthorized", _("A key is needed to change styles: send it in the Authorization header.")
        )
        response["WWW-Authenticate"] = 'Apikey realm="OGC API"'
        return response
    viewer = viewer_for(request, request.GET)
    quota = quotas.consume(request, viewer)
    if quota.exceeded:
        return too_many_calls(quota)
    dataset = dataset_for(viewer, collection)
    if not decide(viewer, Action.MANAGE, dataset):
        raise OgcError(403, "Forbidden", _("Styles are changed by those who may change what is said of the dataset."))
    if request.method == "DELETE":
        remove_style(viewer=viewer, dataset=dataset, identifier=style)
        return HttpResponse(status=204)
    return _saved(request, _save(request, viewer, dataset, style))


def _save(request: HttpRequest, viewer: Viewer, dataset: Dataset, style: str) -> Saved:
    encoding = SENT.get((request.content_type or "").lower())
    if encoding is None:
        raise OgcError(415, "UnsupportedMediaType", _("A style is sent as %(types)s.") % {"types": ", ".join(SENT)})
    return save_style(
        viewer=viewer,
        dataset=dataset,
        identifier=style,
        encoding=encoding,
        content=body_of(request, LARGEST, _("A style has at most %(most)s bytes.") % {"most": LARGEST}),
        title=request.GET.get("title", "").replace("\0", "").strip(),
    )


def _saved(request: HttpRequest, saved: Saved) -> HttpResponse:
    """What was left out is told: a style that draws less than it said must not pass for the whole of it."""
    body = {"id": saved.style.identifier, "title": saved.style.title, "ignored": list(saved.ignored)}
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False), status=201 if saved.created else 200, content_type="application/json"
    )
    if saved.created:
        response["Location"] = request.path
    return response
