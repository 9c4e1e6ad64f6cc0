"""Datasets withdrawn, in the feed.

Not as `dcat:Dataset`, nor as the topic of a `dcat:CatalogRecord`, which DCAT-AP wants to be one: a harvester would take it for
a dataset that is still there, and never archive it. As what the W3C calls a tombstone, under the identity that the dataset had.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rdflib import Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF, XSD

from bocage.access.vocabulary import ANNOUNCED
from bocage.publish.dcat.namespaces import ACTIVITY, ADMS, EU, text

if TYPE_CHECKING:
    from rdflib import Graph

    from bocage.catalog.models import Tombstone
    from bocage.publish.dcat.addresses import Addresses


def add_tombstones(graph: Graph, stones: Iterable[Tombstone], addresses: Addresses) -> None:
    """https://www.w3.org/TR/activitystreams-vocabulary/#dfn-tombstone. A successor is named if everybody may know of it."""
    for stone in stones:
        node = URIRef(addresses.dataset(stone.slug))
        graph.add((node, RDF.type, ACTIVITY.Tombstone))
        graph.add((node, ACTIVITY.formerType, DCAT.Dataset))
        instant = stone.withdrawn_at.isoformat(timespec="seconds")
        graph.add((node, ACTIVITY.deleted, Literal(instant, datatype=XSD.dateTime)))
        graph.add((node, ADMS.status, EU["dataset-status/WITHDRAWN"]))
        graph.add((node, DCTERMS.title, text(stone.title, lang="fr")))
        if stone.replaced_by and stone.replaced_by.visibility in ANNOUNCED:
            graph.add((node, DCTERMS.isReplacedBy, URIRef(addresses.dataset(stone.replaced_by.slug))))
