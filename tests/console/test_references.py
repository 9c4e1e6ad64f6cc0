"""The pages of references: who sees which numbers, who marks, who points."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from bocage.access.models import DataRule
from bocage.access.vocabulary import Audience
from bocage.catalog.models import ReferenceLayer, ReferenceLink
from bocage.catalog.vocabulary import FieldType as T
from bocage.organizations.vocabulary import Role
from bocage.pipeline.references.settling import settle_dataset
from bocage.pipeline.reviews.requirements import require_on
from bocage.pipeline.services import carry_out, request_publication
from tests.pipeline.references.territory import Territory

pytestmark = pytest.mark.django_db

COMMUNES, SCHOOLS = "/console/datasets/communes/references/", "/console/datasets/ecoles/references/"


@pytest.fixture
def territory(db, data_folder):
    with translation.override("fr"):
        yield Territory(data_folder)


@pytest.fixture
def come(territory):
    """A function that signs somebody in."""

    def enter(name):
        client = Client()
        client.force_login(territory.people[name])
        return client

    return enter


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_a_coordinator_marks_then_a_steward_points(territory, come):
    chloe, rose = come("chloe"), come("rose")
    said = {"kind": "boundaries", "key": "code", "label": "nom"}
    assert chloe.post(f"{COMMUNES}mark/", said).status_code == 302
    assert ReferenceLayer.objects.get().label == "nom"
    assert "communes" in page(rose, "/console/references/")
    assert rose.post(f"{SCHOOLS}link/", {"field": "insee", "reference": "communes"}).status_code == 302
    shown = page(rose, SCHOOLS)
    assert "99999" in shown
    assert "Ecoles" in page(chloe, COMMUNES)
    link = ReferenceLink.objects.get()
    assert come("chloe").post(f"{COMMUNES}{link.pk}/remove/").status_code == 404, "of another dataset"
    assert rose.post(f"{SCHOOLS}{link.pk}/remove/").status_code == 302
    assert not ReferenceLink.objects.exists()


@pytest.mark.parametrize("who", ["sam", "rose", "member"])
def test_only_coordinators_mark_and_unmark(territory, come, who):
    said = {"kind": "boundaries", "key": "code", "label": ""}
    assert come(who).post(f"{COMMUNES}mark/", said).status_code == 403
    territory.mark()
    assert come(who).post(f"{COMMUNES}unmark/").status_code == 403
    assert ReferenceLayer.objects.exists()
    assert come("chloe").post(f"{COMMUNES}unmark/").status_code == 302
    assert not ReferenceLayer.objects.exists()


@pytest.mark.parametrize(
    "said", [{}, {"kind": "x", "key": "code"}, {"kind": "other", "key": "geo"}, {"kind": "other", "key": "code\x00"}]
)
def test_answers_that_are_none_are_told(territory, come, said):
    assert come("chloe").post(f"{COMMUNES}mark/", said).status_code == 400
    assert not ReferenceLayer.objects.exists()


def test_a_key_that_is_none_is_explained(territory, come):
    territory.publish(territory.communes, "('1', 'a'), ('1', 'b')", code=T.STRING, nom=T.STRING)
    chloe = come("chloe")
    assert chloe.post(f"{COMMUNES}mark/", {"kind": "other", "key": "code", "label": ""}).status_code == 302
    assert "deux fois" in page(chloe, COMMUNES)
    assert not ReferenceLayer.objects.exists()


def test_a_reference_that_one_may_not_read_cannot_be_pointed_to(territory, come):
    territory.mark()
    territory.communes.visibility = "private"
    territory.communes.save()
    rose = come("rose")
    assert rose.post(f"{SCHOOLS}link/", {"field": "insee", "reference": "communes"}).status_code == 400
    assert "Communes" not in page(rose, SCHOOLS)
    assert "Communes" not in page(rose, "/console/references/")


def test_numbers_and_names_of_columns_are_those_of_the_reader(territory, come):
    layer = territory.mark()
    territory.link(layer)
    territory.publish(territory.communes, "('44109', 'Nantes')", code=T.STRING, nom=T.STRING)
    settle_dataset(territory.communes)
    territory.join("carl", Role.CONTRIBUTOR, territory.commune)
    assert "99999" in page(come("carl"), SCHOOLS)
    DataRule.objects.create(
        dataset=territory.schools.uid, audience=Audience.EVERYONE, columns={"insee": {"mask": "hide"}}
    )
    carl = come("carl")
    assert "99999" not in page(carl, SCHOOLS)
    assert "insee" not in page(carl, SCHOOLS).split("<h2")[1], "a hidden column is not named"
    territory.join("outside", Role.CONTRIBUTOR, territory.metropole)
    outside = page(come("outside"), COMMUNES)
    assert "Ecoles" in outside, "it is open, but for a column"
    assert "insee" not in outside
    assert "2 lignes" not in outside
    assert "2 lignes" in page(come("rose"), SCHOOLS) or "3 lignes" in page(come("rose"), SCHOOLS)


def test_what_a_version_under_review_would_change(territory, come, tmp_path):
    layer = territory.mark()
    territory.link(layer)
    territory.join("nadia", Role.STEWARD, territory.metropole)
    require_on(viewer=territory.may("chloe"), dataset=territory.communes)
    file = tmp_path / "communes.csv"
    file.write_text("code,nom\n44109,Nantes\n44500,Sud-Loire\n", encoding="utf-8")
    run = request_publication(
        viewer=territory.may("sam"), dataset=territory.communes, file=file, filename="communes.csv"
    )
    _carried(run)
    shown = page(come("chloe"), COMMUNES)
    assert "Sud-Loire" in shown
    assert "2 lignes ne renvoient plus à rien" in shown
    assert territory.communes.versions.count() == 1


def _carried(run):
    from bocage.pipeline import claims

    assert claims.claim(run)
    carry_out(run)
    run.refresh_from_db()
    assert run.status == "review"


def test_the_number_of_rows_is_told_to_who_sees_them_all(territory, come):
    territory.mark()
    assert "3 lignes" in page(come("rose"), "/console/references/")
    DataRule.objects.create(dataset=territory.communes.uid, audience=Audience.EVERYONE, rows="code = '44109'")
    assert "3 lignes" not in page(come("rose"), "/console/references/")


def test_pages_stay_few_statements(territory, come, django_assert_max_num_queries):
    layer = territory.mark()
    for n in range(8):
        other = territory.dataset(f"d{n}", territory.commune)
        layer.links.create(dataset=other, field="insee", declared_at=layer.marked_at)
    chloe = come("chloe")
    with django_assert_max_num_queries(45):
        page(chloe, COMMUNES)
