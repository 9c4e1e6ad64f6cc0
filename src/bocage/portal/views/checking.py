"""“Check a file”: for everybody, without an account and without a cookie.

No token against forgery: nothing here depends on who asks, and nothing of anybody's changes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.check.report.telling import told_report
from bocage.kernel.errors import BocageError
from bocage.pipeline.checking import asking, bounds, desk, giving
from bocage.pipeline.checking.errors import RequestTooLarge, TooBusy, TooOften
from bocage.pipeline.checking.kept import KeptCheck, kept
from bocage.portal.selectors import checkable_schemas

R = TypeVar("R", bound=HttpResponseBase)
API = "/api/check/v1"
STATUSES: dict[type[BocageError], int] = {RequestTooLarge: 413, TooOften: 429, TooBusy: 503}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def check_page(request: HttpRequest) -> HttpResponse:
    """The form, and what is done with it: the report has an address of its own."""
    if request.method != "POST":
        return _form(request, chosen=request.GET.get("schema", ""))
    try:
        asking.prepare(request)
        given = {name: str(value) for name, value in request.POST.items()}
        given["schema"] = given.get("schema_url", "").strip() or given.get("schema", "")
        file = request.FILES.get("file")
        done = asking.carry_out(given, file if isinstance(file, UploadedFile) else None)
    except BocageError as error:
        return _refused(request, error)
    address = reverse("portal:check_report", args=[done.uid])
    if _wants_json(request):
        return JsonResponse({"next": address})
    return redirect(address)


@require_safe
def check_report(request: HttpRequest, uid: str) -> HttpResponse:
    check = kept(uid)
    context = {
        "check": check,
        "report": told_report(check.verdict, check.mends, check.schema, sheet=check.table.sheet),
        "mend_url": reverse("portal:check_mend", args=[uid]),
        "api": API,
        "LANGUAGE_CODE": translation.get_language(),
        "expires": datetime.fromtimestamp(check.expires_at, UTC),
    }
    return _private(render(request, "portal/check_report.html", context))


@csrf_exempt
@require_POST
def check_mend(request: HttpRequest, uid: str) -> HttpResponse:
    """Accept proposals: a corrected copy, checked again."""
    bounds.require_patience(request)
    done = desk.mend(kept(uid), request.POST.getlist("mend")[:200])
    return redirect("portal:check_report", done.uid)


@require_safe
def check_mended(request: HttpRequest, uid: str) -> HttpResponseBase:
    """The table as the accepted proposals made it."""
    bounds.require_patience(request, "look")
    check = kept(uid)
    response = StreamingHttpResponse(giving.mended_of(check), content_type=giving.MEDIA_TYPES["csv"])
    response["Content-Disposition"] = _attachment(check)
    return _private(response)


def _attachment(check: KeptCheck) -> str:
    from django.utils.http import content_disposition_header

    stem = check.filename.rsplit(".", 1)[0] or "file"
    return content_disposition_header(True, f"{stem}-corrige.csv") or "attachment"


def _form(request: HttpRequest, chosen: str = "", error: Any = "", status: int = 200) -> HttpResponse:
    context = {
        "schemas": checkable_schemas(),
        "chosen": chosen,
        "given": request.POST if status in (200, 400, 404, 422) else {},
        "error": error,
        "limit_mb": bounds.limit_mb(),
    }
    return render(request, "portal/check.html", context, status=status)


def _refused(request: HttpRequest, error: BocageError) -> HttpResponse:
    status = STATUSES.get(type(error), 400)
    if _wants_json(request):
        return JsonResponse({"error": str(error)}, status=status)
    # The body of a request that is too large was not read, and is not going to be.
    readable = status not in (413, 429)
    return _form(request, request.POST.get("schema", "") if readable else "", error, status)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("accept", "").startswith("application/json")


def _private(response: R) -> R:
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
