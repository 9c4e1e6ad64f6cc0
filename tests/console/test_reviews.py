"""The pages of reviews: the queue, what is proposed, the decision, where it is required."""

from __future__ import annotations

import pytest
from django.test import Client

from bocage.access.standing import viewer_of
from bocage.access.viewer import OPERATOR
from bocage.organizations.vocabulary import Role
from bocage.pipeline import claims
from bocage.pipeline.models import Run
from bocage.pipeline.reviews.models import Review
from bocage.pipeline.services import carry_out, request_publication
from bocage.store.selectors import current_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def steward(person):
    return person(Role.STEWARD)


@pytest.fixture
def propose(dataset, tmp_path):
    def deliver(content, who):
        file = tmp_path / "dropped.csv"
        file.write_text(content)
        request_publication(viewer=viewer_of(who.user), dataset=dataset, file=file, filename="parkings.csv")
        return carry_out(claims.claim_next())

    return deliver


def require(client, slug="parkings"):
    return client.post(f"/console/datasets/{slug}/review/", {"required": "1"})


def test_from_the_requirement_to_the_publication(steward, person, propose, dataset):
    author = person(Role.CONTRIBUTOR)
    propose("code,places\nA,1\n", author)
    require(steward)
    run = propose("code,places\nA,<b>2</b>\nB,3\n", author)
    assert "console/reviews/rv_" in author.get(f"/console/runs/{run.uid}/").content.decode()
    assert "console/runs/" in author.get("/console/datasets/parkings/").content.decode()
    uid = Review.objects.get().uid
    assert uid in steward.get("/console/reviews/").content.decode()
    assert uid not in author.get("/console/reviews/").content.decode()
    assert uid in author.get("/console/reviews/?side=all").content.decode()
    page = steward.get(f"/console/reviews/{uid}/").content.decode()
    assert "&lt;b&gt;2&lt;/b&gt;" in page
    assert "reviews/" + uid + "/accept/" in page
    assert "/accept/" not in author.get(f"/console/reviews/{uid}/").content.decode()
    author.post(f"/console/reviews/{uid}/accept/")
    assert current_version(dataset).number == 1
    steward.post(f"/console/reviews/{uid}/accept/")
    assert carry_out(claims.claim_next()).status == "done"
    assert current_version(dataset).number == 2
    assert steward.get(f"/console/reviews/{uid}/").status_code == 200


def test_strangers_know_of_nothing(steward, person, other_commune, propose):
    require(steward)
    propose("code,places\nA,1\n", steward)
    uid = Review.objects.get().uid
    for client in (person(Role.MEMBER), person(Role.ADMINISTRATOR, other_commune)):
        assert client.get(f"/console/reviews/{uid}/").status_code == 404
        for action in ("accept", "return", "withdraw"):
            assert client.post(f"/console/reviews/{uid}/{action}/", {"reason": "x"}).status_code == 404
        assert uid not in client.get("/console/reviews/?side=all").content.decode()
        assert require(client).status_code in (403, 404)
    assert Client().get(f"/console/reviews/{uid}/").status_code == 302
    assert Review.objects.get().state == "waiting"


def test_sent_back_then_proposed_again(steward, person, propose):
    author = person(Role.CONTRIBUTOR)
    require(steward)
    run = propose("code,places\nA,1\n", author)
    uid = Review.objects.get().uid
    steward.post(f"/console/reviews/{uid}/return/", {"reason": ""})
    assert Review.objects.get().state == "waiting"
    steward.post(f"/console/reviews/{uid}/return/", {"reason": "Il manque <i>B</i>."})
    page = author.get(f"/console/runs/{run.uid}/").content.decode()
    assert "Il manque &lt;i&gt;B&lt;/i&gt;." in page
    assert "Il manque &lt;i&gt;B&lt;/i&gt;." in author.get(f"/console/reviews/{uid}/").content.decode()
    author.post(f"/console/runs/{run.uid}/retry/")
    assert carry_out(claims.claim_next()).status == "review"


def test_withdrawn_from_the_page_of_the_run(steward, propose):
    require(steward)
    run = propose("code,places\nA,1\n", steward)
    steward.post(f"/console/runs/{run.uid}/cancel/")
    assert Run.objects.get().status == "cancelled"


def test_going_back_is_proposed(steward, person, propose, dataset):
    propose("code,places\nA,1\n", steward)
    propose("code,places\nA,2\n", steward)
    require(steward)
    answer = steward.post("/console/datasets/parkings/versions/1/restore/")
    review = Review.objects.get()
    assert answer.headers["Location"] == f"/console/reviews/{review.uid}/"
    assert current_version(dataset).number == 2
    other = person(Role.STEWARD, email="other@reze.example.fr")
    assert other.get(f"/console/reviews/{review.uid}/").status_code == 200
    other.post(f"/console/reviews/{review.uid}/accept/")
    assert current_version(dataset).number == 1


def test_required_for_an_organisation(person, steward, commune, propose):
    coordinator = person(Role.COORDINATOR)
    assert steward.get(f"/console/organization/{commune.slug}/review/").status_code == 403
    address = f"/console/organization/{commune.slug}/review/"
    assert coordinator.get(address).status_code == 200
    coordinator.post(address, {"required": "1"})
    page = steward.get("/console/datasets/parkings/review/").content.decode()
    assert commune.name in page
    steward.post("/console/datasets/parkings/review/", {})
    assert propose("code,places\nA,1\n", steward).status == "review"
    coordinator.post(address, {})
    assert propose("code,places\nA,1\n", steward).status == "done"


def test_the_queue_costs_the_same_however_long(steward, propose, django_assert_max_num_queries, commune):
    from bocage.catalog.services import create_dataset

    require(steward)
    propose("code,places\nA,1\n", steward)
    model = Review.objects.get()
    for number in range(40):
        one = create_dataset(viewer=OPERATOR, organization=commune, slug=f"d{number}", title=f"D{number}")
        model.pk, model.uid, model.dataset, model.run = None, f"rv_{number}", one, None
        model.save(force_insert=True)
    with django_assert_max_num_queries(12):
        page = steward.get("/console/reviews/")
    assert page.context["page"].paginator.count == 41
