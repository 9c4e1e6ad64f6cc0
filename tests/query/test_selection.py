"""What a door shows: the same in both languages, never more than what the reader may see, and never in anybody's cache."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.access.models import Agreement, Grant, Group
from bocage.access.models.agreements import today
from bocage.access.rules import visible_to
from bocage.access.viewer import ANONYMOUS, OPERATOR, Viewer
from bocage.access.vocabulary import Action, Audience, Effect, Visibility
from bocage.catalog.models import Dataset
from bocage.catalog.services import touch_catalogue
from bocage.organizations.models import Organization, Portal
from bocage.organizations.portals.vocabulary import Showing
from bocage.organizations.services import create_organization, move_organization
from bocage.organizations.vocabulary import OrganizationKind, Role
from bocage.query.catalogue import CatalogueRelation, catalogue_search
from bocage.query.errors import QueryError
from bocage.query.requests import FacetRequest, OdsqlRequest
from bocage.query.selection import EVERYTHING, Selection, SelectionLooksElsewhere, check_where, selection_of
from bocage.query.services import facets, records

pytestmark = pytest.mark.django_db

THEMES = ("mobilite", "budget", "dechets")


@pytest.fixture
def places() -> dict[str, Organization]:
    metropole = create_organization(slug="metropole", name="Métropole", kind=OrganizationKind.EPCI)
    made = {"metropole": metropole}
    for slug, insee in (("reze", "44143"), ("bouaye", "44018")):
        made[slug] = create_organization(
            slug=slug, name=slug.title(), kind=OrganizationKind.COMMUNE, parent=metropole, insee_code=insee
        )
    made["delegue"] = create_organization(slug="delegue", name="Délégué", kind=OrganizationKind.DELEGATE)
    return made


@pytest.fixture
def datasets(places) -> dict[str, Dataset]:
    made = {}
    for rank, (slug, organization) in enumerate(places.items()):
        for visibility in Visibility:
            name = f"{slug}-{visibility.value}"
            made[name] = Dataset.objects.create(
                slug=name, organization=organization, title=name, visibility=visibility, themes=[THEMES[rank % 3]],
                territory=["44143"] if slug == "metropole" else [organization.insee_code], version_number=1, row_count=rank,
            )  # fmt: skip
    touch_catalogue()
    return made


def door(organization: Organization, showing: Showing, **said) -> Portal:
    return Portal.objects.create(
        organization=organization, domain=f"{showing}.{organization.slug}.fr", showing=showing, **said
    )


def in_sql(viewer: Viewer, selection: Selection) -> set[str]:
    page = records(viewer, CatalogueRelation(selection=selection), OdsqlRequest(select="dataset_id", limit=100))
    assert page.total_count == len(page.rows)
    return {row["dataset_id"] for row in page.rows}


def in_lists(viewer: Viewer, selection: Selection) -> set[str]:
    return set(Dataset.objects.filter(visible_to(viewer, Action.SEE), selection.filter).values_list("slug", flat=True))


def shown(portal: Portal) -> set[str]:
    """By the platform to its operator, who may see everything."""
    somebody = Viewer(1, operator=True)
    selection = selection_of(portal)
    assert in_sql(somebody, selection) == in_lists(somebody, selection)
    return in_lists(somebody, selection)


def all_of(datasets, *slugs: str) -> set[str]:
    return {name for name in datasets if name.rsplit("-", 1)[0] in slugs}


def test_what_each_choice_shows(places, datasets) -> None:
    reze, metropole = places["reze"], places["metropole"]
    assert shown(door(metropole, Showing.EVERYTHING)) == set(datasets)
    assert shown(door(metropole, Showing.OWN)) == all_of(datasets, "metropole")
    assert shown(door(metropole, Showing.BRANCH)) == all_of(datasets, "metropole", "reze", "bouaye")
    assert shown(door(reze, Showing.BRANCH)) == all_of(datasets, "reze")
    chosen = [datasets["delegue-open"].uid, datasets["reze-private"].uid, "da_gone"]
    assert shown(door(reze, Showing.CHOSEN, chosen=chosen)) == {"delegue-open", "reze-private"}
    asked = 'territory = {insee} or theme_code in ("budget")'
    expected = all_of(datasets, "metropole", "reze")
    assert shown(door(reze, Showing.QUERY, where=asked)) == expected
    assert shown(door(places["delegue"], Showing.QUERY, where="territory = {insee}")) == all_of(datasets, "delegue")


def test_a_branch_follows_the_tree(places, datasets) -> None:
    portal = door(places["metropole"], Showing.BRANCH)
    before = selection_of(portal)
    move_organization(organization=places["delegue"], parent=places["metropole"])
    assert selection_of(portal).key != before.key
    assert shown(portal) == set(datasets)


def test_what_is_shared_is_what_is_granted_today(places, datasets) -> None:
    reze = places["reze"]
    group = Group.objects.create(name="Vélo", organization=reze)
    portal = door(reze, Showing.SHARED)
    said = {"reason": "r", "audience": Audience.ORGANIZATION, "organization": reze}
    Grant.objects.create(dataset=datasets["delegue-private"].uid, **said)
    Grant.objects.create(dataset=datasets["delegue-open"].uid, effect=Effect.DENY, **said)
    Grant.objects.create(
        dataset=datasets["delegue-shared"].uid, ends_at=Dataset.objects.get(slug="reze-open").created_at, **said
    )
    Grant.objects.create(
        branch=places["bouaye"], reason="r", audience=Audience.BRANCH, organization=places["metropole"]
    )
    Grant.objects.create(dataset=datasets["metropole-private"].uid, reason="r", audience=Audience.GROUP, group=group)
    assert shown(portal) == all_of(datasets, "reze", "bouaye") | {"delegue-private"}
    ours = Portal.objects.create(organization=reze, domain="velo.fr", showing=Showing.SHARED, group=group.uid)
    assert shown(ours) == {"metropole-private"}
    group.delete()
    assert shown(ours) == set()


def test_an_agreement_is_shown_while_it_lasts(places, datasets) -> None:
    agreement = Agreement.objects.create(
        number="1",
        title="t",
        producer=places["delegue"],
        purpose="p",
        legal_basis="public-task",
        state="signed",
        starts_on=today(),
    )
    agreement.consumers.add(places["reze"])
    agreement.datasets.create(dataset=datasets["delegue-private"].uid)
    portal = door(places["reze"], Showing.SHARED)
    assert "delegue-private" in shown(portal)
    Agreement.objects.update(state="ended")
    assert "delegue-private" not in shown(portal)


WHERE = st.sampled_from(
    ["", "territory = \"44143\"", "theme_code = \"budget\"", "records_count > 0", "visibility = \"private\"",
     "not title like \"reze\"",
     "nothing = 1", "search(title, \"reze\")", "((", "true", "title = \"'; drop table x --\""]
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sets(st.integers(0, 3)),
    st.sets(st.integers(0, 19)),
    WHERE,
    st.dictionaries(st.integers(0, 3), st.sampled_from(Role), max_size=2),
)
def test_both_languages_agree_and_only_narrow(places, datasets, owners, some, where, roles) -> None:
    everywhere, everything = list(places.values()), list(datasets.values())
    selection = Selection(
        organizations=frozenset(everywhere[one].pk for one in owners),
        uids=frozenset(everything[one % len(everything)].uid for one in some),
        where=where,
    )
    for viewer in (
        ANONYMOUS,
        Viewer(7, {everywhere[one].pk: role for one, role in roles.items()}),
        Viewer(1, operator=True),
    ):
        found = in_sql(viewer, selection)
        assert found == in_lists(viewer, selection)
        assert found <= in_lists(viewer, EVERYTHING)
        page = catalogue_search(viewer, limit=100, selection=selection)
        assert set(page.slugs) == found
        assert page.total == len(found)
        assert sum(value.count for value in page.facets["organization"]) == len(found)
        wanted = facets(viewer, CatalogueRelation(selection=selection), OdsqlRequest(), [FacetRequest("theme_code")])
        assert sum(value.count for value in wanted["theme_code"]) == len(found)


def test_words_are_found_at_every_door_whoever_asked_first(places, datasets) -> None:
    """One index of words serves every door, the narrowest first."""
    own = selection_of(door(places["reze"], Showing.OWN))
    everybody = {"bouaye-shared", "delegue-shared", "metropole-shared", "reze-shared"}
    for selection, expected in ((own, {"reze-shared"}), (EVERYTHING, everybody)):
        found = catalogue_search(Viewer(1, operator=True), text="shared", selection=selection)
        assert set(found.slugs) == expected
    assert in_sql(OPERATOR, own) == set(datasets), "the platform itself, which makes indexes, reads everything"


def test_a_search_at_a_door_finds_nothing_behind_it(places, datasets) -> None:
    own = selection_of(door(places["reze"], Showing.OWN))
    relation = CatalogueRelation(selection=own)
    for asked in (
        {"where": ['"delegue"']},
        {"refine": ["organization:delegue"]},
        {"where": ['not organization = "reze"']},
    ):
        assert records(ANONYMOUS, relation, OdsqlRequest(select="dataset_id", **asked)).rows == []
    assert catalogue_search(ANONYMOUS, refine={"organization": ["delegue"]}, selection=own).total == 0


@pytest.mark.parametrize("where", ["((", "nothing = 1", "title = "])
def test_a_question_that_cannot_be_read_is_refused(places, where: str) -> None:
    with pytest.raises(QueryError):
        check_where(where, door(places["reze"], Showing.QUERY))


@pytest.mark.parametrize("where", ['search("eau")', '"eau"', "modified > now(days=-1)", "modified > NOW ()"])
def test_a_question_looks_at_the_catalogue_alone(places, where: str) -> None:
    with pytest.raises(SelectionLooksElsewhere):
        check_where(where, door(places["reze"], Showing.QUERY))


def test_the_same_question_has_the_same_key_and_another_another(places) -> None:
    one = Selection(organizations=frozenset({1, 2}), uids=frozenset({"a", "b"}), where="title = 1")
    assert one.key == Selection(organizations=frozenset({2, 1}), uids=frozenset({"b", "a"}), where="title = 1").key
    others = [EVERYTHING, Selection(), Selection(organizations=frozenset({12})), Selection(where="title = 1")]
    assert len({one.key, *(other.key for other in others)}) == 5


def test_a_question_follows_the_catalogue(places, datasets) -> None:
    portal = door(places["reze"], Showing.QUERY, where='theme_code = "budget"')
    before = shown(portal)
    Dataset.objects.filter(slug="delegue-open").update(themes=["budget"])
    touch_catalogue()
    assert shown(portal) == before | {"delegue-open"}
