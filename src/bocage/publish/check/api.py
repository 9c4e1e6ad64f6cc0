"""The operations. A form with a file is read by us: where a body may go is decided before anything reads it."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from ninja import NinjaAPI

import bocage
from bocage.access.viewer import ANONYMOUS
from bocage.check.report.badge import badge
from bocage.kernel.errors import BocageError, NotFound
from bocage.pipeline.checking import asking, bounds, giving
from bocage.pipeline.checking.kept import kept
from bocage.publish.check import errors, schemas
from bocage.publish.check.answers import answer_of
from bocage.publish.check.documents import ANSWER, ASKED, FORM, LANGUAGE, REFUSED, REPORT, SVG, parameters

api = NinjaAPI(
    title="Check API",
    version="1",
    description=f"Check a table against a schema, without an account. Bocage {bocage.__version__}.",
    urls_namespace="check-v1",
    docs_url=None,
)
api.add_exception_handler(BocageError, errors.error_answer)  # type: ignore[arg-type]
api.add_exception_handler(Exception, errors.failed)  # type: ignore[arg-type]


@api.post(
    "/validate", summary="Check a file sent, or one at an address", openapi_extra=FORM | ANSWER, operation_id="validate"
)
def validate(request: HttpRequest) -> HttpResponseBase:
    asking.prepare(request)
    given = {name: str(value) for name, value in request.POST.items()} or texts(request)
    file = request.FILES.get("file")
    return _checked(request, given, file if isinstance(file, UploadedFile) else None)


@api.get(
    "/validate", summary="Check the file at an address", openapi_extra=ASKED | ANSWER, operation_id="validateAddress"
)
def validate_address(request: HttpRequest) -> HttpResponseBase:
    bounds.require_patience(request)
    return _checked(request, texts(request), None)


@api.get(
    "/schemas", summary="The schemas of this platform", operation_id="schemas", openapi_extra=parameters("q", "lang")
)
def list_schemas(request: HttpRequest) -> HttpResponseBase:
    bounds.require_patience(request, "look")
    return errors.json_answer({"schemas": schemas.listed(request.GET.get("q", "")[:200])})


@api.get("/report/{uid}.{suffix}", summary="A report, for an hour", operation_id="report", openapi_extra=REPORT)
def report(request: HttpRequest, uid: str, suffix: str) -> HttpResponseBase:
    bounds.require_patience(request, "look")
    if suffix not in giving.MEDIA_TYPES:
        raise NotFound(kind=translation.gettext("The report"), name=f"{uid}.{suffix}")
    check = kept(uid)
    with translation.override(language_of(request)):
        pieces = giving.given(check, suffix)
    response = StreamingHttpResponse(pieces, content_type=giving.MEDIA_TYPES[suffix])
    if suffix != "json":
        response["Content-Disposition"] = f'attachment; filename="rapport.{suffix}"'
    response["Cache-Control"] = "private, no-store"
    return response


@api.get("/badge.svg", summary="A badge: valid or not", operation_id="badge", openapi_extra=SVG)
def draw_badge(request: HttpRequest) -> HttpResponseBase:
    bounds.require_patience(request, "look")
    with translation.override(language_of(request)):
        drawn = _badge(request.GET)
    response = HttpResponse(drawn, content_type="image/svg+xml; charset=utf-8")
    response["Cache-Control"] = "public, max-age=300"
    return response


def _badge(given: Any) -> str:
    if uid := given.get("report", ""):
        verdict = kept(uid[:60]).verdict
        return badge(verdict.schema, verdict.valid, verdict.error_count)
    latest = schemas.latest_report(ANONYMOUS, given.get("dataset", "")[:200], given.get("schema", "")[:200])
    if latest is None:
        return badge(given.get("schema", "")[:60], None)
    return badge(latest.schema_version.schema.name, latest.valid, latest.error_count)


def _checked(request: HttpRequest, given: dict[str, str], file: UploadedFile[Any] | None) -> HttpResponseBase:
    with translation.override(language_of(request, given.get("lang", ""))):
        try:
            check = asking.carry_out(given, file)
        except BocageError as error:
            return errors.error_answer(request, error)  # in the language asked
        return errors.json_answer(answer_of(request, check, given))


def texts(request: HttpRequest) -> dict[str, str]:
    return {name: str(value) for name, value in request.GET.items()}


def language_of(request: HttpRequest, given: str = "") -> str:
    """`lang`, else what the client prefers."""
    asked = given or request.GET.get("lang", "")
    return asked if asked in LANGUAGE else translation.get_language() or "fr"


__all__ = ["REFUSED", "api"]
