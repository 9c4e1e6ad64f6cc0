"""The versions of a dataset: what changed, and back to any of them in one click."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bocage.access.rules import decide
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.console.guard import inside, tell, whole_dataset
from bocage.console.notices import sentences
from bocage.kernel.errors import AccessDenied, BocageError, NotFound
from bocage.pipeline.edits.sittings import gathered
from bocage.pipeline.overview import states_of
from bocage.pipeline.retention.keeping import staying_of
from bocage.pipeline.reviews.restoring import restore as reviewed_restore
from bocage.store.selectors import current_version, versions_for


@require_safe
@inside
def versions(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """What was edited at one sitting is one line, that opens on its steps. `?from=<number>`: the version left a moment ago, which a
    button brings back."""
    dataset = whole_dataset(viewer, slug)
    current = current_version(dataset)
    kept = versions_for(viewer, dataset)
    left = next((v for v in kept if str(v.number) == request.GET.get("from")), None)
    staying = staying_of(dataset)
    context = {
        "dataset": dataset,
        "current": current,
        "rows": [
            (version, sentences(version.warnings), staying[version.pk], [(step, staying[step.pk]) for step in steps])
            for version, steps in gathered(kept)
        ],
        "left": left if left and current and left.pk != current.pk else None,
        "may_go_back": decide(viewer, Action.MANAGE, dataset).allowed,
        "state": states_of([dataset], viewer)[0],
        "tab": "versions",
    }
    return render(request, "console/dataset/versions.html", context)


@require_POST
@inside
def restore(request: HttpRequest, viewer: Viewer, slug: str, number: int) -> HttpResponse:
    """Publish this version again, or propose it where a review is required. Nothing is lost: the page that follows offers to come
    back."""
    dataset = whole_dataset(viewer, slug)
    version = dataset.versions.filter(number=number).first()
    if version is None:
        raise NotFound(kind=_("The version"), name=str(number))
    left = current_version(dataset)
    address = reverse("console:dataset_versions", args=[dataset.slug])
    try:
        proposed = reviewed_restore(viewer=viewer, dataset=dataset, version=version)
    except AccessDenied:
        raise
    except BocageError as error:
        tell(request, error)
        return redirect(address)
    if proposed is not None:
        return redirect("console:review", proposed.uid)
    return redirect(f"{address}?from={left.number}" if left else address)
