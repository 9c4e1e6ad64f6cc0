"""What the demonstration shows beside data: agreements, requests, portals, reviews.

Loaded twice, as when a load was interrupted."""

from __future__ import annotations

import pytest

from bocage.access.agreements.vocabulary import Standing
from bocage.access.models import AccessRequest, Agreement
from bocage.access.requests.vocabulary import State
from bocage.access.rules import decide
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.demo.exchanges import acting, load_exchanges
from bocage.demo.loader import load_sample
from bocage.demo.organizations import METROPOLE, load_organizations
from bocage.demo.portals import load_portals
from bocage.demo.reviews import REVIEWED, load_reviews
from bocage.demo.sample import SAMPLES
from bocage.organizations.models import Portal
from bocage.pipeline.reviews.models import Review
from bocage.pipeline.reviews.vocabulary import ReviewState
from bocage.query.selection import selection_of

pytestmark = pytest.mark.django_db

SUBJECT = "chantiers"
NEEDED = (SUBJECT, "fuites", "beneficiaires-aides", "consommations-eau", REVIEWED)


def test_each_idea_is_shown_once_and_means_something() -> None:
    load_organizations()
    for sample in SAMPLES:
        if sample.slug in NEEDED:
            load_sample(sample)
    for _time in range(2):
        load_exchanges()
        load_portals()
        load_reviews()
    assert {one.standing for one in Agreement.objects.all()} == {Standing.IN_FORCE, Standing.PROPOSED}
    assert decide(acting(METROPOLE), Action.READ, Dataset.objects.get(slug="fuites"))
    assert set(AccessRequest.objects.values_list("state", flat=True)) == {State.ASKED, State.GRANTED, State.REFUSED}
    [review] = Review.objects.all()
    assert review.state == ReviewState.WAITING
    assert review.row_count < Dataset.objects.get(slug=REVIEWED).row_count
    assert sorted(Portal.objects.values_list("domain", flat=True)) == ["*", "mobilites.localhost", "reze.localhost"]
    shown = selection_of(Portal.objects.get(domain="mobilites.localhost")).filter
    assert list(Dataset.objects.filter(shown).values_list("slug", flat=True)) == [SUBJECT]
