"""What national profiles want of a graph of DCAT-AP, beyond it. The others want nothing that a dataset here could say: see the
developer's page on the Explore API. Identities are never touched."""

from __future__ import annotations

from collections.abc import Callable

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF
from rdflib.term import Node

from bocage.catalog.vocabulary import Licence
from bocage.publish.dcat.namespaces import EU

IT = Namespace("http://dati.gov.it/onto/dcatapit#")
IT_UNKNOWN = URIRef("https://w3id.org/italia/controlled-vocabulary/licences/C1_Unknown")
DE_LICENCES = Namespace("http://dcat-ap.de/def/licenses/")
_GERMAN = {
    Licence.ODBL: DE_LICENCES["odbl"],
    Licence.CC_BY: DE_LICENCES["cc-by/4.0"],
    Licence.CC0: DE_LICENCES["cc-zero"],
    Licence.LICENCE_OUVERTE: DE_LICENCES["other-open"],
}


def italian(graph: Graph) -> Graph:
    """DCAT-AP_IT: its own classes beside DCAT's; holder of the rights, theme, frequency and licence are mandatory."""
    for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.Distribution, FOAF.Agent):
        for node in list(graph.subjects(RDF.type, kind)):
            graph.add((node, RDF.type, IT[str(kind).rpartition("#")[2].rpartition("/")[2]]))
    for dataset in list(graph.subjects(RDF.type, DCAT.Dataset)):
        for publisher in list(graph.objects(dataset, DCTERMS.publisher)):
            graph.add((dataset, DCTERMS.rightsHolder, publisher))
        _unless_said(graph, dataset, DCAT.theme, EU["data-theme/OP_DATPRO"])
        _unless_said(graph, dataset, DCTERMS.accrualPeriodicity, EU["frequency/UNKNOWN"])
    for distribution in list(graph.subjects(RDF.type, DCAT.Distribution)):
        _unless_said(graph, distribution, DCTERMS.license, IT_UNKNOWN)
    for agent in list(graph.subjects(RDF.type, FOAF.Agent)):
        _unless_said(graph, agent, DCTERMS.identifier, Literal(str(agent)))
    return graph


def german(graph: Graph) -> Graph:
    """DCAT-AP.de: the licence of a distribution is one of its list; the one of the dataset stays as its publisher chose it."""
    known: dict[Node, URIRef] = {URIRef(licence.url): theirs for licence, theirs in _GERMAN.items()}
    for distribution in list(graph.subjects(RDF.type, DCAT.Distribution)):
        for licence in list(graph.objects(distribution, DCTERMS.license)):
            if licence in known:
                graph.set((distribution, DCTERMS.license, known[licence]))
    return graph


def _unless_said(graph: Graph, node: Node, name: URIRef, value: URIRef | Literal) -> None:
    if graph.value(node, name) is None:
        graph.add((node, name, value))


ADAPTED: dict[str, Callable[[Graph], Graph]] = {"dcat_ap_it": italian, "dcat_ap_de": german}
"""By name of export."""
