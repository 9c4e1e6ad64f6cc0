"""The page of a dataset says what it points to and what points to it, to those who read both."""

from __future__ import annotations

import pytest
from django.utils import timezone

from bocage.access.models import DataRule
from bocage.catalog.references.models import ReferenceLayer, ReferenceLink
from tests.portal.test_pages import get

pytestmark = pytest.mark.usefixtures("portal")
PLACES, COMMUNES = "/explore/dataset/places/", "/explore/dataset/communes/"


@pytest.fixture
def communes(dataset, make_dataset):
    """A reference without data: nothing of it is counted here."""
    made = make_dataset("communes", title="Limites <b>des communes")
    layer = ReferenceLayer.objects.create(dataset=made, kind="boundaries", key="code", marked_at=timezone.now())
    ReferenceLink.objects.create(dataset=dataset, field="commune", reference=layer, declared_at=timezone.now())
    return made


def test_both_pages_say_it(client, communes):
    places, pointed = get(client, PLACES), get(client, COMMUNES)
    assert "Points to</h2>" in places
    assert f'href="{COMMUNES}"' in places
    assert "Limites &lt;b&gt;des communes" in places
    assert "by the column commune" in places
    assert "Used by</h2>" not in places
    assert "Used by</h2>" in pointed
    assert f'href="{PLACES}"' in pointed.split("Used by</h2>")[1].split("</section>")[0]


def test_an_end_that_is_hidden_is_not_there(client, communes):
    type(communes).objects.filter(pk=communes.pk).update(visibility="private")
    assert "Points to</h2>" not in get(client, PLACES)


def test_a_column_that_is_hidden_points_to_nothing(client, communes, dataset):
    DataRule.objects.create(
        dataset=dataset.uid, audience="everyone", reason="RGPD", columns={"commune": {"mask": "hide"}}
    )
    assert "Points to</h2>" not in get(client, PLACES)
    assert "Used by</h2>" not in get(client, COMMUNES)
