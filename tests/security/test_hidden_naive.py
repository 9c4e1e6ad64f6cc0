"""Through HTTP, for random rules, readers and questions: the answer is a naive reading of the rules; and what is made of a
dataset is never more visible than the dataset."""

# ruff: noqa: E501  tables are read better whole
from __future__ import annotations

import csv
import io
import json
import random
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from bocage.access.models import Agreement, DataRule, Group
from bocage.access.restrictions import restriction_for
from bocage.access.standing import viewer_of
from bocage.access.viewer import ANONYMOUS, OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.models import Dataset
from bocage.catalog.services import create_dataset, touch_catalogue
from bocage.check.models import Score
from bocage.check.projection import projected_csv
from bocage.check.quality.matrix import matrix, schemas_in_use
from bocage.kernel.clock import now
from bocage.kernel.errors import AccessDenied
from bocage.publish.dcat.addresses import Addresses
from bocage.publish.dcat.beside import beside
from bocage.query.facts import as_seen
from bocage.store.selectors import current_version, open_parquet
from bocage.store.services import publish_version
from tests.console.checked import checked
from tests.security.conftest import Territory
from tests.store.making import trees

pytestmark = pytest.mark.django_db
TREES = [{"id": f"T{i}", "n": (i * 31) % 1000, "kind": ["chêne", "hêtre", "frêne"][i % 3]} for i in range(200)]
"""As `tests.store.making.trees`, without the moments and the positions."""
MASKS = (
    {"id": {"mask": "truncate", "to": "2"}},
    {"n": {"mask": "round", "to": "100"}},
    {"kind": {"mask": "hide"}},
    {"n": {"mask": "hide"}},
    {},
)
ROWS = {
    "": lambda row, codes: True,
    "n >= 300": lambda row, codes: row["n"] >= 300,
    "not kind = 'chêne'": lambda row, codes: row["kind"] != "chêne",
    "id in ({insee})": lambda row, codes: row["id"] in codes,
    "gone = 1": lambda row, codes: False,
}
QUESTIONS = {
    "": lambda row: True,
    "n > 450": lambda row: row["n"] > 450,
    "kind = 'hêtre'": lambda row: row["kind"] == "hêtre",
    "id = 'T1' or n = 300": lambda row: row["id"] == "T1" or row["n"] == 300,
    "not n in [100..600] and kind like 'frene'": lambda row: not 100 <= row["n"] <= 600 and row["kind"] == "frêne",
}
NAMED = {"n > 450": {"n"}, "kind = 'hêtre'": {"kind"}, "id = 'T1' or n = 300": {"id", "n"}, "": set()}
RANKS = ("everyone", "members", "branch", "organization", "group", "person")


@dataclass
class Case:
    """`rules`: audience → what is kept; `codes`: those of the reader's organisations."""

    rules: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)

    def shown(self, audiences: set[str], codes: set[str]) -> tuple[set[str], list[dict[str, Any]]]:
        """Fields and rows, naively: the rules of the most precise audience, all of them together."""
        speaking = [rule for rule in self.rules if rule[0] in audiences]
        most = max((RANKS.index(audience) for audience, _columns, _rows in speaking), default=-1)
        kept = [rule for rule in speaking if RANKS.index(rule[0]) == most]
        rows = [dict(row) for row in TREES if all(ROWS[said](row, codes) for _audience, _columns, said in kept)]
        said = [(name, tuple(mask.items())) for _audience, columns, _rows in kept for name, mask in columns.items()]
        hidden = {name for name, mask in said if dict(mask)["mask"] == "hide"}
        hidden |= {name for name, mask in said if any(other == name and kind != mask for other, kind in said)}
        for name, mask in said:
            if name not in hidden:
                for row in rows:
                    row[name] = row[name][:2] if dict(mask)["mask"] == "truncate" else row[name] // 100 * 100
        return {"id", "n", "kind"} - hidden, rows


@pytest.fixture
def trees_of(territory: Territory, tmp_path) -> Dataset:
    it = territory
    for place, code in ((it.here, "T1"), (it.elsewhere, "T2"), (it.metropole, "T3"), (it.region, "T4")):
        place.insee_code = code
        place.save()
    dataset = create_dataset(
        viewer=OPERATOR, organization=it.here, slug="arbres", title="Arbres", visibility=Visibility.OPEN
    )
    publish_version(viewer=OPERATOR, dataset=dataset, staged=trees(tmp_path, 200))
    dataset.refresh_from_db()
    return dataset


def ruled(territory: Territory, dataset: Dataset, dice: random.Random) -> Case:
    """One to four rules, for audiences of every precision."""
    group = Group.objects.create(name="Groupe", organization=territory.here)
    group.members.add(territory.people["member elsewhere"])
    holders = {
        "everyone": {}, "members": {}, "branch": {"organization": territory.metropole}, "organization": {"organization": territory.elsewhere},
        "group": {"group": group}, "person": {"person": territory.people["member here"]},
    }  # fmt: skip
    case = Case()
    for _each in range(dice.randrange(1, 5)):
        audience, columns, rows = dice.choice(RANKS), dice.choice(MASKS) | dice.choice(MASKS), dice.choice(list(ROWS))
        DataRule.objects.create(
            dataset=dataset.uid, audience=audience, columns=columns, rows=rows, reason="RGPD", **holders[audience]
        )
        case.rules.append((audience, columns, rows))
    touch_catalogue()
    return case


