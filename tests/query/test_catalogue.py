"""The catalogue: rights on rows, search that forgives, ranking, facets."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.access.rules import visible_to
from bocage.access.viewer import ANONYMOUS, OPERATOR, Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.catalog.services import touch_catalogue
from bocage.organizations.models import Organization
from bocage.organizations.vocabulary import Role
from bocage.query import catalogue_facets
from bocage.query.catalogue import CatalogueRelation, catalogue_search, search_words
from bocage.query.catalogue_facets import FACETS, count_values, facet_values
from bocage.query.catalogue_ranking import hits_of
from bocage.query.facets import count_facets
from bocage.query.plan import InRows
from bocage.query.requests import FacetRequest, OdsqlRequest
from bocage.query.rights import scope_for, source_for
from bocage.query.services import records
from bocage.store import engine

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return Organization.objects.create(slug="ville", name="Ville de Nantes", kind="commune", insee_code="44109")


@pytest.fixture
def datasets(town):
    other = Organization.objects.create(slug="syndicat", name="Syndicat des eaux", kind="syndicate")
    given = [
        ("arbres", town, "Arbres d’alignement", "Les arbres des rues.", ["nature"], ["environnement"], "open"),
        (
            "ecoles",
            town,
            "Écoles publiques",
            "Adresses, avec les arbres de la cour.",
            ["éducation"],
            ["education"],
            "open",
        ),
        ("collecte", other, "Collecte des déchets", "Jours de passage.", ["arbres de Noël"], ["dechets"], "open"),
        ("budget", town, "Budget primitif", "Dépenses.", [], ["budget"], "shared"),
        ("agents", town, "Annuaire des agents", "Noms.", [], [], "private"),
        ("secret", other, "Forages", "Secret.", [], ["eau"], "private"),
    ]
    for slug, organization, title, description, keywords, themes, visibility in given:
        Dataset.objects.create(
            slug=slug, organization=organization, title=title, description=description, keywords=keywords, themes=themes,
            visibility=visibility, territory=["44109"], row_count=len(slug),
            schema=[{"name": "geom", "type": "geopoint"}] if slug == "arbres" else [],
        )  # fmt: skip
    touch_catalogue()
    return {organization.slug: organization.pk for organization in (town, other)}


def slugs(viewer=ANONYMOUS, **search):
    return catalogue_search(viewer, **search).slugs


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from(["ville", "syndicat"]), st.sampled_from(list(Role))),
    st.booleans(),
    st.dictionaries(st.integers(0, 20), st.sampled_from(list(Role)), max_size=3),
)
def test_the_rule_of_rows_is_the_rule_of_access(datasets, roles, operator, single):
    uids = list(Dataset.objects.order_by("pk").values_list("uid", flat=True))
    alone = {uids[rank % len(uids)]: role for rank, role in single.items()}
    viewer = Viewer(1, {datasets[slug]: role for slug, role in roles.items()}, operator, alone)
    expected = set(Dataset.objects.filter(visible_to(viewer, Action.READ)).values_list("slug", flat=True))
    assert set(slugs(viewer, limit=100)) == expected
    page = records(viewer, CatalogueRelation(), OdsqlRequest(select="dataset_id", limit=100))
    assert {row["dataset_id"] for row in page.rows} == expected
    found = catalogue_search(viewer, text="secret")
    assert found.total == ("secret" in expected)
    assert sum(v.count for v in catalogue_search(viewer).facets["organization"]) == len(expected)


@pytest.mark.parametrize(
    "text", ["ecoles", "École", "écolse", "ECOLES PUBLIQUES", "publ", "les écoles", "ecole publiqe"]
)
def test_accents_and_typing_errors_are_forgiven(datasets, text):
    assert slugs(text=text) == ["ecoles"]


def test_title_before_keyword_before_description(datasets):
    assert slugs(text="arbres") == ["arbres", "collecte", "ecoles"]


def test_every_word_must_be_found(datasets):
    assert slugs(text="arbres zzzzzzzz") == []
    assert slugs(text="?!") == slugs()


def test_refined_values_of_a_facet_are_alternatives_and_facets_combine(datasets):
    page = catalogue_search(ANONYMOUS, refine={"theme": ["dechets", "education"], "organization": ["ville"]})
    assert page.slugs == ["ecoles"]
    themes = {v.value: (v.name, v.count, v.state) for v in page.facets["theme"]}
    assert themes["education"][1:] == (1, "refined")
    assert themes["environnement"][1:] == (1, "displayed")
    assert {v.value: v.name for v in page.facets["organization"]}["syndicat"] == "Syndicat des eaux"
    assert slugs(refine={"features": ["geo"]}) == ["arbres"]
    assert slugs(refine={"unknown": ["x"]}) == slugs()


REFINED = st.dictionaries(
    st.sampled_from(list(FACETS)),
    st.lists(
        st.sampled_from(["environnement", "education", "ville", "syndicat", "nature", "44109", "geo", "absent", ""]),
        max_size=3,
    ),
    max_size=3,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kept=REFINED, text=st.sampled_from(["", "arbres", "zzz"]), operator=st.booleans())
def test_all_facets_at_once_are_what_each_counts_by_itself(datasets, kept, text, operator):
    viewer = OPERATOR if operator else ANONYMOUS
    relation = CatalogueRelation()
    kept = {facet: list(dict.fromkeys(values)) for facet, values in kept.items() if values}
    with engine.session() as session:
        source, scope = source_for(viewer, relation, session), scope_for(viewer, relation)
        rows = list(hits_of(session, source, search_words(text))) if text else None
        table = facet_values(session, relation.key, relation.source(session, OPERATOR))
        together = count_values(session, source, table, rows, kept)
        wanted = [FacetRequest(field, disjunctive=True) for field in FACETS.values()]
        one_by_one = count_facets(
            session, source, scope, None if rows is None else InRows(tuple(rows)), wanted,
            {FACETS[facet]: values for facet, values in kept.items()},
        )  # fmt: skip
    assert together == {facet: one_by_one[field] for facet, field in FACETS.items()}


def test_the_most_frequent_values_are_kept_and_the_refined_ones(datasets, monkeypatch):
    monkeypatch.setattr(catalogue_facets, "MOST_VALUES", 1)
    facet = catalogue_search(OPERATOR, refine={"organization": ["syndicat"]}).facets["organization"]
    assert [(value.value, value.count, value.state) for value in facet] == [
        ("ville", 4, "displayed"),
        ("syndicat", 2, "refined"),
    ]


def test_sorts_and_pages(datasets):
    assert slugs(sort="title") == ["arbres", "collecte", "ecoles"]
    assert slugs(sort="records") == ["collecte", "arbres", "ecoles"]
    assert catalogue_search(ANONYMOUS, sort="title", limit=1, offset=1).slugs == ["collecte"]
    beyond = catalogue_search(ANONYMOUS, limit=1, offset=50)
    assert (beyond.total, beyond.slugs) == (3, [])


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("features='geo'", ["arbres"]),
        ('datasetid:"ecoles"', ["ecoles"]),
        ("default.title like 'ecoles'", ["ecoles"]),
        ('publisher:"Ville de Nantes"', ["arbres", "ecoles"]),
        ("modified > date'2020'", ["arbres", "collecte", "ecoles"]),
        ("default.modified < date'2020'", []),
        ("theme = 'Déchets' or theme = 'Waste'", ["collecte"]),
        ("not has_records", []),
        ('"arbres"', ["arbres", "collecte", "ecoles"]),
        ("records_count > 6", ["collecte"]),
    ],
)
def test_the_catalogue_in_odsql(datasets, where, expected):
    page = records(
        ANONYMOUS, CatalogueRelation(), OdsqlRequest(select="dataset_id", where=[where], order_by="dataset_id")
    )
    assert [row["dataset_id"] for row in page.rows] == expected


def test_a_change_is_seen_at_once(datasets):
    assert "secret" not in slugs()
    Dataset.objects.filter(slug="secret").update(visibility="open")
    touch_catalogue()
    assert "secret" in slugs()


def test_an_empty_catalogue_has_nothing(db):
    assert (catalogue_search(OPERATOR, text="eau").total, slugs(OPERATOR)) == (0, [])
