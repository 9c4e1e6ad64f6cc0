"""What a writer sees of a dataset, which is all that they may touch: the same rows, the columns that are shown to them as they are.

A feature is read by the way that readers have (`query.features`), so that what it is compared with is what they were given.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bocage.catalog.vocabulary import FieldType
from bocage.pipeline.edits.errors import NotEditable
from bocage.pipeline.pushes.layout import Layout, layout_of
from bocage.pipeline.pushes.payload import Number
from bocage.query.features import FeatureQuery, features
from bocage.query.plan import ROW_ID, Column, Constant, OneOf
from bocage.query.relation import DatasetRelation
from bocage.query.rendering import FeatureLine, main_geometry
from bocage.query.restricted import seen_by

if TYPE_CHECKING:
    from bocage.access.restrictions import Restriction
    from bocage.access.viewer import Viewer
    from bocage.catalog.fields import Field
    from bocage.catalog.models import Dataset
    from bocage.store.models import Version

LONGEST_IDENTIFIER = 100


@dataclass(frozen=True)
class Seen:
    """One feature, as the writer is given it. `values`: numbers as they were written. `state` changes whenever the feature does,
    for this reader."""

    state: str
    values: Mapping[str, Any]
    geometry: Any


@dataclass(frozen=True)
class Sight:
    """`whole`: every column of the version. `shown`: those that exist for the writer, by which alone they may call them.
    `drawn`: the field that features are drawn by, as the writer sees them."""

    viewer: Viewer
    relation: DatasetRelation
    whole: Layout
    shown: Layout
    writable: frozenset[str]
    separators: Mapping[str, str]
    drawn: str

    @property
    def limits(self) -> Restriction:
        return self.relation.restriction(self.viewer)

    @cached_property
    def main(self) -> str:
        """The column of the geometry of the version; empty when it has none."""
        return str(self.relation.version.geometry.get("column") or "")

    def features(self, identifiers: Iterable[str]) -> dict[str, Seen]:
        """Those that exist for the writer, by identifier."""
        return features_seen(self.viewer, self.relation, identifiers)


def sight_of(viewer: Viewer, dataset: Dataset, version: Version) -> Sight:
    """Raises AccessDenied, NotEditable for who sees nothing that can be edited."""
    relation = DatasetRelation(dataset, version)
    limits, seen, whole = relation.restriction(viewer), seen_by(viewer, relation), layout_of(dataset, version)
    names = {field.name for field in seen.fields}
    kept = {one.field for one in limits.masks}
    writable = frozenset(field.name for field in seen.fields if field.name not in kept and not _blurred(field, limits))
    _require_possible(limits, whole, writable)
    drawn = main_geometry(seen.fields)
    return Sight(
        viewer,
        relation,
        whole,
        Layout(tuple(one for one in whole.columns if one.name in names), whole.key),
        writable,
        {one.name: one.annotations.multivalued for one in relation.fields if one.annotations.multivalued},
        drawn.name if drawn is not None else "",
    )


def _blurred(field: Field, limits: Restriction) -> bool:
    return bool(limits.grid_m) and field.type in (FieldType.GEOPOINT, FieldType.GEOMETRY)


def _require_possible(limits: Restriction, layout: Layout, writable: frozenset[str]) -> None:
    if not layout.key:
        raise NotEditable(reason=_("nothing identifies them from one version to the next."))
    if limits.cells:
        raise NotEditable(reason=_("you see how many there are, not each of them."))
    if not writable.issuperset(layout.key):
        raise NotEditable(reason=_("what identifies them is kept from you."))


def features_seen(viewer: Viewer, relation: DatasetRelation, identifiers: Iterable[str]) -> dict[str, Seen]:
    """In longitude and latitude, whatever they are asked in. Raises AccessDenied."""
    wanted = tuple(Constant(one[:LONGEST_IDENTIFIER], FieldType.STRING) for one in dict.fromkeys(identifiers))
    if not wanted:
        return {}
    among = OneOf(Column(ROW_ID, FieldType.STRING), wanted)
    with features(viewer, relation, FeatureQuery(condition=lambda _scope: among), FeatureLine(ROW_ID, "")) as page:
        texts = [text for batch in page.batches for text in batch.column(0).to_pylist()]
    return dict(_read(text) for text in texts)


def _read(text: str) -> tuple[str, Seen]:
    told = json.loads(text, parse_int=Number, parse_float=Number)
    return told["id"], Seen(state_of(text), told["properties"], told["geometry"])


def state_of(text: str) -> str:
    """Of a feature written by `FeatureLine`, in longitude and latitude: 32 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