READERS: dict[str, tuple[set[str], set[str]]] = {
    "stranger": ({"everyone"}, set()),
    "nobody": ({"everyone"}, set()),
    "member here": ({"everyone", "members", "branch", "person"}, {"T1"}),
    "member elsewhere": ({"everyone", "members", "branch", "organization", "group"}, {"T2"}),
    "coordinator above": ({"everyone", "members", "branch"}, {"T3"}),
}
"""Audiences that each is part of, and codes of their organisations."""


@pytest.mark.parametrize("seed", range(10))
def test_what_is_answered_is_a_naive_reading_of_the_rules(territory: Territory, trees_of: Dataset, seed: int) -> None:
    dice = random.Random(seed)
    case = ruled(territory, trees_of, dice)
    for reader, (audiences, codes) in READERS.items():
        names, rows = case.shown(audiences, codes)
        for where, test in dice.sample(list(QUESTIONS.items()), 3):
            asked = NAMED.get(where, {"n", "kind"})
            client: Client = territory.viewers[reader]
            answer = client.get(f"/api/explore/v2.1/catalog/datasets/arbres/exports/csv?{urlencode({'where': where})}")
            if asked - names:
                assert answer.status_code == 400, (reader, where, case)
                continue
            text = b"".join(answer.streaming_content).decode("utf-8-sig")
            found = [{name: line[name] for name in names} for line in csv.DictReader(io.StringIO(text), delimiter=";")]
            expected = [{name: str(row[name]) for name in names} for row in rows if test(row)]
            assert found == expected, (reader, where, case)
            page = client.get(
                f"/api/explore/v2.1/catalog/datasets/arbres/records?{urlencode({'where': where, 'limit': '0'})}"
            )
            assert json.loads(page.content)["total_count"] == len(expected)


@pytest.mark.parametrize("seed", range(6))
def test_nothing_made_of_a_dataset_is_more_visible_than_it(territory: Territory, trees_of: Dataset, seed: int) -> None:
    """For who sees a part, there is no file, no view through a schema, no score, no verdict, no bounds, no changes; for who sees the
    whole there are."""
    dice = random.Random(100 + seed)
    ruled(territory, trees_of, dice)
    checked(trees_of)
    Score.objects.create(dataset=trees_of, day=now().date(), total=0.5, dimensions={})
    touch_catalogue()
    version = current_version(trees_of)
    partial = 0
    for reader in (
        "stranger",
        "nobody",
        "member here",
        "member elsewhere",
        "contributor here",
        "steward here",
        "operator",
    ):
        viewer = viewer_of(territory.people[reader]) if reader in territory.people else ANONYMOUS
        limits = restriction_for(viewer, trees_of)
        partial += bool(limits)
        seen = as_seen(viewer, trees_of)
        assert (seen.bbox is None) == limits.keeps_rows
        assert (seen.row_count is None) == limits.keeps_rows
        assert {one.name for one in seen.fields}.isdisjoint(limits.hidden)
        scores = beside(viewer, [trees_of], Addresses("http://localhost")).scores
        assert bool(scores) == (not limits)
        cell = matrix(viewer, [territory.here], schemas_in_use(viewer)).rows[0].cells[0]
        assert cell.kept == bool(limits)
        for made in (
            lambda viewer=viewer: open_parquet(viewer, version),
            lambda viewer=viewer: projected_csv(viewer, trees_of, "local/parkings", "9"),
        ):
            if limits:
                with pytest.raises(AccessDenied):
                    made()
        page = territory.viewers[reader].get("/explore/dataset/arbres/quality/").content.decode()
        assert ('class="score' in page) == (not limits)
    assert partial


def test_what_an_agreement_opens_is_never_more_than_the_rules_leave(territory: Territory, trees_of: Dataset) -> None:
    """The columns and the rows that both show."""
    Dataset.objects.filter(pk=trees_of.pk).update(visibility="private")
    agreement = Agreement.objects.create(
        number="1",
        title="Étude",
        producer=territory.here,
        purpose="Étude",
        legal_basis="public-task",
        state="signed",
        starts_on=now().date(),
    )
    agreement.consumers.add(territory.elsewhere)
    agreement.datasets.create(dataset=trees_of.uid, columns=["id", "n"], rows="n >= 300")
    DataRule.objects.create(
        dataset=trees_of.uid,
        audience="members",
        columns={"n": {"mask": "round", "to": "100"}},
        rows="not kind = 'chêne'",
        reason="x",
    )
    touch_catalogue()
    answer = territory.viewers["member elsewhere"].get("/api/explore/v2.1/catalog/datasets/arbres/exports/csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    found = [tuple(line.values()) for line in csv.DictReader(io.StringIO(text), delimiter=";")]
    assert found == [
        (row["id"], str(row["n"] // 100 * 100)) for row in TREES if row["n"] >= 300 and row["kind"] != "chêne"
    ]
