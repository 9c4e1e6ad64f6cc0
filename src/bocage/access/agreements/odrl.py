"""An agreement in ODRL 2.2, for the machines of its parties: who may use what, for what, until when, which part.

Conditions on columns and rows have no term in ODRL: they are those of a profile (docs/user/conventions.md). Names of people are
left out: a party is an organisation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, FOAF, RDF, XSD
from rdflib.term import Node

from bocage.access.agreements.vocabulary import LegalBasis, State

if TYPE_CHECKING:
    from bocage.access.models import AgreedDataset, Agreement
    from bocage.organizations.models import Organization

ODRL = Namespace("http://www.w3.org/ns/odrl/2/")
DPV = Namespace("https://w3id.org/dpv#")
GDPR = Namespace("https://w3id.org/dpv/legal/eu/gdpr#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
BASES = {
    LegalBasis.CONSENT: GDPR["A6-1-a"], LegalBasis.CONTRACT: GDPR["A6-1-b"], LegalBasis.LEGAL_OBLIGATION: GDPR["A6-1-c"],
    LegalBasis.VITAL_INTERESTS: GDPR["A6-1-d"], LegalBasis.PUBLIC_TASK: GDPR["A6-1-e"],
    LegalBasis.LEGITIMATE_INTERESTS: GDPR["A6-1-f"],
}  # fmt: skip


@dataclass(frozen=True)
class Names:
    """Addresses. `root`: scheme and host, without a final slash; `dataset`: of the page of a dataset, from its uid; None when it
    is gone."""

    root: str
    dataset: Callable[[str], str | None]

    def agreement(self, uid: str) -> URIRef:
        return URIRef(f"{self.root}/console/agreements/{uid}/")

    def organization(self, slug: str) -> URIRef:
        return URIRef(f"{self.root}/organizations/{slug}/")

    def term(self, name: str) -> URIRef:
        return URIRef(f"{self.root}/help/#odrl-{name}")


def policy_of(agreement: Agreement, names: Names) -> Graph:
    """An `odrl:Agreement` once everybody has signed, an `odrl:Offer` before. Its standing today is said beside: what is
    suspended or over opens nothing."""
    graph = Graph(bind_namespaces="none")
    spaces = {"odrl": ODRL, "dct": DCTERMS, "foaf": FOAF, "dpv": DPV, "dpv-gdpr": GDPR, "adms": ADMS, "xsd": XSD}
    for prefix, space in spaces.items():
        graph.bind(prefix, space)
    node = names.agreement(agreement.uid)
    signed = agreement.state in (State.SIGNED, State.SUSPENDED) or (
        agreement.state == State.ENDED and agreement.parties().signed >= agreement.parties().all
    )
    graph.add((node, RDF.type, ODRL.Policy))
    graph.add((node, RDF.type, ODRL.Agreement if signed else ODRL.Offer))
    graph.add((node, ODRL.profile, names.term("profile")))
    graph.add((node, DCTERMS.identifier, Literal(agreement.number)))
    graph.add((node, DCTERMS.title, Literal(agreement.title)))
    graph.add((node, ADMS.status, names.term(agreement.standing.value)))
    if basis := BASES.get(LegalBasis(agreement.legal_basis)):
        graph.add((node, DPV.hasLegalBasis, basis))
    parties = [_party(graph, one, names) for one in (agreement.producer, *agreement.consumers.all())]
    for opened in agreement.datasets.all():
        _add_permission(graph, node, agreement, opened, parties, names)
    if agreement.obligations:
        duty = BNode()
        graph.add((node, ODRL.obligation, duty))
        graph.add((duty, RDF.type, ODRL.Duty))
        graph.add((duty, ODRL.action, names.term("obligations")))
        graph.add((duty, DCTERMS.description, Literal(agreement.obligations)))
    return graph


def _party(graph: Graph, organization: Organization, names: Names) -> URIRef:
    node = names.organization(organization.slug)
    graph.add((node, RDF.type, FOAF.Organization))
    graph.add((node, RDF.type, ODRL.Party))
    graph.add((node, FOAF.name, Literal(organization.name)))
    if organization.siren:
        graph.add((node, DCTERMS.identifier, Literal(organization.siren)))
    return node


def _add_permission(
    graph: Graph, policy: URIRef, agreement: Agreement, opened: AgreedDataset, parties: Sequence[URIRef], names: Names
) -> None:
    permission, (assigner, *assignees) = BNode(), parties
    graph.add((policy, ODRL.permission, permission))
    graph.add((permission, RDF.type, ODRL.Permission))
    graph.add((permission, ODRL.action, ODRL.use))
    graph.add((permission, ODRL.assigner, assigner))
    for assignee in assignees:
        graph.add((permission, ODRL.assignee, assignee))
    graph.add((permission, ODRL.target, _target(graph, opened, names)))
    _constrain(graph, permission, ODRL.dateTime, ODRL.gteq, Literal(agreement.starts_on, datatype=XSD.date))
    if agreement.ends_on is not None:
        _constrain(graph, permission, ODRL.dateTime, ODRL.lteq, Literal(agreement.ends_on, datatype=XSD.date))
    _constrain(graph, permission, ODRL.purpose, ODRL.eq, Literal(agreement.purpose))


def _target(graph: Graph, opened: AgreedDataset, names: Names) -> Node:
    """The dataset, or the part of it that is opened."""
    address = names.dataset(opened.dataset)
    dataset = URIRef(address) if address else URIRef(f"urn:bocage:dataset:{opened.dataset}")
    if not opened.columns and not opened.rows:
        return dataset
    part = BNode()
    graph.add((part, RDF.type, ODRL.AssetCollection))
    graph.add((part, ODRL.source, dataset))
    if opened.columns:
        columns = BNode()
        Collection(graph, columns, [Literal(name) for name in opened.columns])
        _constrain(graph, part, names.term("columns"), ODRL.isAnyOf, columns, ODRL.refinement)
    if opened.rows:
        _constrain(graph, part, names.term("rows"), ODRL.eq, Literal(opened.rows), ODRL.refinement)
    return part


def _constrain(
    graph: Graph, node: Node, left: URIRef, operator: URIRef, right: Node, how: URIRef = ODRL.constraint
) -> None:
    constraint = BNode()
    graph.add((node, how, constraint))
    graph.add((constraint, RDF.type, ODRL.Constraint))
    graph.add((constraint, ODRL.leftOperand, left))
    graph.add((constraint, ODRL.operator, operator))
    graph.add((constraint, ODRL.rightOperand, right))
