"""Which datasets come first: where a word was found (title, keyword, description…) and how well (exact, beginning, mistyped)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlglot import exp

from bocage.query.compile import Compiler, Source
from bocage.query.plan import Predicate, Word
from bocage.query.search import TextIndex, matching
from bocage.query.sql import column, written

if TYPE_CHECKING:
    from bocage.store.engine import Session

WEIGHTS = {
    "title": 8.0, "keyword": 4.0, "theme": 4.0, "dataset_id": 4.0, "publisher": 3.0, "description": 1.0, "field_names": 1.0,
}  # fmt: skip
"""Field → weight of a word found there; LEAST elsewhere."""
LEAST = 0.5
EXACT, BEGINNING, MISTYPED = 1.0, 0.6, 0.3
_ORDERS = {
    "relevance": "s.score DESC, f.modified DESC",
    "title": "strip_accents(lower(f.title))",
    "modified": "f.modified DESC",
    "records": "f.records_count DESC",
}


Hits = Mapping[int, float]
"""Row → score."""


def hits_of(session: Session, source: Source, words: Sequence[Word]) -> Hits:
    """The rows that the viewer may see and that have every word, with their score. Found once for page and facets."""
    compiler = Compiler(source)
    rows = written(compiler.select([column("_row")], None))
    scores = _scores(words, source.index(), compiler)
    sql = f"SELECT s.row, s.score FROM ({scores}) AS s WHERE s.row IN ({rows})"
    return dict(session.execute(sql, compiler.parameters.values))


def ranked_slugs(
    session: Session, source: Source, hits: Hits | None, condition: Predicate | None, sort: str, limit: int, offset: int
) -> tuple[int, list[str]]:
    """How many datasets are hits (None: all) and fulfil the condition; the slugs of one page, in order."""
    compiler = Compiler(source)
    names = ("_row", "dataset_id", "title", "modified", "records_count")
    rows = written(compiler.select([column(name) for name in names], condition))
    found = f"FROM ({rows}) AS f"
    order = _ORDERS[sort]
    if hits is not None:
        numbers = written(compiler.parameters.bind_whole_numbers(list(hits)))
        scores = written(compiler.parameters.bind_numbers(list(hits.values())))
        found += f" JOIN (SELECT unnest({numbers}) AS row, unnest({scores}) AS score) AS s ON s.row = f._row"
    elif sort == "relevance":
        order = _ORDERS["modified"]
    parameters = compiler.parameters.values
    page = f"SELECT f.dataset_id {found} ORDER BY {order}, f._row LIMIT {limit:d} OFFSET {offset:d}"
    slugs = [slug for (slug,) in session.execute(page, parameters)]
    if slugs and len(slugs) < limit:
        return offset + len(slugs), slugs
    # A window without a partition would count beside the page: DuckDB 1.5.5 loses its way in one now and then.
    return session.execute(f"SELECT count(*) {found}", parameters)[0][0], slugs


def _scores(words: Sequence[Word], index: TextIndex, compiler: Compiler) -> str:
    """SQL of (row, score): the rows that have every word. The best place of each word counts."""
    found = " UNION ALL ".join(_terms(position, word, index, compiler) for position, word in enumerate(words))
    weights = " ".join(f"WHEN {index.numbers[name]:d} THEN {weight}" for name, weight in WEIGHTS.items())
    best = (
        f"SELECT p.row, m.n, max(m.quality * CASE p.field {weights} ELSE {LEAST} END) AS best "
        f"FROM ({found}) AS m JOIN {index.postings} AS p ON p.term = m.term GROUP BY p.row, m.n"
    )
    return (
        f"SELECT b.row, sum(b.best)::DOUBLE AS score FROM ({best}) AS b GROUP BY b.row HAVING count(*) = {len(words):d}"
    )


def _terms(position: int, word: Word, index: TextIndex, compiler: Compiler) -> str:
    given = written(compiler.parameters.bind(word.text))
    quality = f"CASE WHEN t.word = {given} THEN {EXACT} WHEN starts_with(t.word, {given}) THEN {BEGINNING} ELSE {MISTYPED} END"
    where = written(exp.Where(this=matching(word, "t", compiler.parameters)))
    return f"SELECT {position:d} AS n, t.term, {quality} AS quality FROM {index.terms} AS t {where}"
