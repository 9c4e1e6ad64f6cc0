"""Code lists: read as people keep them, in editions, used by schemas, given in SKOS."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from bocage.access.standing import viewer_of
from bocage.access.viewer import ANONYMOUS, OPERATOR
from bocage.check.models import CodeList, CodeListEdition
from bocage.check.registry.code_list_reading import MOST_CODES, read_codes
from bocage.check.registry.code_list_writing import create_code_list, publish_edition
from bocage.check.registry.code_lists import with_code_lists
from bocage.check.registry.errors import CodeListAbsent, CodeListRefused
from bocage.check.registry.skos import as_jsonld, as_turtle
from bocage.kernel.errors import AccessDenied
from bocage.organizations.vocabulary import Role
from tests.check.registry.conftest import make_draft
from tests.check.registry.making import with_fields

CSV = "code;Libellé;en;parent;synonymes\nA;Verre;Glass;;vitre|bouteille\nB;Verre blanc;Clear glass;A;\n"
ADDRESS = "https://example.org/code-lists/flux/"


@pytest.mark.parametrize(
    "raw",
    [
        CSV,
        CSV.replace(";", "\t"),
        CSV.replace(";", ","),
        CSV.encode(),
        CSV.encode("utf-8-sig"),
        CSV.encode("cp1252"),
        CSV.replace("\n", "\r\n"),
        "\n" + CSV + "\n\n",
    ],
)
def test_a_list_is_read_as_people_keep_it(raw: str | bytes) -> None:
    assert read_codes(raw) == [
        {"code": "A", "fr": "Verre", "en": "Glass", "parent": "", "synonyms": ["vitre", "bouteille"]},
        {"code": "B", "fr": "Verre blanc", "en": "Clear glass", "parent": "A", "synonyms": []},
    ]


@pytest.mark.parametrize(
    "text",
    [
        "", "libelle\nx", "code\n", "code;fr\n;x", "code\nA\nA", "code;parent\nA;Z", "code;parent\nA;B\nB;A", "code;parent\nA;A",
        "code\n" + "\n".join(map(str, range(MOST_CODES + 1))), "code\n" + "x" * 300, 'code\n"' + "x" * 200_000 + '"',
    ],
)  # fmt: skip
def test_an_unsound_list_is_refused_with_its_reason(text: str) -> None:
    with pytest.raises(CodeListRefused) as refused:
        read_codes(text)
    assert refused.value.sentence()


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        codes = read_codes(text)
    except CodeListRefused:
        return
    assert all(one["code"] for one in codes)


def test_deep_hierarchies_take_no_time() -> None:
    lines = "\n".join(f"c{n},c{n - 1}" for n in range(1, MOST_CODES))
    assert len(read_codes(f"code,parent\nc0,\n{lines}")) == MOST_CODES


@pytest.mark.django_db
def test_editions_follow_each_other_and_the_same_makes_none(metropole) -> None:
    first = create_code_list(viewer=OPERATOR, organization=metropole, name="flux", title="Flux", codes=read_codes(CSV))
    assert publish_edition(viewer=OPERATOR, code_list=first.code_list, codes=read_codes(CSV)) == first
    second = publish_edition(viewer=OPERATOR, code_list=first.code_list, codes=read_codes("code\nC"))
    assert (first.number, second.number) == ("1", "2")
    schema = with_fields({"name": "a", "type": "string", "codeList": "flux"}, {"name": "b", "codeList": "flux@1"})
    first_field, second_field = with_code_lists(schema)["fields"]
    assert first_field["constraints"] == {"enum": ["C"]}
    assert second_field["constraints"] == {"enum": ["A", "B"]}


@pytest.mark.django_db
def test_in_an_array_each_item_is_a_code(metropole) -> None:
    create_code_list(viewer=OPERATOR, organization=metropole, name="flux", title="Flux", codes=read_codes(CSV))
    schema = with_fields({"name": "a", "type": "array", "codeList": "flux", "constraints": {"required": True}})
    field = with_code_lists(schema)["fields"][0]
    assert field["arrayItem"]["constraints"] == {"enum": ["A", "B"]}
    assert field["constraints"] == {"required": True}


@pytest.mark.django_db
def test_an_absent_list_is_told_to_the_author_and_stops_the_check(metropole) -> None:
    schema = with_fields({"name": "a", "type": "string", "codeList": "flux"})
    assert "code-list-absent" in {one["code"] for one in make_draft(metropole, start=schema).lint}
    with pytest.raises(CodeListAbsent):
        with_code_lists(schema)


@pytest.mark.django_db
def test_only_coordinators_keep_lists(metropole, reze, person) -> None:
    codes = read_codes(CSV)
    edition = create_code_list(
        viewer=viewer_of(person(metropole)), organization=metropole, name="flux", title="F", codes=codes
    )
    for viewer in (ANONYMOUS, viewer_of(person(metropole, Role.STEWARD)), viewer_of(person(reze))):
        with pytest.raises(AccessDenied):
            create_code_list(viewer=viewer, organization=metropole, name="autre", title="F", codes=codes)
        with pytest.raises(AccessDenied):
            publish_edition(viewer=viewer, code_list=edition.code_list, codes=[])
    with pytest.raises(ValidationError):
        create_code_list(viewer=OPERATOR, organization=metropole, name="A B", title="F", codes=codes)


def edition_of(codes: list[dict[str, Any]], title: str = "Flux") -> CodeListEdition:
    from bocage.kernel.clock import now

    return CodeListEdition(code_list=CodeList(name="flux", title=title), number="1", codes=codes, created_at=now())


def test_skos_in_turtle_says_the_hierarchy_and_both_languages() -> None:
    turtle = as_turtle(edition_of(read_codes(CSV)), address=ADDRESS)
    assert f"<{ADDRESS}> a skos:ConceptScheme" in turtle
    assert f"<{ADDRESS}B> a skos:Concept" in turtle
    assert f"skos:broader <{ADDRESS}A>" in turtle
    assert 'skos:prefLabel "Clear glass"@en' in turtle
    assert 'skos:altLabel "vitre"@fr' in turtle


def test_skos_in_json_says_the_same() -> None:
    data = json.loads(json.dumps(as_jsonld(edition_of(read_codes(CSV)), address=ADDRESS)))
    glass, clear = data["concepts"]
    assert data["id"] == ADDRESS
    assert glass["topConceptOf"] == ADDRESS
    assert clear["broader"] == glass["id"] == f"{ADDRESS}A"
    assert clear["prefLabel"] == {"fr": "Verre blanc", "en": "Clear glass"}


LITERAL = re.compile(r'"(?:[^"\\\n\r]|\\.)*"(?:@\w+|\^\^xsd:date)?')
IRI = re.compile(r"<[^<>\"{}|^`\\\x00-\x20]*>")


@given(st.text(min_size=1, max_size=20), st.text(max_size=30))
def test_no_text_breaks_out_of_turtle(code: str, label: str) -> None:
    """Without its literals and its IRIs, a Turtle document holds only our own words."""
    codes = [{"code": code, "fr": label, "en": label, "parent": "", "synonyms": [label] if label else []}]
    turtle = as_turtle(edition_of(codes, title=label or "x"), address=ADDRESS)
    bare = IRI.sub("", LITERAL.sub("", turtle))
    assert re.fullmatch(r"[@a-zA-Z:;.\s]*", bare), bare
