"""`import-reference`: every layer of a file becomes a dataset, or its next version, marked as a reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.capture.understanding import Corrections
from bocage.catalog.models import Dataset, ReferenceLayer
from bocage.catalog.references import services as catalog
from bocage.catalog.services import create_dataset, touch_catalogue
from bocage.catalog.vocabulary import Theme
from bocage.check.choosing import choose_reference
from bocage.check.models import Reference
from bocage.check.references import COMMUNES as NAMED_COMMUNES
from bocage.kernel.scratch import scratch
from bocage.pipeline import incoming
from bocage.pipeline.inline import Publication
from bocage.pipeline.references.importing.admin_express import ADMIN_EXPRESS, COMMUNES
from bocage.pipeline.references.importing.area import Area, with_communes
from bocage.pipeline.references.importing.ban import BAN
from bocage.pipeline.references.importing.cadastre import CADASTRE
from bocage.pipeline.references.importing.errors import IdentifierTaken, OneLayerOnly
from bocage.pipeline.references.importing.files import layers_wanted, openable
from bocage.pipeline.references.importing.openstreetmap import OSM
from bocage.pipeline.references.importing.preparing import Prepared, prepare
from bocage.pipeline.references.importing.sources import Source, SourceLayer
from bocage.pipeline.references.measuring import Count, KeyChange, Side, measure, side_of_version
from bocage.pipeline.references.services import followed
from bocage.pipeline.references.settling import Dependant, dependants_of
from bocage.pipeline.vocabulary import RunStatus
from bocage.store.selectors import current_version

if TYPE_CHECKING:
    from bocage.catalog.models import ReferenceLink
    from bocage.organizations.models import Organization
    from bocage.pipeline.models import Run

SOURCES: dict[str, Source] = {one.name: one for one in (ADMIN_EXPRESS, BAN, CADASTRE, OSM)}


@dataclass(frozen=True)
class Order:
    """What is asked. `layers`: names, empty for the usual ones; `slug`: identifier of the dataset, for one layer only."""

    source: Source
    file: Path
    organization: Organization
    area: Area = field(default_factory=Area)
    layers: tuple[str, ...] = ()
    slug: str = ""
    visibility: Visibility = Visibility.OPEN


@dataclass(frozen=True)
class Imported:
    """`run` is None when nothing was published, only foreseen. `touched`: (link, count), those with something to tell."""

    dataset: Dataset | None
    prepared: Prepared
    run: Run | None = None
    change: KeyChange = field(default_factory=KeyChange)
    touched: Sequence[tuple[ReferenceLink, Count]] = ()

    @property
    def failed(self) -> bool:
        return self.run is not None and self.run.status == RunStatus.FAILED


def import_reference(order: Order, *, say: Callable[[str], None], preview: bool = False) -> list[Imported]:
    """The layers, in order; stops after one that was refused. `say` is told what is being done. `preview`: publish nothing, tell
    what would change for those who point to it.

    Raises LayerNotFound, OneLayerOnly, IdentifierTaken, and what preparing and publishing raise."""
    area = order.area if order.source is ADMIN_EXPRESS else with_communes(order.area)
    done: list[Imported] = []
    with scratch("reference") as directory:
        file = openable(order.file, directory)
        wanted = layers_wanted(order.source, file, order.file.name, order.layers)
        if order.slug and len(wanted) > 1:
            raise OneLayerOnly(count=len(wanted))
        places = {layer.name: _place(order, layer) for layer in wanted}
        communes: Prepared | None = None
        for layer in _with_communes(order, wanted, area):
            say(_("Reading “%(layer)s”") % {"layer": layer.title})
            ready = prepare(order.source, layer, file, order.file.name, area, directory, communes)
            communes = ready if layer.name == COMMUNES else communes
            if layer in wanted:
                work = _foreseen if preview else _published
                done.append(work(order, ready, places[layer.name], say))
                if done[-1].failed:
                    break
    return done


def _with_communes(order: Order, wanted: list[SourceLayer], area: Area) -> list[SourceLayer]:
    """What a layer without codes of communes is narrowed by comes first."""
    if not area or not any(one.through for one in wanted):
        return wanted
    communes = order.source.layers[COMMUNES]
    return [communes, *(one for one in wanted if one is not communes)]


def _place(order: Order, layer: SourceLayer) -> Dataset | None:
    """The dataset of an import before this one. Raises IdentifierTaken for one that is something else."""
    slug = order.slug or layer.slug
    found = Dataset.objects.select_related("organization").filter(slug=slug).first()
    if found is None:
        return None
    known = ReferenceLayer.objects.filter(dataset=found, kind=layer.kind).exists()
    waits = found.version_number is None
    if found.organization_id != order.organization.pk or not (known or waits):
        raise IdentifierTaken(dataset=slug)
    return found


def _published(order: Order, ready: Prepared, dataset: Dataset | None, say: Callable[[str], None]) -> Imported:
    created = dataset is None
    dataset = dataset or _created(order, ready)
    publication = Publication(
        viewer=OPERATOR,
        dataset=dataset,
        file=ready.path,
        filename=f"{order.file.name.partition('.')[0]}.parquet"[:200],
        corrections=Corrections(),
        comment=_comment(order),
    )
    say(_("Publishing “%(layer)s”: %(rows)s rows") % {"layer": ready.layer.title, "rows": ready.rows})
    run = publication.carry_out()
    if run.status == RunStatus.FAILED and created:
        _forget(dataset, run)
    elif run.status in (RunStatus.DONE, RunStatus.UNCHANGED):
        dataset.refresh_from_db()
        _marked(dataset, ready)
    return Imported(dataset, ready, run)


def _created(order: Order, ready: Prepared) -> Dataset:
    source, layer = order.source, ready.layer
    metadata: dict[str, Any] = {
        "description": layer.description,
        "visibility": order.visibility,
        "licence": source.licence,
        "attributions": source.attribution,
        "source": source.origin,
        "update_frequency": source.frequency,
        "keywords": list(source.keywords),
        "themes": [Theme.TERRITORY.value],
        "primary_key": [ready.key] if ready.unique else [],
    }
    slug = order.slug or layer.slug
    return create_dataset(viewer=OPERATOR, organization=order.organization, slug=slug, title=layer.title, **metadata)


def _comment(order: Order) -> str:
    return f"{order.file.name} · {order.area}"[:500] if order.area else order.file.name[:500]


def _marked(dataset: Dataset, ready: Prepared) -> None:
    """A reference; the one of communes where checks look them up, unless the operator has chosen another."""
    layer = catalog.mark_reference(
        viewer=OPERATOR, dataset=dataset, kind=ready.layer.kind, key=ready.key, label=ready.label
    )
    followed(layer)
    if ready.layer is ADMIN_EXPRESS.layers[COMMUNES]:
        chosen = Reference.objects.filter(name=NAMED_COMMUNES).first()
        if chosen is None or chosen.dataset_id == dataset.pk:
            named = {"code": ready.key, "nom": ready.label, "wkt": ready.shape, "epci": ready.siren}
            columns = {said: column for said, column in named.items() if column}
            choose_reference(viewer=OPERATOR, name=NAMED_COMMUNES, dataset=dataset, columns=columns)


def _forget(dataset: Dataset, failed: Run) -> None:
    """A file that was refused leaves no empty dataset behind."""
    incoming.forget(failed.uid)
    dataset.runs.all().delete()
    dataset.delete()
    touch_catalogue()


def _foreseen(order: Order, ready: Prepared, dataset: Dataset | None, say: Callable[[str], None]) -> Imported:
    say(_("Comparing “%(layer)s” with what is published") % {"layer": ready.layer.title})
    layer = ReferenceLayer.objects.select_related("dataset").filter(dataset=dataset).first() if dataset else None
    current = current_version(layer.dataset) if layer is not None else None
    if layer is None or current is None:
        return Imported(dataset, ready)
    dependants: list[Dependant] = dependants_of(layer)
    after = Side(ready.path, ready.key, ready.label, ready.shape if ready.shape in ready.columns else "")
    change, counts = measure(side_of_version(layer, current), after, [one.pointing for one in dependants])
    pairs = zip(dependants, counts, strict=True)
    touched = [(one.link, count) for one, count in pairs if count.gone or count.renamed or count.redrawn]
    return Imported(dataset, ready, None, change, touched)
