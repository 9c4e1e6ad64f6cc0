"""Runs: each attempt to bring a version, what it did, why it stopped."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from bocage.access.restrictions import require_whole
from bocage.access.viewer import Viewer
from bocage.check.models import Quarantine, Report
from bocage.console.guard import inside, managed_dataset, tell
from bocage.console.notices import sentences
from bocage.console.paging import address_of_page, page_of
from bocage.kernel.errors import AccessDenied, BocageError
from bocage.pipeline.journal import lines_of
from bocage.pipeline.overview import run_for, runs_for, states_of, told_to
from bocage.pipeline.services import cancel_run, retry_run
from bocage.pipeline.vocabulary import RunStatus, Step


@require_safe
@inside
def runs(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Every run that the viewer may follow, latest first; `status` filters."""
    status = request.GET.get("status", "")
    page = page_of(request, runs_for(viewer, status=status))
    page.object_list = told_to(viewer, page.object_list)
    context = {
        "page": page,
        "page_address": address_of_page(request),
        "status": status,
        "statuses": RunStatus,
    }
    return render(request, "console/runs/list.html", context)


@require_safe
@inside
def dataset_runs(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """The runs of one dataset."""
    dataset = managed_dataset(viewer, slug)
    page = page_of(request, runs_for(viewer, dataset=dataset))
    page.object_list = told_to(viewer, page.object_list)
    context = {
        "dataset": dataset,
        "page": page,
        "page_address": address_of_page(request),
        "state": states_of([dataset], viewer)[0],
        "tab": "runs",
    }
    return render(request, "console/dataset/runs.html", context)


@require_safe
@inside
def run(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """Follow one run. `?part=progress` gives only what changes, for the script that follows it. It tells of what was in the
    file: that of somebody else is for those who see the dataset whole."""
    one = run_for(viewer, uid)
    if one.requested_by_id != viewer.user_id:
        require_whole(viewer, one.dataset)
    context = {
        "run": one,
        "over": RunStatus(one.status).is_over,
        "warnings": sentences(one.warnings),
        "step": dict(Step.choices).get(one.step, ""),
        "journal": lines_of(one),
        "report": Report.objects.filter(run=one.uid).defer("verdict").first() if one.conformity else None,
        "aside": Quarantine.objects.filter(run=one.uid, settled_at=None).first() if one.conformity else None,
    }
    if request.GET.get("part") == "progress":
        return render(request, "console/runs/progress.html", context)
    return render(request, "console/runs/run.html", context)


@require_POST
@inside
def cancel(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """Ask it to stop."""
    one = run_for(viewer, uid)
    try:
        cancel_run(viewer=viewer, run=one)
    except AccessDenied:
        raise
    except BocageError as error:
        tell(request, error)
    return redirect("console:run", one.uid)


@require_POST
@inside
def retry(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """Try again what failed: the same file while it is kept, or the address as it is now."""
    one = run_for(viewer, uid)
    try:
        one = retry_run(viewer=viewer, run=one)
    except AccessDenied:
        raise
    except BocageError as error:
        tell(request, error)
    return redirect("console:run", one.uid)
