"""The catalogue itself in the feed: whose it is, what is in it, and the pages in which it comes (Hydra)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD

from bocage.catalog.vocabulary import Licence
from bocage.publish.dcat.beside import NOTHING, Beside
from bocage.publish.dcat.contacts import add_agent
from bocage.publish.dcat.datasets import add_dataset
from bocage.publish.dcat.namespaces import EU, HYDRA, new_graph, text
from bocage.publish.dcat.quality import add_metrics

if TYPE_CHECKING:
    from bocage.catalog.models import Dataset
    from bocage.organizations.models import Organization
    from bocage.publish.dcat.addresses import Addresses


@dataclass(frozen=True)
class Page:
    """One page of a feed. `address`: of the feed, without page; `number` from 1; `last` the number of pages, at least 1."""

    address: str
    number: int
    last: int
    total: int

    def at(self, number: int) -> str:
        return self.address if number == 1 else f"{self.address}?page={number}"


def catalogue_head(addresses: Addresses, *, title: str, publisher: Organization | None, node: str = "") -> Graph:
    """The catalogue without its datasets. `node`: the address that names it, by default that of the whole catalogue."""
    graph = new_graph()
    catalogue = URIRef(node or addresses.catalogue)
    graph.add((catalogue, RDF.type, DCAT.Catalog))
    graph.add((catalogue, DCTERMS.title, text(title, lang="fr")))
    graph.add((catalogue, DCTERMS.description, text(_("The open data of %(title)s") % {"title": title}, lang="fr")))
    graph.add((catalogue, DCTERMS.language, EU["language/FRA"]))
    graph.add((catalogue, DCTERMS.license, URIRef(Licence.LICENCE_OUVERTE.url)))
    graph.add((URIRef(Licence.LICENCE_OUVERTE.url), RDF.type, DCTERMS.LicenseDocument))
    graph.add((catalogue, FOAF.homepage, URIRef(addresses.root + "/")))
    graph.add((URIRef(addresses.root + "/"), RDF.type, FOAF.Document))
    if publisher is not None:
        graph.add((catalogue, DCTERMS.publisher, add_agent(graph, publisher, addresses)))
    return graph


def add_datasets(
    graph: Graph,
    datasets: Sequence[Dataset],
    addresses: Addresses,
    *,
    wanted: Collection[str] = (),
    beside: Beside = NOTHING,
    node: str = "",
) -> None:
    """Add the datasets to the catalogue named `node`. `wanted`: see `add_dataset`."""
    catalogue = URIRef(node or addresses.catalogue)
    for dataset in datasets:
        graph.add((catalogue, DCAT.dataset, add_dataset(graph, dataset, addresses, wanted, beside)))
    if beside.scores:
        add_metrics(graph, addresses)


def add_page(graph: Graph, page: Page) -> None:
    """Never a `next` that is the page itself: harvesters would go round for ever."""
    view, collection = URIRef(page.at(page.number)), URIRef(page.address)
    if view == collection:
        view = URIRef(f"{page.address}?page=1")
    graph.add((view, RDF.type, HYDRA.PartialCollectionView))
    graph.add((view, HYDRA.first, URIRef(page.at(1))))
    graph.add((view, HYDRA.last, URIRef(page.at(page.last))))
    if page.number < page.last:
        graph.add((view, HYDRA.next, URIRef(page.at(page.number + 1))))
    if page.number > 1:
        graph.add((view, HYDRA.previous, URIRef(page.at(page.number - 1))))
    graph.add((collection, RDF.type, HYDRA.Collection))
    graph.add((collection, HYDRA.totalItems, Literal(page.total, datatype=XSD.integer)))
    graph.add((collection, HYDRA.view, view))
