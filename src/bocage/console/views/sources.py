"""Where the data of a dataset comes from: files dropped by hand, or an address that Bocage polls."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bocage.access.viewer import Viewer
from bocage.capture.understanding import Corrections
from bocage.catalog.models import Dataset
from bocage.console.forms.sources import SourceForm, rhythm_of
from bocage.console.guard import inside, managed_dataset, tell
from bocage.kernel.errors import AccessDenied, BocageError, NotFound
from bocage.kernel.http import masked, unmasked, without_secrets
from bocage.pipeline.models import Source
from bocage.pipeline.overview import states_of
from bocage.pipeline.services import follow_url, request_run
from bocage.pipeline.sources import pause_source


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def source(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """Follow an address; the first visit is at once."""
    dataset = managed_dataset(viewer, slug)
    followed = Source.objects.filter(dataset=dataset).first()
    url = followed.url if followed else ""
    initial = {"url": masked(url), "rhythm": rhythm_of(followed.every) if followed else "1d"}
    form = SourceForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        corrections = Corrections.from_dict(followed.corrections) if followed else Corrections()
        try:
            follow_url(
                viewer=viewer,
                dataset=dataset,
                url=unmasked(form.cleaned_data["url"], url),
                every=form.every(),
                corrections=corrections,
            )
        except AccessDenied:
            raise
        except (BocageError, ValidationError) as error:
            tell(request, error)
        else:
            messages.success(request, _("Saved. Bocage visits the address now."))
            return redirect("console:dataset_runs", dataset.slug)
    context = {
        "dataset": dataset,
        "source": followed if url else None,
        "address": without_secrets(url),
        "form": form,
        "state": states_of([dataset], viewer)[0],
        "tab": "source",
    }
    return render(request, "console/dataset/source.html", context)


@require_POST
@inside
def poll_now(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """Visit the address now."""
    dataset = managed_dataset(viewer, slug)
    try:
        run = request_run(viewer=viewer, source=_followed(dataset))
    except AccessDenied:
        raise
    except BocageError as error:
        tell(request, error)
        return redirect("console:dataset_source", dataset.slug)
    return redirect("console:run", run.uid)


@require_POST
@inside
def pause(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """`paused=1` stops the visits, anything else starts them again."""
    dataset = managed_dataset(viewer, slug)
    paused = request.POST.get("paused") == "1"
    pause_source(viewer=viewer, source=_followed(dataset), paused=paused)
    messages.success(request, _("The visits are paused.") if paused else _("The visits start again."))
    return redirect("console:dataset_source", dataset.slug)


def _followed(dataset: Dataset) -> Source:
    followed = Source.objects.select_related("dataset").filter(dataset=dataset).exclude(url="").first()
    if followed is None:
        raise NotFound(kind=_("The source"), name=dataset.slug)
    return followed
