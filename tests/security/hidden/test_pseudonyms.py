"""Pseudonyms: stable in a dataset, and nobody can make them out of what they guess."""

from __future__ import annotations

import hashlib
import json
from itertools import product

import pytest

from bocage.access.models import DataRule
from bocage.catalog.services import touch_catalogue
from tests.security.hidden.world import World, attempt, v2

pytestmark = pytest.mark.django_db
NEEDED = ("colonnes", "convention")
ALGORITHMS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b", "blake2s", "sha3_256")


def shown(world: World, slug: str, field: str, reader: str = "stranger", **given: str) -> list[str]:
    body = world.ask(reader, v2(slug, select=field, limit="20", **given))[1]
    return [row[field] for row in json.loads(body)["results"]]


@pytest.fixture
def masked(world: World) -> World:
    """The same column hashed in two datasets, and two columns of one."""
    mask = {"mask": "hash"}
    uid = world.datasets["colonnes"].uid
    DataRule.objects.filter(dataset=uid).update(columns=dict.fromkeys(("tel", "nom", "age", "insee"), mask))
    other = world.datasets["convention"]
    type(other).objects.filter(pk=other.pk).update(visibility="open")
    world.agreement.datasets.all().delete()
    DataRule.objects.create(dataset=other.uid, audience="everyone", reason="x", columns={"tel": mask, "nom": mask})
    touch_catalogue()
    world.become("a")
    return world


def test_equal_values_have_equal_pseudonyms_and_others_have_others(masked: World) -> None:
    assert len(set(shown(masked, "colonnes", "tel"))) == 16
    assert len(set(shown(masked, "colonnes", "insee"))) == 2
    assert len(set(shown(masked, "colonnes", "age"))) == 1
    assert shown(masked, "colonnes", "tel") == shown(masked, "colonnes", "tel", reader="member")


def test_they_stay_from_one_version_to_the_next(masked: World) -> None:
    before = shown(masked, "colonnes", "tel")
    masked.become("b")
    assert shown(masked, "colonnes", "tel") == before


def test_two_datasets_cannot_be_joined_by_them(masked: World) -> None:
    for field in ("tel", "nom"):
        assert not set(shown(masked, "colonnes", field)) & set(shown(masked, "convention", field))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_dictionary_opens_none(masked: World, algorithm: str) -> None:
    """Every telephone number is soon tried; not with a secret."""
    dataset = masked.datasets["colonnes"]
    seen = set(shown(masked, "colonnes", "tel"))
    salts = ("", dataset.uid, dataset.slug, "tel", f"{dataset.uid} tel", f"{dataset.uid}tel", str(dataset.pk))
    for salt, rank in product(salts, range(16)):
        number = f"0699887{rank:03}"
        for text in (salt + number, number + salt, f"{salt} {number}"):
            digest = hashlib.new(algorithm, text.encode()).hexdigest()
            assert digest[:16] not in seen
            assert digest[-16:] not in seen


@pytest.mark.parametrize(
    "where",
    [
        "tel = '0699887003'",
        "tel like '0699*'",
        "search('0699887003')",
        "length(tel) = 10",
        "startswith(tel, '0699887')",
    ],
)
def test_the_value_below_finds_nothing(masked: World, where: str) -> None:
    assert masked.count("stranger", "colonnes", where) == 0
    assert masked.count("steward", "colonnes", where) > 0


def test_their_order_is_not_that_of_the_values(masked: World) -> None:
    """Sixteen numbers in order: sorted by pseudonym, they are not."""
    ranks = [int(one) for one in shown(masked, "colonnes", "montant", order_by="tel")]
    assert sorted(ranks) == list(range(16))
    assert ranks not in (list(range(16)), list(range(15, -1, -1)))


def test_a_number_hashed_is_a_text(masked: World) -> None:
    """Nothing is added, averaged or put in order of it."""
    for given in (
        {"select": "avg(age)"},
        {"select": "sum(age)"},
        {"group_by": "range(age, 1)", "select": "count(*)"},
    ):
        attempt(masked, v2("colonnes", **given), "stranger", steward=False)
