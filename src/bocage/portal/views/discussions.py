"""Discussions on a dataset: read by whoever may know of it, written by signed-in people, moderated by its stewards."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bocage.access.vocabulary import Action
from bocage.governance.discussions.models import Discussion
from bocage.governance.discussions.selectors import discussion_for, discussions_of, may_moderate, remarks_of
from bocage.governance.discussions.services import close, hide, open_discussion, remark, show_again
from bocage.governance.names import public_name
from bocage.governance.texts import SUBJECT_LENGTH, TEXT_LENGTH
from bocage.kernel.errors import AccessDenied, BocageError, NotFound
from bocage.portal.views.sections import Subject, page_of, subject_of

PER_PAGE = 20
BOUNDS = {"subject_length": SUBJECT_LENGTH, "text_length": TEXT_LENGTH}


@require_http_methods(["GET", "HEAD", "POST"])
def discussions(request: HttpRequest, slug: str) -> HttpResponse:
    """The latest first; POST opens one."""
    subject = subject_of(request, slug, Action.SEE)
    written, fault = {"subject": "", "text": ""}, ""
    if request.method == "POST":
        written = {name: request.POST.get(name, "") for name in written}
        try:
            made = open_discussion(viewer=subject.viewer, dataset=subject.dataset, **written)
        except AccessDenied:
            raise
        except BocageError as error:
            fault = str(error)
        else:
            return redirect("portal:dataset_discussion", subject.dataset.slug, made.uid)
    page = Paginator(discussions_of(subject.viewer, subject.dataset), PER_PAGE).get_page(request.GET.get("page"))
    context = BOUNDS | {
        "page": page,
        "threads": [(one, public_name(one.opened_by)) for one in page.object_list],
        "written": written,
        "fault": fault,
    }
    return page_of(request, subject, "dataset_discussions", context)


@require_http_methods(["GET", "HEAD", "POST"])
def discussion(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """One discussion; POST adds a remark."""
    subject, thread = _thread(request, slug, uid)
    text, fault = "", ""
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            remark(viewer=subject.viewer, discussion=thread, text=text)
        except AccessDenied:
            raise
        except BocageError as error:
            fault = str(error)
        else:
            return redirect("portal:dataset_discussion", slug, uid)
    context = BOUNDS | {
        "thread": thread,
        "remarks": remarks_of(subject.viewer, thread),
        "moderates": may_moderate(subject.viewer, thread),
        "text": text,
        "fault": fault,
    }
    return page_of(request, subject, "dataset_discussions", context)


@require_POST
def moderate(request: HttpRequest, slug: str, uid: str, action: str) -> HttpResponse:
    """`hide` (with `remark` and `reason`), `show` (with `remark`), `close`, `reopen`: each undoes the other."""
    subject, thread = _thread(request, slug, uid)
    number = request.POST.get("remark", "")
    pk = int(number) if number.isascii() and number.isdigit() and len(number) < 18 else 0
    try:
        match action:
            case "hide":
                hide(viewer=subject.viewer, discussion=thread, pk=pk, reason=request.POST.get("reason", ""))
            case "show":
                show_again(viewer=subject.viewer, discussion=thread, pk=pk)
            case "close" | "reopen":
                close(viewer=subject.viewer, discussion=thread, closed=action == "close")
            case _:
                raise NotFound(kind=_("The page"), name=action)
    except (AccessDenied, NotFound):
        raise
    except BocageError as error:
        messages.error(request, str(error))
    return redirect("portal:dataset_discussion", slug, uid)


def _thread(request: HttpRequest, slug: str, uid: str) -> tuple[Subject, Discussion]:
    """Raises NotFound, for a discussion of another dataset too."""
    subject = subject_of(request, slug, Action.SEE)
    thread = discussion_for(subject.viewer, uid)
    if thread.dataset_id != subject.dataset.pk:
        raise NotFound(kind=_("The discussion"), name=uid)
    return subject, thread
