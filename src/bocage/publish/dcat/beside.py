"""What other tables say of the datasets of a page, read for all of them at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import F

from bocage.access.restrictions import restrictions_for
from bocage.catalog.references.relations import relations_of
from bocage.check.models import Conformity
from bocage.check.quality.dqv import last_scores
from bocage.check.registry.addresses import json_path
from bocage.check.vocabulary import SchemaStatus
from bocage.store.documents import attachments_by_dataset

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset
    from bocage.catalog.references.relations import Relations
    from bocage.check.models import Score
    from bocage.publish.dcat.addresses import Addresses
    from bocage.store.models import Attachment


@dataclass(frozen=True)
class Beside:
    """By primary key of the dataset. `schemas`: address of the schema that it follows."""

    scores: Mapping[int, Score] = field(default_factory=dict)
    schemas: Mapping[int, str] = field(default_factory=dict)
    documents: Mapping[int, Sequence[Attachment]] = field(default_factory=dict)
    relations: Mapping[int, Relations] = field(default_factory=dict)


NOTHING = Beside()


def beside(viewer: Viewer, datasets: Sequence[Dataset], addresses: Addresses) -> Beside:
    """A fixed number of statements. The caller has checked that the viewer may read the datasets. Scores are made of everything
    that a dataset holds: they are for those who see it whole."""
    restricted = restrictions_for(viewer, datasets)
    return Beside(
        scores=last_scores(one.pk for one in datasets if not restricted[one.uid]),
        schemas=_schemas(datasets, addresses),
        documents=attachments_by_dataset(viewer, datasets),
        relations=relations_of(viewer, datasets),
    )


def _schemas(datasets: Sequence[Dataset], addresses: Addresses) -> dict[int, str]:
    """What the dataset declares; else the schema of the registry that it follows: under its own address when it has one, which
    is how the national catalogue knows it, under ours otherwise."""
    adopted = {"main": True, "schema_version__status": SchemaStatus.ADOPTED}
    followed = Conformity.objects.filter(dataset__in=[one.pk for one in datasets], **adopted)
    found = {
        dataset: path if _is_address(path) else addresses.root + json_path(name, number)
        for dataset, name, number, path in followed.annotate(path=F("schema_version__descriptor__path")).values_list(
            "dataset_id", "schema_version__schema__name", "schema_version__number", "path"
        )
    }
    return found | {one.pk: one.conforms_to for one in datasets if _is_address(one.conforms_to)}


def _is_address(text: object) -> bool:
    return isinstance(text, str) and text.startswith(("http://", "https://"))
