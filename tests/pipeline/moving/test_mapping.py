"""The words of a portal in ours: pure functions."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.catalog.annotations import Annotations
from bocage.catalog.vocabulary import FieldType, Frequency, Licence, Theme
from bocage.pipeline.moving.documents import dataset_of, field_of, kept_metas, text
from bocage.pipeline.moving.errors import AnswerNotUnderstood
from bocage.pipeline.moving.figures import Figures, Rows, differing, instant, read_figures
from bocage.pipeline.moving.mapping.descriptions import LONGEST_OUTPUT, markdown_of
from bocage.pipeline.moving.mapping.fields import TYPES, mapped_fields
from bocage.pipeline.moving.mapping.losses import SENTENCES, sentence
from bocage.pipeline.moving.mapping.metadata import mapped_metadata
from bocage.pipeline.moving.mapping.vocabularies import frequency_of, licence_of, theme_of
from bocage.publish.explore.documents import TYPE_NAMES
from tests.pipeline.moving.fake import item


@pytest.mark.parametrize(
    ("label", "theme"),
    [
        ("Transports, Déplacements", Theme.MOBILITY),
        ("Mobilité", Theme.MOBILITY),
        ("Administration, Gouvernement, Finances publiques, Citoyenneté", Theme.CITIZENSHIP),
        ("Roads and public space", Theme.ROADS),
        ("Justice, Sécurité, Police, Criminalité", None),
        ("", None),
    ],
)
def test_themes(label, theme):
    assert theme_of(label) is theme


@pytest.mark.parametrize(
    ("name", "url", "licence"),
    [
        ("Licence Ouverte v2.0 (Etalab)", "", Licence.LICENCE_OUVERTE),
        ("Open Database License (ODbL)", "", Licence.ODBL),
        ("CC BY 4.0", "", Licence.CC_BY),
        ("", "https://creativecommons.org/licenses/by/4.0/", Licence.CC_BY),
        ("CC BY-SA 4.0", "", None),
        ("CC BY-NC", "https://creativecommons.org/licenses/by-nc/4.0/", None),
        ("Propriétaire", "", None),
    ],
)
def test_a_licence_with_a_condition_is_never_taken_for_one_without(name, url, licence):
    assert licence_of(name, url) is licence


def test_every_licence_theme_and_frequency_of_ours_is_understood():
    for licence in Licence:
        assert licence_of(str(licence.label), licence.url) is licence
    for theme in Theme:
        assert theme_of(str(theme.label)) is theme
    for frequency in Frequency:
        assert frequency_of(frequency.uri) is frequency


def test_types_are_those_of_the_interface_that_we_serve():
    assert {TYPES[name] for name in TYPE_NAMES.values()} == set(FieldType) - {FieldType.ARRAY}
    assert all(TYPES[name] is kind for kind, name in TYPE_NAMES.items() if kind is not FieldType.ARRAY)


HTML = "<h1>T</h1><p>Les <b>écoles</b> de <a href='https://a.fr/x?y=1' onclick=x>Nantes</a>.</p><ul><li>une<li>deux</ul>3 * 4"


def test_html_becomes_markdown():
    assert markdown_of(HTML) == (
        "### T\n\nLes **écoles** de [Nantes](<https://a.fr/x?y=1>).\n\n- une\n- deux\n\n3 \\* 4"
    )
    assert markdown_of("Rien d’*autre* : 3 < 4 & 5 > 2") == "Rien d’*autre* : 3 < 4 & 5 > 2"
    for hostile in (
        "<script>x</script>",
        "<a href='javascript:x'>a</a>",
        "<img src=x onerror=y>",
        "<p>[a](javascript:x)</p>",
    ):
        written = markdown_of(hostile + "<br>")
        assert "javascript:x)" not in written.replace("\\]", "") or "\\[" in written
        assert "<" not in written


@given(st.text(max_size=300).map(lambda text: f"<p>{text}") | st.text(alphabet="<>/abp &;'\"=!-[]", max_size=400))
def test_any_html_ends(text):
    assert len(markdown_of(text)) <= LONGEST_OUTPUT


def test_annotations_of_older_portals_are_a_list():
    listed = [
        {"name": "facet", "args": []},
        {"name": "facetsort", "args": ["-count"]},
        {"name": ["x"]},
        "facet",
        {"args": []},
    ]
    ours = mapped_fields([field_of({"name": "a", "type": "text", "annotations": listed})])
    same = {"facet": [], "facetsort": ["-count"]}
    assert ours == mapped_fields([field_of({"name": "a", "type": "text", "annotations": same})])
    assert ours.annotations["a"].facet


def test_annotations_and_what_has_no_place():
    given = {"name": "a", "type": "text", "label": "A", "annotations": {
        "facet": [], "disjunctive": [], "sortable": [], "id": [], "facetsort": ["-count"], "hierarchical": ["/"],
        "multivalued": [";"], "timeserie_precision": ["month"], "unit": ["m"], "autre": [],
    }}  # fmt: skip
    found = mapped_fields([field_of(given), field_of({"name": "b", "type": "mystère"})])
    assert found.annotations == {
        "a": Annotations(True, "-count", True, "/", ";", True, "month", "m"),
    }
    assert found.key == ("a",)
    assert [one.type for one in found.fields] == [FieldType.ARRAY, FieldType.STRING]
    assert [(loss.code, loss.fields["field"]) for loss in found.losses] == [
        ("field-annotation", "a"),
        ("field-type-unknown", "b"),
    ]


def test_metadata_and_what_is_lost():
    document = item(
        "a", theme=["Mobilité", "Justice"], keyword=["x", "y" * 101], license="CC BY-SA", publisher="Autre",
        territory=["44109", "Nantes"], geographic_reference=["fr_40_44143"], references="https://r.fr", attributions=["B"],
        autre="oui", language="FR",
    )  # fmt: skip
    document["metas"]["dcat"] = {
        "accrualperiodicity": "R/P1M",
        "contact_email": "mailto:a@b.fr",
        "contact_name": "C",
        "creator": "D",
    }
    found = mapped_metadata(dataset_of(document), "Ville")
    assert found.values | {"title": ""} == {
        "title": "", "description": "", "themes": ["mobilite"], "keywords": ["x", "Justice"], "licence": "notspecified",
        "territory": ["44109", "44143"], "source": "https://r.fr", "attributions": "Autre, B", "language": "fr",
        "contact_name": "C", "contact_email": "a@b.fr", "update_frequency": "MONTHLY",
    }  # fmt: skip
    assert {loss.code for loss in found.losses} == {
        "theme-as-keyword", "keywords-left", "licence-unknown", "territory-without-code", "publisher-as-attribution", "metas-aside",
    }  # fmt: skip
    assert all(sentence(loss) != loss.code and loss.code in SENTENCES for loss in found.losses)
    [aside] = [loss for loss in found.losses if loss.code == "metas-aside"]
    assert aside.fields["metas"] == "default.autre, dcat.creator"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KEYS = ("dataset_id", "fields", "attachments", "metas", "visibility", "has_records", "alternative_exports")


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, JSON)), st.dictionaries(st.text(max_size=8), JSON), JSON)
def test_whatever_a_portal_says_is_read_or_refused(document, default, annotations):
    document |= {"dataset_id": "a", "metas": {"default": default}}
    document.setdefault("fields", [{"name": "f", "type": "text", "annotations": annotations}])
    try:
        found = dataset_of(document)
    except AnswerNotUnderstood:
        return
    mapped_metadata(found, "Ville")
    mapped_fields(found.fields)
    kept_metas(found.metas)
    assert isinstance(found.data_mark, str)


@given(st.text())
def test_texts_of_strangers_can_be_stored_and_shown(given):
    kept = text(given, 50)
    assert len(kept.encode()) <= 200
    assert "\x00" not in kept
    assert "\x1b" not in kept


def kinds(kind, theirs, ours, rows=None):
    return {told[0] for told in differing(kind, theirs, ours, rows or Rows(10, 10))}


def test_figures_that_say_the_same():
    exact = Figures(10, 30, 1, 5, 30)
    assert kinds(FieldType.INTEGER, Figures(10, 30.0, 1, 5), exact) == set()
    assert kinds(FieldType.INTEGER, Figures(10, 31, 1, 5), exact) == {"sum"}
    assert kinds(FieldType.INTEGER, Figures(9, 30, 1, 5), exact) == {"nulls"}
    large = Figures(10, 2**70, 1, 2**69, 2**70)
    assert kinds(FieldType.INTEGER, Figures(10, float(2**70), 1, float(2**69)), large) == set()
    floats = Figures(10, 0.1 + 0.2, 0.1, 0.2, 0.3)
    assert kinds(FieldType.NUMBER, Figures(10, 0.3, 0.1, 0.2), floats) == set()
    assert kinds(FieldType.NUMBER, Figures(10, 0.3001, 0.1, 0.2), floats) == {"sum"}
    assert kinds(FieldType.NUMBER, Figures(0, 0, None, None), Figures(0, None, None, None, None)) == set()
    assert kinds(FieldType.ARRAY, Figures(nulls=4), Figures(8, size=6)) == set(), "empty lists count as nothing there"
    assert kinds(FieldType.ARRAY, Figures(nulls=3), Figures(8, size=6)) == {"nulls"}


def test_dates_are_compared_as_instants():
    row = {"count_0": 2, "min_0": "2024-01-01", "max_0": 1704153600000}
    there = read_figures(FieldType.DATE, row, 0)
    assert (there.least, there.most) == (datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 2, tzinfo=UTC))
    ours = Figures(2, None, date(2024, 1, 1), date(2024, 1, 2))
    assert kinds(FieldType.DATE, there, ours, Rows(2, 2)) == set()
    assert kinds(FieldType.DATE, there, Figures(2, None, date(2024, 1, 1), date(2024, 1, 3)), Rows(2, 2)) == {"max"}
    assert instant("hier") is None
    assert instant(10**30) is None
    assert instant(True) is None
