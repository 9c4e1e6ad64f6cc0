"""The measured quality of datasets, in the Data Quality Vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import BNode, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS, XSD

from bocage.check.quality.dqv import DIMENSIONS, values_of
from bocage.publish.dcat.namespaces import DQV, text

if TYPE_CHECKING:
    from rdflib import Graph

    from bocage.check.models import Score
    from bocage.publish.dcat.addresses import Addresses


def add_measurements(graph: Graph, node: URIRef, score: Score, addresses: Addresses) -> None:
    """Each value of the last score, as a measurement of the dataset `node`."""
    for name, value in values_of(score).items():
        measurement = BNode()
        graph.add((node, DQV.hasQualityMeasurement, measurement))
        graph.add((measurement, RDF.type, DQV.QualityMeasurement))
        graph.add((measurement, DQV.computedOn, node))
        graph.add((measurement, DQV.isMeasurementOf, URIRef(addresses.metric(name))))
        graph.add((measurement, DQV.value, Literal(value, datatype=XSD.double)))
        graph.add((measurement, DCTERMS.date, Literal(score.day.isoformat(), datatype=XSD.date)))


def add_metrics(graph: Graph, addresses: Addresses) -> None:
    """What is measured: each dimension, with its label and the nearest of those that the vocabulary knows."""
    for dimension, uri in DIMENSIONS.items():
        metric = URIRef(addresses.metric(dimension.value))
        graph.add((metric, RDF.type, DQV.Metric))
        graph.add((metric, DQV.expectedDataType, XSD.double))
        graph.add((metric, DQV.inDimension, URIRef(uri)))
        graph.add((metric, SKOS.prefLabel, text(str(dimension.label), lang="fr")))
