"""The two laws of the score: bounded, and mending never lowers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.catalog.vocabulary import Frequency, Licence
from bocage.check.quality.actions import MENDS, next_actions
from bocage.check.quality.criteria import CRITERIA, lamps
from bocage.check.quality.facts import Facts
from bocage.check.quality.score import OUTDATED, PER_ANOMALY, WEIGHTS, WITHOUT_SCHEMA, score
from bocage.check.quality.words import ACTIONS, REASONS, action_sentence, reason_sentences
from bocage.check.quality.words import CRITERIA as WORDS_OF_CRITERIA
from bocage.check.vocabulary import Dimension

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    published = draw(st.booleans())
    rows = draw(st.integers(0, 10_000)) if published else 0
    fields = draw(st.integers(0, 40)) if published else 0
    follows = draw(st.booleans())
    checked = follows and published and draw(st.booleans())
    return Facts(
        at=NOW,
        published=published,
        updated_at=NOW - timedelta(days=draw(st.integers(0, 2000))) if published else None,
        frequency=draw(st.sampled_from(Frequency.values)),
        licence=draw(st.sampled_from(Licence.values)),
        description_length=draw(st.integers(0, 300)),
        keywords=draw(st.integers(0, 8)),
        themes=draw(st.integers(0, 3)),
        contact=draw(st.booleans()),
        temporal=draw(st.booleans()),
        spatial=draw(st.booleans()),
        located=draw(st.booleans()),
        key=draw(st.booleans()),
        field_count=fields,
        described_fields=draw(st.integers(0, fields)),
        filled_share=draw(st.none() | st.floats(0, 1)) if published else None,
        follows_schema=follows,
        checked=checked,
        row_count=rows if checked else 0,
        wrong_rows=draw(st.integers(0, rows)) if checked else 0,
        table_faults=draw(st.integers(0, 5)) if checked else 0,
        waiting_rows=draw(st.integers(0, 500)) if checked else 0,
        schema_outdated=follows and draw(st.booleans()),
        anomalies=draw(st.integers(0, 20)) if published else 0,
    )


@given(facts())
def test_every_value_is_between_zero_and_one(known: Facts) -> None:
    scored = score(known)
    assert set(scored.dimensions) == set(Dimension)
    assert all(0 <= measure.value <= 1 for measure in scored.dimensions.values())
    assert 0 <= scored.total <= 1


@given(facts(), st.sampled_from(sorted(MENDS)))
def test_mending_never_lowers_any_dimension(known: Facts, code: str) -> None:
    before, after = score(known), score(MENDS[code].after(known))
    for dimension in Dimension:
        assert after.dimensions[dimension].value >= before.dimensions[dimension].value - 1e-9, (code, dimension)


@given(facts(), st.integers(0, 10_000))
def test_mending_some_rows_is_never_worse_than_none(known: Facts, mended: int) -> None:
    better = replace(known, wrong_rows=max(0, known.wrong_rows - mended))
    assert score(better).total >= score(known).total


@given(facts())
def test_doing_everything_that_is_advised_leaves_nothing_to_advise(known: Facts) -> None:
    for _ in range(3 * len(MENDS)):
        actions = next_actions(known, most=1)
        if not actions:
            break
        known = MENDS[actions[0].code].after(known)
    assert next_actions(known) == []


@given(facts())
def test_the_gain_announced_is_the_gain(known: Facts) -> None:
    for action in next_actions(known, most=20):
        gained = score(MENDS[action.code].after(known)).total - score(known).total
        assert action.gain == round(100 * gained) > 0


def test_a_perfect_dataset_has_everything() -> None:
    perfect = Facts(
        at=NOW, published=True, updated_at=NOW, frequency="DAILY", licence="lov2", description_length=400, keywords=3,
        themes=1, contact=True, temporal=True, spatial=True, located=True, key=True, field_count=5, described_fields=5,
        filled_share=1.0, follows_schema=True, checked=True, row_count=10,
    )  # fmt: skip
    assert score(perfect).total == pytest.approx(1)
    assert next_actions(perfect) == []
    assert all(lamp.lit for lamp in lamps(perfect))


def test_nothing_published_has_no_lamp_of_files() -> None:
    lit = {lamp.code for lamp in lamps(Facts(at=NOW, description_length=99, licence="lov2")) if lamp.lit}
    assert lit == {"license"}


def test_late_by_less_than_a_day_is_forgiven_as_on_the_national_portal() -> None:
    late = Facts(at=NOW, published=True, frequency="WEEKLY", updated_at=NOW - timedelta(days=9, hours=23))
    assert score(late).dimensions[Dimension.FRESHNESS].value == 1
    later = replace(late, updated_at=NOW - timedelta(days=19))
    assert score(later).dimensions[Dimension.FRESHNESS].value == pytest.approx(0.5)
    assert score(replace(late, updated_at=NOW - timedelta(days=300))).dimensions[Dimension.FRESHNESS].value == 0


def test_weights_make_one_and_everything_has_its_words() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)
    assert set(MENDS) == set(ACTIONS)
    assert set(CRITERIA) == set(WORDS_OF_CRITERIA)
    assert len(CRITERIA) == 9


@given(facts())
def test_every_reason_has_a_sentence_without_holes(known: Facts) -> None:
    for dimension in score(known).as_dict().values():
        for reason in dimension["reasons"]:
            assert reason["code"] in REASONS
        for _good, sentence in reason_sentences(dimension["reasons"]):
            assert sentence
            assert "%(" not in sentence
    for action in next_actions(known):
        assert "%(" not in action_sentence(action.code, action.fields)


def test_the_published_formula_is_the_one_computed() -> None:
    page = (Path(__file__).parents[3] / "docs" / "user" / "quality.md").read_text("utf-8")
    for dimension, weight in WEIGHTS.items():
        assert re.search(rf"`{dimension.value}` \| {round(100 * weight)} %", page), dimension
    for number in (WITHOUT_SCHEMA, OUTDATED, PER_ANOMALY):
        assert str(number).replace(".", ",") in page
