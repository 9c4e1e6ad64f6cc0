"""Exports of the catalogue as documents about its datasets: DCAT and its variants, Dublin Core, `data.json`, RSS."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import translation
from rdflib import Graph, URIRef

from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.publish.dcat import other_catalogues
from bocage.publish.dcat.addresses import Addresses
from bocage.publish.dcat.beside import beside
from bocage.publish.dcat.catalogue import add_datasets, catalogue_head
from bocage.publish.dcat.doors import door_of
from bocage.publish.dcat.namespaces import SYNTAXES, in_pieces, new_graph, written
from bocage.publish.dcat.service import MOST_SERVED, Served, add_service
from bocage.publish.dcat.variants import ADAPTED
from bocage.publish.explore.answers import answer
from bocage.publish.explore.call import Call
from bocage.publish.explore.catalogue import catalogue_key, is_public
from bocage.publish.explore.errors import InvalidRESTParameter
from bocage.publish.files import FORMATS
from bocage.query import services
from bocage.query.facts import all_as_seen

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

VARIANTS = ("ch", "de", "se", "sp", "it", "vl", "benap")
DATASETS_AT_ONCE = 100
XML, TURTLE = SYNTAXES["rdf"].content_type, SYNTAXES["ttl"].content_type

Batches = Iterable[list[Dataset]]
Write = Callable[[Call, Batches], bytes | Iterator[bytes]]


def document_export(call: Call) -> HttpResponseBase:
    """The format of the path is one of DOCUMENTS. What is wrong in the request is said before the first byte; DCAT then comes
    dataset after dataset, whatever their number."""
    name = call.path["format"]
    write, content_type = DOCUMENTS[name]

    def make() -> HttpResponseBase:
        written = write(call, _datasets(call, _slugs(call)))
        if isinstance(written, bytes):
            return HttpResponse(written, content_type=content_type)
        return StreamingHttpResponse(() if call.request.method == "HEAD" else written, content_type=content_type)

    door = door_of(call.request.get_host())
    key = catalogue_key(call, f"{name} {door.uid} {door.title}")
    return answer(call, key, make, open_data=is_public(call))


def _slugs(call: Call) -> list[str]:
    """Of the datasets that the clauses keep, in their order."""
    given = call.given
    if given["limit"] < -1:
        raise InvalidRESTParameter("limit", given["limit"], "-1 <= limit")
    if given["offset"] < 0:
        raise InvalidRESTParameter("offset", given["offset"], ">= 0")
    request = call.odsql(limit=given["limit"], offset=given["offset"], select="dataset_id")
    with services.stream(call.viewer, call.catalogue, request) as found:
        return [slug for batch in found.batches for slug in batch.column(0).to_pylist()]


def _datasets(call: Call, slugs: Sequence[str]) -> Iterator[list[Dataset]]:
    """By batches; rights are asked again, below the list."""
    visible = Dataset.objects.visible_to(call.viewer, Action.SEE).select_related("organization").defer("schema")
    for start in range(0, len(slugs), DATASETS_AT_ONCE):
        some = slugs[start : start + DATASETS_AT_ONCE]
        known = {dataset.slug: dataset for dataset in visible.filter(slug__in=some)}
        yield all_as_seen(call.viewer, (known[slug] for slug in some if slug in known))


def _addresses(call: Call) -> Addresses:
    root = call.root.removesuffix("/api/explore/v2.1")
    return Addresses(root, labels_in_exports=call.given["use_labels_in_exports"])


def _title(call: Call) -> str:
    return _addresses(call).root.split("//")[-1]


def _dcat(syntax: str) -> Write:
    def write(call: Call, batches: Batches) -> Iterator[bytes]:
        wanted = [name.strip() for name in call.given["include_exports"].split(",") if name.strip()]
        if unknown := [name for name in wanted if name not in FORMATS]:
            raise InvalidRESTParameter("include_exports", unknown[0][:100], f"among {', '.join(FORMATS)}")
        language = translation.get_language()  # of this call: what is written later is written outside it
        graphs = _graphs(call, batches, wanted, language)
        adapt = ADAPTED.get(call.path["format"])
        return in_pieces(map(adapt, graphs) if adapt else graphs, SYNTAXES[syntax])

    return write


def _graphs(call: Call, batches: Batches, wanted: Sequence[str], language: str | None) -> Iterator[Graph]:
    """The datasets by batches, then the catalogue, whose service names them all."""
    addresses, door = _addresses(call), door_of(call.request.get_host())
    slugs: list[str] = []
    categories: set[str] = set()
    for batch in batches:
        graph = new_graph()
        with translation.override(language):
            add_datasets(graph, batch, addresses, wanted=wanted, beside=beside(call.viewer, batch, addresses))
        yield graph
        given = [one for one in batch if one.version_number is not None]
        slugs += [one.slug for one in given]
        categories |= {one.hvd_category for one in given if one.hvd_category}
    with translation.override(language):
        graph = catalogue_head(addresses, title=door.title, publisher=door.publisher)
        served = Served(slugs[:MOST_SERVED], sorted(categories))
        add_service(graph, URIRef(addresses.catalogue), addresses, served, door.publisher)
    yield graph


def _dublin_core(call: Call, batches: Batches) -> bytes:
    return written(other_catalogues.dublin_core(list(chain.from_iterable(batches)), _addresses(call)), SYNTAXES["rdf"])


def _data_json(call: Call, batches: Batches) -> bytes:
    described = other_catalogues.data_json(list(chain.from_iterable(batches)), _addresses(call))
    return json.dumps(described, ensure_ascii=False).encode()


def _rss(call: Call, batches: Batches) -> bytes:
    return other_catalogues.rss(list(chain.from_iterable(batches)), _addresses(call), title=_title(call))


DOCUMENTS: dict[str, tuple[Write, str]] = {
    "dcat": (_dcat("rdf"), XML),
    **{f"dcat_ap_{variant}": (_dcat("rdf"), XML) for variant in VARIANTS},
    "rdf": (_dcat("rdf"), XML),
    "ttl": (_dcat("ttl"), TURTLE),
    "dublin_core": (_dublin_core, XML),
    "data.json": (_data_json, "application/json; charset=utf-8"),
    "rss": (_rss, "application/rss+xml; charset=utf-8"),
}
