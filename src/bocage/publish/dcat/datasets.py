"""A dataset in the feed: the properties of DCAT-AP 3 that harvesters read, from the metadata that people wrote."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.utils.timezone import now
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SKOS, XSD

from bocage.access.vocabulary import Visibility
from bocage.catalog.vocabulary import Frequency, HighValue, Theme
from bocage.publish.dcat.beside import NOTHING, Beside
from bocage.publish.dcat.contacts import add_agent, add_contact
from bocage.publish.dcat.distributions import add_distributions, add_licence
from bocage.publish.dcat.namespaces import DCATAP, EU, GSP, HVD_REGULATION, LOCN, text
from bocage.publish.dcat.policies import add_policy
from bocage.publish.dcat.quality import add_measurements

if TYPE_CHECKING:
    from datetime import date, datetime

    from bocage.catalog.models import Dataset
    from bocage.catalog.references.relations import Relations
    from bocage.publish.dcat.addresses import Addresses
    from bocage.store.models import Attachment

_LANGUAGES = {"fr": "FRA", "en": "ENG", "br": "BRE", "de": "DEU", "es": "SPA", "it": "ITA", "nl": "NLD", "pt": "POR"}


def add_dataset(
    graph: Graph, dataset: Dataset, addresses: Addresses, wanted: Collection[str] = (), beside: Beside = NOTHING
) -> URIRef:
    """Add `dataset` (its organisation loaded) and its distributions, only in the formats `wanted` if there are any."""
    node = URIRef(addresses.dataset(dataset.slug))
    graph.add((node, RDF.type, DCAT.Dataset))
    graph.add((node, DCTERMS.identifier, Literal(str(node))))
    graph.add((node, DCAT.landingPage, node))
    graph.add((node, DCTERMS.title, text(dataset.title, lang=dataset.language)))
    # Mandatory in DCAT-AP; the title says more than nothing.
    graph.add((node, DCTERMS.description, text(dataset.description or dataset.title, lang=dataset.language)))
    for keyword in dataset.keywords:
        graph.add((node, DCAT.keyword, text(keyword, lang=dataset.language)))
    _add_themes(graph, node, dataset, addresses)
    _add_dates(graph, node, dataset)
    _add_extent(graph, node, dataset)
    publisher = _add_people(graph, node, dataset, addresses)
    add_policy(graph, node, dataset, publisher)
    _add_terms(graph, node, dataset)
    schema = beside.schemas.get(dataset.pk, "")
    if schema:
        graph.add((node, DCTERMS.conformsTo, URIRef(schema)))
        graph.add((URIRef(schema), RDF.type, DCTERMS.Standard))
    for document in beside.documents.get(dataset.pk, ()):
        _add_document(graph, node, document, URIRef(addresses.attachment(dataset.slug, document.identifier)))
    if found := beside.relations.get(dataset.pk):
        _add_relations(graph, node, found, addresses)
    if score := beside.scores.get(dataset.pk):
        add_measurements(graph, node, score, addresses)
    add_distributions(graph, node, dataset, addresses, wanted, schema)
    return node


def _add_themes(graph: Graph, node: URIRef, dataset: Dataset, addresses: Addresses) -> None:
    """Each theme as ours, by its name, and as the EU's, by its code."""
    for code in dataset.themes:
        if code not in Theme.values:
            continue
        theme = Theme(code)
        ours = URIRef(addresses.refined("theme", str(theme.label)))
        graph.add((node, DCAT.theme, ours))
        graph.add((ours, RDF.type, SKOS.Concept))
        graph.add((ours, SKOS.prefLabel, text(str(theme.label), lang="fr")))
        graph.add((ours, SKOS.exactMatch, URIRef(theme.uri)))
        graph.add((node, DCAT.theme, URIRef(theme.uri)))


