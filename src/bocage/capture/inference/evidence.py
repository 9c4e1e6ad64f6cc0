"""Counting, over a whole relation, how many values of each column fit each style: set operations only."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bocage.capture.inference.styles import Style, text_of
from bocage.capture.sql import identifier, literal
from bocage.store.engine import Workshop

EXPRESSIONS_PER_QUERY = 400


@dataclass(frozen=True)
class Fit:
    """`filled`: values that are not empty; `fitting`: those that the style reads; `proofs`: those that settle its doubt."""

    filled: int
    fitting: int
    proofs: int

    @property
    def is_whole(self) -> bool:
        """Every value fits; nothing is lost."""
        return self.filled > 0 and self.fitting == self.filled

    @property
    def share(self) -> float:
        """0 when nothing settles the doubt of the style: it is then no better than another."""
        return self.fitting / self.filled if self.filled and self.proofs else 0.0


Fits = dict[str, dict[str, Fit]]  # by column, by key of style
Wanted = Mapping[str, Sequence[Style]]  # by column


def measure(workshop: Workshop, sql: str, wanted: Wanted, padded: Collection[str]) -> Fits:
    """Fits of each wanted column with each of its styles over the rows of `sql`. `padded`: columns to read without the blanks
    around their values."""
    fits: Fits = {column: {} for column in wanted}
    for part in _parts(wanted):
        expressions = [one for column, styles in part for one in _expressions(column, styles, column in padded)]
        [row] = workshop.execute(f"SELECT {', '.join(expressions)} FROM ({sql}) AS relation")
        values = iter(row)
        for column, styles in part:
            filled = next(values)
            for style in styles:
                fitting = next(values)
                fits[column][style.key] = Fit(filled, fitting, next(values) if style.proof else fitting)
    return fits


def first_values(workshop: Workshop, sql: str, columns: Sequence[str], most: int) -> dict[str, list[str]]:
    """The first values of each column, without the blanks around them."""
    values: dict[str, list[str]] = {}
    for at in range(0, len(columns), EXPRESSIONS_PER_QUERY):
        part = columns[at : at + EXPRESSIONS_PER_QUERY]
        texts = [text_of(identifier(column)) for column in part]
        lists = ", ".join(f"(list({x}) FILTER (WHERE {x} IS NOT NULL))[1:{most}]" for x in texts)
        [row] = workshop.execute(f"SELECT {lists} FROM ({sql}) AS relation")
        values |= {column: found or [] for column, found in zip(part, row, strict=True)}
    return values


def count_filled(workshop: Workshop, sql: str, columns: Sequence[str]) -> dict[str, int]:
    """How many values each column holds."""
    counts: dict[str, int] = {}
    for at in range(0, len(columns), EXPRESSIONS_PER_QUERY):
        part = columns[at : at + EXPRESSIONS_PER_QUERY]
        expressions = ", ".join(f"count({identifier(column)})" for column in part)
        [row] = workshop.execute(f"SELECT {expressions} FROM ({sql}) AS relation")
        counts |= zip(part, row, strict=True)
    return counts


def with_padding(workshop: Workshop, sql: str, columns: Sequence[str]) -> set[str]:
    """The columns in which some value has blanks around it, or is made of blanks."""
    found: set[str] = set()
    for at in range(0, len(columns), EXPRESSIONS_PER_QUERY):
        part = columns[at : at + EXPRESSIONS_PER_QUERY]
        tests = ", ".join(f"bool_or(trim({x}) <> {x} OR {x} = '')" for x in map(identifier, part))
        [row] = workshop.execute(f"SELECT {tests} FROM ({sql}) AS relation")
        found |= {column for column, padded in zip(part, row, strict=True) if padded}
    return found


def first_misfit(
    workshop: Workshop, sql: str, column: str, style: Style, besides: Collection[str] = ()
) -> tuple[int, str]:
    """Row (from 0) and text of the first value that the style does not read; `besides`: lower-case texts to pass over."""
    x = text_of("x")
    listed = ", ".join(literal(text) for text in sorted(besides))
    passed = f" AND lower({x}) NOT IN ({listed})" if besides else ""
    rows = workshop.execute(
        f"SELECT place, x FROM (SELECT row_number() OVER () - 1 AS place, {identifier(column)} AS x FROM ({sql}) AS relation) "
        f"WHERE {x} IS NOT NULL AND ({style.read(x)}) IS NULL{passed} ORDER BY place LIMIT 1"
    )
    return rows[0] if rows else (0, "")


def misfits(workshop: Workshop, sql: str, column: str, style: Style, most: int) -> list[tuple[str, int]]:
    """The different texts that the style does not read, the most frequent first, and how often each comes."""
    x = text_of("x")
    return [
        (text, count)
        for text, count in workshop.execute(
            f"SELECT {x} AS text, count(*) FROM (SELECT {identifier(column)} AS x FROM ({sql}) AS relation) "
            f"WHERE {x} IS NOT NULL AND ({style.read(x)}) IS NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {most}"
        )
    ]


def _expressions(column: str, styles: Sequence[Style], padded: bool) -> list[str]:
    x = text_of(identifier(column), padded=padded)
    expressions = [f"count({x})"]
    for style in styles:
        expressions.append(f"count({style.read(x)})")
        if style.proof:
            expressions.append(f"count(*) FILTER ({style.proof(x)})")
    return expressions


def _parts(wanted: Wanted) -> Iterator[list[tuple[str, Sequence[Style]]]]:
    """The columns by groups whose query stays of a reasonable size."""
    part: list[tuple[str, Sequence[Style]]] = []
    size = 0
    for column, styles in wanted.items():
        part.append((column, styles))
        size += 1 + len(styles)
        if size >= EXPRESSIONS_PER_QUERY:
            yield part
            part, size = [], 0
    if part:
        yield part
