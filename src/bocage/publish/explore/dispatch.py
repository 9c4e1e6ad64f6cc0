"""Which operation an address names, under each of the roots by which the interface is known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import QueryDict
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from bocage.publish.explore.call import ROOT, Call
from bocage.publish.explore.door import answered
from bocage.publish.explore.errors import ExploreError, NotFoundResource, error_answer
from bocage.publish.explore.exports import CATALOGUE_TABLES
from bocage.publish.explore.operations import find_operation
from bocage.publish.explore.parameters import LANG, read_parameters

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from bocage.access.viewer import Viewer

V2_0_ALIKE = re.compile(r"/*catalog/+(datasets/+[^/]+/+)?(exports(/+[^/]+)?|facets|attachments)/*")
"""Operations whose answers version 2.0 already wrote as 2.1 does; it wrapped each dataset and record in the others."""
OTHER_SOURCES = frozenset({"monitoring", "shared", "opendatasoft"})
"""Catalogues beside the main one that clients know. Here they are empty: readers are not recorded, no platform is federated."""
NO_DATASET = "dataset_id is null"


@csrf_exempt
def explore(request: HttpRequest, path: str | None = None) -> HttpResponseBase:
    """Every address below the root."""
    return answered(request, lambda viewer, given: operate(request, viewer, path or "", given))


@csrf_exempt
def explore_2_0(request: HttpRequest, path: str | None = None) -> HttpResponseBase:
    """The same address in version 2.0, to which old links are pinned: exports and facets; the rest is gone, and says where."""

    def view(viewer: Viewer, given: QueryDict) -> HttpResponseBase:
        asked = path or ""
        if not V2_0_ALIKE.fullmatch(asked):
            now_at = ROOT + re.sub(r"/+", "/", "/" + asked)
            raise ExploreError(
                410, "VersionGone", f"Version 2.0 of this operation is gone; version 2.1 is at {now_at}."
            )
        given.setdefault("with_bom", "false")
        if rows := given.getlist("rows"):
            given.setlistdefault("limit", rows)
        return operate(request, viewer, asked, given)

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
            return operation.view(call)
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
