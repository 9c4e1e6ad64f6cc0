"""The door of the interface.

Plain Django views rather than django-ninja, here: the standard fixes the error bodies down to their wording, tolerates
unknown parameters, repeats known ones, accepts any number of slashes without a redirect, and answers HEAD and OPTIONS.
A validating framework would have to be undone on each of these points; its gift, the OpenAPI document, comes from the
table of operations instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.utils import translation

from bocage.access.viewer import viewer_of
from bocage.publish.explore import errors
from bocage.publish.explore.call import Call
from bocage.publish.explore.errors import ExploreError, error_answer
from bocage.publish.explore.operations import find_operation
from bocage.publish.explore.parameters import LANG, read_parameters

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

METHODS = ("GET", "HEAD", "OPTIONS")
EXPOSED = (
    "ODS-Explore-API-Deprecation, Link, ETag, Last-Modified, Content-Disposition, Content-Range, Accept-Ranges, "
    "Repr-Digest, X-Bocage-Row-Count, X-Bocage-Version"
)
V1_DOWNLOAD = {"csv_separator": "delimiter", "use_labels_for_header": "use_labels"}
"""Parameters of /explore/dataset/{id}/download/, and what they are called since."""


def explore(request: HttpRequest, path: str | None = None) -> HttpResponseBase:
    """Every address below the root."""
    return answered(request, path or "", request.GET)


def download(request: HttpRequest, dataset_id: str) -> HttpResponseBase:
    """`/explore/dataset/{id}/download/?format=csv`: the export, under the address and the errors that older clients know."""
    query = QueryDict(mutable=True)
    query["with_bom"] = "false"
    for name, values in request.GET.lists():
        query.setlist(V1_DOWNLOAD.get(name, name), values)
    kind = query.get("format") or "csv"
    response = answered(request, f"catalog/datasets/{dataset_id}/exports/{kind.replace('/', '')}", query)
    return errors.first_version(response) if response.status_code >= 400 and request.method != "HEAD" else response


def answered(request: HttpRequest, path: str, query: QueryDict) -> HttpResponseBase:
    response = _preflight() if request.method == "OPTIONS" else _answer(request, path, query)
    # Anyone's page may read what anyone may read. Never with credentials: a stranger's page reads as a stranger.
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = EXPOSED
    response["X-Content-Type-Options"] = "nosniff"
    if request.method == "HEAD" and isinstance(response, HttpResponse) and response.content:
        response["Content-Length"] = str(len(response.content))
        response.content = b""
    return response


def _preflight() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Access-Control-Allow-Methods"] = ", ".join(METHODS)
    response["Access-Control-Allow-Headers"] = "Accept, Authorization, Content-Type, If-None-Match, If-Range, Range"
    response["Access-Control-Max-Age"] = "86400"
    response["Allow"] = ", ".join(METHODS)
    return response


def _answer(request: HttpRequest, path: str, query: QueryDict) -> HttpResponseBase:
    values: dict[str, Any] = {}
    try:
        if request.method not in METHODS:
            raise ExploreError(405, "MethodNotAllowed", "Only GET, HEAD and OPTIONS are answered here.")
        found = find_operation(path)
        if found is None:
            raise ExploreError(404, "NotFoundResource", "The requested resource does not exist.")
        operation, values = found[0], dict(found[1])
        given = read_parameters(query, operation.parameters)
        call = Call(request=request, viewer=viewer_of(request.user), path=values, given=given)
        with translation.override(_language(given.get(LANG.name, ""))):
            return operation.view(call)
    except Exception as error:  # noqa: BLE001  every fault has its envelope, the unknown ones are recorded
        return error_answer(error, request, values.get("dataset_id", ""))


def _language(asked: str) -> str:
    """The standard knows eleven languages; ours are the ones of the interface."""
    return asked if asked in dict(settings.LANGUAGES) else translation.get_language() or settings.LANGUAGE_CODE
