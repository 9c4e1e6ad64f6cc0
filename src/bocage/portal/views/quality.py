"""Quality of a dataset, its views through other schemas, and who has adopted what."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bocage.access.standing import viewer_of
from bocage.access.viewer import ANONYMOUS
from bocage.catalog.selectors import dataset_for
from bocage.check.conformities import conformities_of
from bocage.check.projection import projected_csv
from bocage.check.quality.adoption import AdoptionPage
from bocage.check.quality.showing import HEIGHT, WIDTH, quality_of, shown_profile
from bocage.check.verdicts import last_report
from bocage.portal.views.sections import page_of, subject_of


@require_safe
def quality(request: HttpRequest, slug: str) -> HttpResponse:
    """The score, why, and what the columns hold. All of it is made of the whole: who sees a part is told nothing of it."""
    subject = subject_of(request, slug)
    if not subject.whole:
        return page_of(request, subject, "dataset_quality", {"views": conformities_of(subject.dataset)})
    profile = shown_profile(subject.version) if subject.version else None
    main = next((one for one in conformities_of(subject.dataset) if one.main), None)
    context = {
        "quality": quality_of(subject.dataset),
        "profile": profile,
        "cards": profile.columns if profile else [],
        "width": WIDTH,
        "height": HEIGHT,
        "conformity": main,
        "views": conformities_of(subject.dataset),
        "report": last_report(subject.dataset, main) if main else None,
    }
    return page_of(request, subject, "dataset_quality", context)


@require_safe
def schema_csv(request: HttpRequest, slug: str, name: str, number: str) -> HttpResponse | FileResponse:
    """A version with the columns of a schema it follows. The ETag is that of the version, the mapping and the schema."""
    viewer = viewer_of(request.user)
    dataset = dataset_for(viewer, slug)
    path, key = projected_csv(viewer, dataset, name, number)
    etag = f'"{key}"'
    if request.headers.get("if-none-match") == etag:
        answer = HttpResponse(status=304)
        answer["ETag"] = etag
        return answer
    filename = f"{dataset.slug}-{name.replace('/', '-')}-{number}.csv"
    served = FileResponse(
        path.open("rb"), as_attachment=True, filename=filename, content_type="text/csv; charset=utf-8"
    )
    served["ETag"] = etag
    return served


@require_safe
def adoption(request: HttpRequest) -> HttpResponse:
    """Who has adopted what, on open data: what everybody sees, whoever looks. `?format=csv`: the whole matrix."""
    page = AdoptionPage.read(request.GET, ANONYMOUS)
    if request.GET.get("format") == "csv":
        answer = HttpResponse(page.csv(), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{_("adoption-of-schemas")}.csv"'
        return answer
    return render(request, "portal/adoption.html", {"page": page, "public": True})
