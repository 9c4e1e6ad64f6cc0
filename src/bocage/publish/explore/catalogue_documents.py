"""Exports of the catalogue as documents about its datasets: DCAT and its variants, Dublin Core, `data.json`, RSS."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from django.http import HttpResponse

from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.publish.dcat import other_catalogues
from bocage.publish.dcat.addresses import Addresses
from bocage.publish.dcat.catalogue import catalogue_graph, main_publisher
from bocage.publish.dcat.namespaces import SYNTAXES, written
from bocage.publish.explore.answers import answer
from bocage.publish.explore.catalogue import catalogue_key, is_public
from bocage.publish.explore.errors import InvalidRESTParameter
from bocage.publish.files import FORMATS
from bocage.query import services
from bocage.query.catalogue import CatalogueRelation

if TYPE_CHECKING:
    from bocage.publish.explore.call import Call

VARIANTS = ("ch", "de", "se", "sp", "it", "vl", "benap")
DATASETS_AT_ONCE = 500
XML, TURTLE = SYNTAXES["rdf"].content_type, SYNTAXES["ttl"].content_type


def document_export(call: Call) -> HttpResponse:
    """The format of the path is one of DOCUMENTS. Whole before its first byte: an error is never half a document."""
    name = call.path["format"]
    write, content_type = DOCUMENTS[name]

    def body() -> bytes:
        return write(call, list(_datasets(call)))

    return answer(call, catalogue_key(call, name), body, content_type=content_type, open_data=is_public(call))


def _datasets(call: Call) -> Iterator[Dataset]:
    """The datasets that the clauses keep, in their order; rights are asked again, below the list."""
    given = call.given
    if given["limit"] < -1:
        raise InvalidRESTParameter("limit", given["limit"], "-1 <= limit")
    if given["offset"] < 0:
        raise InvalidRESTParameter("offset", given["offset"], ">= 0")
    request = call.odsql(limit=given["limit"], offset=given["offset"], select="dataset_id")
    with services.stream(call.viewer, CatalogueRelation(), request) as found:
        slugs = [slug for batch in found.batches for slug in batch.column(0).to_pylist()]
    visible = Dataset.objects.visible_to(call.viewer, Action.READ).select_related("organization").defer("schema")
    for start in range(0, len(slugs), DATASETS_AT_ONCE):
        some = slugs[start : start + DATASETS_AT_ONCE]
        known = {dataset.slug: dataset for dataset in visible.filter(slug__in=some)}
        yield from (known[slug] for slug in some if slug in known)


def _addresses(call: Call) -> Addresses:
    root = call.root.removesuffix("/api/explore/v2.1")
    return Addresses(root, labels_in_exports=call.given["use_labels_in_exports"])


def _title(call: Call) -> str:
    return _addresses(call).root.split("//")[-1]


def _dcat(syntax: str) -> Callable[[Call, Sequence[Dataset]], bytes]:
    def write(call: Call, datasets: Sequence[Dataset]) -> bytes:
        wanted = [name.strip() for name in call.given["include_exports"].split(",") if name.strip()]
        if unknown := [name for name in wanted if name not in FORMATS]:
            raise InvalidRESTParameter("include_exports", unknown[0][:100], f"among {', '.join(FORMATS)}")
        addresses = _addresses(call)
        graph = catalogue_graph(datasets, addresses, title=_title(call), publisher=main_publisher(), wanted=wanted)
        return written(graph, SYNTAXES[syntax])

    return write


def _dublin_core(call: Call, datasets: Sequence[Dataset]) -> bytes:
    return written(other_catalogues.dublin_core(datasets, _addresses(call)), SYNTAXES["rdf"])


def _data_json(call: Call, datasets: Sequence[Dataset]) -> bytes:
    return json.dumps(other_catalogues.data_json(datasets, _addresses(call)), ensure_ascii=False).encode()


def _rss(call: Call, datasets: Sequence[Dataset]) -> bytes:
    return other_catalogues.rss(datasets, _addresses(call), title=_title(call))


# National variants add vocabularies of their own to DCAT-AP; what they share is served.
DOCUMENTS: dict[str, tuple[Callable[[Call, Sequence[Dataset]], bytes], str]] = {
    "dcat": (_dcat("rdf"), XML),
    **{f"dcat_ap_{variant}": (_dcat("rdf"), XML) for variant in VARIANTS},
    "rdf": (_dcat("rdf"), XML),
    "ttl": (_dcat("ttl"), TURTLE),
    "dublin_core": (_dublin_core, XML),
    "data.json": (_data_json, "application/json; charset=utf-8"),
    "rss": (_rss, "application/rss+xml; charset=utf-8"),
}
