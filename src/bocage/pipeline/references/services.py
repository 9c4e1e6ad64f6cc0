"""Marking a reference and pointing to it, with a look at what the data says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bocage.access.restrictions import require_whole
from bocage.catalog.references import services as catalog
from bocage.catalog.references.errors import KeyNotUnique, NoDataYet
from bocage.catalog.references.rules import require_key_field
from bocage.catalog.references.selectors import layer_of
from bocage.kernel.scratch import scratch
from bocage.pipeline.references.settling import recount, recount_links, settle
from bocage.store.comparison import is_key
from bocage.store.layout import version_path
from bocage.store.selectors import current_version
from bocage.store.workshop import workshop

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset, ReferenceLayer, ReferenceLink
    from bocage.catalog.references.vocabulary import ReferenceKind


def mark_reference(
    *, viewer: Viewer, dataset: Dataset, kind: ReferenceKind, key: str, label: str = ""
) -> ReferenceLayer:
    """As `catalog.references`, for a key that tells the rows apart, else KeyNotUnique. From now on its changes are followed."""
    catalog.require_may_mark(viewer, dataset)
    if not is_unique(dataset, key):
        raise KeyNotUnique(field=key, dataset=dataset.title)
    before = layer_of(dataset)
    layer = followed(catalog.mark_reference(viewer=viewer, dataset=dataset, kind=kind, key=key, label=label))
    if before is not None and before.key != key:
        recount_links(layer)
    return layer


def followed(layer: ReferenceLayer) -> ReferenceLayer:
    """Keep what is published now as what its next version is compared with."""
    settle(layer)
    return layer


def is_unique(dataset: Dataset, field: str) -> bool:
    """Does this column of the published version tell its rows apart? Raises NoDataYet, ReferenceFieldUnfit."""
    version = current_version(dataset)
    if version is None:
        raise NoDataYet(dataset=dataset.title)
    require_key_field(dataset, field)
    path = version_path(version)
    with scratch("references") as directory, workshop(directory, readable=[path], spatial=False) as shop:
        return is_key(shop, path, [field])


def declare_link(*, viewer: Viewer, dataset: Dataset, field: str, reference: ReferenceLayer) -> ReferenceLink:
    """As `catalog.references`; the rows that point to nothing are counted at once. Raises AccessDenied for a reader of a part."""
    require_whole(viewer, dataset)
    link = catalog.declare_link(viewer=viewer, dataset=dataset, field=field, reference=reference)
    link.reference = reference
    recount(dataset, [link])
    return link
