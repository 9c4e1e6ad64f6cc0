"""What the communes of the demonstration publish in their local schemas is what the page of adoption is to show."""

from __future__ import annotations

from random import Random

import pytest

from bocage.capture.text_check import check_text
from bocage.check.descriptor import read_schema
from bocage.check.vocabulary import Policy
from bocage.demo import samples  # noqa: F401  registers the samples
from bocage.demo.local_schemas import LOCAL_SCHEMAS
from bocage.demo.sample import SAMPLES, Sample
from bocage.store.engine import workshop

FOLLOWED = [one for one in SAMPLES if one.follows is not None]


def schema_of(sample: Sample):
    local = next(one for one in LOCAL_SCHEMAS if f"{one.organization}/{one.slug}" == sample.follows.schema)
    wanted = sample.follows.number or local.versions[-1].number
    described = next(one for one in local.versions if one.number == wanted)
    return read_schema(described.descriptor | {"name": sample.follows.schema})


@pytest.mark.parametrize("sample", FOLLOWED, ids=lambda one: one.slug)
def test_what_must_be_right_is_right_and_something_is_wrong_elsewhere(sample, tmp_path):
    file = sample.make(Random(sample.slug), tmp_path)
    with workshop(tmp_path / "shop", readable=[file], spatial=False) as shop:
        _table, verdict = check_text(
            file, schema_of(sample), filename=file.name, workshop=shop, directory=tmp_path / "shop"
        )
    if sample.follows.policy == Policy.BLOCK:
        assert not verdict.families
    else:
        assert verdict.families
    if sample.follows.policy == Policy.QUARANTINE:
        assert 0 < verdict.wrong_rows < verdict.row_count
