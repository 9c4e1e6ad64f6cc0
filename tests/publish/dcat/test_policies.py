"""What is open under a known licence says in ODRL what may be done with it; nothing is said of the rest."""

from __future__ import annotations

import pytest
from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import DCAT, RDF

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.services import update_metadata
from bocage.catalog.vocabulary import Licence
from bocage.publish.dcat.policies import DUTIES
from tests.publish.conftest import published

pytestmark = pytest.mark.django_db

ODRL = Namespace("http://www.w3.org/ns/odrl/2/")
CC = Namespace("http://creativecommons.org/ns#")


def feed(client) -> Graph:
    return Graph().parse(data=client.get("/catalog.ttl").content, format="turtle")


@pytest.mark.parametrize("licence", Licence)
def test_an_offer_for_each_licence(client, organization, licence):
    dataset = published(organization, "arbres", Visibility.OPEN, 3)
    update_metadata(viewer=OPERATOR, dataset=dataset, licence=licence.value)
    graph = feed(client)
    [node] = graph.subjects(RDF.type, DCAT.Dataset)
    policies = list(graph.objects(node, ODRL.hasPolicy))
    if not licence.url:
        assert policies == []
        return
    [policy] = policies
    assert str(policy) == f"{node}#policy"
    assert set(graph.objects(policy, RDF.type)) == {ODRL.Policy, ODRL.Offer}
    [permission] = graph.objects(policy, ODRL.permission)
    assert graph.value(permission, ODRL.target) == node
    assert graph.value(permission, ODRL.assigner) is not None
    assert {ODRL.reproduce, ODRL.distribute, ODRL.derive} <= set(graph.objects(permission, ODRL.action))
    duties = {graph.value(duty, ODRL.action) for duty in graph.objects(permission, ODRL.duty)}
    assert duties == set(DUTIES[licence])
    assert (CC.ShareAlike in duties) is (licence == Licence.ODBL)


@pytest.mark.parametrize("visibility", [one for one in Visibility if one != Visibility.OPEN])
def test_nothing_is_offered_of_what_is_not_open(client, organization, visibility):
    published(organization, "arbres", visibility, 3)
    graph = feed(client)
    assert not list(graph.triples((None, ODRL.hasPolicy, None)))


def test_every_licence_was_thought_of():
    assert {licence for licence in Licence if licence.url} == set(DUTIES)
    assert all(isinstance(duty, URIRef) for duties in DUTIES.values() for duty in duties)
