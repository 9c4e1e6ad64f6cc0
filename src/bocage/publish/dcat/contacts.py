"""Who publishes, and whom to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import BNode, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF

from bocage.publish.dcat.namespaces import VCARD, text

if TYPE_CHECKING:
    from rdflib import Graph

    from bocage.organizations.models import Organization
    from bocage.publish.dcat.addresses import Addresses


def add_agent(graph: Graph, organization: Organization, addresses: Addresses) -> URIRef:
    """An organisation, under the address that lists what it publishes."""
    agent = URIRef(addresses.refined("publisher", organization.name))
    graph.add((agent, RDF.type, FOAF.Agent))
    graph.add((agent, FOAF.name, text(organization.name)))
    if organization.website:
        graph.add((agent, FOAF.homepage, URIRef(organization.website)))
    if organization.siren:
        graph.add((agent, DCTERMS.identifier, text(organization.siren)))
    return agent


def add_contact(graph: Graph, contact: BNode, organization: Organization, *, name: str = "", mail: str = "") -> None:
    """`name`, `mail`: of the service to ask; those of the organisation where there are none."""
    graph.add((contact, RDF.type, VCARD.Kind))
    graph.add((contact, VCARD.fn, text(name or organization.name)))
    graph.add((contact, VCARD["organization-name"], text(organization.name)))
    if address := mail or organization.email:
        graph.add((contact, VCARD.hasEmail, URIRef(f"mailto:{address}")))
    elif organization.website:
        graph.add((contact, VCARD.hasURL, URIRef(organization.website)))