def _add_dates(graph: Graph, node: URIRef, dataset: Dataset) -> None:
    graph.add((node, DCTERMS.issued, _instant(dataset.created_at)))
    # Of the data: national catalogues judge by it whether the promised frequency is kept, and a better description is no update
    # of the data. A date to come is refused by harvesters.
    modified = min(dataset.data_updated_at or dataset.metadata_updated_at, now())
    graph.add((node, DCTERMS.modified, _instant(modified)))
    if dataset.update_frequency != Frequency.UNKNOWN:
        graph.add((node, DCTERMS.accrualPeriodicity, URIRef(Frequency(dataset.update_frequency).uri)))
    if dataset.temporal_start or dataset.temporal_end:
        period = BNode()  # a blank node: harvesters fetch the address of one that has a name
        graph.add((node, DCTERMS.temporal, period))
        graph.add((period, RDF.type, DCTERMS.PeriodOfTime))
        _add_day(graph, period, DCAT.startDate, dataset.temporal_start)
        _add_day(graph, period, DCAT.endDate, dataset.temporal_end)


def _add_extent(graph: Graph, node: URIRef, dataset: Dataset) -> None:
    """The box of the data, as a polygon in longitudes and latitudes; names of places are not read by harvesters."""
    if not dataset.bbox:
        return
    west, south, east, north = dataset.bbox
    ring = f"{west} {south},{east} {south},{east} {north},{west} {north},{west} {south}"
    place, polygon = BNode(), Literal(f"POLYGON(({ring}))", datatype=GSP.wktLiteral)
    graph.add((node, DCTERMS.spatial, place))
    graph.add((place, RDF.type, DCTERMS.Location))
    graph.add((place, DCAT.bbox, polygon))
    graph.add((place, LOCN.geometry, polygon))


def _add_people(graph: Graph, node: URIRef, dataset: Dataset, addresses: Addresses) -> URIRef:
    publisher = add_agent(graph, dataset.organization, addresses)
    for role in (DCTERMS.publisher, DCTERMS.creator):
        graph.add((node, role, publisher))
    contact = BNode()
    graph.add((node, DCAT.contactPoint, contact))
    add_contact(graph, contact, dataset.organization, name=dataset.contact_name, mail=dataset.contact_email)
    return publisher


def _add_terms(graph: Graph, node: URIRef, dataset: Dataset) -> None:
    add_licence(graph, node, dataset)
    graph.add((node, DCTERMS.accessRights, URIRef(Visibility(dataset.visibility).access_right)))
    if code := _LANGUAGES.get(dataset.language):
        graph.add((node, DCTERMS.language, EU[f"language/{code}"]))
    if dataset.source:
        origin = BNode()
        graph.add((node, DCTERMS.provenance, origin))
        graph.add((origin, RDF.type, DCTERMS.ProvenanceStatement))
        graph.add((origin, SKOS.prefLabel, text(dataset.source, lang=dataset.language)))
    if dataset.hvd_category:
        graph.add((node, DCATAP.applicableLegislation, URIRef(HVD_REGULATION)))
        graph.add((node, DCATAP.hvdCategory, URIRef(HighValue(dataset.hvd_category).uri)))


def _add_relations(graph: Graph, node: URIRef, found: Relations, addresses: Addresses) -> None:
    """By the names of the datasets, which are described in their own place: a harvester is told of the link, and of no copy."""
    for one in found.points_to:
        graph.add((node, DCTERMS.relation, URIRef(addresses.dataset(one.other.slug))))
    for one in found.used_by:
        graph.add((node, DCTERMS.isReferencedBy, URIRef(addresses.dataset(one.other.slug))))


def _add_document(graph: Graph, node: URIRef, document: Attachment, address: URIRef) -> None:
    graph.add((node, FOAF.page, address))
    graph.add((address, RDF.type, FOAF.Document))
    graph.add((address, DCTERMS.title, text(document.title)))
    graph.add((address, DCTERMS["format"], text(document.media_type)))


def _instant(moment: datetime) -> Literal:
    return Literal(moment.isoformat(timespec="seconds"), datatype=XSD.dateTime)


def _add_day(graph: Graph, node: BNode, name: URIRef, day: date | None) -> None:
    if day is not None:
        graph.add((node, name, Literal(day.isoformat(), datatype=XSD.date)))
