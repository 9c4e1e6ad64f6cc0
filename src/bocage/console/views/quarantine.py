"""Rows kept aside: seen in a grid with the reasons beside each cell, mended, published with the others."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.access.viewer import Viewer
from bocage.check import aside
from bocage.check.models import Quarantine
from bocage.check.quarantines import Changes, Line, leave_out, lines_of, mend, quarantine_for, quarantines_of
from bocage.console.guard import inside, tell, whole_dataset
from bocage.kernel.errors import AccessDenied, BocageError
from bocage.pipeline.overview import states_of
from bocage.pipeline.replaying import request_replay

PER_PAGE = 25


@require_safe
@inside
def quarantines(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """What waits, and what became of what waited before."""
    dataset = whole_dataset(viewer, slug)
    found = quarantines_of(viewer, dataset)
    context = {
        "dataset": dataset,
        "waiting": [one for one in found if one.settled_at is None],
        "settled": [one for one in found if one.settled_at is not None],
        "state": states_of([dataset], viewer)[0],
        "tab": "quarantine",
    }
    return render(request, "console/quality/quarantines.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def quarantine(request: HttpRequest, viewer: Viewer, slug: str, uid: str) -> HttpResponse:
    """The grid. POST keeps the cells that changed; names are `<row>:<rank of the column>`, `drop:<row>` leaves a row out."""
    dataset = whole_dataset(viewer, slug)
    one = quarantine_for(viewer, dataset, uid)
    number = _page_number(request, one)
    try:
        lines = lines_of(one, offset=(number - 1) * PER_PAGE, limit=PER_PAGE)
        if request.method == "POST":
            mend(viewer=viewer, quarantine=one, changes=_changes(request, lines, aside.labels_of(one)))
            if "replay" in request.POST:
                return redirect("console:run", request_replay(viewer=viewer, quarantine=one).uid)
            messages.success(request, _("Your changes are kept. Publish the mended rows when you are ready."))
            return redirect(f"{reverse('console:quarantine', args=[slug, uid])}?page={number}")
    except AccessDenied:
        raise
    except BocageError as error:
        tell(request, error)
        return redirect("console:quarantines", slug)
    labels = aside.labels_of(one)
    order = _order(labels, lines, dataset.primary_key)
    context = {
        "dataset": dataset,
        "quarantine": one,
        "labels": [labels[rank] for rank in order],
        "lines": [(line, [(rank, *line.cells[rank]) for rank in order]) for line in lines],
        "number": number,
        "pages": _pages(one),
        "mended": sum(1 for cells in one.mended.values() if cells),
        "dropped": sum(1 for cells in one.mended.values() if cells is None),
        "state": states_of([dataset], viewer)[0],
        "tab": "quarantine",
    }
    return render(request, "console/quality/quarantine.html", context)


@require_POST
@inside
def drop(request: HttpRequest, viewer: Viewer, slug: str, uid: str) -> HttpResponse:
    """These rows will not be published."""
    dataset = whole_dataset(viewer, slug)
    one = quarantine_for(viewer, dataset, uid)
    leave_out(viewer=viewer, quarantine=one)
    told = ngettext("%(n)s row is left out.", "%(n)s rows are left out.", one.row_count) % {"n": one.row_count}
    messages.success(request, told)
    return redirect("console:quarantines", dataset.slug)


def _order(labels: Sequence[str], lines: Sequence[Line], key: Sequence[str]) -> list[int]:
    """Ranks of the columns: what tells a row from the others, what is wrong somewhere in the page, then the rest."""
    wrong = {rank for line in lines for rank, (_label, _cell, reasons) in enumerate(line.cells) if reasons}
    return sorted(range(len(labels)), key=lambda rank: (labels[rank] not in key, rank not in wrong, rank))


def _pages(one: Quarantine) -> int:
    return max(1, -(-one.row_count // PER_PAGE))


def _page_number(request: HttpRequest, one: Quarantine) -> int:
    text = request.GET.get("page", "1")
    return min(max(1, int(text)), _pages(one)) if text.isdecimal() and len(text) < 9 else 1


def _changes(request: HttpRequest, lines: list[Line], labels: tuple[str, ...]) -> Changes:
    """What differs from what the page showed."""
    changes: dict[int, dict[str, str | None] | None] = {}
    for line in lines:
        row = line.row
        if f"drop:{row.number}" in request.POST:
            if not row.dropped:
                changes[row.number] = None
            continue
        cells: dict[str, str | None] = {}
        for rank, (label, cell) in enumerate(zip(labels, row.cells, strict=True)):
            given = request.POST.get(f"{row.number}:{rank}")
            if given is not None and given.replace("\r\n", "\n") != (cell or "").replace("\r\n", "\n"):
                cells[label] = given or None
        if cells or row.dropped:
            changes[row.number] = cells
    return changes
