"""The vocabularies of the feed, and the syntaxes in which it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rdflib import Graph, Literal, Namespace
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SKOS, XSD

from bocage.kernel.xml import writable

EU = Namespace("http://publications.europa.eu/resource/authority/")
DCATAP = Namespace("http://data.europa.eu/r5r/")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
LOCN = Namespace("http://www.w3.org/ns/locn#")
GSP = Namespace("http://www.opengis.net/ont/geosparql#")
DQV = Namespace("http://www.w3.org/ns/dqv#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
ACTIVITY = Namespace("https://www.w3.org/ns/activitystreams#")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
ODRL = Namespace("http://www.w3.org/ns/odrl/2/")
CC = Namespace("http://creativecommons.org/ns#")
IANA = "https://www.iana.org/assignments/media-types/"
HVD_REGULATION = "http://data.europa.eu/eli/reg_impl/2023/138/oj"

_PREFIXES = {
    "dcat": DCAT, "dct": DCTERMS, "foaf": FOAF, "skos": SKOS, "xsd": XSD, "rdf": RDF, "vcard": VCARD, "locn": LOCN,
    "gsp": GSP, "hydra": HYDRA, "dcatap": DCATAP, "dqv": DQV, "adms": ADMS, "as": ACTIVITY, "odrl": ODRL, "cc": CC,
}  # fmt: skip


@dataclass(frozen=True)
class Syntax:
    """`suffix` of the address, name of rdflib's serialiser, media type. The charset is always said: without it harvesters
    read accents wrong."""

    suffix: str
    serializer: str
    media_type: str

    @property
    def content_type(self) -> str:
        return f"{self.media_type}; charset=utf-8"


SYNTAXES = {
    one.suffix: one
    for one in (
        Syntax("ttl", "turtle", "text/turtle"),
        Syntax("jsonld", "json-ld", "application/ld+json"),
        Syntax("rdf", "xml", "application/rdf+xml"),
    )
}


def text(words: str, lang: str | None = None) -> Literal:
    """What people wrote."""
    return Literal(writable(words), lang=lang)


def new_graph() -> Graph:
    graph = Graph(store="SimpleMemory", bind_namespaces="none")
    for prefix, namespace in _PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph


def in_pieces(graphs: Iterable[Graph], syntax: Syntax) -> Iterator[bytes]:
    """One document, RDF/XML or Turtle, out of graphs that are never in memory together; their blank nodes are their own."""
    if syntax.serializer != "xml":
        yield from (written(graph, syntax) for graph in graphs)  # a Turtle document may say its prefixes again
        return
    spaces = "".join(f' xmlns:{prefix}="{namespace}"' for prefix, namespace in _PREFIXES.items())
    yield f'<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF{spaces}>\n'.encode()
    for graph in graphs:
        whole = written(graph, syntax)
        start = whole.index(b">", whole.index(b"<rdf:RDF")) + 1
        yield whole[start : whole.rindex(b"</rdf:RDF>")]
    yield b"</rdf:RDF>\n"


def written(graph: Graph, syntax: Syntax) -> bytes:
    """The graph in that syntax, UTF-8; JSON-LD with its context inside, so that nobody fetches one."""
    if syntax.suffix == "jsonld":
        context = {prefix: str(namespace) for prefix, namespace in _PREFIXES.items()}
        return graph.serialize(format="json-ld", context=context, auto_compact=False, encoding="utf-8")
    return graph.serialize(format=syntax.serializer, encoding="utf-8")
