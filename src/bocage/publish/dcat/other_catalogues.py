"""The catalogue in the other vocabularies that portals export: Dublin Core, DCAT-US (`data.json`), RSS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.feedgenerator import Rss201rev2Feed
from rdflib import Graph, URIRef
from rdflib.namespace import DC

from bocage.access.vocabulary import Visibility
from bocage.catalog.vocabulary import Licence
from bocage.kernel.xml import writable
from bocage.publish.dcat.distributions import offered
from bocage.publish.dcat.namespaces import text

if TYPE_CHECKING:
    from bocage.catalog.models import Dataset
    from bocage.publish.dcat.addresses import Addresses

# Names of access levels in DCAT-US 1.1.
_ACCESS = {"open": "public", "shared": "restricted public", "request": "restricted public", "private": "non-public"}


def dublin_core(datasets: Sequence[Dataset], addresses: Addresses) -> Graph:
    """The fifteen elements (http://purl.org/dc/elements/1.1/), those that we know."""
    graph = Graph(bind_namespaces="none")
    graph.bind("dc", DC)
    for dataset in datasets:
        node = URIRef(addresses.dataset(dataset.slug))
        said = {
            DC.identifier: [str(node)],
            DC.title: [dataset.title],
            DC.description: [dataset.description],
            DC.publisher: [dataset.organization.name],
            DC.subject: [*dataset.theme_labels, *dataset.keywords],
            DC.rights: [str(Licence(dataset.licence).label)],
            DC.language: [dataset.language],
            DC.source: [dataset.source],
            DC.date: [(dataset.data_updated_at or dataset.created_at).isoformat(timespec="seconds")],
            DC.type: ["Dataset"],
        }
        for name, values in said.items():
            for value in filter(None, values):
                graph.add((node, name, text(value)))
    return graph


def data_json(datasets: Sequence[Dataset], addresses: Addresses) -> dict[str, Any]:
    """https://resources.data.gov/resources/dcat-us/"""
    return {
        "@context": "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld",
        "@id": addresses.catalogue,
        "@type": "dcat:Catalog",
        "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
        "describedBy": "https://project-open-data.cio.gov/v1.1/schema/catalog.json",
        "dataset": [_described(dataset, addresses) for dataset in datasets],
    }


def _described(dataset: Dataset, addresses: Addresses) -> dict[str, Any]:
    address = addresses.dataset(dataset.slug)
    described: dict[str, Any] = {
        "@type": "dcat:Dataset",
        "identifier": address,
        "title": dataset.title,
        "description": dataset.description or dataset.title,
        "keyword": dataset.keywords or dataset.theme_labels,
        "theme": dataset.theme_labels,
        "issued": dataset.created_at.isoformat(timespec="seconds"),
        "modified": (dataset.data_updated_at or dataset.created_at).isoformat(timespec="seconds"),
        "publisher": {"@type": "org:Organization", "name": dataset.organization.name},
        "contactPoint": {"@type": "vcard:Contact", "fn": dataset.contact_name or dataset.organization.name},
        "accessLevel": _ACCESS[Visibility(dataset.visibility).value],
        "landingPage": address,
        "language": [dataset.language],
        "distribution": [
            {
                "@type": "dcat:Distribution",
                "title": f"{dataset.slug}.{kind.name}",
                "downloadURL": addresses.export(dataset.slug, kind.name),
                "mediaType": kind.media_type.split(";")[0],
                "format": kind.name,
            }
            for kind in (offered(dataset) if dataset.version_number is not None else ())
        ],
    }
    if mail := dataset.contact_email or dataset.organization.email:
        described["contactPoint"]["hasEmail"] = f"mailto:{mail}"
    if url := Licence(dataset.licence).url:
        described["license"] = url
    if dataset.bbox:
        described["spatial"] = ",".join(str(number) for number in dataset.bbox)
    return described


def rss(datasets: Sequence[Dataset], addresses: Addresses, *, title: str) -> bytes:
    """RSS 2.0, in the order of the export."""
    feed = Rss201rev2Feed(title=title, link=addresses.catalogue, description=title, language="fr")
    for dataset in datasets:
        address = addresses.dataset(dataset.slug)
        feed.add_item(
            title=writable(dataset.title),
            link=address,
            description=writable(dataset.description),
            author_name=writable(dataset.organization.name),
            pubdate=dataset.data_updated_at or dataset.created_at,
            unique_id=address,
            categories=dataset.theme_labels,
        )
    return feed.writeString("utf-8").encode()
