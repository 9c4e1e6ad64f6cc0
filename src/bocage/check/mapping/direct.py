"""Proposals of one column for one field: by its name, its values, and what was accepted elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bocage.check.mapping.columns import Column
from bocage.check.mapping.fits import Fit, Patterns, fit
from bocage.check.mapping.names import Names, likeness, words_of
from bocage.check.mapping.normal import normal
from bocage.check.mapping.position_pairs import axis_named, range_plausible
from bocage.check.mapping.reasons import Reason
from bocage.check.mapping.suggestions import WORTH, Candidate, Known

if TYPE_CHECKING:
    from bocage.check.schema import SchemaField

_LEAST_NAME = 0.2
_DESCRIPTION_WORDS = 60
_OF_ITS_OWN, _NAMED = 0.5, 0.6
"""The least share of distinct values where none must come twice, for a column whose name is less like the one wanted."""
_TOO_WEAK = WORTH - 0.01
"""Of what is required, when only a word of its description speaks for a column: offered among others, never proposed."""


@dataclass(frozen=True)
class Proposer:
    """`names`: the weights of words in this schema and this file."""

    names: Names
    patterns: Patterns
    known: Known

    def candidate(self, field: SchemaField, column: Column) -> Candidate | None:
        named, why = self._named(field, column.label)
        held = fit(field, column, self.patterns)
        accepted = self.known.accepted.get((field.name, normal(column.label)), 0)
        if named < _LEAST_NAME and not accepted and (held is None or held.telling * held.share < 0.8):
            return None
        # Under the right name, values that come twice are mistakes to be told; under another one, it is another column.
        repeats = field.is_unique and column.distinct < _OF_ITS_OWN and named < _NAMED
        plausible = min(_as_coordinate(field, column), 0.2 if repeats else 1.0) if held is not None else 1.0
        confidence = _confidence(named, held, plausible)
        reasons = [*why, Reason("repeated")] if repeats else [*why, *_of_values(held)]
        if field.is_required and [one.code for one in why] == ["told"] and not (held and held.telling):
            confidence = min(confidence, _TOO_WEAK)
        if accepted and (held is None or held.share >= 0.5):
            confidence = max(confidence, 0.95)
            reasons.insert(0, Reason("elsewhere"))
        steps = held.steps if held else ()
        telling = held.telling if held and held.share >= 0.95 else 0.0
        return Candidate(field.name, (column.label,), steps, confidence, tuple(reasons), (column.label,), telling)

    def _named(self, field: SchemaField, label: str) -> tuple[float, list[Reason]]:
        if normal(label) and normal(label) == normal(field.name):
            return 1.0, [Reason("same-name")]
        mine = words_of(label)
        name = self.names.alike(mine, words_of(field.name))
        title = self.names.alike(mine, words_of(field.title)) * 0.97 if field.title else 0.0
        told = self.names.told_in(mine, words_of(field.description)[:_DESCRIPTION_WORDS]) if field.description else 0.0
        # The title explains an abbreviated name: both count, the better one most.
        named = (
            max(name, title)
            if not (name and title)
            else 0.75 * max(name, title) + 0.25 * min(max(name, title), name + title)
        )
        if told * 0.45 > named:
            return told * 0.45, [Reason("told")]
        named += 0.1 * told * (1 - named)
        shared = [
            word
            for word in mine
            if any(likeness(word, other) > 0.6 for other in words_of(f"{field.name} {field.title}"))
        ]
        return named, [Reason("like-name", {"words": " ".join(shared)})] if shared else []


def _confidence(named: float, held: Fit | None, plausible: float) -> float:
    if held is None:
        return 0.8 * named
    share = held.share * plausible
    if share < 0.3:
        return 0.3 * named
    confidence = named * (0.4 + 0.6 * share)
    return confidence + (1 - confidence) * 0.45 * held.telling * share * (0.35 + 0.65 * named)


def _as_coordinate(field: SchemaField, column: Column) -> float:
    """0 to 1: longitudes are no latitudes, and coordinates are nothing else."""
    axis = axis_of(field)
    if axis:
        return range_plausible(axis, column.values)
    is_one = any(axis_named(column.label, one) >= 0.95 for one in ("lon", "lat"))
    about = any(axis_named(f"{field.name} {field.title}", one) >= 0.7 for one in ("lon", "lat", "x", "y", "position"))
    return 0.4 if is_one and not about and field.type != "geopoint" else 1.0


def _of_values(held: Fit | None) -> list[Reason]:
    if held is None:
        return [Reason("empty")]
    if not held.telling:  # any text would do: nothing was measured
        return [] if held.share >= 0.5 else [Reason("few-values")]
    if held.share >= 0.98:
        return [Reason("values-mended" if held.steps else "values")]
    if held.share >= 0.3:
        return [Reason("some-values", {"percent": round(100 * held.share)})]
    return [Reason("few-values")]


def axis_of(field: SchemaField) -> str:
    """`lon` or `lat` for a coordinate in degrees; "" for anything else (Lambert too)."""
    if field.type not in ("number", "string") or "lambert" in f"{field.name} {field.title} {field.description}".lower():
        return ""
    for axis in ("lon", "lat"):
        if axis_named(field.name, axis) >= 0.94 or axis_named(field.title, axis) >= 0.99:
            return axis if field.type == "number" else ""
    return ""
