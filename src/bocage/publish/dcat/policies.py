"""What may be done with open data, in ODRL 2.2: the licence, said so that a machine follows it (`odrl:hasPolicy` of DCAT 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import BNode, Graph, URIRef
from rdflib.namespace import DCTERMS, RDF

from bocage.access.vocabulary import Visibility
from bocage.catalog.vocabulary import Licence
from bocage.publish.dcat.namespaces import CC, ODRL

if TYPE_CHECKING:
    from bocage.catalog.models import Dataset

ALLOWED = (ODRL.use, ODRL.reproduce, ODRL.distribute, ODRL.derive)
DUTIES = {
    Licence.LICENCE_OUVERTE: (CC.Attribution,),
    Licence.CC_BY: (CC.Attribution, CC.Notice),
    Licence.ODBL: (CC.Attribution, CC.Notice, CC.ShareAlike),
    Licence.CC0: (),
}
"""What each licence asks in return, as actions of ODRL: the terms of Creative Commons are among its own."""


def add_policy(graph: Graph, node: URIRef, dataset: Dataset, publisher: URIRef) -> None:
    """An offer to everyone, of what is open under a known licence. Nothing is said of the rest: what an agreement opens is told to
    its parties alone."""
    duties = DUTIES.get(Licence(dataset.licence))
    if dataset.visibility != Visibility.OPEN or duties is None:
        return
    policy, permission = URIRef(f"{node}#policy"), BNode()
    graph.add((node, ODRL.hasPolicy, policy))
    graph.add((policy, RDF.type, ODRL.Policy))
    graph.add((policy, RDF.type, ODRL.Offer))
    graph.add((policy, DCTERMS.license, URIRef(Licence(dataset.licence).url)))
    graph.add((policy, ODRL.permission, permission))
    graph.add((permission, RDF.type, ODRL.Permission))
    graph.add((permission, ODRL.target, node))
    graph.add((permission, ODRL.assigner, publisher))
    for action in ALLOWED:
        graph.add((permission, ODRL.action, action))
    for action in duties:
        duty = BNode()
        graph.add((permission, ODRL.duty, duty))
        graph.add((duty, RDF.type, ODRL.Duty))
        graph.add((duty, ODRL.action, action))
