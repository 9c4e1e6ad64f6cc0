"""The catalogue itself in the feed: whose it is, its interface, and the pages in which it comes (Hydra)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD

from bocage.catalog.vocabulary import Licence
from bocage.organizations.models import Organization
from bocage.publish.dcat.datasets import add_agent, add_dataset
from bocage.publish.dcat.namespaces import EU, HYDRA, new_graph, text

if TYPE_CHECKING:
    from bocage.catalog.models import Dataset
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


def main_publisher() -> Organization | None:
    """Who answers for the catalogue as a whole: the organisation behind the first portal; None before any."""
    return Organization.objects.filter(portals__isnull=False).order_by("pk").first()


def catalogue_graph(
    datasets: Sequence[Dataset],
    addresses: Addresses,
    *,
    title: str,
    publisher: Organization | None,
    page: Page | None = None,
    wanted: Sequence[str] = (),
    served: Iterable[str] | None = None,
    node: str = "",
) -> Graph:
    """The catalogue with these datasets. `node`: the address that names it, by default that of the whole catalogue.
    `served`: slugs of all that its interface serves, when that is more than these datasets; the service is on the first page."""
    graph = new_graph()
    catalogue = URIRef(node or addresses.catalogue)
    graph.add((catalogue, RDF.type, DCAT.Catalog))
    graph.add((catalogue, DCTERMS.title, text(title, lang="fr")))
    graph.add((catalogue, DCTERMS.description, text(_("The open data of %(title)s") % {"title": title}, lang="fr")))
    graph.add((catalogue, DCTERMS.language, EU["language/FRA"]))
    graph.add((catalogue, DCTERMS.license, URIRef(Licence.LICENCE_OUVERTE.url)))
    graph.add((catalogue, FOAF.homepage, URIRef(addresses.root + "/")))
    graph.add((URIRef(addresses.root + "/"), RDF.type, FOAF.Document))
    if publisher is not None:
        graph.add((catalogue, DCTERMS.publisher, add_agent(graph, publisher, addresses)))
    for dataset in datasets:
        graph.add((catalogue, DCAT.dataset, add_dataset(graph, dataset, addresses, wanted)))
    if page is None or page.number == 1:
        _add_service(graph, catalogue, addresses, [one.slug for one in datasets] if served is None else served)
    if page is not None:
        _add_page(graph, page)
    return graph


def _add_service(graph: Graph, catalogue: URIRef, addresses: Addresses, served: Iterable[str]) -> None:
    """The interface through which every dataset can be queried."""
    service = URIRef(addresses.service)
    graph.add((catalogue, DCAT.service, service))
    graph.add((service, RDF.type, DCAT.DataService))
    graph.add((service, DCTERMS.identifier, Literal(str(service))))
    graph.add((service, DCTERMS.title, text(_("Explore API of %(host)s") % {"host": addresses.root}, lang="fr")))
    graph.add((service, DCAT.endpointURL, service))
    graph.add((service, DCAT.endpointDescription, URIRef(addresses.service_description)))
    graph.add((service, DCAT.landingPage, URIRef(addresses.service_console)))
    graph.add((service, FOAF.page, URIRef(addresses.service_console)))
    for slug in served:
        graph.add((service, DCAT.servesDataset, URIRef(addresses.dataset(slug))))


def _add_page(graph: Graph, page: Page) -> None:
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
