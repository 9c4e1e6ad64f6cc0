"""The page that says what each one sees: a rule is made, tried through somebody's eyes, ended; what is wrong in it is told."""

from __future__ import annotations

import pytest
from django.utils import translation

from bocage.access.models import DataRule
from bocage.access.restrictions import restriction_for
from bocage.access.viewer import ANONYMOUS
from bocage.access.vocabulary import Visibility
from bocage.catalog.selectors import catalogue_revision
from bocage.organizations.vocabulary import Role

PAGE = "/console/datasets/parkings/access/rules/"


def given(**more: object) -> dict[str, object]:
    return {"audience": "everyone", "reason": "RGPD", **more}


@pytest.fixture
def opened(dataset):
    dataset.visibility = Visibility.OPEN
    dataset.schema = [
        {"name": "nom", "type": "string", "label": "Nom", "description": "", "original": {}},
        {"name": "places", "type": "integer", "label": "Places", "description": "", "original": {}},
        {"name": "jour", "type": "date", "label": "Jour", "description": "", "original": {}},
    ]
    dataset.save()
    return dataset


def test_a_rule_is_made_then_ended(person, opened):
    steward = person(Role.STEWARD)
    before = catalogue_revision()
    made = steward.post(PAGE, given(mask_0="truncate", to_0="2", mask_1="round", to_1="10", mask_2="month"))
    assert made.status_code == 302
    assert catalogue_revision() > before
    rule = DataRule.objects.get()
    assert rule.columns == {
        "nom": {"mask": "truncate", "to": "2"}, "places": {"mask": "round", "to": "10"}, "jour": {"mask": "period", "to": "month"},
    }  # fmt: skip
    assert len(restriction_for(ANONYMOUS, opened).masks) == 3
    assert "premiers caractères de « nom » (2)" in steward.get(PAGE, headers={"accept-language": "fr"}).content.decode()
    assert steward.post(f"{PAGE}{rule.pk}/end/").status_code == 302
    assert not restriction_for(ANONYMOUS, opened)
    assert "RGPD" in steward.get(PAGE).content.decode(), "what was stays told"


def test_rows_positions_and_small_numbers(person, opened):
    steward = person(Role.STEWARD)
    steward.post(PAGE, given(audience="members", rows="nom in ({insee})"))
    steward.post(PAGE, given(threshold="5", dimensions=["nom"], measures=["places"]))
    rows, cells = DataRule.objects.order_by("pk")
    assert (rows.audience, rows.rows) == ("members", "nom in ({insee})")
    assert (cells.threshold, cells.dimensions, cells.measures) == (5, ["nom"], ["places"])


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({}, "ne cache rien"),
        ({"rows": "nom = 'a' and ("}, "pas attendu à la position"),
        ({"rows": "absent = 3"}, "absent"),
        ({"rows": "nom = {insee}"}, "position"),
        ({"rows": "search('a')"}, "ne cherche pas de mots"),
        ({"mask_0": "truncate", "to_0": "0"}, "nom"),
        ({"mask_0": "truncate", "to_0": "²"}, "nom"),
        ({"mask_1": "round", "to_1": "x"}, "places"),
        ({"mask_1": "truncate"}, "Sélectionnez un choix valide"),
        ({"grid_m": "100"}, "pas de position"),
        ({"threshold": "5", "measures": ["places"]}, "Pour masquer les petits nombres"),
        ({"threshold": "5", "dimensions": ["places"], "measures": ["places"]}, "Pour masquer les petits nombres"),
        ({"audience": "person", "mask_0": "hide"}, "Dites"),
        ({"mask_0": "hide", "ends_on": "2020-01-01"}, "avant de commencer"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(person, opened, wrong, told):
    steward = person(Role.STEWARD)
    with translation.override("fr"):
        page = steward.post(PAGE, given(**wrong), headers={"accept-language": "fr"})
    assert page.status_code == 200
    assert told in page.content.decode()
    assert not DataRule.objects.exists()


def test_whoever_does_not_manage_neither_sees_nor_makes_rules(person, opened):
    contributor = person(Role.CONTRIBUTOR)
    assert contributor.get(PAGE).status_code == 403
    assert contributor.post(PAGE, given(mask_0="hide")).status_code == 403
    assert not DataRule.objects.exists()
