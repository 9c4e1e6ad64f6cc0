"""Which operation an address names, under each of the roots by which the interface is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import QueryDict
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from bocage.publish.explore.call import Call
from bocage.publish.explore.door import answered
from bocage.publish.explore.errors import ExploreError, NotFoundResource, error_answer
from bocage.publish.explore.exports import CATALOGUE_TABLES
from bocage.publish.explore.operations import find_operation
from bocage.publish.explore.parameters import LANG, read_parameters
from bocage.publish.explore.version_2_0 import asked_in_2_1, in_envelope
from bocage.publish.uses import count_use

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from bocage.access.viewer import Viewer

OTHER_SOURCES = frozenset({"monitoring", "shared", "opendatasoft"})
"""Catalogues beside the main one that clients know. Here they are empty: readers are not recorded, no platform is federated."""
FILES = frozenset({"exportRecords", "getDatasetAttachment"})
"""Operations that give a file to keep: downloads, when uses are counted."""
NO_DATASET = "dataset_id is null"


@csrf_exempt
def explore(request: HttpRequest, path: str | None = None) -> HttpResponseBase:
    """Every address below the root."""
    return answered(request, lambda viewer, given: operate(request, viewer, path or "", given))


@csrf_exempt
def explore_2_0(request: HttpRequest, path: str | None = None) -> HttpResponseBase:
    """The same address in version 2.0, to which old programs are pinned."""
    asked = path or ""
    root = f"/{'/'.join(part for part in request.path.removesuffix(asked).split('/') if part)}"

    def view(viewer: Viewer, given: QueryDict) -> HttpResponseBase:
        newer = asked_in_2_1(asked, given)
        if newer is None:
            raise ExploreError(404, "NotFoundResource", "The requested resource does not exist.")
        operation, envelope = newer
        response = operate(request, viewer, operation, given)
        return in_envelope(response, envelope, root) if envelope else response

    return answered(request, view)


def operate(request: HttpRequest, viewer: Viewer, path: str, query: QueryDict) -> HttpResponseBase:
    """The answer of the operation at `path` below the root of version 2.1, faults in its envelope."""
    values: dict[str, str] = {}
    try:
        source, path = _source_of(path)
        found = find_operation(path)
        if found is None:
            raise ExploreError(404, "NotFoundResource", "The requested resource does not exist.")
        operation, values = found[0], dict(found[1])
        given = read_parameters(query, operation.parameters)
        if source in OTHER_SOURCES:
            _empty(values, given)
        call = Call(request=request, viewer=viewer, path=values, given=given, sent=query)
        with translation.override(_language(given.get(LANG.name, ""))):
            response = operation.view(call)
        named = call.announced if "dataset_id" in values else None
        count_use(request.method, response, named, file=operation.identifier in FILES)
        return response
    except Exception as error:  # noqa: BLE001  every fault has its envelope, the unknown ones are recorded
        return error_answer(error, request, values.get("dataset_id", ""))


def _source_of(path: str) -> tuple[str, str]:
    """The catalogue that an address names, and the same address in the main one."""
    source, slash, rest = path.strip("/").partition("/")
    return (source, f"catalog{slash}{rest}") if source in OTHER_SOURCES else ("catalog", path)


def _empty(values: dict[str, str], given: dict[str, Any]) -> None:
    """The same question to a catalogue without datasets: lists answer nothing, a dataset is not there."""
    if "dataset_id" in values:
        raise NotFoundResource("dataset", values["dataset_id"])
    if values.get("format", "csv") not in CATALOGUE_TABLES:
        raise NotFoundResource("export format", values["format"][:100])
    if "where" in given:
        given["where"] = (*given["where"], NO_DATASET)


def _language(asked: str) -> str:
    """The standard knows eleven languages; ours are the ones of the interface."""
    return asked if asked in dict(settings.LANGUAGES) else translation.get_language() or settings.LANGUAGE_CODE
