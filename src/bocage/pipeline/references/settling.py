"""After a publication: what a reference that changed breaks, and how the links of a dataset stand. Told to those concerned.

Whatever moved the published version (a file, records pushed, a version put back), the reference is compared with what was last
looked at; killed half-way, it is looked at again. Counting comes first, outside any transaction; what was counted is kept only if
nobody else has kept it meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery

from bocage.catalog.models import Dataset, ReferenceLayer, ReferenceLink
from bocage.kernel.clock import now
from bocage.kernel.errors import BocageError
from bocage.organizations.answering import stewards_of
from bocage.organizations.notices.services import notify
from bocage.pipeline.noticing import REFERENCE_CHANGED
from bocage.pipeline.references.measuring import Count, KeyChange, Pointing, Side, measure, side_of_version
from bocage.pipeline.references.models import LinkState, ReferenceChange, ReferenceEffect
from bocage.store.engine import EngineError
from bocage.store.layout import version_path
from bocage.store.models import Head, Version
from bocage.store.selectors import current_version

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_DEPENDANTS = 20_000
MOST_TOLD = 1_000
"""Datasets whose keepers are told of one change, those with the most rows that point to nothing first."""

CHUNK = 500
MOST_TRIED = 20
RECOUNTED = 200

log = structlog.get_logger("bocage.pipeline")


@dataclass(frozen=True)
class Dependant:
    """A link and the published version of the dataset that points."""

    link: ReferenceLink
    version: Version

    @property
    def pointing(self) -> Pointing:
        names = {field["name"] for field in self.version.schema}
        return Pointing(version_path(self.version), self.link.field if self.link.field in names else "")


def settle_dataset(dataset: Dataset) -> None:
    """Its version has just moved: as a reference, and as a dataset that points to others."""
    layer = ReferenceLayer.objects.select_related("dataset").filter(dataset=dataset).first()
    if layer is not None:
        settle(layer)
    recount(dataset)


def settle_next() -> bool:
    """One reference whose published version is not the one last looked at: what put a version back, or was killed before it told.
    False when there is none. For the worker, when it has nothing else to do."""
    latest = ReferenceChange.objects.filter(reference=OuterRef("pk")).order_by("-pk").values("version")[:1]
    head = Head.objects.filter(dataset=OuterRef("dataset")).values("version")[:1]
    moved = ReferenceLayer.objects.annotate(seen=Subquery(latest), published=Subquery(head))
    due = moved.filter(published__isnull=False, dataset__edits_awaiting=None).filter(
        Q(seen=None) | ~Q(seen=F("published"))
    )
    for layer in due.select_related("dataset").order_by("pk")[:MOST_TRIED]:
        try:
            if settle(layer) is not None:
                return True
        except (BocageError, EngineError):  # one that cannot be read does not keep the others waiting
            log.exception("reference.not_settled", dataset=layer.dataset.uid)
    return False


def settle(layer: ReferenceLayer) -> ReferenceChange | None:
    """Compare the published version with the one last looked at, keep what changed and for whom, tell them. None when there is
    nothing to compare, or when another process has."""
    current = current_version(layer.dataset)
    last = last_change(layer)
    if current is None or (last is not None and last.version_id == current.pk):
        return None
    if not version_path(current).is_file():
        return None  # `doctor` tells; a file that is not there must not pass for one that has lost every key
    before = last.version if last is not None else None
    if before is not None:
        before.dataset = layer.dataset
    dependants = dependants_of(layer)
    was = side_of_version(layer, before) if before is not None else None
    change, counts = measure(was, side_of_version(layer, current), [one.pointing for one in dependants])
    return _keep(layer, last, current, change, list(zip(dependants, counts, strict=True)))


def last_change(layer: ReferenceLayer) -> ReferenceChange | None:
    return ReferenceChange.objects.filter(reference=layer).select_related("version").order_by("-pk").first()


def dependants_of(layer: ReferenceLayer, links: Iterable[ReferenceLink] | None = None) -> list[Dependant]:
    """Links, by default every one, whose dataset has a published version. Two queries a thousand links."""
    if links is None:
        every = ReferenceLink.objects.filter(reference=layer).select_related(
            "dataset__organization", "dataset__steward"
        )
        links = list(every.order_by("pk")[: MOST_DEPENDANTS + 1])
    chosen = list(links)
    if len(chosen) > MOST_DEPENDANTS:
        log.warning("reference.too_many_dependants", dataset=layer.dataset.uid, counted=MOST_DEPENDANTS)
    versions = _published(one.dataset_id for one in chosen[:MOST_DEPENDANTS])
    found = []
    for link in chosen[:MOST_DEPENDANTS]:
        if (version := versions.get(link.dataset_id)) is not None:
            version.dataset = link.dataset
            found.append(Dependant(link, version))
    return found


def _published(datasets: Iterable[int]) -> Mapping[int, Version]:
    asked = sorted(set(datasets))
    found: dict[int, Version] = {}
    for start in range(0, len(asked), CHUNK):
        heads = Head.objects.filter(dataset__in=asked[start : start + CHUNK]).select_related("version")
        found |= {head.dataset_id: head.version for head in heads}
    return found


@transaction.atomic
def _keep(
    layer: ReferenceLayer,
    last: ReferenceChange | None,
    current: Version,
    change: KeyChange,
    counted: Sequence[tuple[Dependant, Count]],
) -> ReferenceChange | None:
    """Unless the reference is none any more, or another process has kept something since."""
    if ReferenceLayer.objects.select_for_update().filter(pk=layer.pk).first() is None:
        return None
    newest = last_change(layer)
    if (newest.pk if newest else None) != (last.pk if last else None):
        return None
    made = ReferenceChange.objects.create(
        reference=layer,
        version=current,
        before=last.version if last else None,
        number=current.number,
        before_number=last.number if last and last.version_id else None,
        examples=change.examples,
        found_at=now(),
        **change.counts,
    )
    effects = [
        ReferenceEffect(
            change=made, dataset=one.link.dataset, field=one.link.field,
            gone=count.gone, renamed=count.renamed, redrawn=count.redrawn,
        )
        for one, count in counted if count.gone or count.renamed or count.redrawn
    ]  # fmt: skip
    ReferenceEffect.objects.bulk_create(effects, batch_size=CHUNK)
    _keep_states(current, counted)
    _tell(layer, effects)
    return made


def recount(dataset: Dataset, links: Sequence[ReferenceLink] | None = None) -> None:
    """How the links of a dataset stand, after it was published or linked."""
    version = current_version(dataset)
    if links is None:
        links = list(ReferenceLink.objects.filter(dataset=dataset).select_related("reference__dataset"))
    if version is None or not links:
        return
    for link in links:
        link.dataset = dataset
        current = current_version(link.reference.dataset)
        if current is None or not version_path(current).is_file():
            continue
        one = Dependant(link, version)
        after: Side = side_of_version(link.reference, current)
        _change, [count] = measure(None, after, [one.pointing])
        with transaction.atomic():
            if ReferenceLink.objects.select_for_update().filter(pk=link.pk).exists():
                _keep_states(current, [(one, count)])


def recount_links(layer: ReferenceLayer) -> None:
    """How the links to a reference stand once its key is another: the first RECOUNTED while somebody waits, the others with their
    next version."""
    current = current_version(layer.dataset)
    if current is None or not version_path(current).is_file():
        return
    links = ReferenceLink.objects.filter(reference=layer).select_related("dataset").order_by("pk")[:RECOUNTED]
    dependants = dependants_of(layer, links)
    _change, counts = measure(None, side_of_version(layer, current), [one.pointing for one in dependants])
    with transaction.atomic():
        _keep_states(current, list(zip(dependants, counts, strict=True)))


def _keep_states(reference: Version, counted: Sequence[tuple[Dependant, Count]]) -> None:
    alive: set[int] = set()
    for start in range(0, len(counted), CHUNK):
        asked = [one.link.pk for one, _count in counted[start : start + CHUNK]]
        alive |= set(ReferenceLink.objects.filter(pk__in=asked).values_list("pk", flat=True))
    instant = now()
    states = [
        LinkState(
            link=one.link, version=one.version, reference_version=reference, row_count=count.rows, filled=count.filled,
            lost=count.lost, examples=count.examples, counted_at=instant,
        )
        for one, count in counted if one.link.pk in alive
    ]  # fmt: skip
    LinkState.objects.bulk_create(
        states,
        batch_size=CHUNK,
        update_conflicts=True,
        unique_fields=["link"],
        update_fields=["version", "reference_version", "row_count", "filled", "lost", "examples", "counted_at"],
    )


def _tell(layer: ReferenceLayer, effects: Sequence[ReferenceEffect]) -> None:
    """Those who keep a dataset that has rows that point to nothing any more. One notice a dataset, whatever its links."""
    lost: dict[Dataset, int] = {}
    for effect in effects:
        if effect.gone:
            lost[effect.dataset] = max(lost.get(effect.dataset, 0), effect.gone)
    worst = sorted(lost.items(), key=lambda one: (-one[1], one[0].pk))
    if len(worst) > MOST_TOLD:
        log.warning("reference.too_many_told", dataset=layer.dataset.uid, datasets=len(worst), told=MOST_TOLD)
    keepers: dict[int, list[int]] = {}
    for dataset, rows in worst[:MOST_TOLD]:
        place = dataset.organization_id
        if place not in keepers:
            keepers[place] = stewards_of(dataset.organization)
        people = [*keepers[place], dataset.steward_id or 0]
        address = f"/console/datasets/{dataset.slug}/references/"
        facts = {"dataset": dataset.uid, "reference": layer.dataset.uid, "rows": str(rows)}
        notify(people, REFERENCE_CHANGED, address=address, **facts)
