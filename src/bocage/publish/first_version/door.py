"""Which question an address asks, below `/api/records/1.0`, `/api/datasets/1.0` and `/explore/dataset/{id}/download/`.

The door is that of the Explore API; faults have the envelope that the clients of this version read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from bocage.access.viewer import ANONYMOUS
from bocage.publish.explore.door import answered
from bocage.publish.explore.errors import error_answer, first_version
from bocage.publish.first_version import analysis, catalogue, downloads, maps, search
from bocage.publish.first_version.inquiry import Inquiry
from bocage.publish.first_version.refusals import Absent
from bocage.publish.uses import count_use
from bocage.publish.viewers import key_used

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict
    from django.http.response import HttpResponseBase

    from bocage.access.viewer import Viewer

View = Callable[[Inquiry], "HttpResponseBase"]
LANGUAGES = ("fr", "en")
RECORDS: dict[str, View] = {
    "search": search.search,
    "analyze": analysis.analyze,
    "download": downloads.download,
    "geocluster": maps.geocluster,
    "geopolygon": maps.geopolygon,
    "geopreview": maps.geopreview,
    "boundingbox": maps.boundingbox,
}
DATASET: dict[tuple[int, str], View] = {
    (1, ""): catalogue.dataset,
    (3, "records"): search.lookup,
    (3, "files"): catalogue.file,
}
"""By the number of segments and the second one."""
FILES = frozenset({downloads.download, catalogue.file})
"""Downloads, when uses are counted."""


@csrf_exempt
def records(request: HttpRequest, path: str | None = None) -> HttpResponseBase:
    """`/api/records/1.0/…`"""
    segments = _segments(path)
    return _answered(request, RECORDS.get(segments[0]) if len(segments) == 1 else None, ())


@csrf_exempt
def datasets(request: HttpRequest, path: str | None = None) -> HttpResponseBase:
    """`/api/datasets/1.0/…`"""
    segments = _segments(path)
    if segments == ("search",):
        return _answered(request, catalogue.search, ())
    view = DATASET.get((len(segments), segments[1] if len(segments) > 1 else ""))
    return _answered(request, view, segments)


@csrf_exempt
def download(request: HttpRequest, dataset_id: str) -> HttpResponseBase:
    """`/explore/dataset/{id}/download/`"""
    return _answered(request, downloads.download, (dataset_id,))


def _segments(path: str | None) -> tuple[str, ...]:
    return tuple(part for part in (path or "").split("/") if part)


def _answered(request: HttpRequest, view: View | None, segments: tuple[str, ...]) -> HttpResponseBase:
    response = answered(request, lambda viewer, given: _asked(request, view, segments, viewer, given))
    response["Access-Control-Expose-Headers"] += f", {analysis.TRUNCATED}"
    return first_version(response) if response.status_code >= 400 and request.method != "HEAD" else response


def _asked(
    request: HttpRequest, view: View | None, segments: tuple[str, ...], viewer: Viewer, given: QueryDict
) -> HttpResponseBase:
    slug = segments[0] if segments else given.get("dataset", "")
    try:
        if view is None:
            raise Absent("resource")
        inquiry = Inquiry(request, _seen_by(request, viewer, given), given, segments)
        with translation.override(inquiry.lang if inquiry.lang in LANGUAGES else "en"):
            response = view(inquiry)
        named = None if view is catalogue.search else inquiry.announced
        count_use(request.method, response, named, file=view in FILES)
        return response
    except Exception as error:  # noqa: BLE001  every fault has its envelope, the unknown ones are recorded
        return error_answer(error, request, slug[:200])


def _seen_by(request: HttpRequest, viewer: Viewer, given: QueryDict) -> Viewer:
    """A script of any page may ask with a callback, and the browser would send the session along: only a key counts then."""
    called_back = given.get("callback") or given.get("format", "").endswith("jsonp")
    return ANONYMOUS if called_back and key_used(request) is None else viewer
