"""One rule of access, whatever it comes from: the visibility of a thing, a role, a grant, the limits of a key.

**The most precise rule wins; among equals, a refusal wins; without any, the answer is no.** Precision is compared by the thing
first (what is announced to all, then a dataset, then an organisation, the deeper the more precise), then by the audience (a
person, a group, a team, a branch of the tree, the members of the platform, everyone).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from bocage.access.vocabulary import Action

ORGANIZATION, DATASET, ANNOUNCEMENT = 1, 2, 3
EVERYONE, MEMBERS, BRANCH, TEAM, GROUP, PERSON = range(6)
"""Audiences, from the widest: a team is the members of one organisation, a group comes from several."""


@dataclass(frozen=True)
class Precision:
    """Compared as (thing, depth, audience)."""

    thing: int
    depth: int
    audience: int

    @property
    def key(self) -> tuple[int, int, int]:
        return (self.thing, self.depth, self.audience)


@dataclass(frozen=True)
class Condition:
    """What a thing must be: the value of `column` (`visibility`, `organization_id`, `uid`) is one of `values`. `path`: when these
    are an organisation and all those below it, where they are in the tree: said so in SQL rather than by thousands of numbers."""

    column: str
    values: frozenset[str] | frozenset[int]
    path: str = ""

    def holds(self, thing: object) -> bool:
        return getattr(thing, self.column) in self.values


@dataclass(frozen=True)
class Terms:
    """The part of a dataset that is opened: the only columns that exist, None for all; a condition in ODSQL, empty for every
    row."""

    columns: frozenset[str] | None = None
    rows: str = ""

    @property
    def key(self) -> str:
        return f"{'*' if self.columns is None else sorted(self.columns)}{self.rows!r}"


@dataclass(frozen=True)
class Rule:
    """`action`: allowed with those before it, or refused with those after it. `why`: code of the reason; `told`: the words
    written with a grant, if any. `terms`: what an agreement, or a grant of a part, opens, for whom nothing else opens it."""

    precision: Precision
    allows: bool
    action: Action
    on: Condition
    why: str
    told: str = ""
    holder: str = ""
    terms: Terms | None = None

    @property
    def key(self) -> str:
        """Two rules with the same key decide the same, and show the same."""
        values = ",".join(str(value) for value in sorted(self.on.values, key=str))
        effect = "+" if self.allows else "-"
        shown = self.terms.key if self.terms is not None else ""
        return f"{effect}{self.action.value}{self.precision.key}{self.on.column}({values}){shown}"

    def speaks_of(self, action: Action) -> bool:
        return action.rank <= self.action.rank if self.allows else action.rank >= self.action.rank


@dataclass(frozen=True)
class Level:
    """The rules of one precision that speak of an action."""

    allow: tuple[Rule, ...]
    deny: tuple[Rule, ...]


def levels(rules: Iterable[Rule], action: Action) -> Iterator[Level]:
    """From the least precise to the most."""
    speaking = sorted((rule for rule in rules if rule.speaks_of(action)), key=lambda rule: rule.precision.key)
    for _precision, group in groupby(speaking, key=lambda rule: rule.precision.key):
        same = tuple(group)
        yield Level(tuple(rule for rule in same if rule.allows), tuple(rule for rule in same if not rule.allows))


def deciding(rules: Iterable[Rule], action: Action, thing: object) -> Rule | None:
    """The rule that decides; None when no rule speaks of this thing."""
    found = None
    for level in levels(rules, action):
        for rule in (*level.allow, *level.deny):  # the last one wins: refusals after permissions
            if rule.on.holds(thing):
                found = rule
    return found
