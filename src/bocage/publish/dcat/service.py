"""The interface through which every dataset can be queried, as a data service of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF

from bocage.access.rules import visible_to
from bocage.access.viewer import ANONYMOUS
from bocage.access.vocabulary import Action
from bocage.catalog.vocabulary import HighValue
from bocage.publish.dcat.contacts import add_contact
from bocage.publish.dcat.namespaces import DCATAP, HVD_REGULATION, text

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rdflib import Graph

    from bocage.catalog.models import Dataset
    from bocage.organizations.models import Organization
    from bocage.publish.dcat.addresses import Addresses

MOST_SERVED = 10_000
"""Datasets that the service names: the document stays of a size that harvesters read."""


@dataclass(frozen=True)
class Served:
    """Slugs of what the interface gives, and the high-value categories among them."""

    slugs: Iterable[str] = ()
    categories: Iterable[str] = ()


def served(datasets: QuerySet[Dataset]) -> Served:
    """Two statements. `datasets`: of a feed; the interface gives the data of those that everyone reads."""
    datasets = datasets.filter(visible_to(ANONYMOUS, Action.READ))
    categories = datasets.order_by().exclude(hvd_category="").values_list("hvd_category", flat=True).distinct()
    return Served(datasets.values_list("slug", flat=True)[:MOST_SERVED], list(categories))


def add_service(
    graph: Graph, catalogue: URIRef, addresses: Addresses, given: Served, publisher: Organization | None
) -> None:
    service = URIRef(addresses.service)
    graph.add((catalogue, DCAT.service, service))
    graph.add((service, RDF.type, DCAT.DataService))
    graph.add((service, DCTERMS.identifier, Literal(str(service))))
    graph.add((service, DCTERMS.title, text(_("Explore API of %(host)s") % {"host": addresses.root}, lang="fr")))
    graph.add((service, DCAT.endpointURL, service))
    graph.add((service, DCAT.endpointDescription, URIRef(addresses.service_description)))
    graph.add((service, DCAT.landingPage, URIRef(addresses.service_console)))
    graph.add((service, FOAF.page, URIRef(addresses.service_console)))
    graph.add((URIRef(addresses.service_console), RDF.type, FOAF.Document))
    if publisher is not None:
        contact = BNode()
        graph.add((service, DCAT.contactPoint, contact))
        add_contact(graph, contact, publisher)
    for slug in given.slugs:
        graph.add((service, DCAT.servesDataset, URIRef(addresses.dataset(slug))))
    for category in given.categories:
        graph.add((service, DCATAP.applicableLegislation, URIRef(HVD_REGULATION)))
        graph.add((service, DCATAP.hvdCategory, URIRef(HighValue(category).uri)))
