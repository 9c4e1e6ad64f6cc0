"""What to do next, best first: each action is what it would change in the facts, and its gain is the score that follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from bocage.catalog.vocabulary import Frequency, Licence
from bocage.check.quality.facts import DESCRIPTION, Facts
from bocage.check.quality.score import score


@dataclass(frozen=True)
class Action:
    """`gain`: points out of a hundred. `code`: see `quality.words`; `page`: where it is done ("metadata", "fields",
    "conformity", "quarantine", "publish")."""

    code: str
    gain: int
    page: str
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Mend:
    """`after`: the facts once it is done; the same facts where there is nothing to do."""

    page: str
    after: Callable[[Facts], Facts]
    fields: Callable[[Facts], dict[str, Any]] = lambda _facts: {}


def _published(facts: Facts) -> Facts:
    return facts if facts.published else replace(facts, published=True, updated_at=facts.at, filled_share=1.0)


def _updated(facts: Facts) -> Facts:
    return replace(facts, updated_at=facts.at) if facts.published else facts


def _following(facts: Facts) -> Facts:
    if facts.follows_schema or not facts.published:
        return facts
    return replace(facts, follows_schema=True, checked=True)


def _stated(facts: Facts) -> Facts:
    """The least that can be stated: no date."""
    return facts if facts.frequency_is_stated else replace(facts, frequency=Frequency.IRREG.value)


MENDS: dict[str, Mend] = {
    "publish": Mend("publish", _published),
    "mend-rows": Mend(
        "conformity", lambda facts: replace(facts, wrong_rows=0), lambda facts: {"count": facts.wrong_rows}
    ),
    "mend-aside": Mend(
        "quarantine",
        lambda facts: replace(facts, waiting_rows=0, row_count=facts.row_count + facts.waiting_rows),
        lambda facts: {"count": facts.waiting_rows},
    ),
    "mend-table": Mend("conformity", lambda facts: replace(facts, table_faults=0)),
    "follow-schema": Mend("conformity", _following),
    "upgrade-schema": Mend("conformity", lambda facts: replace(facts, schema_outdated=False)),
    "state-frequency": Mend("metadata", _stated),
    "update": Mend("publish", _updated),
    "describe": Mend(
        "metadata",
        lambda facts: replace(facts, description_length=max(DESCRIPTION, facts.description_length)),
        lambda _facts: {"count": DESCRIPTION},
    ),
    "describe-fields": Mend(
        "fields",
        lambda facts: replace(facts, described_fields=facts.field_count),
        lambda facts: {"count": facts.field_count - facts.described_fields},
    ),
    "add-keywords": Mend("metadata", lambda facts: replace(facts, keywords=max(3, facts.keywords))),
    "add-theme": Mend("metadata", lambda facts: replace(facts, themes=max(1, facts.themes))),
    "state-period": Mend("metadata", lambda facts: replace(facts, temporal=True)),
    "state-territory": Mend("metadata", lambda facts: replace(facts, spatial=True)),
    "choose-licence": Mend(
        "metadata",
        lambda facts: facts if facts.licence_is_open else replace(facts, licence=Licence.LICENCE_OUVERTE.value),
    ),
    "add-contact": Mend("metadata", lambda facts: replace(facts, contact=True)),
    "state-key": Mend("metadata", lambda facts: replace(facts, key=True)),
    "fill-cells": Mend(
        "publish", lambda facts: replace(facts, filled_share=1.0) if facts.filled_share is not None else facts
    ),
}


def next_actions(facts: Facts, most: int = 5) -> list[Action]:
    """The most valuable first; those that gain less than half a point are left out."""
    now = score(facts).total
    found = []
    for code, mend in MENDS.items():
        after = mend.after(facts)
        gain = round(100 * (score(after).total - now)) if after != facts else 0
        if gain > 0:
            found.append(Action(code, gain, mend.page, mend.fields(facts)))
    return sorted(found, key=lambda one: -one.gain)[:most]
