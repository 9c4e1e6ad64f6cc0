"""Quality, for those who keep the data: what to do next, the reports of checks, who has adopted what, the weekly message."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bocage.access.viewer import Viewer
from bocage.catalog.models import Dataset
from bocage.check import aside
from bocage.check.conformities import conformities_of
from bocage.check.layout import absolute
from bocage.check.models import Report
from bocage.check.quality.adoption import AdoptionPage
from bocage.check.quality.showing import HEIGHT, WIDTH, quality_of, shown_profile
from bocage.check.quarantines import quarantines_of
from bocage.check.registry.selectors import table_schema
from bocage.check.report.listing import faults_csv
from bocage.check.report.telling import told_report
from bocage.check.schema import TableSchema
from bocage.check.verdict import Verdict
from bocage.check.verdicts import last_report
from bocage.console.guard import inside, whole_dataset
from bocage.kernel.errors import BocageError, NotFound
from bocage.pipeline.overview import states_of
from bocage.store.selectors import current_version

REPORTS_SHOWN = 10


@require_safe
@inside
def quality(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """The score, what to do next, what the columns hold, what is odd against the version before."""
    dataset = whole_dataset(viewer, slug)
    version = current_version(dataset)
    conformities = conformities_of(dataset)
    main = next((one for one in conformities if one.main), None)
    profile = shown_profile(version) if version else None
    reports = Report.objects.filter(dataset=dataset).select_related("version", "schema_version__schema")
    context = {
        "dataset": dataset,
        "quality": quality_of(dataset),
        "profile": profile,
        "cards": profile.columns if profile else [],
        "width": WIDTH,
        "height": HEIGHT,
        "conformity": main,
        "report": last_report(dataset, main) if main else None,
        "reports": reports.defer("verdict")[:REPORTS_SHOWN],
        "waiting": [one for one in quarantines_of(viewer, dataset) if one.settled_at is None],
        "state": states_of([dataset], viewer)[0],
        "tab": "quality",
    }
    return render(request, "console/quality/quality.html", context)


@require_safe
@inside
def report(request: HttpRequest, viewer: Viewer, slug: str, pk: int) -> HttpResponse:
    """What a check found, in words."""
    dataset = whole_dataset(viewer, slug)
    found, verdict, schema = _report(dataset, pk)
    context = {
        "dataset": dataset,
        "kept": found,
        "report": told_report(verdict, (), schema),
        "mend_url": "",
        "has_list": bool(found.faults) and absolute(found.faults).is_file(),
        "state": states_of([dataset], viewer)[0],
        "tab": "quality",
    }
    return render(request, "console/quality/report.html", context)


@require_safe
@inside
def report_csv(request: HttpRequest, viewer: Viewer, slug: str, pk: int) -> HttpResponse:
    """Every fault of a report, while the list is kept."""
    dataset = whole_dataset(viewer, slug)
    found, verdict, schema = _report(dataset, pk)
    path = absolute(found.faults)
    if not found.faults or not path.is_file():
        raise NotFound(kind=_("The list of problems"), name=str(pk))

    def lines() -> Iterator[bytes]:
        with aside.bench(path) as shop:
            yield from faults_csv(dataclasses.replace(verdict, faults=path), schema, workshop=shop)

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{dataset.slug}-{pk}.csv"'
    return cast("HttpResponse", answer)  # `inside` asks no more of it than of any other


@require_safe
@inside
def adoption(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Who has adopted what, on everything that the viewer may see."""
    page = AdoptionPage.read(request.GET, viewer)
    if request.GET.get("format") == "csv":
        answer = HttpResponse(page.csv(), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{_("adoption-of-schemas")}.csv"'
        return answer
    return render(request, "console/quality/adoption.html", {"page": page, "public": False})


def _report(dataset: Dataset, pk: int) -> tuple[Report, Verdict, TableSchema | None]:
    rows = Report.objects.filter(dataset=dataset).select_related("version", "schema_version__schema")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(kind=_("The report"), name=str(pk))
    try:
        schema = table_schema(found.schema_version)
    except BocageError:  # a schema that is not usable any more: the report is read without its words
        schema = None
    return found, Verdict.from_dict(found.verdict), schema
