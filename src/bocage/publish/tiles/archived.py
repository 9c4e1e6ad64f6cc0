"""What the archive of a version says beside its tiles, and what tells it from another: the same for the door and for the worker."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils import translation

import bocage
from bocage.publish.tiles import archive
from bocage.publish.tiles.tilejson import words_of
from bocage.query.tiles import GRIDS

if TYPE_CHECKING:
    from bocage.catalog.models import Dataset
    from bocage.query.relation import DatasetRelation
    from bocage.store.models import Version


@dataclass(frozen=True)
class Archived:
    """`relation`: of the version, for who sees all of it; its dataset with its organisation."""

    relation: DatasetRelation

    @property
    def version(self) -> Version:
        return self.relation.version

    @property
    def dataset(self) -> Dataset:
        return self.relation.dataset

    @cached_property
    def key(self) -> str:
        """SHA-256 of all that decides the bytes."""
        relation, facts = self.relation, self.facts
        return digest("pmtiles", archive.EDITION, relation.key, relation.description_key, facts.metadata, facts.bbox)

    @property
    def edition(self) -> str:
        """Of the archive of this version: another one when something else is said of it."""
        return self.key[:32]

    @cached_property
    def facts(self) -> archive.Facts:
        dataset, domain = self.dataset, GRIDS["WebMercatorQuad"].domain
        told = self.version.geometry.get("bbox") or domain
        west, south, east, north = (float(one) for one in told)
        bbox = (max(west, domain[0]), max(south, domain[1]), min(east, domain[2]), min(north, domain[3]))
        with translation.override(dataset.language):  # the same archive for every reader
            fields = words_of(self.relation.fields, None)
        metadata = {
            "name": dataset.title,
            "description": dataset.description,
            "attribution": dataset.organization.name,
            "version": str(self.version.number),
            "type": "overlay",
            "vector_layers": [{"id": dataset.slug, "description": dataset.title, "fields": fields}],
        }
        return archive.Facts(bbox, metadata)


def digest(*parts: Any) -> str:
    """SHA-256 of `parts` and of the release."""
    identity = json.dumps([bocage.__version__, *parts], sort_keys=True, default=str)
    return hashlib.sha256(identity.encode()).hexdigest()
