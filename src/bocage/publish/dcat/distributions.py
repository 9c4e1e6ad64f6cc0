"""The files of a dataset in the feed, one distribution for each format in which it can be had."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF, XSD

from bocage.access.vocabulary import Visibility
from bocage.catalog.vocabulary import Licence
from bocage.publish.dcat.namespaces import DCATAP, EU, HVD_REGULATION, IANA, text
from bocage.publish.files import FORMATS

if TYPE_CHECKING:
    from bocage.catalog.models import Dataset
    from bocage.publish.dcat.addresses import Addresses
    from bocage.publish.files.formats import ExportFormat

# The codes of the EU vocabulary of file types; a format that it does not know takes the nearest one.
_FILE_TYPES = {
    "csv": "CSV", "json": "JSON", "jsonl": "JSON", "geojson": "GEOJSON", "parquet": "PARQUET", "xlsx": "XLSX", "shp": "SHP",
    "kml": "KML", "gpx": "GPX", "jsonld": "JSON_LD", "turtle": "RDF_TURTLE", "n3": "N3", "rdfxml": "RDF_XML",
}  # fmt: skip
_NEAREST = "OCTET"


def offered(dataset: Dataset, wanted: Collection[str] = ()) -> list[ExportFormat]:
    """The formats in which the dataset can be had; only those of `wanted`, when there are any."""
    return [
        kind
        for name, kind in FORMATS.items()
        if (dataset.is_geographic or not kind.geographic) and (not wanted or name in wanted)
    ]


def add_distributions(
    graph: Graph, node: URIRef, dataset: Dataset, addresses: Addresses, wanted: Collection[str], schema: str = ""
) -> None:
    """Add the distributions of `dataset`, whose node is `node`. Where there is no data, nothing; where they are given on request
    to others than the reader, the page where one asks. `schema`: what it follows."""
    if dataset.version_number is None and dataset.visibility == Visibility.REQUEST:
        _add_way_to_ask(graph, node, dataset, addresses)
    if dataset.version_number is None:
        return
    for kind in offered(dataset, wanted):
        address = _add_distribution(graph, node, dataset, addresses, kind)
        if schema:
            graph.add((address, DCTERMS.conformsTo, URIRef(schema)))


def _add_way_to_ask(graph: Graph, node: URIRef, dataset: Dataset, addresses: Addresses) -> None:
    """DCAT wants an access address, which need not be that of a file: https://www.w3.org/TR/vocab-dcat-3/#Property:distribution_access_url"""
    address = URIRef(addresses.access(dataset.slug))
    graph.add((node, DCAT.distribution, address))
    graph.add((address, RDF.type, DCAT.Distribution))
    graph.add((address, DCTERMS.identifier, Literal(str(address))))
    described = _("%(title)s (on request)") % {"title": dataset.title}
    graph.add((address, DCTERMS.title, text(described, lang="fr")))
    told = _("The data are given on request: the page of the dataset says how to ask.")
    graph.add((address, DCTERMS.description, text(told, lang="fr")))
    graph.add((address, DCAT.accessURL, address))
    add_licence(graph, address, dataset)


def _add_distribution(graph: Graph, node: URIRef, dataset: Dataset, addresses: Addresses, kind: ExportFormat) -> URIRef:
    address = URIRef(addresses.export(dataset.slug, kind.name))
    graph.add((node, DCAT.distribution, address))
    graph.add((address, RDF.type, DCAT.Distribution))
    graph.add((address, DCTERMS.identifier, Literal(str(address))))
    graph.add((address, DCTERMS.title, Literal(f"{dataset.slug}.{kind.name}")))
    described = _("%(title)s (%(format)s)") % {"title": dataset.title, "format": kind.name}
    graph.add((address, DCTERMS.description, text(described, lang=dataset.language)))
    graph.add((address, DCAT.accessURL, address))
    graph.add((address, DCAT.downloadURL, address))
    graph.add((address, DCAT.mediaType, URIRef(IANA + kind.media_type.split(";")[0])))
    graph.add((address, DCTERMS["format"], EU[f"file-type/{_FILE_TYPES.get(kind.name, _NEAREST)}"]))
    if dataset.data_updated_at:
        graph.add((address, DCTERMS.modified, Literal(dataset.data_updated_at.isoformat(), datatype=XSD.dateTime)))
    add_licence(graph, address, dataset)
    if dataset.hvd_category:
        graph.add((address, DCATAP.applicableLegislation, URIRef(HVD_REGULATION)))
    return address


def add_licence(graph: Graph, node: URIRef, dataset: Dataset) -> None:
    url = Licence(dataset.licence).url
    if not url:
        return
    graph.add((node, DCTERMS.license, URIRef(url)))
    graph.add((URIRef(url), RDF.type, DCTERMS.LicenseDocument))
