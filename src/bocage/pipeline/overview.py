"""What the people who publish need to see: the state of their datasets, their runs. Each list is a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bocage.access.restrictions import restrictions_for
from bocage.access.rules import visible_to
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.catalog.vocabulary import Frequency
from bocage.kernel.clock import now
from bocage.kernel.errors import NotFound
from bocage.pipeline.models import Draft, Run
from bocage.pipeline.vocabulary import RunStatus

IN_PROGRESS = (RunStatus.WAITING, RunStatus.RUNNING)


class Attention(TextChoices):
    """Why a dataset asks for its steward."""

    FAILED = "failed", gettext_lazy("Last update failed")
    LATE = "late", gettext_lazy("Late on its promise")
    WARNED = "warned", gettext_lazy("Published with remarks")
    EMPTY = "empty", gettext_lazy("No data yet")


@dataclass(frozen=True)
class DatasetState:
    """A dataset as its steward sees it in a list. `last_run` is the latest attempt, over or not."""

    dataset: Dataset
    last_run: Run | None
    attention: tuple[Attention, ...]

    @property
    def running(self) -> bool:
        return self.last_run is not None and self.last_run.status in IN_PROGRESS


def is_late(dataset: Dataset, instant: datetime) -> bool:
    """The promised update frequency is not kept."""
    silence = Frequency(dataset.update_frequency).longest_silence
    return silence is not None and dataset.data_updated_at is not None and dataset.data_updated_at < instant - silence


def managed_datasets(
    viewer: Viewer, *, text: str = "", organization_id: int | None = None, attention: str = ""
) -> QuerySet[Dataset]:
    """The datasets on which the viewer may publish, filtered, by title. `attention`: a value of Attention, or `any`."""
    datasets = Dataset.objects.filter(visible_to(viewer, Action.PUBLISH)).select_related("organization")
    if text:
        datasets = datasets.filter(Q(title__icontains=text) | Q(slug__icontains=text))
    if organization_id is not None:
        datasets = datasets.filter(organization_id=organization_id)
    if attention:
        wanted = [item for item in Attention if attention in ("any", item.value)]
        condition = Q(pk__in=())
        for item in wanted:
            condition |= _condition(item)
        datasets = datasets.filter(condition)
    return datasets.order_by("title", "pk")


def states_of(datasets: Iterable[Dataset], viewer: Viewer | None = None) -> list[DatasetState]:
    """The state of each dataset of one page, in two queries whatever their number; with the faults of the last attempts that can
    be told to `viewer`, of none when nobody is named."""
    page, instant = list(datasets), now()
    latest = Run.objects.filter(dataset=OuterRef("pk")).order_by("-created_at", "-pk").values("pk")[:1]
    pks = Dataset.objects.filter(pk__in=[d.pk for d in page]).values_list(Subquery(latest), flat=True)
    known = {d.pk: d for d in page}
    last = {run.dataset_id: run for run in Run.objects.filter(pk__in=list(pks)).defer("log")}
    for run in last.values():
        run.dataset = known[run.dataset_id]
    told_to(viewer, last.values())
    return [DatasetState(d, last.get(d.pk), _attention(d, last.get(d.pk), instant)) for d in page]


def told_to(viewer: Viewer | None, runs: Iterable[Run]) -> list[Run]:
    """The runs, with the faults that the viewer may read: they quote what was in the file. That of somebody else is for those
    who see the dataset whole. To be shown, never saved."""
    runs = list(runs)
    theirs = [
        run for run in runs if viewer is None or run.requested_by_id is None or run.requested_by_id != viewer.user_id
    ]
    kept = restrictions_for(viewer, {run.dataset_id: run.dataset for run in theirs}.values()) if viewer else {}
    for run in theirs:
        if viewer is None or kept[run.dataset.uid]:
            run.error = {}
    return runs


def runs_in_progress(viewer: Viewer) -> list[Run]:
    """What waits or runs now, latest first, at most twenty."""
    return list(runs_for(viewer).filter(status__in=IN_PROGRESS)[:20])


def runs_for(viewer: Viewer, *, dataset: Dataset | None = None, status: str = "") -> QuerySet[Run]:
    """Runs of the datasets on which the viewer may publish, latest first; to be paged by the caller."""
    runs = Run.objects.select_related("dataset", "dataset__organization", "version", "requested_by").defer("log")
    runs = runs.filter(dataset__in=Dataset.objects.filter(visible_to(viewer, Action.PUBLISH)))
    if dataset is not None:
        runs = runs.filter(dataset=dataset)
    if status in RunStatus.values:
        runs = runs.filter(status=status)
    return runs.order_by("-created_at", "-pk")


def run_for(viewer: Viewer, uid: str) -> Run:
    """One run, log included. Raises NotFound, the same for absent and for hidden."""
    run = runs_for(viewer).defer(None).filter(uid=uid).select_related("source").first()
    if run is None:
        raise NotFound(kind=_("The run"), name=uid)
    return run


def drafts_of(viewer: Viewer) -> list[Draft]:
    """The files that the viewer dropped and did not publish yet, latest first, at most ten."""
    drafts = Draft.objects.filter(user_id=viewer.user_id or 0).select_related("organization", "dataset")
    return list(drafts[:10])


def _latest_run_where(condition: Q) -> Exists:
    newer = Run.objects.filter(dataset=OuterRef("dataset"), created_at__gt=OuterRef("created_at"))
    return Exists(Run.objects.filter(condition, ~Exists(newer), dataset=OuterRef("pk")))


def _condition(item: Attention) -> Q:
    if item == Attention.FAILED:
        return Q(_latest_run_where(Q(status=RunStatus.FAILED)))
    if item == Attention.WARNED:
        return Q(_latest_run_where(Q(status=RunStatus.DONE) & ~Q(warnings=[])))
    if item == Attention.EMPTY:
        return Q(version_number__isnull=True)
    late, instant = Q(pk__in=()), now()
    for frequency in Frequency:
        if (silence := frequency.longest_silence) is not None:
            late |= Q(update_frequency=frequency, data_updated_at__lt=instant - silence)
    return late


def _attention(dataset: Dataset, run: Run | None, instant: datetime) -> tuple[Attention, ...]:
    found = []
    if run is not None and run.status == RunStatus.FAILED:
        found.append(Attention.FAILED)
    if is_late(dataset, instant):
        found.append(Attention.LATE)
    if run is not None and run.status == RunStatus.DONE and run.warnings:
        found.append(Attention.WARNED)
    if dataset.version_number is None:
        found.append(Attention.EMPTY)
    return tuple(found)
