"""From the columns of a file to those of a schema: what is proposed, how surely, and why.

Every pair is weighed by its name and its values; then columns are given to the fields that want them most, each once. A proposal
is sure when it is strong and when no other column comes near: what is required is never filled on a guess without being told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from bocage.check.mapping.columns import Column, columns_of
from bocage.check.mapping.derived import derived
from bocage.check.mapping.direct import Proposer
from bocage.check.mapping.fits import Patterns
from bocage.check.mapping.names import names_of
from bocage.check.mapping.reasons import Reason
from bocage.check.mapping.suggestions import MARGIN, SURE, TELLING, WIDE_MARGIN, WORTH, Candidate, Known, Suggestion

if TYPE_CHECKING:
    from bocage.check.schema import TableSchema
    from bocage.check.table import TextTable
    from bocage.store.engine import Workshop

MOST_FIELDS = 300
SHOWN = 5
ALONE = 0.5
"""Of a column that only its values speak for, when no other column has the like: proposed, never sure."""


def suggest(
    table: TextTable, schema: TableSchema, *, workshop: Workshop, known: Known | None = None
) -> list[Suggestion]:
    """One suggestion per field of the schema, in its order. Reads a bounded head of the table."""
    return suggest_for(columns_of(table, workshop), schema, workshop=workshop, known=known)


def suggest_for(
    columns: Sequence[Column], schema: TableSchema, *, workshop: Workshop, known: Known | None = None
) -> list[Suggestion]:
    """As `suggest`, for columns already looked at."""
    known = known or Known()
    fields = schema.fields[:MOST_FIELDS]
    subject = f"{schema.name.rsplit('/', 1)[-1]} {schema.title}"
    names = names_of([one.name for one in fields], [one.label for one in columns], subject)
    proposer = Proposer(names, Patterns(workshop), known)
    ranked: dict[str, list[Candidate]] = {}
    for field in fields:
        direct = (proposer.candidate(field, column) for column in columns if column.label)
        found = [one for one in direct if one is not None] + derived(field, schema, columns, known)
        ranked[field.name] = sorted(found, key=_rank)
    ranked = _alone(ranked)
    chosen = _improved(_assigned(ranked, columns), ranked)
    return [_suggestion(field.name, field.is_required, ranked[field.name], chosen) for field in fields]


def _assigned(ranked: dict[str, list[Candidate]], columns: Sequence[Column]) -> dict[str, Candidate]:
    """Strongest first; a column that is taken is not proposed again."""
    order = {one.label: one.place for one in columns}
    every = [one for found in ranked.values() for one in found if one.confidence >= WORTH]
    every.sort(key=lambda one: (-one.confidence, order.get(one.sources[0], 0) if one.sources else 0))
    chosen: dict[str, Candidate] = {}
    taken: set[str] = set()
    for one in every:
        if one.target not in chosen and not taken & set(one.consumed):
            chosen[one.target] = one
            taken |= set(one.consumed)
    return chosen


def _alone(ranked: dict[str, list[Candidate]]) -> dict[str, list[Candidate]]:
    """A column whose values are those of one field only, which no other column has, is worth proposing whatever its name is."""
    wanted = Counter(one.sources for found in ranked.values() for one in found if one.telling >= TELLING)
    lifted = {}
    for target, found in ranked.items():
        telling = [one for one in found if one.telling >= TELLING]
        alone = telling[0] if len(telling) == 1 and wanted[telling[0].sources] == 1 else None
        if alone is not None and alone.confidence < ALONE:
            others = (one for one in found if one is not alone)
            lifted[target] = sorted([replace(alone, confidence=ALONE), *others], key=_rank)
        else:
            lifted[target] = found
    return lifted


def _rank(one: Candidate) -> float:
    return -one.confidence


def _improved(chosen: dict[str, Candidate], ranked: dict[str, list[Candidate]]) -> dict[str, Candidate]:
    """Two fields exchange their columns when both together gain; a few rounds settle it."""
    held = {target: {one.sources: one for one in found if one.consumed} for target, found in ranked.items()}
    for _round in range(4):
        moved = False
        for one, other in combinations([target for target, best in chosen.items() if best.consumed], 2):
            mine, theirs = chosen[one], chosen[other]
            new, old = held[one].get(theirs.sources), held[other].get(mine.sources)
            if new and old and new.confidence + old.confidence > mine.confidence + theirs.confidence + 1e-9:
                chosen[one], chosen[other], moved = new, old, True
        if not moved:
            break
    return chosen


def _suggestion(target: str, required: bool, ranked: list[Candidate], chosen: dict[str, Candidate]) -> Suggestion:
    best = chosen.get(target)
    if best is None:
        return Suggestion(target, required, None, tuple(ranked[:SHOWN]))
    others = tuple(one for one in ranked if one != best)[:SHOWN]
    taken = {
        source for other, one in chosen.items() if other != target for source in one.consumed if one.confidence >= SURE
    }
    rivals = [one for one in others if one.sources and not set(one.consumed) & taken and one.sources != best.sources]
    close = any(
        one.confidence > best.confidence - (WIDE_MARGIN if one.telling >= TELLING else MARGIN) for one in rivals
    )
    if close:
        best = _with(best, Reason("close-second"))
    return Suggestion(target, required, best, others, best.confidence >= SURE and not close)


def _with(one: Candidate, reason: Reason) -> Candidate:
    return replace(one, reasons=(*one.reasons, reason))
