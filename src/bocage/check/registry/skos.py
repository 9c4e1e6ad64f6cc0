"""A code list as a SKOS concept scheme (https://www.w3.org/TR/skos-reference/), in Turtle and in JSON-LD.

Written by hand: the vocabulary used is small and fixed, and every value is either an IRI we make or an escaped literal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from bocage.check.models import CodeListEdition

PREFIXES = {
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dct": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
CONTEXT: Mapping[str, Any] = PREFIXES | {
    "id": "@id", "type": "@type", "ConceptScheme": "skos:ConceptScheme", "Concept": "skos:Concept",
    "prefLabel": {"@id": "skos:prefLabel", "@container": "@language"},
    "altLabel": {"@id": "skos:altLabel", "@language": "fr"}, "notation": "skos:notation",
    "inScheme": {"@id": "skos:inScheme", "@type": "@id"}, "broader": {"@id": "skos:broader", "@type": "@id"},
    "topConceptOf": {"@id": "skos:topConceptOf", "@type": "@id"}, "title": {"@id": "dct:title", "@language": "fr"},
    "description": {"@id": "dct:description", "@language": "fr"}, "versionInfo": "owl:versionInfo",
    "issued": {"@id": "dct:issued", "@type": "xsd:date"}, "concepts": {"@reverse": "skos:inScheme"},
}  # fmt: skip
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def scheme_iri(edition: CodeListEdition, *, address: str) -> str:
    """The identity of the list: the one its keeper gave, else `address`, that of its page."""
    given = edition.code_list.uri
    return quote(given, safe=":/?#[]@!$&'()*+,;=~%") if given else address


def concept_iri(scheme: str, code: str) -> str:
    return f"{scheme.rstrip('/#')}/{quote(code, safe='')}"


def as_jsonld(edition: CodeListEdition, *, address: str) -> dict[str, Any]:
    """The scheme, with its concepts inside."""
    scheme = scheme_iri(edition, address=address)
    described = {
        "@context": CONTEXT,
        "id": scheme,
        "type": "ConceptScheme",
        "title": edition.code_list.title,
        "description": edition.code_list.description,
        "versionInfo": edition.number,
        "issued": edition.created_at.date().isoformat(),
        "concepts": [_concept(scheme, one) for one in edition.codes],
    }
    return {key: value for key, value in described.items() if value != ""}


def _concept(scheme: str, code: Mapping[str, Any]) -> dict[str, Any]:
    labels = {language: code[language] for language in ("fr", "en") if code.get(language)}
    concept: dict[str, Any] = {"id": concept_iri(scheme, code["code"]), "type": "Concept", "notation": code["code"]}
    if labels:
        concept["prefLabel"] = labels
    if code.get("synonyms"):
        concept["altLabel"] = list(code["synonyms"])
    if code.get("parent"):
        concept["broader"] = concept_iri(scheme, code["parent"])
    else:
        concept["topConceptOf"] = scheme
    return concept


def as_turtle(edition: CodeListEdition, *, address: str) -> str:
    """One block per concept, in the order of the list."""
    scheme = scheme_iri(edition, address=address)
    head = [f"@prefix {prefix}: <{iri}> ." for prefix, iri in PREFIXES.items()]
    return "\n".join([*head, "", _block(scheme, _of_scheme(edition)), *_blocks(edition, scheme)]) + "\n"


def _of_scheme(edition: CodeListEdition) -> Iterator[tuple[str, str]]:
    yield "a", "skos:ConceptScheme"
    yield "dct:title", _text(edition.code_list.title, "fr")
    if edition.code_list.description:
        yield "dct:description", _text(edition.code_list.description, "fr")
    yield "owl:versionInfo", _text(edition.number)
    yield "dct:issued", f"{_text(edition.created_at.date().isoformat())}^^xsd:date"


def _blocks(edition: CodeListEdition, scheme: str) -> Iterator[str]:
    for code in edition.codes:
        yield _block(concept_iri(scheme, code["code"]), _of_concept(code, scheme))


def _of_concept(code: Mapping[str, Any], scheme: str) -> Iterator[tuple[str, str]]:
    yield "a", "skos:Concept"
    yield "skos:inScheme", f"<{scheme}>"
    yield "skos:notation", _text(code["code"])
    for language in ("fr", "en"):
        if code.get(language):
            yield "skos:prefLabel", _text(code[language], language)
    for synonym in code.get("synonyms") or ():
        yield "skos:altLabel", _text(synonym, "fr")
    if code.get("parent"):
        yield "skos:broader", f"<{concept_iri(scheme, code['parent'])}>"
    else:
        yield "skos:topConceptOf", f"<{scheme}>"


def _block(subject: str, said: Iterator[tuple[str, str]]) -> str:
    return f"<{subject}> " + " ;\n  ".join(f"{predicate} {thing}" for predicate, thing in said) + " .\n"


def _text(text: str, language: str = "") -> str:
    """A Turtle literal: control characters are written by their number."""
    escaped = "".join(
        f"\\u{ord(one):04X}" if ord(one) < 0x20 or ord(one) == 0x7F else one for one in text.translate(_ESCAPES)
    )
    return f'"{escaped}"' + (f"@{language}" if language else "")
