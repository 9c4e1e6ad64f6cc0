"""The type of each column, from every value of the file.

A sample of the head leaves, for each column, the styles that all its values fit; whole-file passes then keep the first one
that every value of the file fits. The answer is therefore that of the whole file; the sample only makes it quick.

Whoever writes the whole file anyway may *presume*: what the sample settles is then not confirmed here, and the writing must
stop at the first value that does not fit (see `columns.TypedColumn.guarded`), to begin again without presuming.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bocage.capture.inference.codes import named_as_code, valued_as_code
from bocage.capture.inference.evidence import Fit, Fits, count_filled, first_values, measure, with_padding
from bocage.capture.inference.styles import STYLES, Style, text_of
from bocage.capture.reading import Column
from bocage.capture.sql import identifier
from bocage.catalog.vocabulary import FieldType
from bocage.store.engine import Workshop

SAMPLE_ROWS = 2_000
VALUES_GLANCED_AT = 50
CODES_LOOKED_AT = 200
NEARLY = 0.8  # from this share on, it is worth telling why the column is not of the type

_OFFERED = tuple(style for style in STYLES if style.offered)
_COMMA = next(style for style in _OFFERED if style.key == "number-comma")


@dataclass(frozen=True)
class Inference:
    """`style` None: text. `nearly`: the style that most values fit, and how well. `reason`: why it is text although it fits:
    `code` (what looks like a number is an identifier), `ambiguous` (1,234); empty otherwise. `padded`: some values have
    blanks around them. `presumed`: the rest of the file was not looked at."""

    style: Style | None = None
    nearly: Style | None = None
    fit: Fit | None = None
    reason: str = ""
    padded: bool = True
    presumed: bool = False


def infer(workshop: Workshop, sql: str, columns: Sequence[Column], *, presume: bool = False) -> dict[str, Inference]:
    """What the text columns hold, by name of the column in the relation."""
    texts = {column.name: column for column in columns if column.type is None}
    if not texts:
        return {}
    head, whole = _head(workshop, sql)
    try:
        first = first_values(workshop, head, list(texts), VALUES_GLANCED_AT)
        glanced = {name: _plausible(column, first[name]) for name, column in texts.items()}
        padded = with_padding(workshop, head, [name for name, styles in glanced.items() if styles])
        fits = measure(workshop, head, {name: styles for name, styles in glanced.items() if first[name]}, padded)
        presumed = {name for name, found in fits.items() if _sample_settles(found)} if presume and not whole else set()
        if not whole:
            possible = {name: _possible(fits[name]) if first[name] else glanced[name] for name in texts}
            doubtful = {name: styles for name, styles in possible.items() if styles and name not in presumed}
            fits |= _confirm(workshop, sql, doubtful, [name for name in texts if not first[name]], padded)
        inferences = {name: _decide(fits.get(name, {}), _digits(workshop, head, name)) for name in texts}
    finally:
        workshop.execute("DROP TABLE IF EXISTS head_of_file")
    settled = _settle_commas(inferences, fits)
    return {name: replace(found, padded=name in padded, presumed=name in presumed) for name, found in settled.items()}


def _plausible(column: Column, values: list[str]) -> list[Style]:
    """The styles worth trying: a column named after a code is never a number; half of the first values have the shape."""
    codes = {kind for kind in (FieldType.INTEGER, FieldType.NUMBER) if named_as_code(column.label, kind)}
    shares = {
        shape: sum(1 for value in values if shape.fullmatch(value)) for shape in {style.shape for style in _OFFERED}
    }
    return [style for style in _OFFERED if style.type not in codes and shares[style.shape] * 2 >= len(values)]


def _sample_settles(fits: dict[str, Fit]) -> bool:
    possible = _possible(fits)
    return bool(possible) and _is_settled(fits[possible[0].key])


def _head(workshop: Workshop, sql: str) -> tuple[str, bool]:
    """The first rows, kept in memory, and whether they are all of them."""
    workshop.execute(
        f"CREATE OR REPLACE TEMP TABLE head_of_file AS SELECT * FROM ({sql}) AS relation LIMIT {SAMPLE_ROWS}"
    )
    [(rows,)] = workshop.execute("SELECT count(*) FROM head_of_file")
    return "FROM head_of_file", rows < SAMPLE_ROWS


def _confirm(
    workshop: Workshop, sql: str, possible: dict[str, list[Style]], empty: list[str], padded: set[str]
) -> Fits:
    """Whole-file fits. First the preferred style of each column, read as the sample is (without looking for blanks where it
    has none); then, for the columns where that fails or that the sample leaves empty, every style still possible, with blanks.
    """
    preferred = {column: styles[:1] for column, styles in possible.items() if column not in empty}
    fits = measure(workshop, sql, preferred, padded)
    filled = count_filled(workshop, sql, empty)
    failed = [column for column, styles in preferred.items() if not _is_settled(fits[column][styles[0].key])]
    again = {column: possible[column] for column in [*failed, *(c for c in empty if filled[c] and c in possible)]}
    padded |= set(again)
    return fits | measure(workshop, sql, again, padded)


def _possible(fits: dict[str, Fit]) -> list[Style]:
    """Styles that the sample leaves, in order of preference; failing that, the nearest one, to be able to say why it is text."""
    tried = [style for style in _OFFERED if style.key in fits]
    left = [style for style in tried if fits[style.key].is_whole]
    if left or not tried:
        return left
    nearest = max(tried, key=lambda style: fits[style.key].share)
    return [nearest] if fits[nearest.key].share >= NEARLY else []


def _is_settled(fit: Fit) -> bool:
    return fit.is_whole and fit.proofs > 0


def _decide(fits: dict[str, Fit], digits: Callable[[], list[str]]) -> Inference:
    chosen = next((style for style in _OFFERED if style.key in fits and _is_settled(fits[style.key])), None)
    if chosen is None:
        return _undecided(fits)
    if chosen.type is FieldType.INTEGER and valued_as_code(digits()):
        return Inference(nearly=chosen, fit=fits[chosen.key], reason="code")
    return Inference(style=chosen, fit=fits[chosen.key])


def _undecided(fits: dict[str, Fit]) -> Inference:
    known = [style for style in _OFFERED if style.key in fits]
    ambiguous = next((style for style in known if fits[style.key].is_whole), None)
    if ambiguous is not None and ambiguous is not _COMMA:
        return Inference()  # 1e5 alone: a code as well as a number
    if ambiguous is not None:
        return Inference(nearly=ambiguous, fit=fits[ambiguous.key], reason="ambiguous")
    nearest = max(known, key=lambda style: fits[style.key].share, default=None)
    if nearest is None or fits[nearest.key].share < NEARLY:
        return Inference()
    return Inference(nearly=nearest, fit=fits[nearest.key])


def _digits(workshop: Workshop, head: str, name: str) -> Callable[[], list[str]]:
    """Some different values of the column: asked only for whole numbers."""
    x = text_of(identifier(name))
    query = f"SELECT DISTINCT {x} AS text {head} WHERE {x} IS NOT NULL ORDER BY text LIMIT {CODES_LOOKED_AT}"
    return lambda: [text for (text,) in workshop.execute(query)]


def _settle_commas(inferences: dict[str, Inference], fits: Fits) -> dict[str, Inference]:
    """1,234 is a decimal once another column of the file proves that its comma is the decimal one."""
    if not any(found.style and found.style.original.get("decimal") == "," for found in inferences.values()):
        return inferences
    return {
        column: Inference(style=_COMMA, fit=fits[column][_COMMA.key]) if found.reason == "ambiguous" else found
        for column, found in inferences.items()
    }
